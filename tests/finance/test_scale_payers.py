"""Payers where no table is given: all States by the shipped scale, and what is told where another is in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.finance.scale_payers import decimal_of, default_payers
from bluehelm.finance.shipped_scales import shipped_scale
from bluehelm.mission.months import Month
from tests.conftest import examples
from tests.finance.payers_made import NORMS


def test_all_states_pay_by_name_at_exact_rates_and_the_largest_is_capped_by_its_law():
    found = default_payers(NORMS, Month(2023, 7), 12)
    assert len(found.payers) == 193
    first = found.payers[0]
    assert (first.payer, first.behaviour, first.cap_pct, first.fiscal_month) == (
        "United States of America", "capped", Decimal(25), 10,
    )  # fmt: skip
    assert round(first.rate_pct, 4) == Decimal("26.9493")
    assert {one.behaviour for one in found.payers[1:]} == {"unknown"}
    exact = shipped_scale("2022-2024", NORMS).exact_rates()
    assert {one.payer: one.rate_pct for one in found.payers} == {name: decimal_of(rate) for name, rate in exact.items()}
    assert sum(one.rate_pct for one in found.payers) == pytest.approx(Decimal(100), abs=Decimal("1e-20"))


def run(first, last, months):
    return {"from": first, "to": last, "months": months}


@pytest.mark.parametrize(
    ("first", "months", "period", "back", "forward", "another"),
    [
        (Month(2023, 1), 24, "2022-2024", None, None, None),
        (Month(2017, 1), 18, "2019-2021", run("2017-01", "2018-06", 18), None, None),
        (Month(2018, 7), 12, "2019-2021", run("2018-07", "2018-12", 6), None, None),
        (Month(2024, 7), 12, "2022-2024", None, run("2025-01", "2025-06", 6), None),
        (Month(2030, 1), 1, "2022-2024", None, run("2030-01", "2030-01", 1), None),
        (Month(2021, 7), 12, "2019-2021", None, None, run("2022-01", "2022-06", 6)),
        (Month(2019, 7), 12, "2019-2021", None, None, run("2020-01", "2020-06", 6)),
        (Month(2021, 12), 38, "2019-2021", None, run("2025-01", "2025-01", 1), run("2022-01", "2024-12", 36)),
    ],
)  # fmt: skip
def test_months_in_which_the_rates_are_not_those_in_force_are_told(first, months, period, back, forward, another):
    rates = default_payers(NORMS, first, months).rates
    assert rates["period"] == period
    assert (rates["carried_back"], rates["carried_forward"], rates["another_scale"]) == (back, forward, another)
    assert rates["source"] and rates["levels_source"] and len(rates["sha256"]) == 64


@examples(20, 200)
@given(first=st.integers(0, 50 * 12), months=st.integers(1, 120))
def test_every_month_is_in_force_or_told(first, months):
    start = Month(1995, 1) + first
    rates = default_payers(NORMS, start, months).rates
    runs = [rates[kind] for kind in ("carried_back", "carried_forward", "another_scale") if rates[kind]]
    told = sum(one["months"] for one in runs)
    low, high = date.fromisoformat(rates["first_day"]), date.fromisoformat(rates["last_day"])
    assert told + sum(low <= (start + t).first_day <= high for t in range(months)) == months


def test_exact_rates_are_kept_to_28_digits():
    assert decimal_of(Fraction(100, 3)) == Decimal("33.33333333333333333333333333")
