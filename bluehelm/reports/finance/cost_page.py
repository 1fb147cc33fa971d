"""Write a plan's cost as one self-contained HTML page, readable offline and in print."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from bluehelm.finance.parts import GROUPS, PARTS
from bluehelm.finance.priced_plan import PricedPlan
from bluehelm.mission.new_file import write_text_whole
from bluehelm.reports.figures import plan_cost as drawn
from bluehelm.reports.finance.cost_names import group_name, part_name
from bluehelm.reports.finance.cost_words import (
    exactly,
    fuel_told,
    protection_told,
    reconciled_told,
    rotation_told,
    summary_of_cost,
    unverified_told,
    variance_lines,
)
from bluehelm.reports.names import status_name, unit_type_name
from bluehelm.reports.numbers import millions, percent, plain
from bluehelm.reports.page import render_page
from bluehelm.reports.section import Section, Shown, Table, Words, figures_of, shortened
from bluehelm.words import language as language_in_use
from bluehelm.words import say, speaking

MOST_NODES, MOST_UNITS = 40, 20


def write_cost_page(priced: PricedPlan, path: Path, *, language: str | None = None) -> None:
    """Write the page; the same plan and language give the same bytes. language: None for the one in use."""
    with speaking(language or language_in_use()):
        sections = [part for part in (_build_up(priced), _against(priced), _units(priced), _trust(priced)) if part]
        figures = figures_of(
            ("waterfall", drawn.waterfall(priced), say("How the cost builds up, part by part"),
             say("Bars from left to right, each beginning where the one before ends, and the total below.")),
            ("by_month", drawn.by_month(priced), say("Cost by month"),
             say("Stacked bars for each month, one colour for each group of the budget.")),
            ("against", drawn.against(priced), say("The budget beside what it is held against"),
             say("Two bars for each fiscal year and group.")),
        )  # fmt: skip
        write_text_whole(path, render_page(say("Cost"), summary_of_cost(priced), sections, figures))


def _build_up(priced: PricedPlan) -> Section:
    budget = priced.budget
    years = [year.fiscal_year for year in budget.years]
    marks = {year.fiscal_year: " *" if year.partial else "" for year in budget.years}
    rows: list[tuple[str, ...]] = []
    for group in GROUPS:
        for part in PARTS:
            total = budget.amount(group=group, part=part)
            if total:
                amounts = (millions(float(budget.amount(year, group, part))) for year in years)
                rows.append((group_name(group), part_name(part), *amounts, millions(float(total))))
        amounts = (millions(float(budget.amount(year, group))) for year in years)
        rows.append((group_name(group), say("Total"), *amounts, millions(float(budget.amount(group=group)))))
    amounts = (millions(float(budget.amount(year))) for year in years)
    rows.append((group_name(""), say("Total"), *amounts, millions(float(budget.amount()))))
    note = say("Million USD. A fiscal year runs from 1 July to 30 June.")
    if any(year.partial for year in budget.years):
        note += " " + say("* Partial: not all of its months are planned.")
    headings = (say("Group"), say("Part"), *(f"{year}{marks[year]}" for year in years), say("Total"))
    table = Table(say("Budget by fiscal year"), "ll" + "r" * (len(years) + 1), headings, tuple(rows), note)
    parts = (Shown("waterfall"), Shown("by_month"), table, Words(protection_told(priced)))
    return Section("cost", say("What it costs"), parts, unverified_told(priced))


def _against(priced: PricedPlan) -> Section | None:
    if priced.against is None:
        return None
    told = tuple(Words(sentence) for sentence in variance_lines(priced))
    return Section("variance", say("Against what was approved or planned"), (Shown("against"), *told)) if told else None


def _units(priced: PricedPlan) -> Section:
    """Show what unit types cost in all, and a unit-month of each on the average."""
    cost: defaultdict[str, Decimal] = defaultdict(Decimal)
    months: defaultdict[str, Decimal] = defaultdict(Decimal)
    counted = set()
    for line in priced.lines:
        if line.unit_type:
            cost[line.unit_type] += line.expected_usd
            key = (line.node_id, line.month, line.cash_part, line.site_id, line.unit_type)
            if line.cash_part in ("units", "leaving") and key not in counted:
                counted.add(key)
                months[line.unit_type] += line.units * Decimal(repr(line.probability))
    ordered = sorted(cost, key=lambda name: (-cost[name], name))
    listed: list[tuple[str, ...]] = [
        (unit_type_name(name), f"{months[name]:,.1f}", millions(float(cost[name])),
         exactly(cost[name] / months[name]) if months[name] else "–")
        for name in ordered
    ]  # fmt: skip
    rows, more = shortened(listed, MOST_UNITS)
    headings = (say("Unit type"), say("Unit-months paid"), say("Cost (million USD)"), say("For each unit-month"))
    note = say("Journeys are in it; sites and the fixed cost are not.")
    if more:
        note += " " + say("{count} more are in the table of lines.", count=more)
    return Section("units", say("Unit types"), (Table(say("Cost by unit type"), "lrrr", headings, rows, note),))


def _trust(priced: PricedPlan) -> Section:
    nodes: list[tuple[str, ...]] = [
        (node.node_id, percent(node.probability), exactly(node.amount_usd), exactly(node.planned_usd),
         exactly(node.cash_usd), exactly(node.planned_usd - node.cash_usd))
        for node in priced.nodes
    ]  # fmt: skip
    shown, more = shortened(nodes, MOST_NODES)
    note = say("{count} more are in the workbook.", count=more) if more else ""
    headings = (say("Node"), say("Chance"), say("Amount"), say("At plan prices"), say("Plan's own cash"),
                say("Difference"))  # fmt: skip
    norms = tuple(
        (use.key, f"{plain(use.entry.value)} {use.unit}", str(use.entry.since),
         say("{status}, what-if", status=status_name(use.entry.status)) if use.amended
         else status_name(use.entry.status), use.entry.origin)
        for use in priced.uses
    )  # fmt: skip
    norm_headings = (say("Norm"), say("Value"), say("Since"), say("Status"), say("Source or reason"))
    parts = (
        Words(reconciled_told(priced)),
        Words(fuel_told(priced)),
        Words(say("Rotation: {told}", told=rotation_told(priced))),
        Table(say("Each node beside the plan's own cash"), "srrrrr", headings, shown, note),
        Table(say("Norms used"), "lrsll", norm_headings, norms),
    )
    return Section("norms", say("How far to trust it"), parts)
