"""The plan beside simple rules: same measures, and cheating is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bluehelm.journey.yardsticks import expected_near, rules, yardsticks
from bluehelm.mission.records import Closure
from bluehelm.planning.build import build
from bluehelm.planning.gather import gather
from bluehelm.planning.make import make_plan
from bluehelm.reports.extras import read
from tests.journey.worked import OPTIONS, worked_mission, worked_norms, worked_plan
from tests.planning import small


def measured(mission=None):
    plan = worked_plan() if mission is None else make_plan(mission, worked_norms(), OPTIONS)
    data = gather(plan.mission, worked_norms())
    return {y.name: y for y in yardsticks(plan, data, build(data), worked_norms())}


@pytest.fixture(scope="module")
def found():
    return measured()


def test_the_plan_stands_first_and_no_rule_protects_more(found):
    assert next(iter(found)) == "plan"
    assert all(y.protected_share <= found["plan"].protected_share + 1e-9 for y in found.values())


def test_each_rule_closes_as_many_sites_as_the_limit_asks(found):
    assert all(len(y.sites_closed) == 1 for y in found.values())
    assert found["proportional"].sites_closed == ("quiet",)


def test_violence_near_a_site_is_what_lies_within_fifty_kilometres_of_road():
    data = gather(worked_mission(), worked_norms())
    assert expected_near(data, worked_norms()).tolist() == [0.0, 0.5, 4.0]


def test_later_violence_within_reach_is_measured_for_all(found):
    assert {y.hindsight_share_within_reach for y in found.values()} <= {0.0, 1.0}
    assert "later deaths" in read(found["plan"].note)


def test_what_the_mission_did_is_a_yardstick_where_it_is_known():
    closed = Closure(site_id="needed", deed="closed", done_on=date(2020, 4, 2), **small.KNOWN)
    opened = Closure(site_id="hq", deed="opened", done_on=date(2020, 4, 2), **small.KNOWN)
    found = measured(worked_mission(hindsight_closures=(closed, opened)))
    assert found["mission"].sites_closed == ("needed",)
    assert found["mission"].hindsight_share_within_reach == 0.0
    assert "left out: hq" in read(found["mission"].note)


def test_a_rule_that_breaks_a_ceiling_says_by_how_much():
    mission = worked_mission()
    stuck = tuple(replace(unit, may_leave=False) for unit in mission.units)
    data = gather(replace(mission, units=stuck), worked_norms())
    plan = worked_plan()
    notes = [read(y.note) for y in yardsticks(plan, data, build(data), worked_norms()) if y.name != "plan"]
    assert notes and all("breaks the ceiling (Military) by 100 persons" in note for note in notes)


def test_a_rule_that_spends_too_much_says_so():
    mission = worked_mission(budget=(small.money("appropriation", 100, last=5),))
    stuck = tuple(replace(unit, may_leave=False) for unit in mission.units)
    data = gather(replace(mission, units=stuck, mandate=replace(mission.mandate, ceiling=())), worked_norms())
    notes = [read(y.note) for y in yardsticks(worked_plan(), data, build(data), worked_norms()) if y.name != "plan"]
    assert notes and all("more than is approved for 2019/20" in note for note in notes)


def test_rules_that_decide_alike_are_told_once():
    mission = worked_mission()
    free = replace(mission, mandate=replace(mission.mandate, ceiling=(), site_limit=()))
    data = gather(free, worked_norms())
    assert len(rules(data, worked_norms())) == 2
    assert set(measured(free)) == {"plan", "proportional"}
