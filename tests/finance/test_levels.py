"""Levels: by hand on made-up States, and the laws of their table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError, RuleError
from bluehelm.finance.levels import (
    LEVELS,
    Placed,
    Standing,
    discount_share,
    level_by_income,
    place,
    transition_discounts,
)
from bluehelm.norms import load_norms, trace
from tests.conftest import examples

NORMS, DAY = load_norms(), date(2022, 1, 1)
AVERAGE = Decimal(10_000)


def state(name: str, gni: int, **more: bool) -> Standing:
    return Standing(member_state=name, gni_per_capita_usd=Decimal(gni), **more)


@pytest.mark.parametrize(
    ("gni", "level"),
    [
        (1, "I"), (9_999, "I"), (10_000, "H"), (11_999, "H"), (12_000, "G"), (13_999, "G"), (14_000, "F"),
        (15_999, "F"), (16_000, "E"), (17_999, "E"), (18_000, "D"), (19_999, "D"), (20_000, "B"), (90_000, "B"),
    ],
)  # fmt: skip
def test_a_state_is_at_the_highest_discount_whose_threshold_it_is_below(gni, level):
    """Average 10,000: thresholds at 10, 12, 14, 16, 18 and 20 thousand; at one a State is no longer below it."""
    assert level_by_income(Decimal(gni), AVERAGE, NORMS, DAY) == level


def test_discounts_are_those_of_the_table():
    expected = {"A": 0, "B": 0, "C": 7.5, "D": 20, "E": 40, "F": 60, "G": 70, "H": 80, "I": 80, "J": 90, "H/I": 80}
    assert {level: 100 * discount_share(level, NORMS, DAY) for level in expected} == expected


def test_a_discount_unfolds_down_to_its_source():
    with trace("level G") as answer:
        discount_share("G", NORMS, DAY)
    assert "peacekeeping_discount_share.G = 0.7 share" in answer.unfold() and "verified" in answer.unfold()


def test_a_level_is_refused_where_h_and_i_are_made_to_differ():
    norms = load_norms({"peacekeeping_discount_share.H": 0.75})
    with pytest.raises(InvalidRecordError, match="Levels H and I have different discounts"):
        discount_share("H/I", norms, DAY)
    assert discount_share("H", norms, DAY) == Decimal("0.75")


def test_permanent_members_and_least_developed_countries_come_before_income():
    placed = place(
        (state("P", 1_000, permanent_member=True), state("L", 50_000, least_developed=True), state("M", 50_000)),
        AVERAGE, NORMS, DAY,
    )  # fmt: skip
    assert placed == {
        "P": Placed(level="A", by="permanent"),
        "L": Placed(level="J", by="least developed"),
        "M": Placed(level="B", by="income"),
    }


def test_listings_and_voluntary_moves_change_the_level_and_say_so():
    """Q (income of level B) is listed at C as the Assembly decides; V (level H) moves to G of its own will."""
    placed = place(
        (state("Q", 50_000), state("V", 11_000)), AVERAGE, NORMS, DAY, listed={"Q": ("C", "A/00/PV.1")},
        voluntary={"V": "G"},
    )  # fmt: skip
    assert placed == {"Q": Placed(level="C", by="listed"), "V": Placed(level="G", by="voluntary")}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"voluntary": {"V": "I"}}, "higher level.*of its own will"),  # downward
        ({"voluntary": {"V": "H"}}, "higher level"),  # where it is
        ({"voluntary": {"V": "A"}}, "neither A nor C"),
        ({"voluntary": {"V": "C"}}, "neither A nor C"),
        ({"voluntary": {"P": "B"}}, "higher level"),  # a permanent member cannot leave its level
        ({"voluntary": {"Nowhere": "B"}}, "no row among the States"),
        ({"voluntary": {"V": "K"}}, "one of A to J"),
        ({"listed": {"V": ("C", " ")}}, "without a decision.*lists"),
        ({"listed": {"P": ("C", "A/00/PV.1")}}, "level A is the permanent members"),
        ({"listed": {"V": ("A", "A/00/PV.1")}}, "level A is the permanent members"),
    ],
)
def test_a_move_against_the_rules_is_refused_with_the_rule(more, words):
    with pytest.raises(RuleError, match=words):
        place((state("V", 11_000), state("P", 9_000, permanent_member=True)), AVERAGE, NORMS, DAY, **more)


def test_a_state_twice_or_of_two_kinds_or_without_income_is_refused():
    with pytest.raises(RuleError, match="'V' stands twice"):
        place((state("V", 1), state("V", 2)), AVERAGE, NORMS, DAY)
    with pytest.raises(RuleError, match="both a permanent member and a least developed country"):
        place((state("V", 1, permanent_member=True, least_developed=True),), AVERAGE, NORMS, DAY)
    with pytest.raises(InvalidRecordError, match="above 0"):
        state("V", 0)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("J", "I", ["0.8"]),  # one level: at once
        ("J", "H", ["0.85", "0.8"]),  # two levels: two years
        ("G", "D", ["0.5333", "0.3667", "0.2"]),  # three levels: three years, 70 → 20 in steps of 16.67
        ("I", "B", ["0.5333", "0.2667", "0"]),
        ("D", "J", ["0.9"]),  # down: at once
    ],
)
def test_a_state_that_rises_by_several_levels_loses_its_discount_in_equal_steps(old, new, expected):
    found = transition_discounts(old, new, NORMS, DAY)
    assert [round(share, 4) for share in found] == [Decimal(share) for share in expected]


def test_discounts_never_fall_from_one_level_to_the_next():
    shares = [discount_share(level, NORMS, DAY) for level in LEVELS]
    assert all(higher <= lower for higher, lower in pairwise(shares))


@examples(100, 3_000)
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**5))
def test_more_income_never_gives_a_larger_discount(one, other, average):
    poorer, richer = (
        discount_share(level_by_income(Decimal(gni), Decimal(average), NORMS, DAY), NORMS, DAY)
        for gni in sorted((one, other))
    )
    assert richer <= poorer
