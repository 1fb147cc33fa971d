"""The pieces of a fiscal year for which States are assessed: cut where a mandate ends and where the scale changes.

A fiscal year runs from 1 July to 30 June. What the Security Council has not authorised is not assessed. A piece bears
its months of the year, a part of a month by its days (appropriations are apportioned at a monthly rate); cents are
shared out over the pieces by largest remainder, so that the pieces add up to the appropriation.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.apportion import from_cents, share_out, to_cents
from bluehelm.finance.assessment_rules import AUTHORISED_PERIOD, DECIDED_RATES, broken
from bluehelm.finance.fiscal_year import fiscal_year_days
from bluehelm.finance.scale import PeacekeepingScale

ONE_DAY = timedelta(days=1)
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """A period for which the Security Council has authorised the operation, both days included."""

    first_day: date
    last_day: date
    resolution: str = ""

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise InvalidRecordError(
                "A mandate from {first} to {last} ends before it begins. Exchange the days.", first=self.first_day,
                last=self.last_day,
            )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An authorised part of a fiscal year on one scale, with the amount that it bears."""

    first_day: date
    last_day: date
    resolution: str
    scale: PeacekeepingScale
    amount_usd: Decimal


def months_between(first: date, last: date) -> Fraction:
    """Count months from one day to another, both included; part of a month by its days.

    Examples
    --------
    >>> months_between(date(2023, 7, 1), date(2023, 11, 15))
    Fraction(9, 2)
    """
    total = Fraction(0)
    while first <= last:
        days = calendar.monthrange(first.year, first.month)[1]
        end = min(last, first.replace(day=days))
        total += Fraction((end - first).days + 1, days)
        first = end + ONE_DAY
    return total


def pieces_of(
    fiscal_year: str, amount_usd: Decimal, mandates: Sequence[Authorisation], scales: Sequence[PeacekeepingScale]
) -> tuple[tuple[Piece, ...], Decimal]:
    """Cut a fiscal year where mandates end and scales change.

    Returns
    -------
    pieces in order of time, and the amount of the days that no mandate covers [USD]; together exactly `amount_usd`

    Raises
    ------
    RuleError
        If two mandates overlap, none touches the year, or an authorised day has no decided scale.
    """
    first, last = fiscal_year_days(fiscal_year)
    spans = _authorised(mandates, first, last)
    cut = [piece for start, end, resolution in spans for piece in _by_scale(start, end, resolution, scales)]
    weights = {str(number): months_between(piece.first_day, piece.last_day) for number, piece in enumerate(cut)}
    weights["rest"] = 12 - sum(weights.values(), Fraction(0))
    cents = share_out(to_cents(amount_usd), weights)
    pieces = tuple(replace(piece, amount_usd=from_cents(cents[str(number)])) for number, piece in enumerate(cut))
    return pieces, from_cents(cents["rest"])


def _authorised(mandates: Sequence[Authorisation], first: date, last: date) -> list[tuple[date, date, str]]:
    """Return the mandates within a year, in order."""
    ordered = sorted(mandates, key=lambda mandate: mandate.first_day)
    for before, after in pairwise(ordered):
        if after.first_day <= before.last_day:
            raise broken(
                AUTHORISED_PERIOD, "Mandates overlap: one ends on {last}, the next begins on {first}. Cut one of them.",
                last=before.last_day, first=after.first_day,
            )  # fmt: skip
    within = [
        (max(first, mandate.first_day), min(last, mandate.last_day), mandate.resolution)
        for mandate in ordered
        if mandate.first_day <= last and mandate.last_day >= first
    ]
    if not within:
        raise broken(
            AUTHORISED_PERIOD,
            "No mandate covers a day from {first} to {last}. Give the period that the Security Council has authorised.",
            first=first,
            last=last,
        )
    return within


def _by_scale(first: date, last: date, resolution: str, scales: Sequence[PeacekeepingScale]) -> list[Piece]:
    pieces = []
    while first <= last:
        scale = _scale_on(first, scales)
        assert scale.last_day is not None
        end = min(last, scale.last_day)
        pieces.append(Piece(first_day=first, last_day=end, resolution=resolution, scale=scale, amount_usd=NOTHING))
        first = end + ONE_DAY
    return pieces


def _scale_on(day: date, scales: Sequence[PeacekeepingScale]) -> PeacekeepingScale:
    for scale in scales:
        if scale.first_day and scale.last_day and scale.first_day <= day <= scale.last_day:
            return scale
    known = ", ".join(f"{scale.first_day} – {scale.last_day}" for scale in scales if scale.first_day) or "–"
    raise broken(
        DECIDED_RATES,
        "No scale is at hand for {day}; the periods at hand are {known}. Choose an earlier period, or give the scale "
        "with the period for which it is decided.",
        day=day,
        known=known,
    )
