"""Geo-PKO v2.3: from the yearly rows of one mission to its bases, with its troop-type and contributor files if given.

A location stands several times in a year, once per state of the maps: its highest headquarters level holds, its
strength is `ave.no.troops` (the mean over that year's maps; blank = unknown), and nothing is ever summed.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from bluehelm.mission.importers.base import Base, plain_name
from bluehelm.mission.importers.reading import number, read_rows, scan_table
from bluehelm.words import say

YEAR_NEEDED = ("hq", "ave.no.troops")
YEAR_OPTIONAL = ("Infantry", "Reserve", "UNPOL", "UNMO", "Med", "Av")
YEAR_NUMBERS = (*YEAR_NEEDED, *YEAR_OPTIONAL)
KIND_OF_COLUMN = {
    "eng": "eng", "med": "med", "sig": "sig", "av": "avia", "riv": "riv", "maint": "maint", "trans": "trans",
}  # fmt: skip
# "Egypt (950), Korea (ROK) (150), X (size unknown)": the last pair of brackets holds the size.
CONTRIBUTOR = re.compile(r"\s*(.+?)\s*\((\d+(?:\.\d+)?|size unknown)\)\s*(?:,|$)", re.IGNORECASE)


def bases_from_years(
    rows: pl.DataFrame, types: Path | str | None, contributors: Path | str | None
) -> tuple[tuple[Base, ...], tuple[str, ...]]:
    """Make bases of the rows of one mission and year (with `place`), and say what was assumed."""
    mission, year = rows.item(0, "mission"), rows.item(0, "year")
    kinds, kind_notes = _kinds(types, mission, year)
    supplied, supply_notes = _contributors(contributors, mission, year)
    places = rows.group_by("place", maintain_order=True).agg(
        pl.col("location").unique(maintain_order=True),
        pl.col("country", "latitude", "longitude").first(),
        pl.col("hq", "UNPOL", "UNMO", "Med", "Av").max(),
        pl.col("ave.no.troops").mean(),
        (pl.col("Infantry").mean() + pl.col("Reserve").mean().fill_null(0)).alias("infantry"),
    )
    bases = tuple(_base(row, kinds, supplied) for row in places.sort("place").iter_rows(named=True))
    said = say("Strengths are means over the maps of the year (ave.no.troops), read from unit symbols.")
    return bases, (said, *kind_notes, *supply_notes)


def _base(row: dict[str, object], kinds: dict[str, set[str]], supplied: dict[str, dict[str, int | None]]) -> Base:
    spellings = list(row["location"]) if isinstance(row["location"], list) else [str(row["location"])]
    troops, infantry = _whole(row["ave.no.troops"]), _whole(row["infantry"])
    on_map = {kind for column, kind in (("Med", "med"), ("Av", "avia")) if _whole(row[column])}
    contributors: dict[str, int | None] = {}
    for name in spellings:
        on_map |= kinds.get(plain_name(name), set())
        contributors |= supplied.get(plain_name(name), {})
    return Base(
        location=spellings[0],
        country=str(row["country"]),
        latitude_deg=float(str(row["latitude"])),
        longitude_deg=float(str(row["longitude"])),
        hq_level=_whole(row["hq"]) or 0,
        troops_persons=troops,
        infantry_persons=None if troops is None or infantry is None else min(infantry, troops),
        formed_police_persons=None,
        kinds=frozenset(on_map),
        police=bool(_whole(row["UNPOL"])),
        observers=bool(_whole(row["UNMO"])),
        contributors=contributors,
    )


def _whole(value: object) -> int | None:
    return None if value is None else round(float(str(value)))


def _of_the_year(path: Path | str, columns: tuple[str, ...], mission: str, year: float) -> pl.DataFrame:
    frame = scan_table(path, ("mission", "year", "location", *columns)).with_columns(number("year"))
    table = read_rows(path, frame)
    return table.filter(pl.col("mission") == mission, pl.col("year") == year, pl.col("location").is_not_null())


def _nothing_there(path: Path | str, table: pl.DataFrame, mission: str, year: float) -> tuple[str, ...]:
    if not table.is_empty():
        return ()
    file = Path(path).name
    return (say("{file} has no row of {mission} in {year}.", file=file, mission=mission, year=int(year)),)


def _kinds(path: Path | str | None, mission: str, year: float) -> tuple[dict[str, set[str]], tuple[str, ...]]:
    """Kinds of support unit at each location, by plain name."""
    if path is None:
        return {}, (say("No file of troop types is given: only medical and aviation units are known by kind."),)
    table = _of_the_year(path, tuple(KIND_OF_COLUMN), mission, year)
    kinds: dict[str, set[str]] = {}
    for row in table.with_columns(*(number(name) for name in KIND_OF_COLUMN)).iter_rows(named=True):
        there = {kind for column, kind in KIND_OF_COLUMN.items() if (row[column] or 0) > 0}
        kinds.setdefault(plain_name(row["location"]), set()).update(there)
    return kinds, _nothing_there(path, table, mission, year)


def _contributors(
    path: Path | str | None, mission: str, year: float
) -> tuple[dict[str, dict[str, int | None]], tuple[str, ...]]:
    """Contributors at each location, by plain name."""
    if path is None:
        return {}, (say("No file of contributors is given: which country supplies which unit is unknown."),)
    table = _of_the_year(path, ("year.overview",), mission, year)
    supplied: dict[str, dict[str, int | None]] = {}
    for location, overview in table.select("location", "year.overview").iter_rows():
        supplied.setdefault(plain_name(location), {}).update(contributors_in(overview or ""))
    return supplied, _nothing_there(path, table, mission, year)


def contributors_in(overview: str) -> dict[str, int | None]:
    """Read a list of contributors with their persons; None where the size is unknown.

    Examples
    --------
    >>> contributors_in("Egypt (950), Korea (ROK) (150), Nepal (size unknown)")
    {'Egypt': 950, 'Korea (ROK)': 150, 'Nepal': None}
    """
    found = CONTRIBUTOR.findall(overview)
    return {name: None if "unknown" in size.lower() else round(float(size)) for name, size in found}
