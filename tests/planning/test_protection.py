"""Presence: how partial reaches add up, what a move costs in protection, floors, and harm over months and futures."""

from __future__ import annotations

from math import sqrt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.mission.records import Route
from tests.conftest import examples
from tests.planning import small
from tests.planning.small import area, cell, covering, floor, hospital, reached, routes, site, task, unit

HALF = {"protection_q": 0.5}


def one_area(count: int, hours: float = 0.5, **more) -> small.Mission:
    """One base and one area, `hours` apart: reach falls from 1 at one hour to 0 at two."""
    return small.mission(
        areas=[area("a")], sites=[site("s"), hospital()],
        units=[unit(f"u{i}", "s", may_leave=False) for i in range(count)],
        routes=routes({("s", "a"): hours}), **more,
    )  # fmt: skip


@examples(12, 500)
@given(st.integers(1, 4), st.floats(0, 1), st.floats(0.05, 0.95))
def test_partial_reaches_add_up_as_independent_chances(count, rho, q):
    made = small.plan(one_area(count, 2.0 - rho), {"protection_q": q})
    curve = cell(made, "protection", "curve_share", area_id="a")
    assert curve == pytest.approx(1 - (1 - q * rho) ** count, abs=1e-9)
    # The plan counts the chord below the curve, which it meets at whole steps.
    assert cell(made, "protection", "protected_share", area_id="a") <= curve + 1e-9


@pytest.mark.parametrize("q", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("pairs", [1, 2])
def test_the_sum_is_exact_at_whole_steps(q, pairs):
    half_a_step = (1 - sqrt(1 - q)) / q
    made = small.plan(one_area(2 * pairs, 2.0 - half_a_step), {"protection_q": q})
    assert cell(made, "protection", "presence", area_id="a") == pytest.approx(pairs)
    assert cell(made, "protection", "protected_share", area_id="a") == pytest.approx(1 - (1 - q) ** pairs)
    assert reached(made) == pytest.approx(1 - (1 - q) ** pairs, abs=1e-6)


def test_between_whole_steps_the_plan_counts_the_chord():
    half_a_step = (1 - sqrt(0.5)) / 0.5
    made = small.plan(one_area(3, 2.0 - half_a_step), HALF)
    assert cell(made, "protection", "presence", area_id="a") == pytest.approx(1.5)
    assert cell(made, "protection", "protected_share", area_id="a") == pytest.approx((0.5 + 0.75) / 2)
    assert cell(made, "protection", "curve_share", area_id="a") == pytest.approx(1 - 0.5**1.5)


def test_beyond_the_last_step_more_presence_counts_nothing():
    made = small.plan(one_area(6), HALF)
    assert cell(made, "protection", "presence", area_id="a") == pytest.approx(6)
    assert cell(made, "protection", "protected_share", area_id="a") == pytest.approx(1 - 0.5**4)


def test_presence_is_not_used_up_one_unit_protects_every_area_in_its_reach():
    areas = [area("a"), area("b"), area("c")]
    far = small.mission(
        areas=areas, sites=[site("s"), hospital()], units=[unit("u", "s")], routes=covering({"s": ["a", "b"]}, areas)
    )
    made = small.plan(far, HALF)
    assert made.tables["protection"]["protected_share"].to_list() == pytest.approx([0.5, 0.5, 0.0])
    assert reached(made) == pytest.approx(1 / 3, abs=1e-6)


def test_a_type_counts_its_presence_share():
    police = small.mission(
        areas=[area("a")], sites=[site("s"), hospital()],
        units=[unit("u", "s", kind="formed_police_unit")], routes=routes({("s", "a"): 0.5}),
    )  # fmt: skip
    made = small.plan(police, {"protection_q": 0.5, "presence_share.formed_police_unit": 0.6})
    assert cell(made, "protection", "curve_share", area_id="a") == pytest.approx(0.5 * 0.6)


def test_static_units_reach_only_their_surroundings():
    here, near, far = (13.0, 25.0), (13.03, 25.0), (13.06, 25.0)  # 0, 3.3 and 6.6 km
    guards = small.mission(
        areas=[area("near", place=near), area("far", place=far)], sites=[site("s", place=here), hospital()],
        units=[unit("u", "s", kind="force_protection_guard_unit")],
    )  # fmt: skip
    made = small.plan(guards, {"static_reach_km": 5, "presence_share.force_protection_guard_unit": 1.0})
    assert cell(made, "protection", "protected_share", area_id="near") == 1.0
    assert cell(made, "protection", "protected_share", area_id="far") == 0.0


def test_a_node_in_two_seasons_has_the_mean_of_both_reaches():
    to_area = Route(from_site="s", to_place="a", mode="road", dry_hours=0.5, wet_hours=small.NEVER, **small.KNOWN)
    tree = (small.node("dry_then_wet", "", 0, 3),)
    mission = small.mission(
        areas=[area("a")], sites=[site("s"), hospital()], units=[unit("u", "s")], routes=(to_area,), months=3,
        wet_months=(3,), nodes=tree,
    )  # fmt: skip
    made = small.plan(mission, HALF)
    assert cell(made, "protection", "curve_share", area_id="a") == pytest.approx(0.5 * 2 / 3)


def test_without_nodes_a_node_ends_where_the_season_changes():
    to_area = Route(from_site="s", to_place="a", mode="road", dry_hours=0.5, wet_hours=small.NEVER, **small.KNOWN)
    mission = small.mission(
        areas=[area("a")], sites=[site("s"), hospital()], units=[unit("u", "s")], routes=(to_area,), months=3,
        wet_months=(3,),
    )  # fmt: skip
    shares = small.plan(mission, HALF).tables["protection"].select("month", "protected_share").rows()
    assert shares == [("2020-01", 0.5), ("2020-03", 0.0)]


def two_sites(months: int = 1) -> small.Mission:
    areas = [area("a")]
    return small.mission(
        areas=areas, sites=[site("idle"), site("near"), hospital()], units=[unit("u", "idle", may_leave=False)],
        routes=covering({"idle": [], "near": ["a"]}, areas), months=months,
    )  # fmt: skip


@pytest.mark.parametrize(("days", "months"), [(0, 1), (10, 1), (10, 3), (40, 1)])
def test_a_unit_that_moves_protects_less_for_its_travel_days(days, months):
    made = small.plan(two_sites(months), {**HALF, "move_days": days})
    lost = min(1.0, days / (30.4375 * months))
    assert cell(made, "protection", "presence", area_id="a") == pytest.approx(1 - lost)
    assert reached(made) == pytest.approx(0.5 * (1 - lost), abs=1e-6)


def test_a_unit_that_stayed_counts_in_full_in_the_node_after_its_move():
    made = small.plan(two_sites(6), {**HALF, "move_days": 15})
    found = made.tables["protection"].sort("month")["presence"].to_list()
    assert found == pytest.approx([1 - 15 / (30.4375 * 3), 1.0])


def test_a_floor_is_held_before_what_serves_the_next_priority_and_its_lack_is_counted():
    """Priority 1 sends the one unit to `big`; the floor of `small` stays lacking, openly."""
    areas = [area("big", 10.0), area("small", 1.0)]
    made = small.plan(
        small.mission(
            areas=areas, sites=[site("b"), site("s"), hospital()], units=[unit("u", "s")],
            routes=covering({"b": ["big"], "s": ["small"]}, areas), floors=[floor(0.4, "small")],
        ),
        HALF,
    )  # fmt: skip
    assert small.units_at(made) == {"2020-01": {"b": 1}}
    assert cell(made, "protection", "floor_share", area_id="small") == 0.4
    assert cell(made, "protection", "floor_shortfall", area_id="small") == pytest.approx(0.4)
    assert reached(made, "floors") == pytest.approx(0.0, abs=1e-6)
    lacking = made.tables["shortfalls"].filter(pl.col("kind") == "floor")
    assert lacking.select("where", "amount", "share_unmet").rows() == [("small", pytest.approx(0.4), pytest.approx(1))]


def test_between_equals_the_floor_decides():
    areas = [area("a"), area("b")]
    for wanted in ("a", "b"):
        made = small.plan(
            small.mission(
                areas=areas, sites=[site("at_a"), site("at_b"), hospital()], units=[unit("u", "at_b")],
                routes=covering({"at_a": ["a"], "at_b": ["b"]}, areas), floors=[floor(0.5, wanted)],
            ),
            HALF,
        )  # fmt: skip
        assert small.units_at(made)["2020-01"] == {f"at_{wanted}": 1}
        assert reached(made, "floors") == pytest.approx(1.0, abs=1e-6)


def test_a_floor_that_another_actor_takes_over_is_asked_no_longer():
    mission = one_area(1, months=2, floors=[floor(0.4, "a", taken_over_by="host", taken_over_from=small.FIRST + 1)])
    floors = small.plan(mission, HALF).tables["protection"]["floor_share"]
    assert floors[0] == 0.4 and floors.is_nan().to_list() == [False, True]


def test_areas_outside_the_zones_of_a_task_do_not_count_for_it():
    areas = [area("in", zone="z"), area("out", 100.0, zone="other")]
    made = small.plan(
        small.mission(
            areas=areas, sites=[site("i"), site("o", zone="other"), hospital()], units=[unit("u", "o")],
            routes=covering({"i": ["in"], "o": ["out"]}, areas), tasks=[task(zones=("z",))],
        ),
        HALF,
    )  # fmt: skip
    assert small.units_at(made)["2020-01"] == {"i": 1}
    assert reached(made) == pytest.approx(0.5, abs=1e-6)
