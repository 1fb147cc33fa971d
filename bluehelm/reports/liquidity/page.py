"""Write a mission's liquidity as one self-contained HTML file and as a CSV table, readable offline and in print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bluehelm.reports.figures import liquidity as drawn
from bluehelm.reports.liquidity.sections import cash, limits, payers, provenance, side_by_side
from bluehelm.reports.liquidity.summary import Record, summary_of_liquidity
from bluehelm.reports.page import render_page
from bluehelm.reports.section import Figure, figures_of
from bluehelm.words import say, speaking

SECTIONS = (cash, side_by_side, payers, limits, provenance)
SPREAD = ("receipts_usd", "net_usd", "in_hand_usd", "months_in_hand", "owed_usd", "borrowed_usd")
PLAIN = ("letters_usd", "credits_usd", "spending_usd", "limit_usd", "exhausted_share", "exhausted_by_share")


def liquidity_page(record: Record, *, language: str = "en") -> str:
    """Return the report as HTML; the same record and language give the same bytes."""
    with speaking(language):
        told = [section(record) for section in SECTIONS]
        sections = [section for section in told if section is not None]
        return render_page(say("Liquidity"), summary_of_liquidity(record), sections, _figures(record))


def _figures(record: Record) -> Mapping[str, Figure]:
    rows = record["by_month"]
    return figures_of(
        ("cash", drawn.cash_by_month(rows, [row["limit_usd"] for row in rows]),
         say("Cash less what is owed and borrowed, million USD"),
         say("Bands by month over the futures of payments, the median, and the limit of debt below.")),
        ("in_and_out", drawn.in_and_out(rows), say("Asked, received and spent by month, million USD"),
         say("Three bars for each month.")),
        ("payers", drawn.payers(record["payers"]), say("The ten largest payers, million USD"),
         say("Two bars for each payer: what it owes in the worst month, and what paying earlier adds.")),
    )  # fmt: skip


def cash_csv(record: Record) -> str:
    """Return cash by month as CSV: a row for each month, a column for each quantile [USD, months, share]."""
    first: Mapping[str, Any] = record["by_month"][0]
    names = ["month", *PLAIN, *(f"{name}_{part}" for name in SPREAD for part in first[name])]
    rows = [
        [row["month"], *(f"{row[name]:.10g}" for name in PLAIN),
         *(f"{row[name][part]:.10g}" for name in SPREAD for part in first[name])]
        for row in record["by_month"]
    ]  # fmt: skip
    return "\n".join(",".join(cells) for cells in [names, *rows]) + "\n"
