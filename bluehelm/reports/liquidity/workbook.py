"""Liquidity as a workbook: cash by month, the largest payers, and inputs with their status; totals are formulas."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from bluehelm.reports.liquidity.names import behaviour_name, payer_name
from bluehelm.reports.liquidity.rates import carried_told
from bluehelm.reports.liquidity.summary import Record
from bluehelm.reports.names import status_name
from bluehelm.reports.numbers import month_name
from bluehelm.reports.sheets import Sheets, new_workbook
from bluehelm.words import say, speaking

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

QUANTILES = ("q10", "q25", "q50", "q75", "q90")
RATE = "0.0000"


def liquidity_workbook(record: Record, language: str) -> bytes:
    """Make the workbook; the same record and language give the same bytes."""
    out = io.BytesIO()
    with (
        speaking(language),
        new_workbook(out, say("When the money comes: {mission}", mission=record["mission"])) as book,
    ):
        pages = _Pages(book, record)
        pages.cash()
        pages.payers()
        pages.inputs()
    return out.getvalue()


class _Pages(Sheets):
    """The sheets of one workbook, in the language in use."""

    def __init__(self, book: Workbook, record: Record) -> None:
        super().__init__(book)
        self.record = record
        self.rate = book.add_format({"num_format": RATE})

    def cash(self) -> None:
        """Set what is asked, received and spent beside cash less debts as quantiles, month by month."""
        headings = (
            say("Month"), say("Asked by letters (USD)"), say("Credits (USD)"), say("Received, mean (USD)"),
            say("Spent (USD)"), say("Received less spent (USD)"),
            *(say("Cash less debts, {share} (USD)", share=f"{name[1:]} %") for name in QUANTILES),
            say("Owed to contributors, 90 % (USD)"), say("Exhausted by then"),
        )  # fmt: skip
        sheet = self.new_sheet(say("Cash by month"), headings, (14, *[20] * 11, 14))
        rows = self.record["by_month"]
        for i, row in enumerate(rows, 1):
            received, spent = row["receipts_usd"]["mean"], row["spending_usd"]
            sheet.write_string(i, 0, month_name(row["month"]))
            for column, usd in enumerate((row["letters_usd"], row["credits_usd"], received, spent), 1):
                sheet.write_number(i, column, usd, self.usd)
            sheet.write_formula(i, 5, f"=D{i + 1}-E{i + 1}", self.usd, received - spent)
            for column, name in enumerate(QUANTILES, 6):
                sheet.write_number(i, column, row["net_usd"][name], self.usd)
            sheet.write_number(i, 11, row["owed_usd"]["q90"], self.usd)
            sheet.write_number(i, 12, row["exhausted_by_share"], self.share)
        sums = [
            sum(row["letters_usd"] for row in rows), sum(row["credits_usd"] for row in rows),
            sum(row["receipts_usd"]["mean"] for row in rows), sum(row["spending_usd"] for row in rows),
        ]  # fmt: skip
        self._totals(sheet, len(rows) + 1, 1, [*sums, sums[2] - sums[3]])

    def payers(self) -> None:
        """List the largest payers: rate, what they are assessed, and what they owe."""
        headings = (
            say("Payer"), say("Pays"), say("Rate (%)"), say("Assessed (USD)"),
            say("Owes in the worst month, mean (USD)"),
            say("Owes at the end, mean (USD)"), say("Owes at the end, 90 % (USD)"), say("Owed of what is assessed"),
        )  # fmt: skip
        sheet = self.new_sheet(say("Payers"), headings, (40, 24, 12, 20, 20, 20, 20, 14))
        rows = self.record["payers"]
        columns = [
            [row["rate_pct"] for row in rows], [row["assessed_usd"] for row in rows],
            [row["arrears_worst_month_usd"]["mean"] for row in rows], [row["arrears_end_usd"]["mean"] for row in rows],
        ]  # fmt: skip
        for i, row in enumerate(rows, 1):
            sheet.write_string(i, 0, payer_name(row["payer"]))
            sheet.write_string(i, 1, behaviour_name(row["behaviour"]))
            for column, values in enumerate(columns, 2):
                sheet.write_number(i, column, values[i - 1], self.rate if column == 2 else self.usd)
            sheet.write_number(i, 6, row["arrears_end_usd"]["q90"], self.usd)
            owed = row["arrears_end_usd"]["mean"] / row["assessed_usd"] if row["assessed_usd"] else ""
            sheet.write_formula(i, 7, f'=IF(D{i + 1}=0,"",F{i + 1}/D{i + 1})', self.share, owed)
        self._totals(sheet, len(rows) + 1, 2, [sum(values) for values in columns])

    def inputs(self) -> None:
        """List what the figures rest on; what is not verified, or carried from another time, is flagged."""
        headings = (say("Input"), say("Value"), say("Unit"), say("Status"), say("Reason or source"))
        sheet = self.new_sheet(say("Inputs"), headings, (42, 40, 16, 22, 120))
        rates: dict[str, Any] = self.record.get("rates") or {}
        told = []
        if rates:
            carried = carried_told(rates)
            told.append((say("Scale of assessments"), rates["period"], "", say("carried") if carried else
                         say("in force"), " ".join([*carried, rates["source"]]), bool(carried)))  # fmt: skip
            told.append((say("Levels inferred from what was assessed"), str(rates["levels_inferred"]), say("States"),
                         status_name("assumed") if rates["levels_inferred"] else status_name("verified"),
                         rates["levels_source"], bool(rates["levels_inferred"])))  # fmt: skip
        for row in self.record["norms_used"]:
            status = status_name(row["status"])
            status = say("{status}, what-if", status=status) if row["amended"] else status
            flagged = row["amended"] or row["status"] != "verified"
            told.append((row["key"], row["value"], row["unit"], status, row["reason"], flagged))
        told.extend((name, str(value), "", "", "", False) for name, value in self.record["provenance"].items())
        for i, (*cells, flagged) in enumerate(told, 1):
            for column, cell in enumerate(cells):
                sheet.write_string(i, column, str(cell), self.flag if flagged else None)

    def _totals(self, sheet: Worksheet, row: int, first: int, values: list[float]) -> None:
        """Sum the columns from `first` on by formulas."""
        sheet.write_string(row, 0, say("Total"), self.total)
        for column, value in enumerate(values, first):
            letter = chr(ord("A") + column)
            sheet.write_formula(row, column, f"=SUM({letter}2:{letter}{row})", self.total, value)
