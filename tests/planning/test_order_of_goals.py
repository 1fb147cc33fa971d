"""The Council's order: each tier is reached before the next one counts, and no lower one spoils a higher one."""

from __future__ import annotations

import pytest
from hypothesis import given

from bluehelm.solve.aims import LEAST_GIVEN_UP
from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import missions
from tests.planning.small import area, covering, floor, hospital, reached, site, task, unit

HOURS = {"effort_hours_per_person_month": 40, "protection_q": 0.5}


def torn(protect_first: bool = True) -> small.Mission:
    """One company: in the north it protects, in the south it escorts; it cannot do both."""
    areas = [area("north", zone="n"), area("south", 0.0, zone="s")]
    first, second = (1, 2) if protect_first else (2, 1)
    return small.mission(
        areas=areas, sites=[site("n", zone="n"), site("s", zone="s"), hospital()],
        units=[unit("u", "n", may_leave=False)], routes=covering({"n": ["north"], "s": ["south"]}, areas),
        tasks=[
            task("protect", priority=first),
            task("escort", "humanitarian_escort", second, zones=("s",), demand_hours_per_zone_month=4000.0),
        ],
    )  # fmt: skip


def stands(made: small.Plan) -> str:
    return next(iter(small.units_at(made)["2020-01"]))


def test_the_first_priority_decides_where_both_cannot_be_had():
    assert stands(small.plan(torn(), HOURS)) == "n"
    assert stands(small.plan(torn(protect_first=False), HOURS)) == "s"


def test_the_reverse_order_shows_what_the_order_decides():
    options = small.replace(small.EXACT, order="reverse")
    made = small.plan(torn(), HOURS, options)
    assert stands(made) == "s"
    assert [tier.name for tier in made.tiers][:3] == ["priority_2", "care", "priority_1"]


def test_tiers_are_listed_in_the_order_in_which_they_are_solved():
    given = torn()
    tasks = (small.replace(given.mandate.task[0], minimum_share=0.1), given.mandate.task[1])
    mandate = small.replace(given.mandate, task=tasks, floor=(floor(0.1, "north"),))
    made = small.plan(small.replace(given, mandate=mandate), HOURS)
    assert [tier.name for tier in made.tiers] == [
        "minimum_shares", "priority_1", "floors", "care", "priority_2", "cost", "moves",
    ]  # fmt: skip


def test_with_exact_tiers_cost_never_takes_from_protection():
    """The second company adds 1/4 of 1 death and costs a fortune; it stays."""
    areas = [area("a")]
    given = small.mission(
        areas=areas, sites=[site("s"), hospital()], units=[unit("u", "s"), unit("v", "s")],
        routes=covering({"s": ["a"]}, areas),
    )  # fmt: skip
    made = small.plan(given, {"protection_q": 0.5, "personnel_reimbursement_usd_per_person_month": "1000000"})
    assert reached(made) == pytest.approx(0.75, abs=1e-6)
    assert small.units_at(made)["2020-01"] == {"s": 2}


def test_cost_may_use_what_the_tolerance_leaves():
    """Four companies protect 15/16, three 14/16: with a tolerance of a tenth the fourth goes home."""
    areas = [area("a")]
    given = small.mission(
        areas=areas, sites=[site("s"), hospital()], units=[unit(f"u{i}", "s") for i in range(4)],
        routes=covering({"s": ["a"]}, areas),
    )  # fmt: skip
    loose = small.replace(small.EXACT, gap=0.3)
    strict = small.plan(given, {"protection_q": 0.5, "tier_tolerance_share": 0.0001}, loose)
    assert small.units_at(strict)["2020-01"] == {"s": 4}
    made = small.plan(given, {"protection_q": 0.5, "tier_tolerance_share": 0.1}, loose)
    assert small.units_at(made)["2020-01"] == {"s": 3}
    assert reached(made) == pytest.approx(14 / 16, abs=1e-6)
    assert small.tier(made, "priority_1").gap == pytest.approx((15 - 14) / 14, abs=1e-3)


@examples(12, 500)
@given(missions())
def test_no_lower_tier_spoils_a_higher_one_and_bounds_hold(drawn):
    made = small.plan(*drawn)
    for tier in made.tiers:
        better = tier.bound - tier.objective if tier.sense == "max" else tier.objective - tier.bound
        assert better >= -1e-9
        # Each was held at what it reached less LEAST_GIVEN_UP (in the goal's unit), which later goals may use.
        assert better <= LEAST_GIVEN_UP * 1.01, tier


@examples(8, 300)
@given(missions())
def test_a_gap_that_is_asked_bounds_what_all_later_tiers_may_take(drawn):
    mission, changes = drawn
    made = small.plan(mission, changes, small.Options(gap=0.05, threads=1))
    assert made.gap <= 0.05, [(t.name, t.objective, t.bound, t.gap, t.held_at) for t in made.tiers]
    assert made.status == "within_gap"
    exact = small.plan(mission, changes)
    first, best = made.tiers[0], exact.tiers[0]
    assert abs(first.objective - best.objective) <= 0.05 * max(abs(first.objective), 1e-9) + 1e-6
    assert first.bound >= best.objective - 1e-6 if first.sense == "max" else first.bound <= best.objective + 1e-6
