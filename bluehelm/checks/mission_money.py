"""Money that cannot pay for what falls due whatever is decided: fixed costs, units not yet out, sites that stay."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bluehelm.checks.mission_subject import Subject
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine
from bluehelm.norms.unit_price import monthly_unit_cost_usd

CASH_KINDS = ("opening_cash", "receipt", "borrowing_limit", "owed_limit")


def money_faults(subject: Subject) -> Iterator[Fault]:
    """Find the first month that cannot be paid, and appropriations that cannot hold."""
    due = {month: _due_usd(subject, month) for month in subject.mission.months}
    yield from _cash_faults(subject, due)
    yield from _appropriation_faults(subject, due)


def _due_usd(subject: Subject, month: Month) -> Decimal:
    """Sum what a month costs at least; a lower bound, so that only what is certain is told."""
    on = subject.first_month.first_day
    total = subject.mission.setting.fixed_cost_usd_per_month
    for unit in subject.mission.units:
        kind = subject.type_of(unit)
        # Paid in full only in months at whose end it is still there.
        if kind and subject.in_theatre(unit, month):
            total += monthly_unit_cost_usd(kind, unit.persons, subject.norms, on)
    for _, site in subject.bases:
        if site.open_at_start and not site.may_close and not subject.may_be_lost(site, month):
            total += subject.norms.amount(f"site_run_usd_per_month.{site.kind}", on)
    return total


def _cash_faults(subject: Subject, due: dict[Month, Decimal]) -> Iterator[Fault]:
    lines = [line for line in subject.mission.budget if line.kind in CASH_KINDS and subject.may_hold(line)]
    if not lines:
        return
    spent = Decimal(0)
    for month, amount in due.items():
        spent += amount
        limit = sum((_cash_until(subject, line, month) for line in lines), Decimal(0))
        if spent > limit:
            yield error(
                "budget.csv",
                "Until the end of {month} at least {spent} USD fall due, but at most {limit} USD can be paid.",
                "Cash, receipts and limits of {spent} USD or more were expected: fixed costs, units that cannot have "
                "left and sites that may not close are paid whatever is decided.",
                "Add receipts or limits, lower the fixed cost, or let units leave and sites close.",
                column="amount_usd",
                value=f"{limit:.0f}",
                month=str(month),
                spent=f"{spent:,.0f}",
                limit=f"{limit:,.0f}",
            )
            return


def _cash_until(subject: Subject, line: BudgetLine, month: Month) -> Decimal:
    """Return what a line gives by the end of a month, in the future with most receipts."""
    if line.kind == "opening_cash":
        return line.amount_usd
    if line.kind != "receipt":
        return line.amount_usd if line.first_month <= month <= line.last_month else Decimal(0)
    received = [m for m in subject.mission.months if line.first_month <= m <= min(line.last_month, month)]
    return sum((line.amount_usd * _best_scale(subject, m) for m in received), Decimal(0))


def _best_scale(subject: Subject, month: Month) -> Decimal:
    at = [n.receipts_scale for n in subject.mission.nodes if n.first_month <= month < n.first_month + n.months]
    return Decimal(max(at, default=1.0))


def _appropriation_faults(subject: Subject, due: dict[Month, Decimal]) -> Iterator[Fault]:
    for line_number, line in enumerate(subject.mission.budget, 2):
        if line.when:
            # A run that hangs on a condition may bind in some months only; what it forbids is left to the plan.
            continue
        covered = [amount for month, amount in due.items() if line.first_month <= month <= line.last_month]
        spent = sum(covered, Decimal(0))
        if line.kind == "appropriation" and spent > line.amount_usd:
            yield error(
                "budget.csv",
                "The appropriation of {value} USD from {first} to {last} cannot hold: at least {spent} USD fall due.",
                "{spent} USD or more were expected: fixed costs, units that cannot have left and sites that may not "
                "close are paid whatever is decided.",
                "Correct the amount, lower the fixed cost, or let units leave and sites close.",
                line=line_number,
                column="amount_usd",
                value=f"{line.amount_usd:,.0f}",
                first=str(line.first_month),
                last=str(line.last_month),
                spent=f"{spent:,.0f}",
            )
