"""The record of a mission's liquidity: what it holds, and that it repeats."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.liquidity import LiquidityOrder, liquidity_of, payers_hash, pooled_of
from tests.finance.payers_made import NORMS, payer
from tests.planning import small

WHO = (payer("a", 70, "late"), payer("b", 30))
MISSION = small.mission(
    areas=[small.area("a")], sites=[small.site("s")], units=[], months=6,
    budget=(small.money("opening_cash", 100), small.money("appropriation", 600, last=5),
            small.money("owed_limit", 150)),
)  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return liquidity_of(MISSION, WHO, NORMS, LiquidityOrder(futures=400))


def test_the_record_is_plain_and_the_same_each_time(found):
    again = liquidity_of(MISSION, WHO[::-1], NORMS, LiquidityOrder(futures=400)).record
    assert json.loads(json.dumps(found.record)) == found.record
    assert again == found.record
    assert found.record["provenance"]["payers_hash"] == payers_hash(WHO)


def test_cash_of_the_first_month_is_what_the_punctual_payer_brings(found):
    first = found.record["by_month"][0]
    assert first["letters_usd"] == 600 and first["receipts_usd"]["q90"] == pytest.approx(180)
    assert first["net_usd"]["q10"] == pytest.approx(100 + 180 - 100)


def test_a_month_earlier_adds_what_cash_with_that_payer_sooner_adds(found):
    from bluehelm.finance.cash import cash_of
    from bluehelm.finance.payment_futures import payment_futures

    sooner = payment_futures(WHO, found.money.letters_usd, small.FIRST, NORMS, futures=400, earlier={"a": 1})
    worst = [row["month"] for row in found.record["by_month"]].index(found.record["worst_month"])
    gain = (cash_of(sooner.receipts_usd, [found.money]).net_usd - found.cash.net_usd)[:, 0, worst].mean()
    told = {row["payer"]: row["earlier"]["cash_worst_month_usd"] for row in found.record["payers"]}
    assert told["a"] == pytest.approx(gain) and gain > 0
    assert told["b"] == 0


def test_norms_used_are_listed_with_their_status_and_reasons(found):
    keys = {row["key"] for row in found.record["norms_used"]}
    assert {"late_payment_waits_share", "payment_habit_share", "letter_delay_months"} <= keys
    assert all(row["status"] and row["reason"] for row in found.record["norms_used"])


def test_missions_side_by_side_have_the_cash_that_each_has_alone_and_one_account_holds_their_sum(found):
    other = replace(MISSION, setting=replace(MISSION.setting, name="Other"), budget=(
        small.money("opening_cash", 500), small.money("appropriation", 60, last=5)))  # fmt: skip
    told = pooled_of([MISSION, other], WHO, NORMS, LiquidityOrder(futures=400))
    alone = liquidity_of(other, WHO, NORMS, LiquidityOrder(futures=400)).record
    for one, single in zip(told["missions"], (found.record, alone), strict=True):
        nets = [row["net_usd"]["q50"] for row in one["by_month"]]
        assert nets == pytest.approx([row["net_usd"]["q50"] for row in single["by_month"]])
    for month in range(6):
        means = [one["by_month"][month]["net_usd"]["mean"] for one in told["missions"]]
        assert told["pooled"]["by_month"][month]["net_usd"]["mean"] == pytest.approx(sum(means))
    with pytest.raises(InvalidRecordError, match="each once"):
        pooled_of([MISSION, MISSION], WHO, NORMS)
