"""What the plan costs."""

from __future__ import annotations

from math import isfinite

import polars as pl

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.figures.cost import cost_part_name
from bluehelm.reports.flags import PRICES, flag
from bluehelm.reports.names import status_name
from bluehelm.reports.numbers import millions, percent
from bluehelm.reports.reading import COST_PARTS, Reading
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.words import say


def cost(reading: Reading, extras: ReportExtras) -> Section:
    """Show spending by month against money, its parts, and fiscal years."""
    status = reading.mission.setting.fixed_cost_status
    intro = say(
        "What the plan spends by month and part; below, cash in hand and the approved budget, neither of which "
        "spending may pass. Money of a step of several months is counted at the start of the step."
    )
    parts: list[Table | Words | Shown] = [Words(intro), Shown("cost"), _by_part(reading)]
    years = _by_year(reading)
    if years.rows:
        parts.append(years)
    parts.append(Words(say("The fixed cost covers civilian staff and services that no unit or site drives ({status}).",
                           status=status_name(status))))  # fmt: skip
    return Section("cost", say("Cost against the budget"), tuple(parts),
                   flag(reading, extras, tables=("budget", "units"), norms=PRICES))  # fmt: skip


def _by_part(reading: Reading) -> Table:
    total = reading.cost_usd or float("nan")
    amounts = [(part, reading.expected("cash", pl.col(part))) for part in COST_PARTS]
    rows = [(cost_part_name(part), millions(amount), percent(amount / total)) for part, amount in amounts]
    rows.append((say("Total"), millions(reading.cost_usd), percent(1.0)))
    return Table(say("Cost by part"), "lrr", (say("Part"), say("Cost (million USD)"), say("Share")), tuple(rows))


def _by_year(reading: Reading) -> Table:
    rows = tuple(
        (y.fiscal_year, millions(y.spent_usd), millions(y.approved_usd), millions(y.approved_usd - y.spent_usd))
        for y in reading.years_of_money
    )
    if not any(isfinite(y.approved_usd) for y in reading.years_of_money):
        rows = ()
    headings = (say("Fiscal year"), say("Spent in the months planned"), say("Approved"), say("Left"))
    note = say("Million USD. A fiscal year runs from 1 July to 30 June; only its months that are planned are counted.")
    return Table(say("Spending by fiscal year"), "lrrr", headings, rows, note)
