"""The scales that come with the package: regular rates and levels of all States, by period, and what is not known."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.assessment_rules import DECIDED_RATES, ONE_RATE_EACH, broken
from bluehelm.finance.scale import PeacekeepingScale, RegularRate, peacekeeping_scale
from bluehelm.norms import Norms

FOLDER = Path(__file__).parents[1] / "data" / "scales"
MEMBERS = 193


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedPeriod:
    """A period of the scale. transitions: discounts that hold in one year on the way to a level."""

    period: str
    first_day: date
    last_day: date
    source: str
    levels_source: str
    transitions: tuple[Mapping[str, Any], ...]

    def spans(self) -> tuple[tuple[date, date], ...]:
        """Return the spans of years within which no rate changes."""
        years = range(self.first_day.year, self.last_day.year + 1)
        starts = [year for year in years if year == years[0] or self._of(year) != self._of(year - 1)]
        ends = [*(start - 1 for start in starts[1:]), years[-1]]
        return tuple((date(start, 1, 1), date(end, 12, 31)) for start, end in zip(starts, ends, strict=True))

    def _of(self, year: int) -> list[Mapping[str, Any]]:
        return [transition for transition in self.transitions if transition["year"] == year]

    def discounts(self, year: int) -> dict[str, tuple[Decimal, str]]:
        """Return State -> (discount [%], level it comes from) of those on the way in that year."""
        return {row["member_state"]: (Decimal(row["discount_pct"]), row["from_level"]) for row in self._of(year)}


@cache
def shipped_periods() -> dict[str, ShippedPeriod]:
    """Return the periods, in order of time."""
    raw = tomllib.loads((FOLDER / "periods.toml").read_text(encoding="utf-8"))
    return {
        name: ShippedPeriod(period=name, **{**row, "transitions": tuple(row["transitions"])})
        for name, row in raw.items()
    }


@cache
def _rows(period: str) -> tuple[Mapping[str, str], ...]:
    with (FOLDER / f"{period}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def shipped_period(period: str) -> ShippedPeriod:
    """Return a period by its name.

    Raises
    ------
    RuleError
        If no scale of that period is decided, or it lies before those that are at hand.
    """
    periods = shipped_periods()
    name = period.strip().replace("–", "-")
    if name not in periods:
        raise broken(
            DECIDED_RATES,
            "No scale of '{period}' is at hand; those of {known} are. Choose one, or give the rates by --regular and "
            "the levels by --levels.",
            period=period,
            known=", ".join(periods),
        )
    return periods[name]


def shipped_rates(period: ShippedPeriod, year: int) -> tuple[RegularRate, ...]:
    """Return regular rate and level of all 193 States in a year of a period.

    Raises
    ------
    RuleError
        If rates or levels of some States are not known: nothing is filled in.
    """
    rows = _rows(period.period)
    known = [row for row in rows if row["level"]]
    if len(known) < MEMBERS:
        raise broken(
            ONE_RATE_EACH,
            "The scale of {period} cannot be computed: of {members} States the regular rates of {rates} are at hand "
            "({verified} verified, the others recalled) and the levels of {levels}. Give all of them by --regular and "
            "--levels.",
            period=period.period,
            members=MEMBERS,
            rates=len(rows),
            verified=sum(row["rate_status"] == "verified" for row in rows),
            levels=len(known),
        )
    on_the_way = period.discounts(year)
    return tuple(
        RegularRate(
            member_state=row["member_state"],
            rate_pct=Decimal(row["regular_rate_pct"]),
            level=row["level"],
            discount_pct=on_the_way.get(row["member_state"], (None, ""))[0],
            from_level=on_the_way.get(row["member_state"], (None, ""))[1],
            basis=row["level_basis"],
        )
        for row in rows
    )


def shipped_scale(period: str, norms: Norms, year: int | None = None) -> PeacekeepingScale:
    """Return the peacekeeping scale of a period; of one of its years where they differ, the last if none is named.

    Examples
    --------
    >>> from bluehelm.norms import load_norms
    >>> scale = shipped_scale("2022-2024", load_norms())
    >>> {state.member_state: str(state.peacekeeping_rate_pct) for state in scale.states}["United States of America"]
    '26.9493'
    """
    found = shipped_period(period)
    chosen = found.last_day.year if year is None else year
    span = next((span for span in found.spans() if span[0].year <= chosen <= span[1].year), None)
    if span is None:
        raise InvalidRecordError(
            "{year} is not in the period {period}. Choose one of its years.", year=chosen, period=found.period
        )
    return peacekeeping_scale(shipped_rates(found, chosen), norms, span[0], period=found.period, days=span)


def all_shipped_scales(norms: Norms) -> tuple[PeacekeepingScale, ...]:
    """Return every scale that can be computed, in order of time; a period that is not known in full is left out."""
    return tuple(
        shipped_scale(period.period, norms, span[0].year)
        for period in shipped_periods().values()
        if len([row for row in _rows(period.period) if row["level"]]) == MEMBERS
        for span in period.spans()
    )


def known_members() -> frozenset[str]:
    """Return the names of the 193 Member States as they are written in the shipped scales."""
    return frozenset(row["member_state"] for row in _rows("2022-2024"))


def last_decided_day() -> date:
    """Return the last day of the last scale that the General Assembly is known to have decided."""
    return max(period.last_day for period in shipped_periods().values())


def shipped_digest(period: str) -> str:
    """Return the sha256 of the file of a period."""
    return hashlib.sha256((FOLDER / f"{period}.csv").read_bytes()).hexdigest()
