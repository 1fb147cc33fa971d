"""The mission after each kind of shock, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from bluehelm.adaptation.shocked import shocked
from bluehelm.mission.mandate import Task
from bluehelm.norms import load_norms
from tests.adaptation.running import mission, month, shock
from tests.planning import small


def after(given, *shocks):
    return shocked(given, shocks, load_norms(given.amendments))


def amounts(given, kind):
    return [
        (str(line.first_month), str(line.last_month), int(line.amount_usd))
        for line in given.budget
        if line.kind == kind
    ]


def test_a_cut_lowers_receipts_in_its_run_and_approvals_pro_rata():
    given = mission(budget=(small.money("receipt", 1000), small.money("appropriation", 6000, last=5)))
    cut = after(given, shock("funding_cut", 2, share=0.1, until_month=4)).mission
    assert amounts(cut, "receipt") == [
        ("2020-01", "2020-02", 1000),
        ("2020-03", "2020-05", 900),
        ("2020-06", "2029-12", 1000),
    ]
    assert amounts(cut, "appropriation") == [("2020-01", "2020-06", 5700)]  # 6000 (1 - 0.1 · 3/6)


def test_what_is_owed_before_units_can_be_out_is_taken_from_the_next_approved_amount():
    budget = (small.money("appropriation", 3000, last=2), small.money("appropriation", 3000, after=3, last=5))
    given = mission({"exit_notice_months": 1, "exit_lag_months": 1}, budget=budget)
    cut = {"share": 0.3, "until_month": 3}
    later = shock("funding_cut", 2, **cut)
    assert [int(line.amount_usd) for line in after(given, later).mission.budget] == [3000, 2400]
    at_once = shock("funding_cut", 2, at_once=True, **cut)
    assert [int(line.amount_usd) for line in after(given, at_once).mission.budget] == [2700, 2700]


@pytest.mark.parametrize("kind", ["opening_cash", "borrowing_limit", "owed_limit"])
def test_cash_and_debt_are_not_cut(kind):
    given = mission(budget=(small.money(kind, 1000, last=0),))
    assert after(given, shock("funding_cut", 0, share=0.5)).mission.budget == given.budget


def test_a_withdrawn_pledge_is_gone_and_a_late_one_opens_later():
    given = mission(pledges=(small.pledge("p"), small.pledge("q")))
    assert [p.pledge_id for p in after(given, shock("pledge_withdrawn", 1, pledge_id="p")).mission.pledges] == ["q"]
    late = after(given, shock("pledge_late", 1, pledge_id="p", months=2)).mission.pledges
    assert [str(p.available_from) for p in late] == ["2020-04", "2020-01"]
    assert late[0].expires_on == given.pledges[0].expires_on


def test_a_unit_on_its_way_arrives_later_or_never():
    given = mission(units=[small.unit("one", "calm_base"), small.unit("two", "hq", arrives=month(3))])
    assert after(given, shock("unit_late", 1, unit_id="two", months=2)).mission.units[1].arrives == month(5)
    gone = after(given, shock("unit_withdrawn", 1, unit_id="two"))
    assert [unit.unit_id for unit in gone.mission.units] == ["one"] and not gone.called_home


def test_a_unit_in_place_is_called_home_and_told_apart_from_its_like():
    given = mission(units=[small.unit("one", "calm_base", may_leave=False), small.unit("two", "harmed_base")])
    home = after(given, shock("unit_withdrawn", 2, unit_id="two"))
    assert home.called_home == (("two", month(2)),)
    assert home.mission.units[1].only_zones == ("east", "west") and home.mission.units[1].may_leave
    assert home.mission.units[0] == given.units[0]


def test_sites_consent_and_aircraft_become_restrictions():
    given = mission()
    rows = after(
        given, shock("site_lost", 1, site_id="calm_base"), shock("consent_withdrawn", 2, where=("east", "calm")),
        shock("helicopters_grounded", 3, until_month=4),
    ).mission.restrictions  # fmt: skip
    told = [(row.kind, row.what, str(row.from_month), row.until_month) for row in rows]
    assert told == [
        ("site_lost", "calm_base", "2020-02", None), ("no_consent", "east", "2020-03", None),
        ("no_consent", "calm", "2020-03", None), ("grounded", "air", "2020-04", month(4)),
    ]  # fmt: skip


def test_a_surge_multiplies_the_areas_own_figure_and_every_row_that_replaces_it():
    risk = pl.DataFrame(
        {"area_id": ["calm", "calm"], "month": ["2020-02", "2020-02"], "fatalities_per_month": [2.0, 7.0],
         "source": ["hand"] * 2, "status": ["assumed"] * 2, "node_id": ["", "m1"], "note": [""] * 2}
    )  # fmt: skip
    surged = after(
        mission(risk=risk), shock("violence_surge", 1, where=("west",), factor=3.0, until_month=2)
    ).mission.risk
    rows = {(area, when, node): deaths for area, when, node, deaths in
            surged.select("area_id", "month", "node_id", "fatalities_per_month").iter_rows()}  # fmt: skip
    assert rows == {("calm", "2020-02", ""): 6.0, ("calm", "2020-02", "m1"): 21.0, ("calm", "2020-03", ""): 3.0}


def test_a_lower_ceiling_also_lowers_those_that_come_later():
    given = mission(ceilings=[small.ceiling(500), small.ceiling(400, after=4), small.ceiling(100, after=5)])
    lowered = after(given, shock("ceiling_lowered", 2, component="military", persons=300)).mission.mandate.ceiling
    assert sorted((str(c.from_month), c.persons) for c in lowered) == [
        ("2020-01", 500), ("2020-03", 300), ("2020-05", 300), ("2020-06", 100),
    ]  # fmt: skip


def test_a_new_task_joins_the_mandate():
    task: Task = small.task("escort", "humanitarian_escort", 1, source="S/RES/0001", starts=month(2))
    laid = after(mission(), shock("new_task", 2, task=task, source="S/RES/0001")).mission
    assert [one.task_id for one in laid.mandate.task] == ["protect", "escort"]
    assert laid.sources[laid.mandate.task[1].source] == "S/RES/0001"


def test_the_mission_itself_stays_as_it_is():
    given = mission(budget=(small.money("receipt", 1000),))
    copy = replace(given)
    after(given, shock("funding_cut", 1, share=0.5), shock("violence_surge", 1, where=("calm",), factor=2.0))
    assert given == copy
    assert given.budget[0].amount_usd == Decimal(1000)
