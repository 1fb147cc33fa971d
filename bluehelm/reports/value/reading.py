"""The record of what adaptability is worth, read for its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bluehelm.reports.numbers import NOTHING, decimal, money, signed, span, whole
from bluehelm.words import say

Row = Mapping[str, Any]
MAIN = ("rigid", "rolling", "adaptive", "clairvoyant")
MAIN_DIFFERENCES = ("adaptability", "vss", "evpi")
FULL_FROM = 100


class ValueReading:
    """Arms, differences and notes, by what the report asks."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.record = record
        self.arms: Sequence[Row] = record["arms"]
        self._differences = {row["name"]: row for row in record["differences"]}

    def arm(self, name: str) -> Row | None:
        """One way to plan; None where there is none."""
        return next((row for row in self.arms if row["arm"] == name), None)

    def difference(self, name: str) -> Row | None:
        """One difference; None where one of its two arms is missing."""
        return self._differences.get(name)

    @property
    def main_arms(self) -> list[Row]:
        """The four ways that every report compares, as far as they were found."""
        return [row for row in self.arms if row["arm"] in MAIN]

    @property
    def other_arms(self) -> list[Row]:
        """Ways that lack a part, or know what a file says."""
        return [row for row in self.arms if row["arm"] not in MAIN]

    def notes(self, kind: str) -> list[Row]:
        """Notes of one kind."""
        return [note for note in self.record["notes"] if note["note"] == kind]

    @property
    def nothing_to_learn(self) -> bool:
        """Whether the futures do not differ."""
        return bool(self.notes("nothing_to_learn"))

    @property
    def tail_share(self) -> float:
        """Share of the futures that the tail is taken over."""
        return 1 - float(self.record["alpha"])


def deaths(number: float) -> str:
    """Write deaths: with a decimal below 100.

    Examples
    --------
    >>> deaths(1.309), deaths(1234.0), deaths(-0.01)
    ('1.3', '1,234', '0.0')
    """
    text = whole(number) if abs(number) >= FULL_FROM else decimal(number, 1)
    return text.removeprefix("-") if not any(digit in text for digit in "123456789") else text.replace("-", "−")


def proven(row: Row) -> str:
    """Write the interval that is proven of a difference in deaths; one number where its ends are the same."""
    return NOTHING if row["low"] is None else _between(deaths(row["low"]), deaths(row["high"]))


def _between(low: str, high: str) -> str:
    return low if low == high else span(low, high)


def money_range(row: Row) -> str:
    """Write the interval of a difference in money."""
    low, high = row["cost_low_usd"], row["cost_high_usd"]
    if low is None or high is None:
        return NOTHING
    return _between(*(signed(decimal(usd / 1e6, 2)) for usd in (low, high)))


def saved(usd: float) -> str:
    """Say how much money one way of planning saves, or costs more."""
    if round(abs(usd) / 1e6, 1) == 0:
        return say("about as much money")
    if usd > 0:
        return say("{money} less", money=money(usd))
    return say("{money} more", money=money(-usd))
