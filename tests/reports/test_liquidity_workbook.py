"""The workbook of liquidity: formulas that give what they show, flags, the same bytes, both languages."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from bluehelm.finance.liquidity import LiquidityOrder, liquidity_of
from bluehelm.finance.scale_payers import default_payers
from bluehelm.mission.months import Month
from bluehelm.reports.liquidity.workbook import liquidity_workbook
from tests.finance.payers_made import NORMS
from tests.journey.test_cash_into_plan import WHO, mission


@pytest.fixture(scope="module")
def record():
    found = liquidity_of(mission(), WHO, NORMS, LiquidityOrder(futures=200)).record
    return found | {"rates": default_payers(NORMS, Month(2025, 1), 6).rates}


def opened(record, language="en", values=False):
    return openpyxl.load_workbook(io.BytesIO(liquidity_workbook(record, language)), data_only=values)


def test_totals_are_formulas_and_give_what_they_show(record):
    book, shown = opened(record), opened(record, values=True)
    summed = 0
    for name in ("Cash by month", "Payers"):
        for row in book[name].iter_rows():
            for cell in row:
                found = re.fullmatch(r"=SUM\(([A-Z])2:[A-Z](\d+)\)", str(cell.value))
                if found:
                    column = [shown[name][f"{found[1]}{i}"].value for i in range(2, int(found[2]) + 1)]
                    assert shown[name][cell.coordinate].value == pytest.approx(sum(column))
                    summed += 1
    assert summed == 5 + 4
    cash, total = shown["Cash by month"], record["months"] + 2
    assert cash[f"B{total}"].value == pytest.approx(record["assessed_usd"])
    assert cash[f"F{total}"].value == pytest.approx(cash[f"D{total}"].value - cash[f"E{total}"].value)
    for i, row in enumerate(record["by_month"], 2):
        told = [cash.cell(i, column).value for column in range(7, 12)]
        assert told == [row["net_usd"][name] for name in ("q10", "q25", "q50", "q75", "q90")]


def test_what_is_not_verified_or_carried_is_flagged(record):
    sheet = opened(record)["Inputs"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    flagged = {name for name, row in rows.items() if row[0].fill.fgColor.rgb == "FFFBE9D0"}
    expected = {row["key"] for row in record["norms_used"] if row["status"] != "verified" or row["amended"]}
    assert flagged == expected | {"Scale of assessments", "Levels inferred from what was assessed"}
    assert "carried forward to Jan 2025" in rows["Scale of assessments"][4].value


def test_it_repeats_to_the_byte_and_speaks_chinese(record):
    assert liquidity_workbook(record, "en") == liquidity_workbook(record, "en")
    book = opened(record, "zh")
    words = [str(cell.value) for sheet in book for row in sheet.iter_rows(max_row=1) for cell in row]
    assert len(book.sheetnames) == 3 and all(re.search(r"[\u4e00-\u9fff]", word) for word in [*book.sheetnames, *words])
