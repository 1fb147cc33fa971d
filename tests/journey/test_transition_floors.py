"""Floors that no force could hold: found, explained with the smallest conflict, and agreed to by trying everything."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.journey.transition_floors import floor_conflicts, needed_presence
from bluehelm.planning.gather import gather
from tests.conftest import examples
from tests.planning import small

HALF = {"protection_q": 0.5}


def mission(floors, **more):
    """Two areas, each reached from a base of its own only; one company at each."""
    areas = [small.area("a", 2.0), small.area("b", 3.0)]
    given = {"units": [small.unit("u1", "s"), small.unit("u2", "t")], **more}
    return small.mission(
        areas=areas, sites=[small.site("s"), small.site("t", may_close=True)], months=3, floors=floors,
        routes=small.covering({"s": ["a"], "t": ["b"]}, areas), **given,
    )  # fmt: skip


def conflicts(floors, **more):
    return floor_conflicts(gather(mission(floors, **more), small.norms(HALF)))


def told(found) -> str:
    return " ".join(str(sentence) for one in found for sentence in (*one.sentences, *one.remedies))


def test_floors_that_can_be_held_are_in_no_conflict():
    assert conflicts([small.floor(0.5, "a", "b")]) == ()
    assert conflicts([]) == ()


def test_a_floor_beyond_every_unit_is_named_with_what_would_hold_it():
    # Both companies at s hold 1 - 0.5² = 75 % of a; three hold 87.5 %.
    (one,) = conflicts([small.floor(0.8, "a")])
    assert [(row.area_id, row.floor, row.alone) for row in one.floors] == [("a", 0.8, pytest.approx(0.75))]
    said = told([one])
    assert "at most 75.0% can be held" in said and "no force at hand could hold this" in said
    assert "1 more of Infantry company at s" in said
    # An actor with a fifth of the rest: 1 - 0.25 · 0.8 = 0.8.
    assert "20.0% of the protection" in said


def test_two_floors_that_clash_with_a_ceiling_name_all_three_and_the_ceiling_that_would_do():
    (one,) = conflicts([small.floor(0.5, "a", "b")], ceilings=[small.ceiling(100)])
    assert {row.area_id for row in one.floors} == {"a", "b"}
    assert len(one.sentences) == 3
    assert "200 or more would have to be allowed" in told([one])


def test_two_floors_that_clash_with_a_limit_on_sites_name_it():
    (one,) = conflicts([small.floor(0.5, "a", "b")], site_limits=[small.site_limit(1)])
    assert "2 or more would have to be allowed" in told([one])


def test_pledges_count_as_in_place():
    asked = [small.floor(0.8, "a")]
    assert conflicts(asked, pledges=(small.pledge("p", readiness_level="1"),)) == ()
    assert conflicts(asked) != ()


def test_an_area_that_no_base_reaches_asks_for_a_base():
    areas = [small.area("a", 2.0), small.area("lost", 1.0)]
    given = small.mission(
        areas=areas, sites=[small.site("s")], units=[small.unit("u", "s")], floors=[small.floor(0.1, "lost")],
        routes=small.covering({"s": ["a"]}, areas),
    )  # fmt: skip
    assert "A base nearer to it" in told(floor_conflicts(gather(given, small.norms(HALF))))


def test_a_floor_above_the_curve_itself_is_said_to_be_so():
    # Four steps of one half give 93.75 % at most, whoever comes.
    said = told(conflicts([small.floor(0.99, "a")], units=[small.unit(f"u{i}", "s") for i in range(6)]))
    assert "more than any presence gives" in said


def test_needed_presence_is_the_inverse_of_the_chords():
    data = gather(mission([]), small.norms(HALF))
    assert [needed_presence(data, share) for share in (0.0, 0.25, 0.5, 0.625, 0.75)] == pytest.approx(
        [0, 0.5, 1, 1.5, 2]
    )
    assert needed_presence(data, 0.95) == float("inf")


def test_the_same_conflict_is_told_once():
    assert len(conflicts([small.floor(0.8, "a")], wet_months=(2,))) == 1


@examples(25, 400)
@given(
    st.sampled_from([0.25, 0.5, 0.75, 0.875]), st.sampled_from([0.25, 0.5, 0.75]), st.integers(1, 3),
    st.sampled_from([None, 100, 200, 300]), st.sampled_from([None, 1, 2]),
)  # fmt: skip
def test_trying_every_placing_agrees(first, second, units, most, sites):
    # Whole units at whole bases: what no placing holds must be in conflict, and nothing else.
    found = conflicts(
        [small.floor(first, "a"), small.floor(second, "b")],
        units=[small.unit(f"u{i}", "s") for i in range(units)],
        ceilings=[] if most is None else [small.ceiling(most)],
        site_limits=[] if sites is None else [small.site_limit(sites)],
    )
    can = min(units, (most or 1000) // 100)
    placings = [(m, n) for m, n in product(range(can + 1), repeat=2) if m + n <= can]
    allowed = [p for p in placings if sites != 1 or 0 in p]
    holds = any(1 - 0.5**m >= first and 1 - 0.5**n >= second for m, n in allowed)
    assert (found == ()) is holds
