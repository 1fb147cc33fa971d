"""Populated places: OpenStreetMap points (tag `place`), or a plain CSV with name, latitude, longitude, population."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError
from bluehelm.mission.importers.reading import demand, header_of, number, read_rows, scan_table

SETTLEMENTS = ("city", "town", "village", "hamlet", "suburb", "neighbourhood", "isolated_dwelling", "locality")
LARGEST_POPULATION_PERSONS = 50_000_000.0
OSM_COLUMNS = {"lat", "lon", "tag", "value"}
PLAIN_COLUMNS = ("name", "latitude", "longitude")


def read_places(path: Path | str) -> pl.DataFrame:
    """Read populated places.

    Parameters
    ----------
    path : Path
        OpenStreetMap form (lat, lon, name, name_en, tag, value, population; rows whose tag is not `place` are left
        out) or plain form (name, latitude, longitude and, where known, population and kind); .csv or .csv.gz.

    Returns
    -------
    Polars frame: name, kind (city, town, village ...; "" unknown), latitude_deg, longitude_deg, population_persons
    (null where unknown; 0 in OpenStreetMap is a blank). The English name is taken where there is one.

    Raises
    ------
    ImportFileError
        If the file cannot be used, or places have no coordinates; with count and first names.
    """
    header = {name.casefold() for name in header_of(path)}
    frame = _osm(path) if header >= OSM_COLUMNS else _plain(path)
    table = read_rows(path, frame.with_columns(number("latitude"), number("longitude"), number("population")))
    table = table.filter(pl.col("name").is_not_null())
    if table.is_empty():
        raise ImportFileError("{file} names no populated place. Give places with their names.", file=Path(path).name)
    _check(path, table)
    people = pl.col("population")
    return table.select(
        "name",
        kind=pl.col("kind").fill_null("").str.to_lowercase(),
        latitude_deg=pl.col("latitude"),
        longitude_deg=pl.col("longitude"),
        population_persons=pl.when(people > 0).then(people.round()).cast(pl.Int64),
    )


def _osm(path: Path | str) -> pl.LazyFrame:
    frame = scan_table(path, ("lat", "lon", "name", "tag", "value"), ("name_en", "population"))
    return frame.filter(pl.col("tag") == "place", pl.col("value").is_in(SETTLEMENTS)).select(
        pl.coalesce("name_en", "name").alias("name"),
        "population",
        kind="value",
        latitude="lat",
        longitude="lon",
    )


def _plain(path: Path | str) -> pl.LazyFrame:
    return scan_table(path, PLAIN_COLUMNS, ("population", "kind"))


def _check(path: Path | str, table: pl.DataFrame) -> None:
    latitude, longitude, people = pl.col("latitude"), pl.col("longitude"), pl.col("population")
    demand(
        path,
        table,
        latitude.is_null() | longitude.is_null() | (latitude.abs() > 90) | (longitude.abs() > 180),
        "{file}: {count} of {rows} places have no coordinates on Earth: {first}. "
        "Latitude from -90 to 90 and longitude from -180 to 180 were expected.",
        "name",
    )
    demand(
        path,
        table,
        (latitude == 0) & (longitude == 0),
        "{file}: {count} of {rows} places lie at 0 N, 0 E, in the ocean: {first}. Give their place or leave them out.",
        "name",
    )
    demand(
        path,
        table,
        (people < 0) | (people > LARGEST_POPULATION_PERSONS),
        "{file}: the population of {count} of {rows} places is negative or above 50 million: {first}. "
        "Give persons, or leave it blank if unknown.",
        "name",
    )
