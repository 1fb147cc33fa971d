"""Bases of a mission in a year from Geo-PKO: v2.1 (one row per location and map) or v2.3 (rows per year).

The strengths are read from the symbols on the maps (battalion 650, company 150, platoon 35), not counted heads.
Source: Cil, Fjelde, Hultman and Nilsson (2020), Journal of Peace Research 57(2), and the publisher's codebook.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError
from bluehelm.mission.importers.base import BasesRead, same_places
from bluehelm.mission.importers.geopko_maps import MAP_COLUMNS, MAP_NEEDED, MAP_NUMBERS, bases_from_maps
from bluehelm.mission.importers.geopko_years import YEAR_NEEDED, YEAR_NUMBERS, YEAR_OPTIONAL, bases_from_years
from bluehelm.mission.importers.reading import demand, header_of, hint, number, read_rows, scan_table
from bluehelm.words import say

PLACE = ("mission", "year", "country", "location", "latitude", "longitude")
NAMES_SHOWN = 80


def read_bases(
    path: Path | str,
    mission: str,
    year: int,
    types: Path | str | None = None,
    contributors: Path | str | None = None,
) -> BasesRead:
    """Read where a mission stood in a year.

    Parameters
    ----------
    path : Path
        Geo-PKO locations, v2.1 (has `source` and `no.troops`) or v2.3 (has `ave.no.troops`); .csv or .csv.gz.
    mission, year
        As in the file, such as UNAMID and 2016; the case of letters and blanks do not matter.
    types, contributors : Path, optional
        The troop-type and contributor files of v2.3; v2.1 carries both itself.

    Raises
    ------
    ImportFileError
        If a file cannot be used; a mission or year that is not there is answered with those that are.
    """
    header = {name.casefold() for name in header_of(path)}
    if {"source", "no.troops"} <= header:
        rows = _rows_of(path, scan_table(path, (*PLACE, *MAP_NEEDED), MAP_COLUMNS), mission, year, MAP_NUMBERS)
        bases, notes = bases_from_maps(rows)
        version = "v2.1"
        if types or contributors:
            notes += (say("The file of maps carries unit types and contributors itself; the others are not read."),)
    elif "ave.no.troops" in header:
        rows = _rows_of(path, scan_table(path, (*PLACE, *YEAR_NEEDED), YEAR_OPTIONAL), mission, year, YEAR_NUMBERS)
        bases, notes = bases_from_years(rows, types, contributors)
        version = "v2.3"
    else:
        raise ImportFileError(
            "{file} is neither Geo-PKO v2.1 (columns 'source' and 'no.troops') nor v2.3 (column 'ave.no.troops'). "
            "Give the file of locations in one of these versions.",
            file=Path(path).name,
        )
    spellings = _spellings(rows)
    return BasesRead(
        mission=rows.item(0, "mission"),
        year=year,
        version=version,
        bases=bases,
        notes=(*notes, *spellings),
    )


def _rows_of(path: Path | str, frame: pl.LazyFrame, mission: str, year: int, numbers: tuple[str, ...]) -> pl.DataFrame:
    """Return the rows of one mission and year, checked, each with the number of its base in `place`."""
    key = pl.col("mission").str.to_lowercase().str.replace_all(r"[\s_-]", "")
    asked = mission.casefold().replace(" ", "").replace("-", "").replace("_", "")
    table = read_rows(path, frame.with_columns(number("year"), _key=key))
    of_mission = table.filter(pl.col("_key") == asked)
    if of_mission.is_empty():
        known = table.get_column("mission").drop_nulls().unique().sort().to_list()
        raise ImportFileError(
            "{file} has no mission '{mission}' {hint}among its {count}: {known}. Give one of these.",
            file=Path(path).name,
            mission=mission,
            hint=hint(mission.upper(), known),
            count=len(known),
            known=", ".join(known[:NAMES_SHOWN]),
        )
    rows = of_mission.filter(pl.col("year") == year)
    if rows.is_empty():
        years = of_mission.get_column("year").drop_nulls().cast(pl.Int64).unique().sort().to_list()
        raise ImportFileError(
            "{file} has no map of {mission} in {year}; it has {years}. Give one of these years.",
            file=Path(path).name,
            mission=of_mission.item(0, "mission"),
            year=year,
            years=", ".join(map(str, years)),
        )
    rows = rows.with_columns(
        *(number(name) for name in ("latitude", "longitude", *numbers)),
        pl.col("location").fill_null("unnamed location"),
        pl.col("country").fill_null(""),
    ).drop("_key")
    _check(path, rows, [name for name in numbers if name != "month"])
    places = rows.select("location", "latitude", "longitude").rows()
    return rows.with_columns(place=pl.Series(same_places(places), dtype=pl.Int64))


def _check(path: Path | str, rows: pl.DataFrame, counts: list[str]) -> None:
    latitude, longitude = pl.col("latitude"), pl.col("longitude")
    nowhere = (
        latitude.is_null()
        | longitude.is_null()
        | (latitude.abs() > 90)
        | (longitude.abs() > 180)
        | ((latitude == 0) & (longitude == 0))
    )
    demand(
        path,
        rows,
        nowhere,
        "{file}: {count} of {rows} locations have no coordinates on land (or latitude and longitude are swapped): "
        "{first}. Give latitude and longitude in degrees.",
        "location",
    )
    demand(
        path,
        rows,
        pl.any_horizontal(pl.col(counts) < 0),
        "{file}: a count is negative in {count} of {rows} locations: {first}. Write 0, or leave it blank if unknown.",
        "location",
    )
    demand(
        path,
        rows,
        ~pl.col("hq").fill_null(0).is_in([0.0, 1.0, 2.0, 3.0]),
        "{file}: hq is not 0, 1, 2 or 3 in {count} of {rows} locations: {first}.",
        "location",
    )


def _spellings(rows: pl.DataFrame) -> tuple[str, ...]:
    """Say which spellings were taken as one base."""
    spelled = rows.group_by("place").agg(pl.col("location").unique().sort()).sort("place").get_column("location")
    merged = [" = ".join(names) for names in spelled.to_list() if len(names) > 1]
    if not merged:
        return ()
    return (say("Names within 5 km that are spelled alike are taken as one base: {names}.", names="; ".join(merged)),)
