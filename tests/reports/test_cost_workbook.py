"""The workbook as a spreadsheet program sees it: formulas that give the amounts, flags, headers, both languages."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from decimal import Decimal

import openpyxl
import pytest

from bluehelm.finance.priced_plan import PriceOrder, price_plan
from bluehelm.finance.variance import of_plan
from bluehelm.reports.finance.cost_names import column_name, group_name, part_name
from bluehelm.reports.finance.cost_page import write_cost_page
from bluehelm.reports.finance.cost_table import COLUMNS, csv_of
from bluehelm.reports.finance.cost_words import summary_of_cost
from bluehelm.reports.finance.workbook import workbook_bytes
from bluehelm.words import speaking
from tests.finance.worked_plan import TOTAL, planned, tree_mission, worked_plan


@pytest.fixture(scope="module")
def priced():
    budget = price_plan(worked_plan()).budget
    order = PriceOrder(what_if={"rations_usd_per_person_month": "370"})
    return price_plan(worked_plan(), order, of_plan(budget, "before"))


def opened(priced, language="en", values=False):
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(priced, language)), data_only=values)


def sum_ifs(formula, lines):
    """Work a SUMIFS over the sheet of lines out by itself."""
    columns = re.findall(r"!\$([A-Z])\$2:", formula)
    asked = re.findall(r',"([^"]*)"', formula)
    total = Decimal(0)
    for row in lines.iter_rows(min_row=2, values_only=True):
        cells = ["" if cell is None else str(cell) for cell in row]
        fits = all(
            cells[ord(c) - 65] != a[2:] if a.startswith("<>") else cells[ord(c) - 65] == a
            for c, a in zip(columns[1:], asked, strict=True)
        )
        if fits:
            total += Decimal(cells[ord("M") - 65]) * Decimal(cells[ord("D") - 65])
    return total


def test_totals_are_formulas_and_every_one_gives_what_it_shows(priced):
    book, shown = opened(priced), opened(priced, values=True)
    budget, lines = book["Budget"], book["Lines"]
    worked = 0
    for row in budget.iter_rows(min_row=2, min_col=3):
        for cell in row:
            assert str(cell.value).startswith("=")
            if "SUMIFS" in cell.value:
                found = shown["Budget"][cell.coordinate].value
                assert sum_ifs(cell.value, lines).quantize(Decimal("0.01")) == Decimal(str(found)).quantize(
                    Decimal("0.01")
                )
                worked += 1
    assert worked > 20
    last = shown["Budget"].max_row
    assert Decimal(str(shown["Budget"].cell(last, 5).value)) == TOTAL + 4 * 300 * 100
    assert re.fullmatch(r"=E\d+\+E\d+\+E\d+", book["Budget"].cell(last, 5).value)


def test_sums_of_groups_and_of_all_add_up_their_rows(priced):
    book, shown = opened(priced)["Budget"], opened(priced, values=True)["Budget"]
    for row in range(2, book.max_row + 1):
        found = re.fullmatch(r"=SUM\(C(\d+):C(\d+)\)", str(book.cell(row, 3).value))
        if found:
            parts = sum(Decimal(str(shown.cell(r, 3).value)) for r in range(int(found[1]), int(found[2]) + 1))
            assert Decimal(str(shown.cell(row, 3).value)) == parts


def test_headers_are_frozen_numbers_have_a_format_and_partial_years_say_so(priced):
    book = opened(priced)
    assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets)
    assert "2016/17 (partial: 1 of 12 months)" in [cell.value for cell in book["Budget"][1]]
    assert book["Lines"]["M2"].number_format.startswith("#,##0.00")
    assert book["Lines"].auto_filter.ref is not None


def test_what_is_not_verified_is_flagged_and_a_what_if_is_marked(priced):
    book = opened(priced)
    by_key = {row[0].value: row for row in book["Norms"].iter_rows(min_row=2)}
    rations, rate = by_key["rations_usd_per_person_month"], by_key["personnel_reimbursement_usd_per_person_month"]
    assert rations[4].value == "● assumed, what-if" and rations[0].fill.fgColor.rgb == "FFFBE9D0"
    assert rate[4].value == "✓ verified" and rate[0].fill.fgColor.rgb != "FFFBE9D0"
    status = COLUMNS.index("norm_status")
    flagged = {
        (row[status].value, row[status].fill.fgColor.rgb == "FFFBE9D0") for row in book["Lines"].iter_rows(min_row=2)
    }
    assert flagged == {("● assumed", True), ("✓ verified", False)}


def test_nodes_stand_beside_the_plan_s_own_cash(priced):
    nodes = opened(priced, values=True)["Nodes"]
    rows = list(nodes.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["a", "b", "Total"]
    assert [row[7] for row in rows[:2]] == [0, 0]
    assert Decimal(str(rows[-1][9])) == TOTAL + 4 * 300 * 100


def test_the_same_plan_gives_the_same_bytes_and_chinese_has_its_own_sheets(priced):
    assert workbook_bytes(priced, "zh") == workbook_bytes(priced, "zh")
    names = opened(priced, "zh").sheetnames
    assert names == ["摘要", "预算", "差异", "节点", "规范值", "明细"]
    zh = opened(priced, "zh", values=True)
    assert zh["预算"].cell(zh["预算"].max_row, 5).value == opened(priced, values=True)["Budget"].cell(
        opened(priced)["Budget"].max_row, 5
    ).value  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_that_formulas_ask_for_are_told_apart(language):
    from bluehelm.finance.parts import GROUPS, PARTS

    with speaking(language):
        for names in (
            [part_name(p) for p in PARTS],
            [group_name(g) for g in GROUPS],
            [column_name(c) for c in COLUMNS],
        ):
            assert len(set(names)) == len(names)


def test_the_csv_holds_every_line_with_its_norms_and_adds_up():
    import csv

    priced = price_plan(planned(tree_mission()))
    rows = list(csv.DictReader(io.StringIO(csv_of(priced.lines))))
    assert len(rows) == len(priced.lines)
    by_group: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        assert re.fullmatch(r"\d+\.\d\d", row["amount_usd"])
        assert Decimal(row["amount_usd"]) * Decimal(row["probability"]) == Decimal(row["expected_usd"])
        assert row["norms"] and row["norm_status"] in ("verified", "recalled", "assumed")
        by_group[row["group"]] += Decimal(row["expected_usd"])
    assert abs(sum(by_group.values()) - priced.budget.amount()) < Decimal("0.5")


def test_the_sentences_tell_variance_and_what_a_year_lacks(priced):
    told = {line.label: line.text for line in summary_of_cost(priced).lines}
    assert "2016/17: USD 3.3 million (partial: 1 of 12 months are planned)." in told["Fiscal years"]
    assert "USD 0.1 million (0.7%) more than the USD 13.7 million in plan 'before'" in told["Variance"]
    assert "Most of it: Rations +USD 0.1 million." in told["Variance"]
    assert "75.0% of 8.0 expected deaths" in told["Protection"]
    assert "the largest difference is USD 0.00" in told["Reconciled"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_in_both_languages_and_the_same_each_time(priced, tmp_path, language):
    for name in ("one", "two"):
        write_cost_page(priced, tmp_path / name, language=language)
    page = (tmp_path / "one").read_text("utf-8")
    assert page == (tmp_path / "two").read_text("utf-8")
    assert page.count("<svg") == 3 and "http-equiv" not in page
    assert ("费用如何逐项累积" if language == "zh" else "How the cost builds up") in page
