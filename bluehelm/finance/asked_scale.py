"""The scale that a reader asks for, from the package or from files, with what is to be said of it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.levels import H_OR_I
from bluehelm.finance.regular_limits import beyond_limits
from bluehelm.finance.scale import ROUNDING_RULE, PeacekeepingScale, peacekeeping_scale
from bluehelm.finance.scale_file import read_rates_and_levels
from bluehelm.finance.shipped_scales import (
    MEMBERS,
    all_shipped_scales,
    known_members,
    last_decided_day,
    shipped_digest,
    shipped_period,
    shipped_periods,
    shipped_scale,
)
from bluehelm.norms import Norms
from bluehelm.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedScale:
    """A scale, sentences that belong to it, and what it was made from (names and sha256 of files, digest of norms)."""

    scale: PeacekeepingScale
    notes: tuple[str, ...]
    made_from: dict[str, str]


def asked_scale(
    norms: Norms, period: str | None, year: int | None, regular: Path | None, levels: Path | None
) -> AskedScale:
    """Return the scale of a period, or of two files.

    Raises
    ------
    InvalidRecordError
        If neither a period nor both files are named, or a year goes with files.
    RuleError
        See `shipped_rates`, `read_rates_and_levels` and `peacekeeping_scale`.
    """
    if (regular is None) != (levels is None) or (regular is None and period is None) or (regular and year):
        raise InvalidRecordError(
            "A scale is asked for by --period with or without --year, or by --regular and --levels together with or "
            "without --period. Give one of the two."
        )
    if regular is not None and levels is not None:
        return _from_files(norms, regular, levels, period)
    found = shipped_period(period or "")
    scale = shipped_scale(found.period, norms, year)
    notes = [
        say("Regular rates: {source}.", source=found.source),
        say("Levels: {source}.", source=found.levels_source),
        *_notes_on_levels(scale),
    ]
    if len(found.spans()) > 1:
        notes.append(
            say(
                "Rates changed within the period; these hold from {first} to {last}. Name another year by --year.",
                first=scale.first_day,
                last=scale.last_day,
            )
        )
    made_from = {f"{found.period}.csv": shipped_digest(found.period)}
    return AskedScale(scale=scale, notes=tuple(notes), made_from=_with_norms(made_from, norms))


def _from_files(norms: Norms, regular: Path, levels: Path, period: str | None) -> AskedScale:
    days = period_days(period) if period else None
    given = read_rates_and_levels(regular, levels, days)
    # A what-if without a period takes the norms of the latest decided scale.
    on = days[0] if days else max(known.first_day for known in shipped_periods().values())
    used = given.norms(norms)
    scale = peacekeeping_scale(given.rates, used, on, period=period or "", days=days)
    names = {state.member_state for state in scale.states}
    absent = sorted(known_members() - names)
    notes = [*_notes_on_levels(scale), *beyond_limits(given.rates, used, on)]
    if absent and len(absent) <= MEMBERS // 2:
        notes.append(
            say(
                "{count} of the {members} Member States {count:is|are} not on this scale under the name we "
                "use: {states}.",
                count=len(absent),
                members=MEMBERS,
                states=", ".join(absent[:5]),
            )
        )
    if days is None:
        notes.append(say("A what-if: no period is named, so no letter can be written by this scale."))
    made_from = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (regular, levels)}
    return AskedScale(scale=scale, notes=tuple(notes), made_from=_with_norms(made_from, used))


def _notes_on_levels(scale: PeacekeepingScale) -> list[str]:
    notes = []
    basis = Counter(state.basis for state in scale.states)
    if basis["inferred"]:
        notes.append(
            say(
                "Levels of {count} {count:State is|States are} inferred from what they were assessed, not read "
                "from the list.",
                count=basis["inferred"],
            )
        )
    unknown = sum(state.level == H_OR_I for state in scale.states)
    if unknown:
        notes.append(
            say(
                "{count} {count:State is|States are} at level H or I: both have one discount, so rates do not tell "
                "which.",
                count=unknown,
            )
        )
    return notes


def _with_norms(made_from: dict[str, str], norms: Norms) -> dict[str, str]:
    return {**made_from, "norms": norms.digest(), "rounding": ROUNDING_RULE}


def period_days(period: str) -> tuple[date, date]:
    """Return the first and last day of a period of years such as 2025-2027.

    Examples
    --------
    >>> period_days("2025-2027")
    (datetime.date(2025, 1, 1), datetime.date(2027, 12, 31))
    """
    found = re.fullmatch(r"\s*(\d{4})\s*[-–]\s*(\d{4})\s*", period, re.ASCII)
    if not found or not 1946 <= int(found[1]) <= int(found[2]):
        raise InvalidRecordError(
            "'{text}' is no period of years; one such as 2022-2024 was expected. The last decided scale ends on "
            "{last}.",
            text=period,
            last=last_decided_day(),
        )
    return date(int(found[1]), 1, 1), date(int(found[2]), 12, 31)


def scales_for_letters(
    norms: Norms, period: str | None, year: int | None, regular: Path | None, levels: Path | None
) -> tuple[tuple[PeacekeepingScale, ...], tuple[str, ...], dict[str, str]]:
    """Return the scales by which letters can be written, sentences that belong to them, and what they were made from.

    Without a period or files these are all that come with the package; with files, theirs takes the place of those of
    the same days.

    Raises
    ------
    InvalidRecordError
        If files are given without the period for which their rates are decided; else see `asked_scale`.
    """
    shipped = all_shipped_scales(norms)
    if period is None and regular is None and levels is None:
        made_from = {f"{scale.period}.csv": shipped_digest(scale.period) for scale in shipped}
        return shipped, (), _with_norms(made_from, norms)
    asked = asked_scale(norms, period, year, regular, levels)
    first, last = asked.scale.first_day, asked.scale.last_day
    if first is None or last is None:
        raise InvalidRecordError(
            "Letters are asked for by a scale without a period. Name the period for which it is decided by --period."
        )
    if regular is None:
        return (asked.scale,), asked.notes, asked.made_from
    apart = [
        scale for scale in shipped
        if scale.first_day and scale.last_day and (scale.last_day < first or scale.first_day > last)
    ]  # fmt: skip
    scales = sorted([*apart, asked.scale], key=lambda scale: scale.first_day or last)
    made_from = {f"{scale.period}.csv": shipped_digest(scale.period) for scale in apart}
    return tuple(scales), asked.notes, {**made_from, **asked.made_from}
