from __future__ import annotations

from decimal import Decimal

import pytest

from bluehelm.errors import ImportFileError
from bluehelm.finance.parts import GROUPS
from bluehelm.finance.priced_plan import PriceOrder, price_plan, yardstick_at
from bluehelm.finance.variance import of_mission, of_plan, years_left_out
from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine
from tests.finance.worked_plan import JUNE, TOTAL, planned, table, tree_mission, worked_mission, worked_plan


@pytest.fixture(scope="module")
def priced():
    return price_plan(worked_plan())


def appropriation(first, last, usd, when=""):
    return BudgetLine(kind="appropriation", first_month=first, last_month=last, amount_usd=Decimal(usd), source="hand",
                      status="assumed", when=when)  # fmt: skip


def test_a_year_that_the_horizon_cuts_is_partial_and_holds_only_its_months(priced):
    budget = priced.budget
    assert [(y.fiscal_year, y.months, y.partial) for y in budget.years] == [("2016/17", 1, True), ("2017/18", 3, True)]
    assert (budget.amount("2016/17"), budget.amount("2017/18")) == (JUNE, TOTAL - JUNE)


def test_groups_add_up_to_years_and_years_to_the_total(priced):
    budget = priced.budget
    assert sum(budget.amount(group=group) for group in GROUPS) == budget.amount() == TOTAL
    for year in budget.years:
        assert sum(budget.amount(year.fiscal_year, group) for group in GROUPS) == budget.amount(year.fiscal_year)
    # 300 persons, four months, equipment and rations; reimbursement by rate; 20 officers; one company home.
    by_hand = 4 * 300 * 770 + 300 * (1365 + 3 * 1410) + 4 * 20 * 3900 + 450_000
    assert budget.amount(group="military_and_police") == by_hand
    assert budget.amount(group="civilian") == 4 * 550_000


def test_what_rests_on_norms_not_verified_is_counted(priced):
    assert priced.budget.unverified_usd == TOTAL - 300 * (1365 + 3 * 1410)


def test_cost_stands_beside_the_share_of_harm_that_it_answers(priced):
    protected = priced.budget.protected
    assert (protected.deaths, protected.answered_deaths, protected.share) == (8.0, 6.0, 0.75)
    assert protected.cost_per_point_usd == (TOTAL / 75).quantize(Decimal("0.01"))
    assert protected.cost_per_death_usd == (TOTAL / 6).quantize(Decimal("0.01"))
    none = price_plan(worked_plan(protection=table("protection"))).budget.protected
    assert (none.share, none.cost_per_point_usd, none.cost_per_death_usd) == (0.0, None, None)


def test_over_futures_a_budget_is_the_mean_by_chance_and_tells_their_span():
    priced = price_plan(planned(tree_mission()))
    budget = priced.budget
    by_node = {node.node_id: node.amount_usd for node in priced.nodes}
    calm = by_node["now"] + by_node["calm"]
    futures = {
        "cut": (Decimal("0.7"), by_node["now"] + by_node["cut"] + by_node["cut_late"]),
        "late": (Decimal("0.15"), calm + by_node["calm_late"]),
        "end": (Decimal("0.15"), calm + by_node["calm_end"]),
    }
    assert abs(budget.amount() - sum(chance * usd for chance, usd in futures.values())) <= Decimal("0.10")
    (year, other) = budget.years
    assert year.least_usd + other.least_usd <= budget.amount() <= year.most_usd + other.most_usd
    assert year.least_usd < year.most_usd


def test_against_itself_a_plan_has_no_variance_and_against_a_dearer_one_the_part_is_named(priced):
    same = price_plan(worked_plan(), against=of_plan(priced.budget, "it"))
    assert {row.difference_usd for row in same.variances} == {0}
    dearer = price_plan(worked_plan(), PriceOrder(what_if={"rations_usd_per_person_month": "370"}),
                        of_plan(priced.budget, "it"))  # fmt: skip
    (row,) = (r for r in dearer.variances if r.fiscal_year == "2017/18" and not r.group)
    assert row.difference_usd == 3 * 300 * 100
    assert row.drivers == (("rations", Decimal(3 * 300 * 100)),)


def test_the_mission_s_own_appropriation_is_what_a_budget_is_held_against_without_another():
    june = appropriation(Month(2017, 6), Month(2017, 6), "3000000")
    rest = appropriation(Month(2017, 7), Month(2017, 12), "20000000")
    hanging = appropriation(Month(2017, 7), Month(2017, 12), "9", when="peace")
    across = appropriation(Month(2017, 5), Month(2017, 8), "7")
    mission = worked_mission(budget=(june, rest, hanging, across))
    priced = price_plan(worked_plan(mission=mission))
    assert priced.against is not None and priced.against.kind == "own"
    assert [(row.fiscal_year, row.difference_usd) for row in priced.variances] == [
        ("2016/17", JUNE - 3_000_000), ("2017/18", TOTAL - JUNE - 20_000_000)
    ]  # fmt: skip
    assert [(row.months, row.other_months) for row in priced.variances] == [(1, 1), (3, 6)]
    assert of_mission(worked_mission(budget=(hanging, across))) is None


def test_approved_amounts_of_a_file_are_held_against_group_by_group(tmp_path):
    path = tmp_path / "approved.csv"
    path.write_text(
        "mission,fiscal_year,measure,amount_usd,military_and_police_usd,civilian_usd\n"
        "unsmall,2017/18,approved,13000000,2500000,1500000\nUNSMALL,2017/18,proposed,99,,\nUNSMALL,2019/20,approved,5,,\n"
        "OTHER,2017/18,approved,1,,\n",
        encoding="utf-8",
    )
    against = yardstick_at(path, "UNSMALL")
    priced = price_plan(worked_plan(), against=against)
    found = {(row.fiscal_year, row.group): row for row in priced.variances}
    assert set(found) == {("2017/18", group) for group in ("military_and_police", "civilian", "")}
    assert found["2017/18", "civilian"].difference_usd == 3 * 550_000 - 1_500_000
    assert found["2017/18", ""].other_months == 12
    assert years_left_out(priced.budget, against, priced.variances) == ("2016/17", "2019/20")
    with pytest.raises(ImportFileError, match=r"which the plan is of\. Nearest name"):
        yardstick_at(path, "UNSMAL")
    path.write_text("mission,fiscal_year,measure,amount_usd\nUNSMALL,2017/18,unspent,4\n", encoding="utf-8")
    with pytest.raises(ImportFileError, match="'unspent'"):
        yardstick_at(path, "UNSMALL")
