"""A cut of money laid over a budget: receipts of the run fall, and so do the months of the run in what is approved.

Units that are told to leave cost until they are out. So what the months before that owe of an approved amount is taken
from the rest of it, or from the next: the cut is as large, and comes when it can be met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal

from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Cut:
    """A share of money that falls away from the first to the last month; felt: first month in which units told when
    it is known are out."""

    share: Decimal
    first: Month
    last: Month
    felt: Month

    def months(self, line: BudgetLine) -> int:
        """Months of a line that lie in the run of the cut."""
        return max(min(line.last_month, self.last) - max(line.first_month, self.first) + 1, 0)

    def owed(self, line: BudgetLine) -> Decimal:
        """What an approved amount A over m months owes, k of them in the run: A · share · k / m."""
        return line.amount_usd * self.share * self.months(line) / (line.last_month - line.first_month + 1)


def cut_budget(budget: Sequence[BudgetLine], cut: Cut, source: str) -> tuple[BudgetLine, ...]:
    """Cut every receipt in the run by the share, and every approved amount by what it owes.

    An approved amount that ends before the cut is felt hands what it owes to those that follow it; where none does,
    it bears it. Cash at the start and what may be borrowed or owed stay.

    Examples
    --------
    >>> year = BudgetLine(
    ...     kind="appropriation", first_month=Month(2017, 7), last_month=Month(2018, 6), amount_usd=Decimal(1200),
    ...     source="a", status="assumed")
    >>> cut = Cut(Decimal("0.15"), Month(2017, 4), Month(2017, 12), Month(2017, 8))
    >>> [str(line.amount_usd) for line in cut_budget([year], cut, "b")]
    ['1110.00']
    """
    if cut.share == 0:
        return tuple(budget)
    borne = {id(line): Decimal(0) for line in budget}
    for line in budget:
        if line.kind == "appropriation":
            for bearer in _bearers(budget, line, cut):
                borne[id(bearer)] += cut.owed(line)
    return tuple(part for line in budget for part in _cut(line, cut, borne[id(line)], source))


def _bearers(budget: Sequence[BudgetLine], line: BudgetLine, cut: Cut) -> list[BudgetLine]:
    """List the approved amounts that bear what one owes: itself, or those that follow (one for each condition)."""
    if line.last_month >= cut.felt:
        return [line]
    after = [other for other in budget if other.kind == "appropriation" and other.first_month > line.last_month]
    next_month = min((other.first_month for other in after), default=None)
    return [other for other in after if other.first_month == next_month] or [line]


def _cut(line: BudgetLine, cut: Cut, borne: Decimal, source: str) -> Iterator[BudgetLine]:
    if line.kind == "appropriation" and borne:
        left = max(_cents(line.amount_usd - borne), Decimal(0))
        yield replace(line, amount_usd=left, source=source, status="assumed")
        return
    if line.kind != "receipt" or not cut.months(line):
        yield line
        return
    begins, ends = max(line.first_month, cut.first), min(line.last_month, cut.last)
    if line.first_month < begins:
        yield replace(line, last_month=begins + -1)
    yield replace(
        line, first_month=begins, last_month=ends, amount_usd=_cents(line.amount_usd * (1 - cut.share)), source=source,
        status="assumed",
    )  # fmt: skip
    if ends < line.last_month:
        yield replace(line, first_month=ends + 1)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_EVEN)
