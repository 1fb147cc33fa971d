from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError, PlanCheckError, UnknownNormError
from bluehelm.finance.cost_line import cents, worst_status
from bluehelm.finance.parts import GROUPS, PARTS, group_of
from bluehelm.finance.priced_plan import PriceOrder, price_plan
from bluehelm.norms import load_norms
from bluehelm.norms.unit_price import monthly_unit_cost_usd
from tests.conftest import examples
from tests.finance.worked_plan import (
    PLANNED_A,
    PLANNED_B,
    RATES_ADD,
    TOTAL,
    planned,
    table,
    tree_mission,
    worked_mission,
    worked_plan,
)


@pytest.fixture(scope="module")
def priced():
    return price_plan(worked_plan())


@pytest.fixture(scope="module")
def tree():
    return planned(tree_mission())


def amounts(priced, **where):
    return sum(
        (line.amount_usd for line in priced.lines if all(getattr(line, key) == value for key, value in where.items())),
        Decimal(0),
    )


def test_the_worked_plan_costs_what_was_worked_out_by_hand(priced):
    assert [node.planned_usd for node in priced.nodes] == [PLANNED_A, PLANNED_B]
    assert sum(line.amount_usd for line in priced.lines) == TOTAL
    assert sum(node.price_change_usd for node in priced.nodes) == RATES_ADD


def test_each_part_is_worked_out_by_hand_too(priced):
    # July: 300 persons at 1,410; August and September: 150 at work and 150 on their way home.
    assert amounts(priced, part="reimbursement") == 300 * (1365 + 3 * 1410)
    assert amounts(priced, part="reimbursement", cash_part="leaving") == 150 * 2 * 1410
    assert amounts(priced, part="equipment") == 4 * 300 * 500
    assert amounts(priced, part="rations") == 4 * 300 * 270
    assert amounts(priced, part="fuel") == 4 * 320 * 180
    assert amounts(priced, part="subsistence") == 4 * 20 * 3900
    assert amounts(priced, part="repatriation") == 450_000
    assert amounts(priced, part="move") == 60_000
    assert amounts(priced, part="site_opening") == 3_000_000
    assert amounts(priced, part="site_running", site_id="base") == 300_000
    assert amounts(priced, part="fixed_civilian") == 4 * 550_000
    assert amounts(priced, part="fixed_operational") == 4 * 450_000
    assert amounts(priced, site_id="clinic") == 0


def test_the_rate_in_force_in_the_month_is_paid_and_the_plan_keeps_that_of_its_first_month(priced):
    of_july = [line for line in priced.lines if str(line.month) == "2017-07" and line.part == "reimbursement"]
    (line,) = of_july
    assert (line.amount_usd, line.planned_usd) == (300 * 1410, 300 * 1365)
    (use,) = line.norms
    assert (str(use.entry.since), use.entry.status, line.status) == ("2017-07-01", "verified", "verified")


def test_lines_name_the_least_known_of_what_they_rest_on(priced):
    by_part = {line.part: line.status for line in priced.lines}
    assert by_part["reimbursement"] == "verified"
    assert by_part["fuel"] == by_part["site_running"] == "assumed"
    # The fixed cost is verified in this mission, its split into groups is not.
    assert by_part["fixed_civilian"] == "assumed"
    assert worst_status(["verified", "recalled"]) == "recalled"


def test_a_plan_of_the_planner_reconciles_in_every_future(tree):
    priced = price_plan(tree)
    assert priced.budget.futures == 3
    assert {line.cash_part for line in priced.lines} == {"units", "leaving", "transport", "sites", "fixed"}
    for node in priced.nodes:
        assert abs(node.planned_usd - node.cash_usd) <= Decimal("0.01")


def test_a_month_at_work_costs_what_the_planner_pays_for_it(tree):
    norms = load_norms(tree.mission.amendments)
    of_class = {row["class_id"]: row for row in tree.tables["classes"].iter_rows(named=True)}
    for row in of_class.values():
        kind = norms.unit_types()[row["unit_type"]]
        on = tree.mission.setting.first_month.first_day
        assert float(monthly_unit_cost_usd(kind, row["persons"], norms, on)) == pytest.approx(row["monthly_cost_usd"])


def test_a_table_of_the_plan_that_was_changed_is_told_with_its_node_and_part():
    plan = worked_plan()
    rows = plan.tables["deployments"].to_dicts()
    rows[2]["units"] = 2
    with pytest.raises(PlanCheckError, match=r"1 place: in node 'b' the lines of 'units' come to 1,552,200.00"):
        price_plan(worked_plan(deployments=table("deployments", *rows)))


def test_norms_that_have_changed_since_are_named_as_the_cause():
    plan = worked_plan(cash=worked_plan().tables["cash"].with_columns(units_usd=1.0))
    plan = replace(plan, provenance={**plan.provenance, "norms_hash": "another"})
    with pytest.raises(PlanCheckError, match="norms have changed since"):
        price_plan(plan)


def test_half_a_dollar_of_a_hundred_million_is_not_let_through():
    plan = worked_plan(cash=worked_plan().tables["cash"].with_columns(fixed_usd=2_000_000.5))
    with pytest.raises(PlanCheckError, match="2 places"):
        price_plan(plan)


def test_a_what_if_changes_the_amount_and_leaves_the_plan_as_it_was():
    priced = price_plan(worked_plan(), PriceOrder(what_if={"rations_usd_per_person_month": "300"}))
    assert sum(node.price_change_usd for node in priced.nodes) == RATES_ADD + 4 * 300 * 30
    assert [node.planned_usd for node in priced.nodes] == [PLANNED_A, PLANNED_B]
    assert {use.amended for use in priced.uses if use.key == "rations_usd_per_person_month"} == {True}


def test_rotation_is_priced_once_its_norm_is_given():
    priced = price_plan(worked_plan(), PriceOrder(what_if={"rotation_usd_per_person_month": "125"}))
    assert amounts(priced, part="rotation") == 4 * 300 * 125
    assert sum(node.planned_usd for node in priced.nodes) == PLANNED_A + PLANNED_B


def test_rotation_in_the_mission_is_paid_by_the_planner_and_the_budget_alike():
    priced = price_plan(planned(tree_mission(), {"rotation_usd_per_person_month": "125"}))
    assert amounts(priced, part="rotation") > 0
    assert max(abs(node.planned_usd - node.cash_usd) for node in priced.nodes) <= Decimal("0.01")


def test_a_what_if_that_prices_nothing_here_is_refused_with_the_nearest_that_does():
    with pytest.raises(InvalidRecordError, match="'civilian_usd_per_person_month' prices nothing"):
        price_plan(worked_plan(), PriceOrder(what_if={"civilian_usd_per_person_month": "1"}))
    with pytest.raises(InvalidRecordError, match=r"Nearest of those that do: 'site_run_usd_per_month.company_base'"):
        price_plan(worked_plan(), PriceOrder(what_if={"site_run_usd_per_month": {"temporary_base": "1"}}))
    with pytest.raises(UnknownNormError, match="Nearest name: 'rations_usd_per_person_month'"):
        price_plan(worked_plan(), PriceOrder(what_if={"ration_usd_per_person_month": "1"}))


def test_fuel_by_route_grows_with_the_road_and_only_there():
    flat, routed = price_plan(worked_plan()), price_plan(worked_plan(), PriceOrder(fuel_by_route=True))
    # One degree of latitude, 110.6 km, is 155 km of road: 150 x 150 x (1.05 + 155 x 0.0005) for one company a month.
    assert amounts(routed, part="fuel", site_id="base") == 2 * cents(Decimal(22_500) * Decimal("1.1275"))
    assert amounts(routed, part="fuel", month=routed.lines[0].month) == 320 * 150 * Decimal("1.05")
    assert amounts(routed, part="rations") == amounts(flat, part="rations")
    assert [node.planned_usd for node in routed.nodes] == [node.planned_usd for node in flat.nodes]
    used = {use.key for use in routed.uses}
    assert "fuel_usd_per_litre_km" in used and "fuel_usd_per_person_month" not in used


def test_fuel_comes_from_a_site_that_is_there():
    with pytest.raises(InvalidRecordError, match=r"'bse', which is not in sites .3 rows.. Nearest name: 'base'"):
        price_plan(worked_plan(), PriceOrder(fuel_by_route=True, supply_from=("bse",)))
    mission = worked_mission()
    kinds = tuple(site for site in mission.sites if site.site_id != "hq")
    without = worked_plan(mission=worked_mission(amendments={}))
    object.__setattr__(without.mission, "sites", kinds)
    with pytest.raises(InvalidRecordError, match="--supply-from"):
        price_plan(without, PriceOrder(fuel_by_route=True))


def test_every_part_has_a_group():
    assert {group_of(part, component) for part in PARTS for component in ("", "civilian")} == set(GROUPS)


@examples(30, 1000)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6))
def test_cost_is_the_sum_of_what_stands_whatever_stands_where(counts):
    """Companies and teams at two sites over nodes of one month: against the plain sum, unit by unit."""
    nodes, rows, cash = [], [], []
    for i, (companies, teams) in enumerate(counts):
        here = {"node_id": f"n{i}", "month": str(worked_mission().setting.first_month + i)}
        nodes.append({**here, "parent_id": f"n{i - 1}" if i else "", "months": 1, "probability": 1.0})
        for kind, component, site, units in (
            ("infantry_company", "military", "hq", companies), ("infantry_company", "military", "base", teams),
            ("individual_police_team", "police", "base", teams),
        ):  # fmt: skip
            name = {"infantry_company": "company", "individual_police_team": "team"}[kind]
            if units:
                rows.append({**here, "class_id": name, "unit_type": kind, "component": component, "site_id": site,
                             "units": units})  # fmt: skip
        spent = 347_250.0 * (companies + teams) + 81_600.0 * teams
        cash.append({**here, "units_usd": spent, "fixed_usd": 1e6, "spent_usd": spent + 1e6})
    plan = worked_plan(
        nodes=table("nodes", *nodes), deployments=table("deployments", *rows), movements=table("movements"),
        sites=table("sites"), cash=table("cash", *cash), protection=table("protection"),
    )  # fmt: skip
    priced = price_plan(plan)
    by_month: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in priced.lines:
        by_month[line.node_id] += line.amount_usd
    for i, (companies, teams) in enumerate(counts):
        company = 347_250 if i == 0 else 354_000
        assert by_month[f"n{i}"] == company * (companies + teams) + 81_600 * teams + 1_000_000
    assert priced.budget.amount() == sum(by_month.values())
