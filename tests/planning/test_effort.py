"""Effort is rival: an hour is given once, within reach, by those who can and will do it."""

from __future__ import annotations

import polars as pl
import pytest

from tests.planning import small
from tests.planning.small import FIRST, NEVER, area, cell, column, hospital, monthly, reached, routes, site, task, unit

# A company of 100 gives 4,000 hours a month.
HOURS = {"effort_hours_per_person_month": 40}


def escort(hours: float, task_id: str = "escort", **more) -> small.Task:
    return task(task_id, "humanitarian_escort", demand_hours_per_zone_month=hours, **more)


def two_zones(units, tasks, *, between: float = NEVER, months: int = 1, **more) -> small.Mission:
    """Zones n and s, each with a base and an area; `between` hours from a base to the area of the other zone."""
    ways = {("n", "north"): 0.5, ("s", "south"): 0.5, ("n", "south"): between, ("s", "north"): between}
    return small.mission(
        areas=[area("north", zone="n"), area("south", zone="s")],
        sites=[site("n", zone="n"), site("s", zone="s"), hospital()], units=units, tasks=tasks, months=months,
        routes=routes(ways), **more,
    )  # fmt: skip


def stays(unit_id: str, at: str, **more) -> small.Unit:
    return unit(unit_id, at, may_move=False, may_leave=False, **more)


def test_an_hour_is_given_once():
    """3,000 hours in each of two zones, both in reach, and 4,000 hours to give."""
    made = small.plan(two_zones([stays("u", "n")], [escort(3000)], between=1.0), HOURS)
    assert sum(column(made, "effort", "given_hours")) == pytest.approx(4000, abs=0.1)
    assert sum(column(made, "effort_given", "hours")) == pytest.approx(4000, abs=0.1)
    assert reached(made) == pytest.approx(4000 / 6000, abs=1e-5)
    assert sum(column(made, "shortfalls", "amount", kind="effort")) == pytest.approx(2000, abs=0.1)


def test_presence_is_shared_while_effort_is_not():
    tasks = [task(), escort(3000)]
    made = small.plan(two_zones([stays("u", "n")], tasks, between=1.0), {**HOURS, "protection_q": 0.5})
    assert column(made, "protection", "protected_share") == [0.5, 0.5]
    assert sum(column(made, "effort", "given_hours")) == pytest.approx(4000, abs=0.1)
    assert reached(made) == pytest.approx((0.5 + 4000 / 6000) / 2, abs=1e-5)


def test_no_effort_is_given_beyond_reach():
    made = small.plan(two_zones([stays("u", "n")], [escort(3000)]), HOURS)
    assert cell(made, "effort", "given_hours", zone="n") == pytest.approx(3000, abs=0.1)
    assert cell(made, "effort", "given_hours", zone="s") == 0


def test_a_unit_works_in_its_own_zone_even_where_it_reaches_no_area():
    given = two_zones([stays("u", "s")], [escort(1000, zones=("s",))])
    cut_off = small.replace(given, routes=routes({("s", "north"): NEVER, ("s", "south"): NEVER}))
    assert cell(small.plan(cut_off, HOURS), "effort", "given_hours", zone="s") == pytest.approx(1000, abs=0.1)


def test_an_hour_counts_with_the_share_of_the_type():
    """An hour of infantry counts 0.3 for community liaison; one of the team of 10 counts in full."""
    tasks = [task("liaison", "community_liaison", demand_hours_per_zone_month=3000.0, zones=("n",))]
    company, team = stays("u", "n"), stays("t", "n", kind="community_liaison_team", persons=10)
    for units, counted in (([company], 1200), ([team], 400), ([company, team], 1600)):
        assert reached(small.plan(two_zones(units, tasks), HOURS)) == pytest.approx(counted / 3000, abs=1e-5)


def test_who_will_not_do_a_task_gives_it_nothing():
    units = [stays("u", "n", not_tasks=("humanitarian_escort",)), stays("v", "n", persons=50)]
    made = small.plan(two_zones(units, [escort(3000, zones=("n",))]), HOURS)
    assert reached(made) == pytest.approx(2000 / 3000, abs=1e-5)
    assert set(column(made, "effort_given", "class_id")) == {"infantry_company.2"}


def test_a_unit_on_the_move_gives_no_hours_for_its_travel_days():
    given = two_zones([unit("u", "s", may_leave=False)], [escort(4000, zones=("n",))])
    assert reached(small.plan(given, {**HOURS, "move_days": 15})) == pytest.approx(1 - 15 / 30.4375, abs=1e-5)


def test_a_longer_node_asks_and_gives_more():
    nodes = (small.node("short", "", 0, 1), small.node("long", "short", 1, 3))
    made = small.plan(two_zones([stays("u", "n")], [escort(6000, zones=("n",))], months=4, nodes=nodes), HOURS)
    assert column(made, "effort", "demand_hours") == [6000, 18000]
    assert column(made, "effort", "given_hours") == pytest.approx([4000, 12000], abs=0.1)


def test_a_task_is_asked_only_in_its_months():
    tasks = [escort(1000, starts=FIRST + 1, ends=FIRST + 2, zones=("s",))]
    made = small.plan(two_zones([stays("u", "n")], tasks, months=4, nodes=monthly(4)), HOURS)
    assert column(made, "effort", "node_id") == ["m1", "m2"]


def test_the_weight_of_a_task_decides_among_equals_in_priority():
    """4,000 hours for two tasks of 3,000 each: what weighs more is met in full."""
    tasks = [escort(3000, zones=("n",)), escort(3000, "heavy", zones=("n",), weight=2.0)]
    made = small.plan(two_zones([stays("u", "n")], tasks), HOURS)
    assert cell(made, "effort", "given_hours", task_id="heavy") == pytest.approx(3000, abs=0.1)
    assert cell(made, "effort", "given_hours", task_id="escort") == pytest.approx(1000, abs=0.1)
    assert reached(made) == pytest.approx((1 / 3 + 2 * 1) / 3, abs=1e-5)


def test_a_minimum_share_comes_before_any_priority():
    """The one unit protects many in the north; the escort of priority 2 in the south must reach a half first."""
    given = two_zones([unit("u", "n", may_leave=False)], [task(), escort(8000, zones=("s",), priority=2)])
    free = small.plan(given, HOURS)
    tasks = (given.mandate.task[0], small.replace(given.mandate.task[1], minimum_share=0.5))
    bound = small.plan(small.replace(given, mandate=small.replace(given.mandate, task=tasks)), HOURS)
    assert reached(free, "priority_2") == pytest.approx(0.5, abs=1e-5)  # in the south nothing is lost by it
    assert reached(bound, "minimum_shares") == pytest.approx(0, abs=1e-5)
    assert small.units_at(bound)["2020-01"] == {"s": 1}


def test_a_minimum_that_cannot_be_reached_is_lacking_openly():
    made = small.plan(two_zones([stays("u", "n")], [escort(8000, zones=("n",), minimum_share=0.75)]), HOURS)
    assert reached(made, "minimum_shares") == pytest.approx(0.25, abs=1e-5)


def test_hours_of_interchangeable_sites_are_shared_by_the_units_they_hold():
    given = small.mission(
        areas=[area("a")], sites=[site("one"), site("two"), hospital()],
        units=[stays("u", "one"), stays("v", "one"), stays("w", "two")], tasks=[escort(9000)],
        routes=routes({("one", "a"): 0.5, ("two", "a"): 0.5}),
    )  # fmt: skip
    made = small.plan(given, HOURS)
    by_site = made.tables["effort_given"].group_by("site_id").agg(pl.col("hours").sum()).sort("site_id")
    assert by_site["hours"].to_list() == pytest.approx([6000, 3000], abs=0.1)
