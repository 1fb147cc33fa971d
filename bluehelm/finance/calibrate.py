"""Fit the model of cost to published spending and strengths, and state its error on missions it has not seen."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bluehelm.errors import ImportFileError
from bluehelm.finance.cost_model import CostModel, Fit, MissionYear, fit, left_out, varying
from bluehelm.finance.money_file import MoneyRow, chosen, mission_key, read_money
from bluehelm.finance.strength_file import TERMS, StrengthRow, read_strengths
from bluehelm.mission.tables import Row
from bluehelm.words import say

TARGET_SHARE = 0.12
# What was spent before what was approved; of what was approved, the mission's own part before its prorated shares.
SPENT_FIRST = (
    "expenditure (actual)", "", "mission maintenance", "appropriation", "approved", "apportionment", "approved (total)",
    "total appropriation (with prorated shares)",
)  # fmt: skip
MOST_NAMED = 6
# Below it a term costs more mission-years than it is worth, and is left out instead of them.
MOST_KNOWN_SHARE = 2 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One mission-year: what was spent, what the model says, and what a model fitted without the mission says."""

    year: MissionYear
    measure: str
    fitted_usd: float
    left_out_usd: float

    @property
    def fitted_error_share(self) -> float:
        """Error of the model, as a share of what was spent."""
        return self.fitted_usd / self.year.spent_usd - 1

    @property
    def left_out_error_share(self) -> float:
        """Error of the model that has not seen the mission."""
        return self.left_out_usd / self.year.spent_usd - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The model, how it does on each mission-year, and what was left out on the way, as sentences."""

    model: CostModel
    how: Fit
    told: tuple[Told, ...]
    notes: tuple[str, ...]
    provenance: dict[str, str]

    @property
    def left_out_error_share(self) -> float:
        """Median of the absolute error shares over mission-years, each told without its mission."""
        return median(abs(row.left_out_error_share) for row in self.told)

    @property
    def left_out_error_by_mission(self) -> float:
        """The same, each mission counted once by the median of its years."""
        by_mission: defaultdict[str, list[float]] = defaultdict(list)
        for row in self.told:
            by_mission[row.year.mission].append(abs(row.left_out_error_share))
        return median(median(errors) for errors in by_mission.values())

    @property
    def fitted_error_share(self) -> float:
        """Median of the absolute error shares of the model on what it was fitted to."""
        return median(abs(row.fitted_error_share) for row in self.told)

    @property
    def level_by_year(self) -> dict[str, float]:
        """Median error share of each fiscal year: a drift of prices that the model does not have would show here."""
        by_year: defaultdict[str, list[float]] = defaultdict(list)
        for row in self.told:
            by_year[row.year.fiscal_year].append(row.fitted_error_share)
        return {year: median(errors) for year, errors in sorted(by_year.items())}


def calibrate(spending: Path | str, strengths: Path | str, how: Fit = "absolute", measure: str = "") -> Calibration:
    """Fit the model to two files.

    measure: take amounts of this measure only; otherwise what was spent, or else what was approved.

    Raises
    ------
    ImportFileError, InvalidRecordError
        If a file cannot be used, or the two have too few missions in common.
    """
    money, known = read_money(spending), read_strengths(strengths)
    kept, notes = _amounts(money, measure, Path(spending).name)
    pairs, unmatched = _pairs(kept, known)
    notes += unmatched
    if not pairs:
        raise ImportFileError(
            "{spending} and {strengths} have no mission and fiscal year in common. The first has {first}; the second "
            "has {second}. Write the same acronyms and years in both.",
            spending=Path(spending).name,
            strengths=Path(strengths).name,
            first=_named([f"{row.record.mission} {row.record.fiscal_year}" for row in kept]),
            second=_named([f"{row.record.mission} {row.record.fiscal_year}" for row in known]),
        )
    terms, dropped = _terms(pairs)
    pairs, lacking = _complete(pairs, terms)
    notes += [*dropped, *lacking]
    years = [_mission_year(amount, strength, terms) for amount, strength in pairs]
    uses = varying(years, terms)
    notes += [
        say("The term '{term}' is left out: it is the same in all mission-years.", term=term)
        for term in terms
        if term not in uses
    ]
    model = fit(years, uses, how)
    unseen = left_out(years, uses, how)
    return Calibration(
        model=model,
        how=how,
        told=tuple(
            Told(year=year, measure=amount.measure, fitted_usd=model.spending_usd(year), left_out_usd=usd)
            for year, (amount, _), usd in zip(years, pairs, unseen, strict=True)
        ),
        notes=tuple(notes),
        provenance={
            "spending_hash": hashlib.sha256(Path(spending).read_bytes()).hexdigest(),
            "strengths_hash": hashlib.sha256(Path(strengths).read_bytes()).hexdigest(),
        },
    )


def _amounts(rows: Sequence[Row[MoneyRow]], measure: str, file: str) -> tuple[list[Row[MoneyRow]], list[str]]:
    kept = chosen(rows, (measure,) if measure else SPENT_FIRST)
    if not kept:
        raise ImportFileError(
            "{file} has no amount that is {wanted}; its measures are {measures}. Name one of these with --measure.",
            file=file,
            wanted=f"'{measure}'" if measure else ", ".join(f"'{known}'" for known in SPENT_FIRST if known),
            measures=", ".join(sorted({f"'{row.record.measure}'" for row in rows})),
        )
    others = {row.record.measure for row in rows if row not in kept and row.record.measure not in SPENT_FIRST}
    notes = []
    if others and not measure:
        notes.append(
            say(
                "{count} {count:row|rows} of {file} {count:is|are} left out, being neither spent nor approved for a "
                "whole year: {measures}.",
                count=sum(row.record.measure in others for row in rows),
                file=file,
                measures=", ".join(sorted(others)),
            )
        )
    return kept, notes


def _pairs(
    money: Sequence[Row[MoneyRow]], known: Sequence[Row[StrengthRow]]
) -> tuple[list[tuple[MoneyRow, StrengthRow]], list[str]]:
    strengths = {(mission_key(r.record.mission), r.record.fiscal_year): r.record for r in known}
    amounts = {(mission_key(r.record.mission), r.record.fiscal_year): r.record for r in money}
    both = sorted(amounts.keys() & strengths.keys())
    unmatched = [f"{row.mission} {row.fiscal_year}" for key, row in sorted(amounts.items()) if key not in strengths]
    unpaid = [f"{row.mission} {row.fiscal_year}" for key, row in sorted(strengths.items()) if key not in amounts]
    notes = []
    if unmatched:
        notes.append(
            say(
                "{count} {count:amount|amounts} without a strength {count:is|are} left out: {names}.",
                count=len(unmatched),
                names=_named(unmatched),
            )
        )
    if unpaid:
        notes.append(
            say(
                "{count} {count:strength|strengths} without an amount {count:is|are} left out: {names}.",
                count=len(unpaid),
                names=_named(unpaid),
            )
        )
    return [(amounts[key], strengths[key]) for key in both], notes


def _terms(pairs: Sequence[tuple[MoneyRow, StrengthRow]]) -> tuple[list[str], list[str]]:
    """Keep the terms that are known of most mission-years; a blank is not a zero."""
    kept, notes = [], []
    for term in TERMS:
        known = sum(getattr(strength, term) is not None for _, strength in pairs)
        if known >= MOST_KNOWN_SHARE * len(pairs):
            kept.append(term)
        else:
            notes.append(
                say(
                    "The term '{term}' is left out: it is given for {known} of {rows} mission-years, fewer than two "
                    "in three.",
                    term=term,
                    known=known,
                    rows=len(pairs),
                )
            )
    return kept, notes


def _complete(
    pairs: Sequence[tuple[MoneyRow, StrengthRow]], terms: Sequence[str]
) -> tuple[list[tuple[MoneyRow, StrengthRow]], list[str]]:
    """Keep the mission-years that give every term kept."""
    lacking = [pair for pair in pairs if any(getattr(pair[1], term) is None for term in terms)]
    if not lacking:
        return list(pairs), []
    names = _named([f"{money.mission} {money.fiscal_year}" for money, _ in lacking])
    note = say(
        "{count} {count:mission-year|mission-years} without a figure for every term {count:is|are} left out: {names}.",
        count=len(lacking),
        names=names,
    )
    return [pair for pair in pairs if pair not in lacking], [note]


def _mission_year(money: MoneyRow, strength: StrengthRow, terms: Sequence[str]) -> MissionYear:
    assert money.amount_usd is not None
    return MissionYear(
        mission=money.mission,
        fiscal_year=money.fiscal_year,
        spent_usd=float(money.amount_usd),
        strength={term: float(getattr(strength, term)) for term in terms},
    )


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    listed = ", ".join(names[:MOST_NAMED])
    return say("{names} and {count} more", names=listed, count=more) if more > 0 else listed


def record_of(calibration: Calibration) -> dict[str, Any]:
    """Return a calibration as JSON holds it."""
    from bluehelm import __version__

    reached = calibration.left_out_error_share
    return {
        "prices_usd_per_year": calibration.model.prices_usd,
        "fit": calibration.how,
        "mission_years": len(calibration.told),
        "missions": len({row.year.mission for row in calibration.told}),
        "median_absolute_error_share": {
            "leave_one_mission_out": reached,
            "leave_one_mission_out_by_mission": calibration.left_out_error_by_mission,
            "fitted": calibration.fitted_error_share,
        },
        "target_share": TARGET_SHARE,
        "target_reached": reached <= TARGET_SHARE,
        "median_error_share_by_fiscal_year": calibration.level_by_year,
        "told": [
            {
                "mission": row.year.mission,
                "fiscal_year": row.year.fiscal_year,
                "measure": row.measure,
                **row.year.strength,
                "spent_usd": row.year.spent_usd,
                "fitted_usd": row.fitted_usd,
                "left_out_usd": row.left_out_usd,
                "left_out_error_share": row.left_out_error_share,
            }
            for row in calibration.told
        ],
        "notes": list(calibration.notes),
        "provenance": {**calibration.provenance, "bluehelm": __version__},
    }
