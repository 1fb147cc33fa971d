"""A plan under late payments: paid in as many futures as asked, counted another way, never worse with more money."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bluehelm.errors import InfeasibleMissionError, InvalidRecordError
from bluehelm.finance.payment_futures import payment_futures
from bluehelm.journey.cash_into_plan import HoldOrder, plan_under_payments, with_receipts
from bluehelm.mission.mission import Mission
from tests.finance.payers_made import payer
from tests.planning import small

# Two companies of 100 cost 100 USD a month each. One stands in a town with 2 deaths a month, one in a town with 1.
WHO = (payer("early", 50), payer("late", 50, "fiscal", fiscal_month=4))
ORDER = HoldOrder(futures=400, gap=0.0, seconds=20.0, engine="here", payers=2)


def mission(**changes: Any) -> Mission:
    areas = [small.area("a", 2.0), small.area("b", 1.0)]
    made = small.mission(
        areas=areas, sites=[small.site("sa"), small.site("sb"), small.hospital()],
        units=[small.unit("ua", "sa", may_move=False), small.unit("ub", "sb", may_move=False)],
        routes=small.covering({"sa": ["a"], "sb": ["b"]}, areas), nodes=small.monthly(6), months=6,
        budget=(small.money("appropriation", 1200, last=5), small.money("opening_cash", 0),
                small.money("receipt", 999)),
        amendments=dict(small.FREE),
    )  # fmt: skip
    return replace(made, setting=replace(made.setting, mission_model="protection_of_civilians"), **changes)


@pytest.fixture(scope="module")
def found():
    return plan_under_payments(mission(), WHO, small.norms(), ORDER)


def test_the_plan_is_paid_in_as_many_futures_as_asked_by_another_count(found):
    made, record = found
    futures = payment_futures(WHO, np.array([[1200.0, 0, 0, 0, 0, 0]]), small.FIRST, small.norms(), futures=400)
    spent = np.array(small.column(made, "cash", "spent_usd"))
    paid = 0
    for receipts in futures.receipts_usd[:, 0]:
        cash, fine = 0.0, True
        for came, went in zip(receipts, spent, strict=True):
            cash += came - went
            fine = fine and cash > -1e-3
        paid += fine
    assert record["plan_holds_futures"] == paid >= 0.9 * 400
    assert record["path_holds_share"] >= 0.9


def test_by_hand_late_money_sends_the_company_home_that_protects_less(found):
    """600 come in January, the other 600 from April to July: 1,200 are there by June in about 75 of 100 futures, and
    in 90 of 100 there are 600, which pay six months of one company."""
    _, record = found
    assert record["path_usd"] == pytest.approx([600.0] * 6)
    # Three deaths a month without anyone; the company in town a answers 2 of them in each month.
    assert record["plan"]["deaths"] == pytest.approx(6.0)
    # Punctual payments pay both companies for all six months, and so does April's payer from March on.
    assert record["punctual"]["averted"] == pytest.approx(6.0)
    by_payer = {row["payer"]: row for row in record["earlier"]}
    assert by_payer["early"]["averted"] == 0


def test_more_money_never_protects_less(found):
    _, record = found
    for row in (record["punctual"], *record["earlier"]):
        assert row["averted"] >= 0
        assert row["averted_most"] is None or row["averted_most"] >= row["averted"] - 1e-9


def test_receipts_of_the_mission_are_replaced_and_nothing_else_is():
    given = mission()
    made = with_receipts(given, np.array([1.0, 3.0, 3.0, 3.0, 3.0, 3.0]))
    assert [line.kind for line in made.budget] == ["appropriation", "opening_cash", "receipt", "receipt"]
    assert [float(line.amount_usd) for line in made.budget[2:]] == [1.0, 2.0]
    assert given == mission()


def test_without_any_cash_in_the_budget_no_receipts_are_not_taken_for_unlimited_cash():
    given = mission(budget=(small.money("appropriation", 1200, last=5),))
    with pytest.raises(InvalidRecordError, match="nothing comes in"):
        plan_under_payments(given, (payer("never", 100, "silent"),), small.norms(), ORDER)


def test_a_mission_that_cannot_be_paid_is_refused_with_what_to_do():
    stays = tuple(replace(unit, may_leave=False) for unit in mission().units)
    with pytest.raises(InfeasibleMissionError, match="--hold") as caught:
        plan_under_payments(mission(units=stays), (payer("never", 100, "silent"),), small.norms(), ORDER)
    assert "fall due" in caught.value.conflict[0]


def test_what_the_tree_says_of_receipts_is_set_aside_and_told():
    _, record = plan_under_payments(
        mission(nodes=small.monthly(6, receipts_scale=0.5)), WHO, small.norms(), replace(ORDER, payers=0)
    )
    assert record["scales_set_aside"] == 6 and record["plan"]["deaths"] == pytest.approx(6.0)
