"""The episode of 2025: published figures as they are in the facts, the identity, and the cap against its arrears."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.episode_2025 import ON, cap_arrears_usd, episode_of, month_exhausted
from tests.finance.payers_made import NORMS

PUBLISHED = {
    "peacekeeping budget 2025/26": "budget_usd",
    "unpaid peacekeeping assessments, mid-May 2025": "unpaid_may_usd",
    "unpaid peacekeeping assessments, July 2025": "unpaid_july_usd",
    "US share expected 2025/26": "expected_usd.USA",
    "US payment announced Oct 2025": "announced_usd.USA",
    "China share expected 2025/26": "expected_usd.CHN",
    "US arrears (all)": "arrears_usd.USA",
}


def test_the_cut_is_the_shortfall_less_what_cash_and_debt_take_up():
    e = episode_of(NORMS)
    assert e.cut_usd + e.taken_up_usd == pytest.approx(e.shortfall_usd)
    for not_paid, others in zip(e.not_paid_usd, e.others_usd, strict=True):
        assert not_paid + others == pytest.approx(e.shortfall_usd)
    assert e.cut_of_rest_share == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("opening", "received", "cut", "month"),
    [(0, 1, 0, 13), (0, 0.5, 0, 1), (3, 0.5, 0, 7), (1, 0.835, 0, 7), (2, 0.835, 0, 13), (0.5, 0.835, 0.15, 13)],
)
def test_the_month_in_which_cash_runs_out_by_hand(opening, received, cut, month):
    assert month_exhausted(opening, received, cut) == month


def test_what_cannot_be_is_refused():
    with pytest.raises(InvalidRecordError, match="shares from 0 to 1"):
        month_exhausted(1, 1.2, 0)
    with pytest.raises(InvalidRecordError, match="No rate is given for 2020"):
        cap_arrears_usd({2020: 1.0}, {}, 0.25)


@pytest.mark.real_data
def test_inputs_are_those_published(shared):
    with (shared / "facts" / "liquidity.csv").open(encoding="utf-8") as file:
        facts = {row["item"]: row for row in csv.DictReader(file)}
    for item, key in PUBLISHED.items():
        entry = NORMS.norm(f"episode_2025.{key}").on(ON)
        assert (float(facts[item]["value"]), facts[item]["status"]) == (float(entry.value), entry.status), item
    assert float(facts["expected shortfall of 2025/26 budget"]["value"]) == 16.5
    assert float(facts["expenditure cut (contingency plan)"]["value"]) == 15
    assert "85e6 for the Haiti" in facts["US payment announced Oct 2025"]["note"]


@pytest.mark.real_data
def test_the_cap_by_law_makes_arrears_of_the_size_published(shared):
    """Five of the years since fiscal 2017 are at hand: less than all of the 1.1 billion, and more than half."""
    spent: dict[int, float] = defaultdict(float)
    with (shared / "facts" / "mission_budgets.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["measure"] == "expenditure (actual)" and "overview of the financing" in row["source"]:
                spent[int(row["fiscal_year"][:4])] += float(row["amount_usd"])
    # 27.89 from 2019, 26.9493 from 2022 (facts); for the second half of 2018 that of 2019 is taken, which is too low.
    rates = {2018: 0.2789, 2019: 0.2789, 2020: 0.2789, 2021: (0.2789 + 0.269493) / 2, 2022: 0.269493}
    arrears = cap_arrears_usd({year: spent[year] for year in rates}, rates, 0.25)
    published = NORMS.number("episode_2025.cap_arrears_usd.USA", ON)
    assert 0.5 * published < arrears < published
