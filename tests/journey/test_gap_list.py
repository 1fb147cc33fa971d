"""What to ask for: worked out by hand, and held against a plan made anew with the item."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bluehelm.journey.gap_care import bought
from bluehelm.journey.gap_list import gap_list
from bluehelm.journey.wishes import item_cost, stay, wishes_of
from bluehelm.mission.plan import Plan
from bluehelm.planning.gather import gather
from bluehelm.planning.make import make_plan
from bluehelm.reports.extras import read
from bluehelm.reports.reading import Reading
from tests.journey.worked import CHANGES, OPTIONS, worked_mission, worked_norms
from tests.planning import small


def asked(plan: Plan, norms=None):
    norms = norms or worked_norms()
    return gap_list(plan, gather(plan.mission, norms), norms)


@pytest.fixture(scope="module")
def roomy() -> Plan:
    """A plan that has room: the ceiling lets two more companies in."""
    mission = worked_mission()
    mandate = replace(mission.mandate, ceiling=(small.ceiling(900),))
    return make_plan(replace(mission, mandate=mandate), worked_norms(), OPTIONS)


def test_one_more_unit_goes_where_most_harm_is_unanswered(roomy):
    item = asked(roomy)[0]
    assert read(item.where) in ("needed", "hq")
    assert item.first_month >= "2020-03"
    assert "more deaths protected" in read(item.buys) and "calm" in read(item.buys)


def test_a_plan_made_anew_with_the_units_protects_at_least_what_was_told(roomy):
    item = asked(roomy)[0]
    promised = float(read(item.buys).split(" more deaths")[0])
    kind = next(k for k, t in worked_norms().unit_types().items() if t.title == read(item.what))
    persons = worked_norms().unit_types()[kind].strength_persons
    pledges = tuple(
        small.pledge(f"p{i}", kind=kind, persons=persons, readiness_level="2", expires_on=date(2020, 6, 30))
        for i in range(int(item.amount))
    )
    anew = make_plan(replace(roomy.mission, pledges=pledges), worked_norms(), OPTIONS)
    assert Reading(anew).protected_deaths - Reading(roomy).protected_deaths >= promised - 0.05 - 1e-9


def test_like_units_at_one_place_are_one_item(roomy):
    items = [(read(i.what), read(i.where)) for i in asked(roomy) if "more deaths" in read(i.buys)]
    assert items and len(set(items)) == len(items)


def test_nothing_is_asked_for_that_no_ceiling_lets_in():
    mission = worked_mission()
    ceilings = tuple(small.ceiling(400, component=c) for c in ("military", "police", "civilian"))
    full = replace(mission, mandate=replace(mission.mandate, ceiling=ceilings), units=mission.units)
    plan = make_plan(full, worked_norms(), OPTIONS)
    wishes = wishes_of(plan, gather(full, worked_norms()), worked_norms())
    company = next(k for k in wishes.classes if wishes.data.classes[k].unit_type.unit_type == "infantry_company")
    assert stay(wishes, company) == []


def test_where_no_ceiling_has_room_units_are_told_as_if_it_had_and_that_it_has_not():
    mission = worked_mission()
    ceilings = [small.ceiling(p, component=c) for c, p in (("military", 400), ("police", 0), ("civilian", 0))]
    plan = make_plan(
        replace(mission, mandate=replace(mission.mandate, ceiling=tuple(ceilings))), worked_norms(), OPTIONS
    )
    told = [read(item.buys) for item in asked(plan) if "more deaths" in read(item.buys)]
    assert told and all("the ceiling has no room for its" in text for text in told)


def test_a_unit_leaves_before_a_ceiling_that_falls():
    mission = worked_mission()
    mandate = replace(mission.mandate, ceiling=(small.ceiling(900), small.ceiling(400, after=4)))
    norms = small.norms({**CHANGES, "exit_lag_months": 1})
    given = replace(mission, mandate=mandate)
    data = gather(given, norms)
    wishes = wishes_of(make_plan(given, norms, OPTIONS), data, norms)
    company = next(k for k in wishes.classes if wishes.data.classes[k].unit_type.unit_type == "infantry_company")
    months = [int(data.timeline.start[n]) for n in stay(wishes, company)]
    assert months and min(months) >= 2 and max(months) < 4


def test_work_left_undone_is_asked_of_units_that_can_do_it():
    mission = worked_mission()
    talk = small.task("talk", "mediation_good_offices", 2, demand_hours_per_zone_month=400.0)
    given = replace(mission, mandate=replace(mission.mandate, task=(*mission.mandate.task, talk)))
    items = [i for i in asked(make_plan(given, worked_norms(), OPTIONS)) if "'talk'" in read(i.buys)]
    assert len(items) == 1
    assert items[0].amount >= 1 and "100% of what is unmet there" in read(items[0].buys)


def test_care_that_is_late_is_asked_of_a_hospital_or_a_helicopter():
    norms = small.norms({**CHANGES, "enhanced_care_hours": 1, "surgery_hours": 2})
    plan = make_plan(worked_mission(), norms, OPTIONS)
    items = [read(i.buys) for i in asked(plan, norms) if " in time for " in read(i.buys)]
    assert items and "base-months" in items[0]
    # What gains no care at all is not named.
    assert not any("surgery for 0" in told or "for 0 more" in told for told in items)


@pytest.mark.parametrize(("gained", "told"), [
    ((1, 0), "enhanced care in time for 1 more base-month, at here; dear"),
    ((0, 12), "surgery in time for 12 more base-months, at here; dear"),
    ((12, 1), "enhanced care in time for 12 more base-months and surgery for 1, at here; dear"),
])  # fmt: skip
def test_care_is_told_in_whole_sentences_whatever_the_numbers(gained, told):
    assert read(bought(gained[0], gained[1], {"sites": "here", "cost": "dear"})) == told


def test_money_is_asked_for_where_it_binds_and_buys_protection():
    mission = worked_mission(budget=(small.money("appropriation", 1200, last=5),))
    plan = make_plan(replace(mission, mandate=replace(mission.mandate, ceiling=())), worked_norms(), OPTIONS)
    items = [i for i in asked(plan) if i.unit == "million USD"]
    assert len(items) == 1 and items[0].amount == 10


def test_what_the_budget_lacks_is_told():
    mission = worked_mission(budget=(small.money("appropriation", 2500, last=5),))
    plan = make_plan(mission, worked_norms(), OPTIONS)
    wishes = wishes_of(plan, gather(mission, worked_norms()), worked_norms())
    told = read(item_cost(wishes, wishes.classes[0], list(wishes.room.path)))
    assert told.startswith("it costs USD")
