"""Ways to pay: worked out by hand, and held against what is published of collection."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from bluehelm.finance.behaviour import capped_share, mean_paid_by, payment_of
from tests.finance.payers_made import NORMS, ON, payer


def paid(behaviour, letter_month=7, months=24, changes=None, **more):
    norms = NORMS.with_amendments(changes or {})
    return mean_paid_by(payment_of(payer("p", 40, behaviour, **more), norms, ON), letter_month, months)


def test_a_punctual_payer_pays_at_once_and_a_silent_one_never():
    assert paid("punctual").tolist() == [1.0] * 24
    assert paid("silent").tolist() == [0.0] * 24


def test_a_late_payer_waits_month_by_month_and_has_paid_after_eleven():
    changes = {"late_payment_months_most": 2, "late_payment_waits_share": 0.5}
    # Weights 1 and 1/2: two thirds in the first month after the letter, the rest in the second.
    assert paid("late", months=4, changes=changes) == pytest.approx([0, 2 / 3, 1, 1])
    assert paid("late")[10] < 1 and paid("late")[11] == pytest.approx(1)


def test_a_payer_by_its_own_year_waits_for_october_and_pays_by_january():
    # Letter of July: October is 3 months later, and each of October to January is as likely.
    assert paid("fiscal", letter_month=7)[:8] == pytest.approx([0, 0, 0, 0.25, 0.5, 0.75, 1, 1])
    assert paid("fiscal", letter_month=10)[:4] == pytest.approx([0.25, 0.5, 0.75, 1])
    assert paid("fiscal", letter_month=11)[10:12] == pytest.approx([0, 0.25])


def test_a_cap_of_25_of_26_9493_leaves_7_2_percent_of_each_letter_unpaid():
    us = payer("USA", "26.9493", "capped", cap_pct=Decimal(25))
    assert 1 - capped_share(us) == pytest.approx(1.9493 / 26.9493)
    assert paid("capped", letter_month=10)[-1] == pytest.approx(0.25)
    assert capped_share(payer("p", 20, "capped", cap_pct=Decimal(25))) == 1.0


def test_a_payer_of_whom_nothing_is_known_is_a_mix_as_often_as_states_at_large():
    mix = payment_of(payer("p", 40, "unknown"), NORMS, ON)
    assert [way.chance for way in mix.ways] == pytest.approx([55 / 193, 96 / 193, 42 / 193], abs=5e-4)


@pytest.mark.real_data
def test_with_the_largest_payer_late_46_percent_come_in_by_march_as_published(shared):
    """The middle, lowest and highest first quarter of the regular budget, at the value and ends of the norm."""
    with (shared / "facts" / "liquidity.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "first-quarter collection" in row["item"]]
    quarters = [float(row["value"]) / 100 for row in rows]
    assert len(quarters) == 3
    entry = NORMS.norm("late_payment_waits_share").on(ON)
    wanted = {entry.value: (min(quarters) + max(quarters)) / 2, entry.low: max(quarters), entry.high: min(quarters)}
    for waits, collected in wanted.items():
        found = paid("unknown", letter_month=1, changes={"late_payment_waits_share": waits})
        assert (1 - 0.22) * found[2] == pytest.approx(collected, abs=2e-3)


@pytest.mark.real_data
def test_shares_of_those_who_pay_are_those_published(shared):
    with (shared / "facts" / "liquidity.csv").open(encoding="utf-8") as file:
        facts = {row["item"]: row for row in csv.DictReader(file)}
    full = facts["regular-budget states paid in full 2025"]
    assert "of 193; 55 by 8 Feb 2026" in full["note"]
    assert NORMS.number("payers_in_full_share", ON) == pytest.approx(float(full["value"]) / 193, abs=5e-4)
    assert NORMS.number("payers_punctual_share", ON) == pytest.approx(55 / 193, abs=5e-4)
    assert NORMS.number("payment_term_days", ON) == float(facts["payment term"]["value"])
    assert 100 * NORMS.number("payment_cap_share.USA", ON) == float(
        facts["US legal cap on peacekeeping payment"]["value"]
    )
