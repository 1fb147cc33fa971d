"""Planning from a plan that runs: what is decided stands, and nothing differs without a gain."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from bluehelm.errors import InfeasibleMissionError
from bluehelm.mission.plan import Plan
from bluehelm.planning.build import build
from bluehelm.planning.by_rule_since import cut_since, given_of
from bluehelm.planning.from_tables import carried_of
from bluehelm.planning.gather import gather
from bluehelm.planning.goals import goals_of
from bluehelm.planning.incumbent import near_incumbent
from bluehelm.planning.make import make_plan
from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import missions

FIRST = small.FIRST


def two_towns(**more):
    """Two towns alike, a base at each, one company: where it stands is worth the same."""
    areas = [small.area("a"), small.area("b", place=(13.0, 26.0))]
    sites = [small.site("a", may_close=True), small.site("b", may_close=True, place=(13.0, 26.0)), small.hospital()]
    given_parts = {
        "areas": areas, "sites": sites, "units": [small.unit("u", "a")], "months": 4, "nodes": small.monthly(4),
        "routes": small.covering({"a": ["a"], "b": ["b"]}, areas), **more,
    }  # fmt: skip
    return small.mission(**given_parts)


def adapted_of(made: Plan) -> Any:
    return made.provenance["adapted"]


def moved(plan, made):
    """Send the company of a plan to b from the third month on, as if that had been decided."""
    table = plan.tables["deployments"]
    site = ["b" if node in ("m2", "m3") else "a" for node in table["node_id"]]
    return small.replace(made, tables={**plan.tables, "deployments": table.with_columns(site_id=np.array(site))})


def test_among_equals_the_incumbent_comes_back():
    given_mission = two_towns()
    plain = small.plan(given_mission)
    running = moved(plain, plain)
    again = small.plan(given_mission, incumbent=running)
    assert small.units_at(again) == {"m0": {"a": 1}, "m1": {"a": 1}, "m2": {"b": 1}, "m3": {"b": 1}}
    assert adapted_of(again)["changed_unit_months"] == 0


def test_a_gain_moves_the_company_and_its_distance_is_stated():
    changed = two_towns(areas=[small.area("a"), small.area("b", 5.0, place=(13.0, 26.0))])
    dear = {"move_usd_per_person": "1"}
    running = small.plan(two_towns(), dear)
    again = small.plan(changed, dear, incumbent=running, fixed_before=FIRST + 2)
    assert [list(here) for here in small.units_at(again).values()] == [["a"], ["a"], ["b"], ["b"]]
    # Two months: one unit less at a and one more at b.
    assert adapted_of(again)["changed_unit_months"] == pytest.approx(4.0)
    assert adapted_of(again)["changed_bound"] == pytest.approx(4.0)


def test_what_was_ordered_comes_and_who_was_told_to_leave_leaves():
    pledges = (small.pledge("p", expires_on=date(2020, 12, 31)),)
    lags = {"lead_months.rapid": 2, "exit_notice_months": 2}
    given_mission = two_towns(pledges=pledges)
    running = make_plan(given_mission, small.norms(lags), small.EXACT)
    assert small.deeds(running, "order") == {"m0": 1}
    # Without the second town's deaths nobody would call the pledge any more; it was called.
    quiet = two_towns(pledges=pledges, areas=[small.area("a"), small.area("b", 0.0, place=(13.0, 26.0))])
    again = make_plan(quiet, small.norms(lags), small.EXACT, incumbent=running, fixed_before=FIRST + 1)
    assert small.deeds(again, "order") == {"m0": 1}
    assert sum(small.units_at(again)["m2"].values()) == 2
    free = make_plan(quiet, small.norms(lags), small.EXACT)
    assert small.deeds(free, "order") == {}


def test_what_was_decided_and_cannot_stand_is_told():
    given_mission = two_towns()
    running = small.plan(given_mission)
    tight = two_towns(ceilings=[small.ceiling(50, after=1)])
    with pytest.raises(InfeasibleMissionError) as caught:
        make_plan(tight, small.norms({"exit_notice_months": 2}), small.EXACT, incumbent=running, fixed_before=FIRST + 1)
    assert "What was decided before 2020-02 stands" in caught.value.conflict[-1]
    assert "at most 50" in caught.value.conflict[0]


def test_the_distance_counts_what_is_left_and_what_is_new_each_once():
    given_mission = two_towns()
    running = small.plan(given_mission)
    data = gather(given_mission, small.norms())
    built = build(data)
    near = near_incumbent(data, built, running, FIRST + 2, ())
    start = near.start([], None)
    assert start is not None
    assert near.differs(start) == pytest.approx(0.0)
    away = start.copy()
    x = built.columns.x
    j = 0 if start[x[0, 0, 3]] > 0.5 else 1
    away[x[0, j, 3]], away[x[0, 1 - j, 3]] = 0.0, 1.0
    assert near.differs(away) == pytest.approx(2.0)


def test_a_unit_called_home_is_told_in_its_month():
    given_mission = two_towns(units=[small.unit("u", "a"), small.unit("v", "b", persons=90)])
    running = small.plan(given_mission)
    again = small.plan(
        given_mission, {"exit_notice_months": 1}, incumbent=running, fixed_before=FIRST + 1,
        called_home=[("v", FIRST + 1)],
    )  # fmt: skip
    assert small.deeds(again, "exit_order") == {"m1": 1}
    assert [sum(here.values()) for here in small.units_at(again, "infantry_company.2").values()] == [1, 1, 0, 0]


def test_cutting_in_proportion_starts_where_units_stand():
    units = [small.unit(f"u{i}", "a") for i in range(4)]
    given_mission = two_towns(units=units, ceilings=[small.ceiling(400), small.ceiling(200, after=3)])
    plain = small.plan(two_towns(units=units))
    data = gather(given_mission, small.norms())
    all_stay = small.replace(carried_of(plain, data), x=np.full((1, 3, 4), [[[4.0], [0.0], [0.0]]]))
    given_now = given_of(data, all_stay, FIRST + 1, ())
    found = cut_since(data, given_now)
    assert found is not None
    x, _ = found
    assert (x[:, :, 0] == given_now.x[:, :, 0]).all()
    assert x.sum(axis=(0, 1)).tolist() == [4, 4, 4, 2]


@examples(5, 400)
@given(missions())
def test_decisions_before_a_month_are_the_incumbents(drawn):
    given_mission, changes = drawn
    running = small.plan(given_mission, changes)
    fixed = small.FIRST + 2
    harder = small.replace(given_mission, areas=tuple(
        small.replace(area, fatalities_per_month=9.0 - area.fatalities_per_month) for area in given_mission.areas
    ))  # fmt: skip
    again = small.plan(harder, changes, incumbent=running, fixed_before=fixed)
    before = [
        node for node, begins in running.tables["nodes"].select("node_id", "month").iter_rows() if begins < str(fixed)
    ]
    for class_id in running.tables["classes"]["class_id"]:
        old, new = small.units_at(running, class_id), small.units_at(again, class_id)
        assert [new[node] for node in before] == [old[node] for node in before]
    for deed in ("order", "exit_order"):
        assert {n: c for n, c in small.deeds(again, deed).items() if n in before} == {
            n: c for n, c in small.deeds(running, deed).items() if n in before
        }
    held = small.plan(given_mission, changes, incumbent=running)
    assert adapted_of(held)["changed_unit_months"] == pytest.approx(0.0)


def test_the_plan_that_goes_on_brings_its_hours_of_work_to_the_search():
    # The company reaches one of two towns alike, and its hours are more than the hundred that escorts ask for.
    tasks = [small.task(), small.task("escort", "humanitarian_escort", 2, demand_hours_per_zone_month=100.0)]
    given_mission = two_towns(tasks=tasks)
    made = small.plan(given_mission)
    data = gather(given_mission, small.norms())
    built = build(data)
    goals = goals_of(data, built.columns, tolerance=0.001)
    start = near_incumbent(data, built, made, None, ()).start(goals, None)
    assert start is not None
    worth = {goal.name: goal.of(start) for goal in goals}
    assert worth["priority_1"] == pytest.approx(0.5)
    assert worth["priority_2"] == pytest.approx(1.0)
