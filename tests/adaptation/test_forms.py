"""Change of form by rule: what comes, what goes, what it costs, how long it takes; small enough to add up."""

from __future__ import annotations

import pytest

from bluehelm.adaptation.form_change import all_changes, change
from bluehelm.adaptation.forms import POLITICAL_MISSION, form_named, structure_of, today_of
from bluehelm.errors import InvalidRecordError
from tests.adaptation.leaving import PRICES, leaving_mission
from tests.planning import small

NORMS = small.norms({**PRICES, "lead_months.2": 9, "guard_persons_per_base": 0, "effort_hours_per_person_month": 40})


def test_an_unknown_form_is_refused_with_the_nearest_name():
    with pytest.raises(InvalidRecordError, match="protection_of_civilians"):
        form_named("protection_of_civilian", NORMS)


def test_a_political_mission_keeps_no_soldier_and_one_base_in_each_zone():
    found = structure_of(POLITICAL_MISSION, leaving_mission(), NORMS)
    types = NORMS.unit_types()
    assert all(types[kind].component == "civilian" for kind, _ in found.units)
    assert found.sites == {"hq", "out"}


def test_hours_asked_are_met_by_what_is_added_and_by_no_unit_more():
    found = structure_of(POLITICAL_MISSION, leaving_mission(), NORMS)
    types, kinds = NORMS.unit_types(), NORMS.task_kinds()
    asked = sum(kinds[kind].demand_hours_per_zone_month * 2 for kind in POLITICAL_MISSION.task_kinds)
    best = sum(n * persons * 40 for (_, persons), n in found.units.items())
    assert best >= asked
    for (kind, persons), count in found.units.items():
        useful = [name for name in POLITICAL_MISSION.task_kinds if types[kind].effort_share.get(name)]
        hours = sum(kinds[name].demand_hours_per_zone_month * 2 / types[kind].effort_share[name] for name in useful)
        assert (count - 1) * persons * 40 < hours


def test_a_form_with_presence_keeps_every_company_and_every_base():
    found = structure_of(form_named("protection_of_civilians", NORMS), leaving_mission(), NORMS)
    assert found.units["infantry_company", 100] == 4 and found.sites == {"hq", "out"}


def test_a_change_by_hand():
    mission = leaving_mission()
    before = today_of(mission)
    after = small_structure()
    found = change(before, after, mission, NORMS)
    assert found.go == {("infantry_company", 100): 4} and found.come == {("mediation_team", 8): 2}
    assert (found.persons_go, found.persons_come) == (400, 16)
    # 400 soldiers go home at 20 USD, 16 civilians travel at 0, one base closes at 70.
    assert found.once_usd == pytest.approx(400 * 20 + 70)
    # Today 400 persons at 1 USD and two bases at 40; after, 16 persons and one base.
    assert [found.before_usd, found.after_usd] == pytest.approx([480, 16 + 40])
    # What comes takes nine months; notice of one and two more until they are out take three.
    assert found.months == 9.0
    assert (found.opens, found.closes) == ((), ("out",))


def small_structure():
    from bluehelm.adaptation.forms import Structure

    return Structure("small", {("mediation_team", 8): 2}, frozenset({"hq"}), {})


def test_there_and_back_costs_both_journeys():
    mission = leaving_mission()
    there = change(today_of(mission), small_structure(), mission, NORMS)
    back = change(small_structure(), today_of(mission), mission, NORMS)
    assert (back.come, back.go) == (there.go, there.come)
    assert (back.before_usd, back.after_usd) == (there.after_usd, there.before_usd)
    # 400 soldiers brought at 30 USD, and the base opened again at 500, which takes four months.
    assert back.once_usd == pytest.approx(400 * 30 + 500)


def test_no_change_costs_nothing_and_takes_no_time():
    mission = leaving_mission()
    none = change(today_of(mission), today_of(mission), mission, NORMS)
    assert (none.once_usd, none.months, none.come, none.go) == (0.0, 0.0, {}, {})


def test_every_pair_of_forms_is_there_once_and_none_with_itself():
    found = all_changes(leaving_mission(), NORMS)
    pairs = [(row.before, row.after) for row in found]
    assert len(pairs) == len(set(pairs)) == 5 * 4 + 5
    assert all(before != after for before, after in pairs)
    assert all(row.once_usd >= 0 and row.months >= 0 for row in found)


def test_a_form_without_anyone_who_guards_says_how_many_persons_lack():
    norms = small.norms({**PRICES, "guard_persons_per_base": 60})
    assert structure_of(POLITICAL_MISSION, leaving_mission(), norms).guards_lacking == 120


def test_a_start_from_nothing_takes_what_is_pledged_and_opens_what_may_open():
    given = leaving_mission()
    sites = tuple(small.replace(s, open_at_start=False, may_close=True, opens_from=small.FIRST) for s in given.sites)
    mission = small.replace(given, units=(), sites=sites, pledges=(small.pledge("p1"), small.pledge("p2")))
    found = change(today_of(mission), structure_of(form_named("protection_of_civilians", NORMS), mission, NORMS),
                   mission, NORMS)  # fmt: skip
    assert found.come["infantry_company", 100] == 2 and found.go == {} and found.before_usd == 0.0
    assert found.opens == ("hq", "out")


def test_enabling_units_stay_in_proportion_to_those_they_enable():
    given = leaving_mission()
    engineers = tuple(small.unit(f"e{i}", "hq", kind="level_2_hospital", persons=50) for i in range(2))
    mission = small.replace(given, units=(*given.units, *engineers))
    multidimensional = structure_of(form_named("protection_of_civilians", NORMS), mission, NORMS)
    assert multidimensional.units["level_2_hospital", 50] == 2
    observers = structure_of(form_named("observation_and_verification", NORMS), mission, NORMS)
    assert observers.units.get(("level_2_hospital", 50), 0) <= 2
