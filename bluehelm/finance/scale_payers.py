"""Payers by the scale of assessments that comes with the package, where no table of payers is given.

A payer's payments are drawn with one rate for all letters, so that the scale of the first month holds for the run.
Where another scale is in force later, or none is at hand, the months are counted, so that reports can say it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bluehelm.finance.payers import Payer, checked_payers, with_known_behaviour
from bluehelm.finance.scale import PeacekeepingScale
from bluehelm.finance.shipped_scales import all_shipped_scales, shipped_digest, shipped_period
from bluehelm.mission.months import Month
from bluehelm.norms.norms import Norms


@dataclass(frozen=True, slots=True)
class ScalePayers:
    """Payers by a scale, and what is to be said of it, as plain values ready for JSON."""

    payers: tuple[Payer, ...]
    rates: dict[str, Any]


def default_payers(norms: Norms, first_month: Month, months: int = 1) -> ScalePayers:
    """Return all States at their exact rates of the scale in force in the first month, with what is known of how they
    pay; the nearest scale, earlier or later, where none is at hand for that month.

    Examples
    --------
    >>> from bluehelm.norms import load_norms
    >>> found = default_payers(load_norms(), Month(2024, 7), 12)
    >>> len(found.payers), found.rates["period"], found.rates["carried_forward"]
    (193, '2022-2024', {'from': '2025-01', 'to': '2025-06', 'months': 6})
    """
    scales = all_shipped_scales(norms)
    first = first_month.first_day
    used = min(scales, key=lambda scale: _days_off(scale, first))
    payers = [
        Payer(payer=state, rate_pct=decimal_of(rate))
        for state, rate in sorted(used.exact_rates().items(), key=lambda one: (-one[1], one[0]))
    ]
    return ScalePayers(
        with_known_behaviour(checked_payers(payers), norms, first),
        _rates(used, scales, [first_month + t for t in range(months)]),
    )


def decimal_of(rate: Fraction) -> Decimal:
    """Return an exact rate to 28 digits."""
    return Decimal(rate.numerator) / Decimal(rate.denominator)


def _span(scale: PeacekeepingScale) -> tuple[date, date]:
    assert scale.first_day is not None and scale.last_day is not None
    return scale.first_day, scale.last_day


def _days_off(scale: PeacekeepingScale, day: date) -> int:
    """Days from a day to the scale's period; 0 within."""
    first, last = _span(scale)
    return max((first - day).days, (day - last).days, 0)


def _rates(used: PeacekeepingScale, scales: Sequence[PeacekeepingScale], months: Sequence[Month]) -> dict[str, Any]:
    """Say which scale is used, and in which months it is not the one in force."""
    first, last = _span(used)
    known = shipped_period(used.period)
    out = [month for month in months if not first <= month.first_day <= last]
    other = [month for month in out if any(not _days_off(scale, month.first_day) for scale in scales)]
    none = [month for month in out if month not in other]
    return {
        "period": used.period,
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "carried_back": _run([month for month in none if month.first_day < first]),
        "carried_forward": _run([month for month in none if month.first_day > last]),
        "another_scale": _run(other),
        "source": known.source,
        "levels_source": known.levels_source,
        "levels_inferred": sum(state.basis == "inferred" for state in used.states),
        "sha256": shipped_digest(used.period),
    }


def _run(months: Sequence[Month]) -> dict[str, Any] | None:
    return {"from": str(months[0]), "to": str(months[-1]), "months": len(months)} if months else None
