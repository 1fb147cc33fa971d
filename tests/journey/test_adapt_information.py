"""A plan that was made knowing less than all is adapted knowing less than all; what was decided before stands.

One company and two towns. From the second month on ten people a month are in danger in town a (chance 0.6) or in town
b, for the whole future; moves cost no time. Whoever can tell the futures apart goes where it strikes, whoever cannot
stands in a in both.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import polars as pl
import pytest

from bluehelm.adaptation.calendar import calendar_of, cut, information_on, whole
from bluehelm.checks.plan_check import check_plan
from bluehelm.journey.adapt_plan import adapt
from bluehelm.mission.information import NOTHING_LEARNED, Alike, Information, Knows, information_of
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import read_plan, write_plan
from bluehelm.norms import load_norms
from bluehelm.planning.make import make_plan
from tests.adaptation.running import OPTIONS, amended, month, shock
from tests.planning import small

BLIND = Information(units=Knows(knows="nothing"))
NAMED = Information(alike=(Alike(kinds=("units",), nodes=("at_a", "at_b")),))


def towns(*, units: int = 1, first: int = 1) -> small.Mission:
    """Return the mission over six months; the futures part in the month `first`."""
    areas = [small.area(name, 0.0) for name in ("a", "b", "empty")]
    sites = [small.site("near_a"), small.site("near_b"), small.hospital()]
    nodes = (
        small.node("now", "", 0, first), small.node("at_a", "now", first, 6 - first, 0.6),
        small.node("at_b", "now", first, 6 - first, 0.4),
    )  # fmt: skip
    risk = [
        {"area_id": area, "month": str(month(after)), "fatalities_per_month": 10.0 * (area == node[-1]),
         "node_id": node, **small.KNOWN, "note": "made up"}
        for node in ("at_a", "at_b") for area in ("a", "b") for after in range(first, 6)
    ]  # fmt: skip
    given = small.mission(
        areas=areas, sites=sites, months=6, nodes=nodes, risk=pl.DataFrame(risk),
        units=[small.unit(f"company_{i}", "near_a") for i in range(units)],
        routes=small.covering({"near_a": ["a"], "near_b": ["b"]}, areas),
    )  # fmt: skip
    return amended(given, {})


def planned(information: Information | None, **more) -> Plan:
    given = towns(**more)
    return make_plan(given, load_norms(given.amendments), replace(OPTIONS, information=information))


def answered(made: Plan, *shocks) -> Plan:
    told = adapt(made, shocks, gap=0.0, seconds=30.0)
    assert check_plan(told.plan, load_norms(told.plan.mission.amendments)).ok
    return told.plan


def lost_consent(after: int):
    """Return a shock that cuts the calendar and harms nobody: the area has no deaths."""
    return shock("consent_withdrawn", after, where=("empty",))


def at_b(made: Plan, node_id: str) -> int:
    return small.units_at(made, "infantry_company")[node_id].get("near_b", 0)


def options_of(made: Plan) -> dict[str, Any]:
    options = made.provenance["options"]
    assert isinstance(options, dict)
    return options


def sets_of(made: Plan) -> Information:
    found = information_of(options_of(made)["information"])
    assert found is not None
    return found


def test_whoever_can_tell_the_futures_apart_goes_where_it_strikes():
    made = planned(None)
    told = answered(made, lost_consent(3))
    assert [at_b(told, node) for node in ("at_a", "at_a 2020-04", "at_b", "at_b 2020-04")] == [0, 0, 1, 1]


@pytest.mark.parametrize("information", [BLIND, NAMED, NOTHING_LEARNED])
def test_whoever_cannot_stays_in_both_also_in_the_parts_of_nodes_that_are_cut(information, tmp_path):
    made = planned(information)
    assert at_b(made, "at_a") == at_b(made, "at_b") == 0
    told = answered(made, lost_consent(3))
    assert [at_b(told, node) for node in ("at_a", "at_a 2020-04", "at_b", "at_b 2020-04")] == [0, 0, 0, 0]
    assert sets_of(told).since == "2020-04"
    assert sets_of(told).units == information.units
    write_plan(told, tmp_path / "plan")
    assert sets_of(read_plan(tmp_path / "plan")) == sets_of(told)


def test_nodes_named_one_by_one_are_carried_to_their_parts_through_every_shock():
    told = answered(planned(NAMED), lost_consent(3), shock("violence_surge", 4, where=("b",), factor=9.0))
    # Ten times 0.6 in a, ninety times 0.4 in b: from the surge on the company stands in b, in both futures.
    assert [at_b(told, f"{node} 2020-04") for node in ("at_a", "at_b")] == [0, 0]
    assert [at_b(told, f"{node} 2020-04 2020-05") for node in ("at_a", "at_b")] == [1, 1]
    named = {one.nodes for one in sets_of(told).alike}
    assert ("at_a 2020-04 2020-05", "at_b 2020-04 2020-05") in named and ("at_a", "at_b") in named
    assert sets_of(told).since == "2020-05"


def test_what_was_decided_apart_before_the_shock_stands_and_only_what_follows_is_alike():
    """As if somebody had decided in each future by what happened, although the sets say that nobody could."""
    made = planned(None)
    options = {**options_of(made), "information": asdict(BLIND)}
    made = replace(made, provenance={**made.provenance, "options": options})
    assert not check_plan(made, load_norms(made.mission.amendments)).ok
    told = answered(made, lost_consent(3))
    assert [at_b(told, node) for node in ("at_a", "at_b")] == [0, 1]
    assert at_b(told, "at_a 2020-04") == at_b(told, "at_b 2020-04") == 0


def test_the_check_refuses_an_adapted_plan_that_tells_futures_apart_after_the_shock():
    told = answered(planned(None), lost_consent(3))
    options = {**options_of(told), "information": {**asdict(BLIND), "since": "2020-04"}}
    wrong = replace(told, provenance={**told.provenance, "options": options})
    found = check_plan(wrong, load_norms(told.mission.amendments)).sentences
    assert any("'at_a 2020-04' and 'at_b 2020-04' cannot be told apart" in sentence for sentence in found)
    assert not any("'at_a' and 'at_b'" in sentence for sentence in found)


def test_a_company_called_home_where_exits_are_alike_is_told_once_and_not_once_for_each_future():
    exits = Information(exits=Knows(knows="nothing"), units=Knows(knows="nothing"))
    told = answered(planned(exits, units=2), shock("unit_withdrawn", 3, unit_id="company_1"))
    assert small.deeds(told, "exit_order") == {"at_a 2020-04": 1, "at_b 2020-04": 1}


def test_arms_by_rule_are_measured_as_they_stand_and_not_as_sets_would_have_them():
    told = adapt(planned(NAMED), [lost_consent(3)], gap=0.0, seconds=30.0)
    held, adapted = told.arm("held"), told.arm("adapted")
    assert held is not None and adapted is not None
    assert held.stands and held.share == pytest.approx(adapted.share) == pytest.approx(0.6)


def test_a_plan_without_sets_is_adapted_without_sets():
    told = answered(planned(None), lost_consent(3))
    assert information_of(options_of(told)["information"]) is None


def test_parts_look_alike_only_where_they_begin_in_one_month():
    """The second node is over after two months: what begins then looks like nothing that the set names."""
    nodes = (
        small.node("now", "", 0, 1), small.node("long", "now", 1, 5, 0.5), small.node("short", "now", 1, 2, 0.5),
        small.node("after", "short", 3, 3),
    )  # fmt: skip
    given = Information(alike=(Alike(kinds=("sites",), nodes=("long", "short")),))
    carried = information_on(given, cut(nodes, [month(2), month(4)]), month(2))
    assert carried is not None
    assert [one.nodes for one in carried.alike] == [("long", "short"), ("long 2020-03", "short 2020-03")]


def test_a_calendar_that_is_not_cut_keeps_the_sets():
    made = planned(NAMED)
    carried = information_on(NAMED, whole(made), month(1))
    assert carried == replace(NAMED, since="2020-02")
    assert information_on(None, calendar_of(made, [lost_consent(3)], load_norms()), month(3)) is None
