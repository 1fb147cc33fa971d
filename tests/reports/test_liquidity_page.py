"""The pages on liquidity: every figure and table is there, in both languages, and the same each time."""

from __future__ import annotations

import re

import pytest

from bluehelm.finance.liquidity import LiquidityOrder, liquidity_of
from bluehelm.journey.cash_into_plan import plan_under_payments
from bluehelm.reports.liquidity.names import behaviour_meaning, behaviour_name, payer_name
from bluehelm.reports.liquidity.page import cash_csv, liquidity_page
from bluehelm.reports.liquidity.plan_page import plan_page
from bluehelm.words import speaking
from tests.finance.payers_made import NORMS
from tests.journey.test_cash_into_plan import ORDER, WHO, mission
from tests.planning import small


@pytest.fixture(scope="module")
def record():
    return liquidity_of(mission(), WHO, NORMS, LiquidityOrder(futures=200)).record


@pytest.fixture(scope="module")
def held():
    return plan_under_payments(mission(), WHO, small.norms(), ORDER)[1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_its_figures_and_says_the_same_each_time(record, language):
    page = liquidity_page(record, language=language)
    assert page == liquidity_page(record, language=language)
    assert page.count("<svg ") == 3 and "{" not in re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.S)
    assert ("When the money comes" in page) == (language == "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_a_held_plan_counts_its_futures(held, language):
    page = plan_page(held, language=language)
    assert page.count("<svg ") == 1
    assert f"{held['plan_holds_futures']:,}" in page and "6.00" in page


def test_the_table_has_a_row_for_each_month_and_no_empty_cell(record):
    lines = cash_csv(record).splitlines()
    assert len(lines) == 1 + record["months"]
    assert {len(line.split(",")) for line in lines} == {len(lines[0].split(","))}
    assert all(cell for line in lines for cell in line.split(","))


def test_payers_are_named_in_the_reader_s_language():
    assert payer_name("CHN") == payer_name("China") == "China"
    with speaking("zh"):
        assert payer_name("China") == "中国" and behaviour_name("capped") == "受法律上限约束"


def test_every_way_to_pay_has_a_name_and_a_meaning():
    from bluehelm.finance.payers import BEHAVIOURS

    assert all(behaviour_name(name) and behaviour_meaning(name) for name in BEHAVIOURS)
