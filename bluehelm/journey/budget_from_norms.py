"""A budget that pays for what stands at the start: no file gives one, so every line is a default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine, Site, Unit
from bluehelm.norms import Norms
from bluehelm.norms.unit_price import monthly_unit_cost_usd
from bluehelm.words import say

THOUSAND_USD = Decimal(1000)


@dataclass(frozen=True, slots=True)
class BudgetRules:
    """Planning assumptions on money. change_share: room beside what stands, to move units and open bases."""

    opening_months: Decimal = Decimal(2)
    owed_months: Decimal = Decimal(3)
    change_share: Decimal = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Budget:
    """Lines of money, the fixed cost of a month, and what was assumed."""

    lines: tuple[BudgetLine, ...]
    fixed_cost_usd_per_month: Decimal
    notes: tuple[str, ...]


def budget_of(
    units: Sequence[Unit], sites: Sequence[Site], norms: Norms, first_month: Month, months: int, rules: BudgetRules
) -> Budget:
    """Price what stands at the start by the norms, and give each month that much and a little more."""
    on = first_month.first_day
    types = norms.unit_types()
    uniformed = sum(unit.persons for unit in units if types[unit.unit_type].component != "civilian")
    fixed = uniformed * norms.amount("fixed_cost_usd_per_person_month", on)
    of_units = sum(
        (monthly_unit_cost_usd(types[unit.unit_type], unit.persons, norms, on) for unit in units), Decimal(0)
    )
    of_sites = sum(
        (norms.amount(f"site_run_usd_per_month.{site.kind}", on) for site in sites if site.open_at_start), Decimal(0)
    )
    month = _rounded(of_units + of_sites + fixed)
    given = _rounded(month * (1 + rules.change_share))
    last_month = first_month + (months - 1)
    in_hand, owed, more = rules.opening_months, rules.owed_months, rules.change_share
    lines = [
        _line("opening_cash", first_month, first_month, month * in_hand, f"{in_hand} months of cost in hand"),
        _line("receipt", first_month, last_month, given, f"a month's cost and {more:%} more, for moves"),
        _line("owed_limit", first_month, last_month, month * owed, f"{owed} months of cost may stay owed"),
    ]
    for first, last in _fiscal_years(first_month, last_month):
        amount = given * (last - first + 1)
        lines.append(_line("appropriation", first, last, amount, "as the receipts of these months"))
    note = say(
        "Budget from norms: {million} million USD a month for what stands at the start, {share:.0%} more for moves; "
        "{opening} {opening:month|months} in hand at the start, up to {owed} {owed:month|months} may stay owed.",
        million=f"{month / 10**6:.1f}",
        share=float(rules.change_share),
        opening=rules.opening_months,
        owed=rules.owed_months,
    )
    return Budget(tuple(lines), fixed, (note,))


def _rounded(amount: Decimal) -> Decimal:
    return (amount / THOUSAND_USD).to_integral_value(ROUND_CEILING) * THOUSAND_USD


def _line(kind: str, first: Month, last: Month, amount: Decimal, reason: str) -> BudgetLine:
    return BudgetLine(
        kind=kind,
        first_month=first,
        last_month=last,
        amount_usd=amount,
        source="assumed",
        status="assumed",
        note=f"Default from norms: {reason}",
    )


def _fiscal_years(first_month: Month, last_month: Month) -> list[tuple[Month, Month]]:
    """Cut a run of months at each 1 July."""
    runs = []
    first = first_month
    while first <= last_month:
        last = min(Month(first.fiscal_year + 1, 6), last_month)
        runs.append((first, last))
        first = last + 1
    return runs
