"""Payers: their share of what is assessed, and how each of them pays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.geo.countries import countries_named
from bluehelm.mission.columns import Column
from bluehelm.norms.norms import Norms

BEHAVIOURS = ("unknown", "punctual", "late", "fiscal", "partial", "capped", "growing", "silent")
HUNDRED = Decimal(100)
# Published rates have four decimals, so that those of 193 States may miss 100 by 193 times half of the last one.
SUM_TOLERANCE_PCT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A State that is assessed, and how it pays.

    unknown: drawn among punctual, late and in part, as States at large pay. punctual: within the term. late: in full,
    within some months. fiscal: in full, after its own fiscal year has begun. partial: a share of each letter. capped:
    no more than its law allows. growing: a share that falls from year to year. silent: nothing.
    """

    payer: Annotated[str, Column("key", "name or ISO code of the State; once in the table")]
    rate_pct: Annotated[Decimal, Column("per cent", "share of what is assessed; all rates sum to 100", low=0, high=100)]
    behaviour: Annotated[str, Column("text", "how it pays", choices=BEHAVIOURS)] = "unknown"
    fiscal_month: Annotated[
        int | None, Column("month", "calendar month (1–12) in which its own fiscal year starts", low=1, high=12)
    ] = None
    cap_pct: Annotated[
        Decimal | None, Column("per cent", "most that its law lets it pay of an assessment", low=0, high=100)
    ] = None
    share_low: Annotated[float | None, Column("share", "least share of a letter paid in part", low=0, high=1)] = None
    share_high: Annotated[float | None, Column("share", "largest share of a letter paid in part", low=0, high=1)] = None
    arrears_usd: Annotated[Decimal, Column("USD", "unpaid from before the first month", low=0)] = Decimal(0)
    valid_from: Annotated[date | None, Column("date", "first day on which the rate holds")] = None

    def __post_init__(self) -> None:
        # A blank cell of a table says that nothing is known.
        object.__setattr__(self, "behaviour", self.behaviour or "unknown")
        _refuse_wrong(self)

    @property
    def share(self) -> float:
        """Share of what is assessed, as the table says."""
        return float(self.rate_pct / HUNDRED)


def _refuse_wrong(payer: Payer) -> None:
    """Refuse what cannot be, whether it comes from a file or from Python."""
    name = payer.payer
    if payer.behaviour not in BEHAVIOURS:
        raise InvalidRecordError(
            "Payer '{payer}' pays '{behaviour}', which is not a way to pay; one of {known} was expected. "
            "Nearest name: '{nearest}'.",
            payer=name,
            behaviour=payer.behaviour,
            known=", ".join(BEHAVIOURS),
            nearest=nearest(payer.behaviour, BEHAVIOURS),
        )
    if not (payer.rate_pct.is_finite() and 0 <= payer.rate_pct <= HUNDRED):
        raise InvalidRecordError(
            "Payer '{payer}' has a rate of {rate} %; 0 to 100 was expected. Correct rate_pct.",
            payer=name,
            rate=payer.rate_pct,
        )
    if not (payer.arrears_usd.is_finite() and payer.arrears_usd >= 0):
        raise InvalidRecordError(
            "Payer '{payer}' has arrears of {arrears} USD; 0 or more was expected. A payer that is ahead owes 0.",
            payer=name,
            arrears=payer.arrears_usd,
        )
    if payer.fiscal_month is not None and not 1 <= payer.fiscal_month <= 12:
        raise InvalidRecordError(
            "Payer '{payer}' begins its fiscal year in month {month}; a calendar month from 1 to 12 was expected.",
            payer=name,
            month=payer.fiscal_month,
        )
    if payer.behaviour == "fiscal" and payer.fiscal_month is None:
        raise InvalidRecordError(
            "Payer '{payer}' pays by its own fiscal year, but fiscal_month is blank. Give the calendar month (1 to 12) "
            "in which that year starts.",
            payer=name,
        )
    if payer.behaviour == "capped" and payer.cap_pct is None:
        raise InvalidRecordError(
            "Payer '{payer}' is capped by law, but cap_pct is blank. Give the largest percentage of an assessment that "
            "it may pay, such as 25.",
            payer=name,
        )
    low, high = payer.share_low, payer.share_high
    if not (0 <= (0 if low is None else low) <= (1 if high is None else high) <= 1):
        raise InvalidRecordError(
            "Payer '{payer}' pays between {low} and {high} of a letter; shares from 0 to 1, the lower one first, were "
            "expected.",
            payer=name,
            low=low,
            high=high,
        )


def checked_payers(payers: Iterable[Payer], on: date | None = None) -> tuple[Payer, ...]:
    """Return payers if each stands once, their rates sum to 100 and hold on a day.

    Raises
    ------
    InvalidRecordError
        If there is none, one stands twice, rates miss 100 by more than 0.01, or a rate begins after the day.
    """
    listed = tuple(payers)
    if not listed:
        raise InvalidRecordError("There is no payer. Give at least one, with its rate.")
    twice = [name for name, count in Counter(one.payer for one in listed).items() if count > 1]
    if twice:
        raise InvalidRecordError(
            "{count} {count:payer stands|payers stand} twice: {first}. Each was expected once, with one rate.",
            count=len(twice),
            first=", ".join(f"'{name}'" for name in twice[:5]),
        )
    total = sum((one.rate_pct for one in listed), Decimal(0))
    if abs(total - HUNDRED) > SUM_TOLERANCE_PCT:
        raise InvalidRecordError(
            "Rates of {count} payers sum to {total} %; 100 within {tolerance} was expected. Look for a payer that is "
            "missing, or for shares given as percentages.",
            count=len(listed),
            total=total,
            tolerance=SUM_TOLERANCE_PCT,
        )
    later = [one for one in listed if on is not None and one.valid_from is not None and one.valid_from > on]
    if later:
        raise InvalidRecordError(
            "The rate of '{payer}' holds from {day}, after {on}; {count} of {all} rates lie in the future. "
            "Give the rates of the period that is assessed.",
            payer=later[0].payer,
            day=later[0].valid_from,
            on=on,
            count=len(later),
            all=len(listed),
        )
    return listed


def with_known_behaviour(payers: Sequence[Payer], norms: Norms, on: date) -> tuple[Payer, ...]:
    """Say of payers of whom nothing is said what the norms know: a cap by law and the fiscal year of the payer."""
    caps = {key.partition(".")[2]: norms.number(key, on) for key in _keys(norms, "payment_cap_share.")}
    return tuple(_capped(one, caps, norms, on) if one.behaviour == "unknown" else one for one in payers)


def _capped(payer: Payer, caps: dict[str, float], norms: Norms, on: date) -> Payer:
    code = code_of(payer.payer)
    if code not in caps:
        return payer
    key = f"payer_fiscal_month.{code}"
    month = payer.fiscal_month
    if month is None and _keys(norms, key):
        month = int(norms.number(key, on))
    cap = Decimal(str(caps[code])) * HUNDRED
    return replace(payer, behaviour="capped", cap_pct=cap, fiscal_month=month)


def _keys(norms: Norms, beginning: str) -> list[str]:
    return [key for key in norms.table if key.startswith(beginning)]


@cache
def code_of(payer: str) -> str:
    """Return the ISO code of the State that a name means; an empty text where it means none."""
    try:
        return countries_named(payer)[0].iso3
    except InvalidRecordError:
        return ""
