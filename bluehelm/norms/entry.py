"""A norm and its dated values: what is true of each value on its own, whoever wrote it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from bluehelm.errors import InvalidRecordError, UnknownNormError
from bluehelm.words import say

Value = Decimal | float | int | str

PAY_GROUPS = ("contingent", "individual", "civilian")
# Kept in English, and translated where it is read: the language in force must not decide the digest of the norms.
AMENDED = "Amended: a what-if laid over the norms."
LARGEST = 1e15


@dataclass(frozen=True, slots=True)
class Measure:
    """What a value in some unit may be, and how that is said."""

    expected: str
    high: float = LARGEST
    above_zero: bool = False
    money: bool = False
    whole: bool = False
    choices: tuple[str, ...] = ()


SHARE = Measure("a number from 0 to 1", high=1)
AMOUNT = Measure("a number, 0 or more")
POSITIVE = Measure("a number above 0", above_zero=True)
COUNT = Measure("a whole number, 0 or more", whole=True)
MONEY = Measure("an amount in quotes such as '1428.50', or a whole number, 0 or more", money=True)

MEASURES: Mapping[str, Measure] = {
    "share": SHARE,
    "ratio": POSITIVE,
    "km/hour": POSITIVE,
    "km": AMOUNT,
    "hour": AMOUNT,
    "hour/month": AMOUNT,
    "hour/person/month": AMOUNT,
    "hour/zone/month": AMOUNT,
    "death/million persons/month": AMOUNT,
    "litre/person/month": AMOUNT,
    "day": COUNT,
    "month": COUNT,
    "year": COUNT,
    "person": COUNT,
    "aircraft": COUNT,
    "payer": COUNT,
    "USD": MONEY,
    "USD/month": MONEY,
    "USD/person": MONEY,
    "USD/person/month": MONEY,
    "USD/aircraft/month": MONEY,
    "USD/litre": MONEY,
    "USD/litre/km": MONEY,
    "pay group": Measure("contingent, individual or civilian", choices=PAY_GROUPS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One value of a norm, from a day on. low and high are None where nobody states a range."""

    since: date
    value: Value
    low: Value | None
    high: Value | None
    status: str
    source: str
    reason: str

    @property
    def origin(self) -> str:
        """Return the source, or else the reason; our own reason in the reader's language."""
        return self.source or (say(AMENDED) if self.reason == AMENDED else self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A number with a unit, dates and sources. amended: a what-if laid over it has changed it."""

    key: str
    unit: str
    meaning: str
    entries: tuple[Entry, ...]
    amended: bool = False

    def on(self, day: date) -> Entry:
        """Return the entry in force on a day."""
        place = bisect_right(self.entries, day, key=lambda entry: entry.since)
        if place == 0:
            first = self.entries[0]
            raise UnknownNormError(
                "Norm '{key}' has no value on {day}; its first value starts on {first} ({source}). "
                "Choose a later day, or add the earlier value with its source.",
                key=self.key,
                day=day,
                first=first.since,
                source=first.source or first.status,
            )
        return self.entries[place - 1]


def as_value(key: str, unit: str, field: str, raw: object) -> Value:
    """Return a raw value as what its unit asks for, or say what was expected."""
    measure = MEASURES[unit]
    value = _money(raw) if measure.money else raw
    if not _fits(measure, value):
        raise InvalidRecordError(
            "Norm '{key}' has {field} = {raw!r} ({unit}); {expected} was expected. Change it.",
            key=key,
            field=field,
            raw=raw,
            unit=unit,
            expected=say(measure.expected),
        )
    assert isinstance(value, Decimal | float | int | str)
    return value


def _money(raw: object) -> object:
    # A float such as 0.1 is not the amount that was typed, so money is never read from one.
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        return None
    try:
        return Decimal(raw)
    except InvalidOperation:
        return None


def _fits(measure: Measure, value: object) -> bool:
    if measure.choices:
        return isinstance(value, str) and value in measure.choices
    if isinstance(value, bool) or not isinstance(value, Decimal if measure.money else int | float):
        return False
    # A comparison with NaN is false, except for a signalling Decimal, which would raise.
    if isinstance(value, Decimal) and not value.is_finite():
        return False
    if measure.whole and not isinstance(value, int):
        return False
    return (value > 0 if measure.above_zero else value >= 0) and value <= measure.high


def check_range(key: str, value: Value, low: Value | None, high: Value | None) -> None:
    """Refuse a range that does not hold its value."""
    if low is None and high is None:
        return
    known = [part for part in (low, value, high) if isinstance(part, Decimal | float | int)]
    if len(known) == 3 and known[0] <= known[1] <= known[2]:
        return
    raise InvalidRecordError(
        "Norm '{key}' has low = {low}, value = {value}, high = {high}; low <= value <= high was expected. "
        "Widen the range or change the value.",
        key=key,
        low=low,
        value=value,
        high=high,
    )
