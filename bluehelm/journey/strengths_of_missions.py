"""Strengths of missions by fiscal year, from files of IPI (persons by month) and Geo-PKO (bases on maps of a year).

A fiscal year has strengths only where all its twelve months are known, or they would be those of another span. Bases
are known by calendar year: a fiscal year takes the mean of its two. Geo-PKO gives units and not aircraft, so bases with
an aviation unit stand in for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError
from bluehelm.finance.fiscal_year import MONTHS_A_YEAR, fiscal_year_of
from bluehelm.finance.money_file import mission_key
from bluehelm.finance.strength_file import StrengthRow
from bluehelm.mission.importers.geopko import read_bases
from bluehelm.mission.importers.ipi import read_mission_month
from bluehelm.mission.importers.reading import read_rows, scan_table
from bluehelm.mission.months import Month

SOURCE = "IPI Providing for Peacekeeping (Perry and Smith 2013), mean of twelve month ends"
BASES_SOURCE = "Geo-PKO (Cil, Fjelde, Hultman and Nilsson 2020), mean of its calendar years"


def strengths_of(persons: Path | str, bases: Path | str | None, years: Sequence[str]) -> tuple[StrengthRow, ...]:
    """Make strengths for fiscal years.

    persons: mission_month file of IPI. bases: locations of Geo-PKO, v2.1 or v2.3; None leaves sites blank. years: such
    as 2011/12.

    Raises
    ------
    ImportFileError
        If a file cannot be used, or no mission has all twelve months of one of the years.
    """
    strength = _persons(persons, years)
    if not strength:
        raise ImportFileError(
            "{file} has no mission with all twelve months of {years}. Name fiscal years that lie within its months.",
            file=Path(persons).name,
            years=", ".join(years),
        )
    sites = _Sites(bases) if bases is not None else None
    rows = []
    for (mission, year), mean in sorted(strength.items()):
        based, flying = (None, None) if sites is None else sites.of(mission, year)
        rows.append(
            StrengthRow(
                mission=mission,
                fiscal_year=year,
                uniformed_persons=round(mean, 1),
                sites=based,
                aviation_sites=flying,
                source=SOURCE if based is None else f"{SOURCE}; {BASES_SOURCE}",
                status="verified",
            )
        )
    return tuple(rows)


def _persons(path: Path | str, years: Sequence[str]) -> dict[tuple[str, str], float]:
    months: defaultdict[tuple[str, str], dict[Month, float]] = defaultdict(dict)
    table = read_mission_month(path)
    parts = table.select("troops_persons", "police_persons", "observers_persons").sum_horizontal()
    total = table.get_column("total_persons").fill_null(parts)
    for day, mission, persons in zip(table["month_end"], table["mission"], total, strict=True):
        month = Month.of(day)
        if fiscal_year_of(month) in years:
            months[mission, fiscal_year_of(month)][month] = float(persons)
    return {key: sum(known.values()) / MONTHS_A_YEAR for key, known in months.items() if len(known) == MONTHS_A_YEAR}


class _Sites:
    """Bases of missions by calendar year, read once each."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        listed = read_rows(path, scan_table(path, ("mission", "year"))).unique()
        whole = pl.col("year").cast(pl.Float64, strict=False).cast(pl.Int64)
        self.known = {
            (mission_key(mission), year): mission
            for mission, year in listed.drop_nulls().with_columns(whole).drop_nulls().iter_rows()
        }
        self.counted: dict[tuple[str, int], tuple[int, int]] = {}

    def of(self, mission: str, fiscal_year: str) -> tuple[float | None, float | None]:
        """Count bases, and those with an aviation unit: the mean of the calendar years that are known."""
        first = int(fiscal_year[:4])
        years = [year for year in (first, first + 1) if (mission_key(mission), year) in self.known]
        counts = [self._count(mission_key(mission), year) for year in years]
        if not counts:
            return None, None
        return sum(c[0] for c in counts) / len(counts), sum(c[1] for c in counts) / len(counts)

    def _count(self, key: str, year: int) -> tuple[int, int]:
        if (key, year) not in self.counted:
            bases = read_bases(self.path, self.known[key, year], year).bases
            self.counted[key, year] = (len(bases), sum("avia" in base.kinds for base in bases))
        return self.counted[key, year]
