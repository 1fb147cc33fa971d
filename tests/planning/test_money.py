"""Money: cash on every path, the way home kept back, amounts approved for a run."""

from __future__ import annotations

import polars as pl
import pytest

from bluehelm.errors import InfeasibleMissionError
from tests.planning import small
from tests.planning.small import (
    FIRST,
    area,
    cell,
    column,
    covering,
    hospital,
    money,
    monthly,
    node,
    pledge,
    reached,
    site,
    unit,
)

HALF = {"protection_q": 0.5}
AREAS = [area("a")]


def mission(units: int, budget, *, months: int = 4, **more) -> small.Mission:
    """Companies of 100 at one base that reaches the one area; each costs 100 USD a month."""
    more.setdefault("nodes", monthly(months))
    return small.mission(
        areas=AREAS, sites=[site("s"), hospital()], units=[unit(f"u{i}", "s") for i in range(units)],
        routes=covering({"s": ["a"]}, AREAS), months=months, budget=tuple(budget), **more,
    )  # fmt: skip


def standing(made: small.Plan) -> list[int]:
    return [here.get("s", 0) for here in small.units_at(made).values()]


def test_without_money_in_the_mission_nothing_binds():
    made = small.plan(mission(3, []))
    assert column(made, "cash", "cash_limit_usd") == pytest.approx([float("nan")] * 4, nan_ok=True)
    assert column(made, "cash", "approved_usd") == pytest.approx([float("nan")] * 4, nan_ok=True)


def test_cash_binds():
    """600 USD for two companies over four months: 6 of 8 company-months."""
    made = small.plan(mission(2, [money("opening_cash", 600)]), HALF)
    assert sum(standing(made)) == 6
    assert cell(made, "cash", "cumulative_usd", node_id="m3") == pytest.approx(600)
    assert "cash is used up to its limit in m3" in column(made, "binding", "sentence")


def test_what_is_not_spent_stays_for_later_and_what_has_not_come_cannot_be_spent():
    made = small.plan(mission(2, [money("opening_cash", 100), money("receipt", 200, after=1, last=3)]), HALF)
    assert column(made, "cash", "cash_limit_usd") == pytest.approx([100, 300, 500, 700])
    assert standing(made)[0] == 1  # one company must leave at once, and cannot come back
    assert sum(standing(made)) == 4


def test_what_may_be_borrowed_or_owed_helps_over_a_gap():
    buffers = [money("borrowing_limit", 60, last=0), money("owed_limit", 40, last=0)]
    lines = [money("opening_cash", 100), money("receipt", 200, after=1, last=3), *buffers]
    made = small.plan(mission(2, lines), HALF)
    assert column(made, "cash", "cash_limit_usd") == pytest.approx([200, 300, 500, 700])
    assert standing(made) == [2, 1, 1, 1]


def test_the_way_home_is_kept_back_at_the_end():
    """400 USD pay one company for four months; 50 USD more take it home."""
    prices = {**HALF, "repatriation_usd_per_person": "0.5"}
    assert standing(small.plan(mission(1, [money("opening_cash", 450)]), prices)) == [1, 1, 1, 1]
    short = small.plan(mission(1, [money("opening_cash", 449)]), prices)
    assert standing(short) == [1, 1, 1, 0]
    assert column(short, "cash", "transport_usd") == pytest.approx([0, 0, 0, 50])


def test_money_that_does_not_even_pay_the_way_home_gives_no_plan():
    with pytest.raises(InfeasibleMissionError):
        small.plan(mission(1, [money("opening_cash", 40)]), {"repatriation_usd_per_person": "0.5"})


def test_an_appropriation_limits_its_own_run_and_leftovers_lapse():
    lines = [money("appropriation", 1000, last=1), money("appropriation", 300, after=2, last=3)]
    made = small.plan(mission(2, lines), HALF)
    assert standing(made) == [2, 2, 2, 1]
    assert column(made, "cash", "fiscal_year_spent_usd") == pytest.approx([200, 400, 200, 300])
    assert column(made, "cash", "approved_usd") == pytest.approx([1000, 1000, 300, 300])
    assert "all that was approved for run 2 is spent by m3" in column(made, "binding", "sentence")


def test_fixed_cost_is_spent_whatever_the_plan_does():
    made = small.plan(mission(1, [money("opening_cash", 600)], fixed=100), HALF)
    assert column(made, "cash", "fixed_usd") == pytest.approx([100] * 4)
    assert standing(made) == [1, 1, 0, 0]


def test_a_pledge_is_called_for_as_long_as_money_lasts():
    """A company costs 100 a month and 20 to bring; from month 2 on the money is just enough for one."""
    given = mission(0, [money("opening_cash", 220)], pledges=(pledge("p", available_from=FIRST + 2),))
    prices = {"deployment_usd_per_person": "0.2"}
    assert standing(small.plan(given, prices)) == [0, 0, 1, 1]
    poorer = small.replace(given, budget=(money("opening_cash", 219),))
    assert sum(standing(small.plan(poorer, prices))) == 1


def test_spending_is_the_sum_of_its_parts_and_cost_its_expectation():
    made = small.plan(mission(2, [], fixed=50), {**HALF, "site_run_usd_per_month.company_base": "30"})
    table = made.tables["cash"]
    names = ["units_usd", "leaving_usd", "transport_usd", "sites_usd", "fixed_usd"]
    parts = table.select(pl.sum_horizontal(names)).to_series()
    assert table["spent_usd"].to_list() == pytest.approx(parts.to_list())
    assert reached(made, "cost") == pytest.approx(float(table["spent_usd"].sum()) / 1e6)
    assert table["cumulative_usd"].to_list() == pytest.approx(table["spent_usd"].cum_sum().to_list())


def test_each_future_has_its_own_cash():
    """Receipts come in one future only; there both companies stay, in the other one leaves."""
    nodes = (
        node("now", "", 0, 1), node("paid", "now", 1, 1, 0.5), node("unpaid", "now", 1, 1, 0.5, receipts_scale=0.0),
    )  # fmt: skip
    lines = [money("opening_cash", 300), money("receipt", 100, after=1)]
    made = small.plan(mission(2, lines, months=2, nodes=nodes), HALF)
    assert dict(zip(column(made, "cash", "node_id"), column(made, "cash", "cash_limit_usd"), strict=True)) == {
        "now": pytest.approx(300), "paid": pytest.approx(400), "unpaid": pytest.approx(300),
    }  # fmt: skip
    assert small.units_at(made) == {"now": {"s": 2}, "paid": {"s": 2}, "unpaid": {"s": 1}}
