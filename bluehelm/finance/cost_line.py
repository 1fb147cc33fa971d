"""One line of the cost of a plan: what is paid for what, where, in which month of which future, by which norms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from bluehelm.finance.fiscal_year import fiscal_year_of
from bluehelm.mission.months import Month

if TYPE_CHECKING:
    from bluehelm.norms.rules import Use

CENT = Decimal("0.01")
NO_MONEY = Decimal(0)
# Columns of the plan's own table of cash, without "_usd".
CASH_PARTS = ("units", "leaving", "transport", "sites", "fixed")
_WORST_FIRST = ("assumed", "recalled", "verified")


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """What one part costs at one site in one month of one node.

    probability: chance of reaching the node. cash_part: column of the plan's table of cash that holds it. units,
    persons: whom it is paid for; 0 where it is paid for a site or for the mission as a whole. norms: what was used.
    amount_usd: by the norms in force in the month, what-if included. planned_usd: by the prices of the plan, which are
    those of its first month. Both to the cent.
    """

    month: Month
    node_id: str
    probability: float
    cash_part: str
    site_id: str
    unit_type: str
    component: str
    group: str
    part: str
    units: int
    persons: int
    norms: tuple[Use, ...]
    status: str
    amount_usd: Decimal
    planned_usd: Decimal

    @property
    def fiscal_year(self) -> str:
        """Fiscal year of the month, such as 2018/19."""
        return fiscal_year_of(self.month)

    @property
    def expected_usd(self) -> Decimal:
        """Amount by its chance; not rounded, so that sums are."""
        return self.amount_usd * Decimal(repr(self.probability))


def cents(amount: Decimal) -> Decimal:
    """Round to the cent, halves to the even one.

    Examples
    --------
    >>> cents(Decimal("2.345")), cents(Decimal("2.355")), cents(Decimal(7))
    (Decimal('2.34'), Decimal('2.36'), Decimal('7.00'))
    """
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def worst_status(statuses: Iterable[str]) -> str:
    """Say how well a figure is known that was made from several: as the least known of them."""
    found = set(statuses)
    return next((status for status in _WORST_FIRST if status in found), "verified")
