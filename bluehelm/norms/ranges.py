"""The ranges of what is assumed: what the sensitivity study re-plans at both ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bluehelm.norms.norms import Norms


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedRange:
    """A scalar norm that is not verified, with the ends between which it may lie."""

    key: str
    unit: str
    value: Decimal | float
    low: Decimal | float
    high: Decimal | float
    status: str
    reason: str


def assumed_ranges(norms: Norms, keys: Iterable[str] | None, on: date) -> tuple[AssumedRange, ...]:
    """List the norms among `keys` (None for all) that are not verified on a day and have a range to try.

    Norms that only start later, and values with nothing between low and high, are left out.
    """
    found = []
    for key in norms.keys() if keys is None else keys:
        norm = norms.norm(key)
        if norm.entries[0].since > on:
            continue
        entry = norm.on(on)
        if entry.status == "verified" or entry.low is None or entry.high is None or entry.low == entry.high:
            continue
        value, low, high = (_scalar(part) for part in (entry.value, entry.low, entry.high))
        found.append(
            AssumedRange(
                key=key, unit=norm.unit, value=value, low=low, high=high, status=entry.status, reason=entry.reason
            )
        )
    return tuple(found)


def _scalar(value: Decimal | float | str) -> Decimal | float:
    assert not isinstance(value, str), "a text has no range"
    return value
