"""A plan's cost as a workbook that a budget officer can open: totals are formulas over the lines, norms are flagged."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bluehelm.finance.parts import GROUPS, PARTS, group_of
from bluehelm.finance.priced_plan import PricedPlan
from bluehelm.finance.variance import TOTAL
from bluehelm.reports.finance.cost_names import column_name, group_name, part_name
from bluehelm.reports.finance.cost_table import COLUMNS, rows_of
from bluehelm.reports.finance.cost_words import summary_of_cost, variance_told
from bluehelm.reports.names import component_name, status_name, unit_type_name
from bluehelm.reports.sheets import Sheets, new_workbook
from bluehelm.words import say, speaking

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
WIDTHS = {"norms": 90, "site_id": 18, "unit_type": 28, "part": 34, "group": 30, "node_id": 14}
# Letters of the columns of the sheet of lines that formulas ask for.
LETTER = {column: chr(ord("A") + i) for i, column in enumerate(COLUMNS)}


def workbook_bytes(priced: PricedPlan, language: str) -> bytes:
    """Make the workbook: summary, budget, variance where there is one, nodes, norms and lines."""
    out = io.BytesIO()
    title = priced.plan.mission.setting.name
    with speaking(language), new_workbook(out, say("Cost of {mission}", mission=title)) as book:
        pages = _Pages(book, priced)
        pages.summary()
        pages.budget()
        if priced.variances:
            pages.variance()
        pages.nodes()
        pages.norms()
        pages.lines()
    return out.getvalue()


class _Pages(Sheets):
    """The sheets of one workbook, in the language in use."""

    def __init__(self, book: Workbook, priced: PricedPlan) -> None:
        super().__init__(book)
        self.priced = priced
        self.lines_name = say("Lines")
        self.count_of_lines = min(len(priced.lines), MOST_ROWS)

    def _range(self, column: str) -> str:
        letter = LETTER[column]
        return f"'{self.lines_name}'!${letter}$2:${letter}${self.count_of_lines + 1}"

    def summary(self) -> None:
        """Tell the cost in sentences, and what the figures were made from."""
        told = summary_of_cost(self.priced)
        sheet = self.new_sheet(say("Summary"), (told.title, told.subtitle), (26, 130))
        for row, line in enumerate(told.lines, 1):
            sheet.write_string(row, 0, line.label, self.bold)
            sheet.write_string(row, 1, line.text, self.wrap)
        for row, (name, value) in enumerate(self.priced.provenance.items(), len(told.lines) + 2):
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, str(value), self.wrap)

    def budget(self) -> None:
        """Set groups and parts against fiscal years; every amount is a formula over the lines."""
        budget = self.priced.budget
        years = budget.years
        titles = [
            say("{year} (partial: {months} of 12 months)", year=y.fiscal_year, months=y.months)
            if y.partial
            else y.fiscal_year
            for y in years
        ]
        headings = (say("Group"), say("Part"), *titles, say("Total (USD)"), say("Not verified (USD)"))
        sheet = self.new_sheet(say("Budget"), headings, (32, 36, *[20] * (len(years) + 2)))
        row, sums = 1, []
        for group in GROUPS:
            first = row
            for part in self._parts(group):
                sheet.write_string(row, 0, group_name(group))
                sheet.write_string(row, 1, part_name(part))
                for column, year in enumerate(years, 2):
                    self._sum_if(sheet, row, column, group, part, year.fiscal_year)
                self._across(sheet, row, len(years), budget.amount(group=group, part=part), self.usd)
                self._unverified(sheet, row, len(years) + 3, group, part)
                row += 1
            self._group_total(sheet, row, first, group)
            sums.append(row)
            row += 1
        self._grand_total(sheet, row, sums)

    def _parts(self, group: str) -> list[str]:
        """List the parts that a group has, rotation even where it is nothing."""
        had = {row.part for row in self.priced.budget.rows if row.group == group}
        fixed = {"rotation"} if group == group_of("rotation", "") else set()
        return [part for part in PARTS if part in had | fixed]

    def _sum_if(self, sheet: Worksheet, row: int, column: int, group: str, part: str, year: str) -> None:
        names = (group_name(group), part_name(part), year)
        asked = ",".join(
            f'{self._range(where)},"{_quoted(name)}"'
            for where, name in zip(("group", "part", "fiscal_year"), names, strict=True)
        )
        value = self.priced.budget.amount(year, group, part)
        sheet.write_formula(
            row, column, f"=ROUND(SUMIFS({self._range('expected_usd')},{asked}),2)", self.usd, float(value)
        )

    def _unverified(self, sheet: Worksheet, row: int, column: int, group: str, part: str) -> None:
        rows = [r for r in self.priced.budget.rows if (r.group, r.part) == (group, part)]
        value = sum((r.unverified_usd for r in rows), Decimal(0))
        names = (group_name(group), part_name(part), f"<>{status_name('verified')}")
        asked = ",".join(
            f'{self._range(where)},"{_quoted(name)}"'
            for where, name in zip(("group", "part", "norm_status"), names, strict=True)
        )
        sheet.write_formula(
            row, column, f"=ROUND(SUMIFS({self._range('expected_usd')},{asked}),2)", self.usd, float(value)
        )

    def _across(self, sheet: Worksheet, row: int, years: int, value: Decimal, look: Format) -> None:
        last = chr(ord("C") + years - 1)
        sheet.write_formula(row, years + 2, f"=SUM(C{row + 1}:{last}{row + 1})", look, float(value))

    def _group_total(self, sheet: Worksheet, row: int, first: int, group: str) -> None:
        budget = self.priced.budget
        sheet.write_string(row, 0, group_name(group), self.total)
        sheet.write_string(row, 1, say("Total"), self.total)
        values = [*(budget.amount(y.fiscal_year, group) for y in budget.years), budget.amount(group=group)]
        values.append(sum((r.unverified_usd for r in budget.rows if r.group == group), Decimal(0)))
        for column, value in enumerate(values, 2):
            letter = chr(ord("A") + column)
            formula = f"=SUM({letter}{first + 1}:{letter}{row})" if row > first else "=0"
            sheet.write_formula(row, column, formula, self.total, float(value))

    def _grand_total(self, sheet: Worksheet, row: int, sums: Sequence[int]) -> None:
        budget = self.priced.budget
        sheet.write_string(row, 0, group_name(TOTAL), self.total)
        sheet.write_string(row, 1, say("Total"), self.total)
        values = [*(budget.amount(y.fiscal_year) for y in budget.years), budget.amount(), budget.unverified_usd]
        for column, value in enumerate(values, 2):
            letter = chr(ord("A") + column)
            formula = "=" + "+".join(f"{letter}{one + 1}" for one in sums)
            sheet.write_formula(row, column, formula, self.total, float(value))

    def variance(self) -> None:
        """Set the budget beside what it is held against, with the sentence for each row."""
        against = self.priced.against
        assert against is not None
        headings = (
            say("Fiscal year"), say("Group"), say("Budget (USD)"), say("Held against (USD)"), say("Difference (USD)"),
            say("Difference"), say("Months planned"), say("Months held against"), say("In words"),
        )  # fmt: skip
        sheet = self.new_sheet(say("Variance"), headings, (12, 32, 20, 20, 20, 12, 10, 10, 110))
        for i, row in enumerate(self.priced.variances, 1):
            sheet.write_string(i, 0, row.fiscal_year)
            sheet.write_string(i, 1, group_name(row.group))
            sheet.write_number(i, 2, float(row.amount_usd), self.usd)
            sheet.write_number(i, 3, float(row.other_usd), self.usd)
            sheet.write_formula(i, 4, f"=C{i + 1}-D{i + 1}", self.usd, float(row.difference_usd))
            sheet.write_formula(i, 5, f'=IF(D{i + 1}=0,"",E{i + 1}/D{i + 1})', self.share, row.share or "")
            sheet.write_number(i, 6, row.months, self.count)
            sheet.write_number(i, 7, row.other_months, self.count)
            sheet.write_string(i, 8, variance_told(row, against), self.wrap)

    def nodes(self) -> None:
        """Set each node's lines beside the plan's own cash, and sum the expectation."""
        headings = (
            say("Node"), say("First month"), say("Months"), say("Probability"), say("Amount (USD)"),
            say("At plan prices (USD)"), say("Cash of the plan (USD)"), say("Difference (USD)"),
            say("Allowed (USD)"), say("Expected (USD)"),
        )  # fmt: skip
        sheet = self.new_sheet(say("Nodes"), headings, (16, 12, 9, 12, 20, 20, 20, 16, 14, 20))
        expected = Decimal(0)
        for i, node in enumerate(self.priced.nodes, 1):
            sheet.write_string(i, 0, node.node_id)
            sheet.write_string(i, 1, node.month)
            sheet.write_number(i, 2, node.months, self.count)
            sheet.write_number(i, 3, node.probability)
            mine = f'{self._range("node_id")},"{_quoted(node.node_id)}"'
            for column, name, usd in (
                (4, "amount_usd", node.amount_usd), (5, "at_plan_prices_usd", node.planned_usd),
            ):  # fmt: skip
                sheet.write_formula(i, column, f"=SUMIFS({self._range(name)},{mine})", self.usd, float(usd))
            sheet.write_number(i, 6, float(node.cash_usd), self.usd)
            sheet.write_formula(i, 7, f"=ROUND(F{i + 1}-G{i + 1},2)", self.usd, float(node.planned_usd - node.cash_usd))
            sheet.write_number(i, 8, float(node.tolerance_usd), self.usd)
            weighted = node.amount_usd * Decimal(repr(node.probability))
            expected += weighted
            sheet.write_formula(i, 9, f"=D{i + 1}*E{i + 1}", self.usd, float(weighted))
        last = len(self.priced.nodes) + 1
        sheet.write_string(last, 0, say("Total"), self.total)
        sheet.write_formula(last, 9, f"=SUM(J2:J{last})", self.total, float(expected))

    def norms(self) -> None:
        """List every norm used, with source and range; what is not verified is flagged."""
        headings = (
            say("Norm"), say("Value"), say("Unit"), say("Since"), say("Status"), say("Low"), say("High"),
            say("Source"), say("Reason"),
        )  # fmt: skip
        sheet = self.new_sheet(say("Norms"), headings, (46, 14, 18, 12, 18, 12, 12, 70, 90))
        for i, use in enumerate(self.priced.uses, 1):
            entry = use.entry
            status = status_name(entry.status)
            status = say("{status}, what-if", status=status) if use.amended else status
            cells: tuple[Any, ...] = (
                use.key, entry.value, use.unit, entry.since, status, entry.low, entry.high, entry.source, entry.reason,
            )  # fmt: skip
            look = self.flag if entry.status != "verified" else None
            for column, cell in enumerate(cells):
                if isinstance(cell, Decimal | int | float):
                    sheet.write_number(i, column, float(cell), look)
                else:
                    sheet.write_string(i, column, "" if cell is None else str(cell), look)

    def lines(self) -> None:
        """List the lines, what is not verified flagged, with a filter on every column."""
        names = [column_name(column) for column in COLUMNS]
        sheet = self.new_sheet(self.lines_name, names, [WIDTHS.get(column, 16) for column in COLUMNS])
        listed = self.priced.lines[:MOST_ROWS]
        spoken: dict[tuple[str, object], str] = {}
        amount, chance = LETTER["amount_usd"], LETTER["probability"]
        for i, (line, row) in enumerate(zip(listed, rows_of(listed), strict=True), 1):
            for column, (name, cell) in enumerate(zip(COLUMNS, row, strict=True)):
                if name == "expected_usd":
                    sheet.write_formula(
                        i, column, f"={amount}{i + 1}*{chance}{i + 1}", self.usd, float(line.expected_usd)
                    )
                elif isinstance(cell, Decimal):
                    sheet.write_number(i, column, float(cell), self.usd)
                elif isinstance(cell, int | float):
                    sheet.write_number(i, column, cell, self.count if isinstance(cell, int) else None)
                elif cell and name in WORDED:
                    if (name, cell) not in spoken:  # asking the catalogue for every cell would take most of the time
                        spoken[name, cell] = WORDED[name](str(cell))
                    flagged = name == "norm_status" and cell != "verified"
                    sheet.write_string(i, column, spoken[name, cell], self.flag if flagged else None)
                else:
                    sheet.write_string(i, column, str(cell))
        if listed:
            sheet.autofilter(0, 0, len(listed), len(COLUMNS) - 1)


def _cash_part_name(part: str) -> str:
    return {
        "units": say("Units"), "leaving": say("Units told to leave"), "transport": say("Transport"),
        "sites": say("Sites"), "fixed": say("Fixed cost"),
    }[part]  # fmt: skip


# Columns of keys that a workbook shows in words.
WORDED: dict[str, Callable[[str], str]] = {
    "cash_part": _cash_part_name,
    "unit_type": unit_type_name,
    "component": component_name,
    "group": group_name,
    "part": part_name,
    "norm_status": status_name,
}


def _quoted(text: str) -> str:
    """Double the quotation marks of a text inside a formula."""
    return text.replace('"', '""')
