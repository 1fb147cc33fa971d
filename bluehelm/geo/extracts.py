"""Small extracts of open geographic data: places, airfields and borders of countries with peace operations.

They are made by `scripts/make_extracts.py` and read here. Beside each lies a TOML file with its source, licence and
vintage; whoever draws a map prints `attribution()` of each extract it shows, and `disclaimer()`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.geo import borders as geo_borders
from bluehelm.geo.borders import Border, read_borders
from bluehelm.words import say

EXTRACTS = ("places", "airfields", "borders", "countries")
DISCLAIMER = (
    "The boundaries and names shown and the designations used on this map do not imply official endorsement or "
    "acceptance by the United Nations. Boundaries come from Natural Earth, which is not geodata of the United Nations, "
    "unless another source is named."
)
# Natural Earth at 1:50 million lies within a few kilometres of surveyed borders and coasts.
BORDER_TOLERANCE_KM = 5.0
_FOLDER = Path(__file__).parent / "extracts"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where an extract comes from and what its licence asks for."""

    extract: str
    title: str
    source: str
    licence: str
    vintage: str
    changes: str
    packages: tuple[str, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        return say(
            "{title}: {source}, {licence}; {vintage}.",
            title=say(self.title),
            source=self.source,
            licence=self.licence,
            vintage=self.vintage,
        )


@cache
def attribution(extract: str) -> Attribution:
    """Return source, licence and vintage of an extract ("places", "airfields", "borders" or "countries")."""
    if extract not in EXTRACTS:
        raise InvalidRecordError(
            "'{extract}' is not an extract; one of {known} was expected. Nearest name: '{nearest}'.",
            extract=extract,
            known=", ".join(EXTRACTS),
            nearest=nearest(extract, EXTRACTS),
        )
    said = tomllib.loads((_FOLDER / f"{extract}.toml").read_text(encoding="utf-8"))
    return Attribution(
        extract,
        said["title"],
        said["source"],
        said["licence"],
        said["vintage"],
        said["changes"],
        tuple(f"{package} {version}" for package, version in said["packages"].items()),
        tuple(said["notes"]),
    )


def disclaimer() -> str:
    """Return the sentence that stands under every map, in the reader's language."""
    return say(DISCLAIMER)


def places(country_iso3: str | Iterable[str]) -> pl.DataFrame:
    """Return the populated places of a country, or of several.

    Columns: place_id, country_iso3, name, latitude_deg, longitude_deg, population_persons (null = unknown).
    These are towns: the people between them are not in the list.

    Raises
    ------
    InvalidRecordError
        If the extract holds no place of a country; the nearest code is given.

    Examples
    --------
    >>> places("SSD").sort("population_persons", descending=True, nulls_last=True)["name"][0]
    'Juba'
    """
    return _of_countries(_table("places"), country_iso3)


def airfields(country_iso3: str | Iterable[str]) -> pl.DataFrame:
    """Return the airfields of a country, or of several.

    Columns: airfield_id, country_iso3, name, latitude_deg, longitude_deg, kind (large_airport, medium_airport,
    small_airport, heliport), runway_length_m (longest open runway; null = unknown, never 0), surface (paved, unpaved,
    unknown).
    """
    return _of_countries(_table("airfields"), country_iso3)


def borders(country_iso3: str | Iterable[str] | None = None) -> tuple[Border, ...]:
    """Return the borders of a country, of several, or all, with disputed ground that has no code at the end."""
    listed = _all_borders()
    if country_iso3 is None:
        return listed
    wanted = _codes(country_iso3, {border.iso3 for border in listed if border.iso3})
    return tuple(border for border in listed if border.iso3 in wanted)


def mission_countries() -> tuple[str, ...]:
    """Return the codes of the countries whose places are in the extract."""
    return tuple(_table("places")["country_iso3"].unique().sort().to_list())


def country_of(
    latitude_deg: ArrayLike,
    longitude_deg: ArrayLike,
    tolerance_km: float = BORDER_TOLERANCE_KM,
    among: Iterable[str] | None = None,
) -> NDArray[np.str_]:
    """Say in which country each point lies, by the bundled borders; '' where none is within the tolerance.

    `among` limits the search to some countries: with a larger tolerance it says whether points belong to a mission.

    Examples
    --------
    El Fasher, Bangui, and a point in the Atlantic:

    >>> country_of([13.63, 4.36, 0.0], [25.35, 18.55, -20.0]).tolist()
    ['SDN', 'CAF', '']
    """
    return geo_borders.country_of(latitude_deg, longitude_deg, borders(among), tolerance_km)


@cache
def _all_borders() -> tuple[Border, ...]:
    return tuple(
        sorted(read_borders(_FOLDER / "borders.geojson.gz"), key=lambda border: (not border.iso3, border.iso3))
    )


@cache
def _table(extract: str) -> pl.DataFrame:
    whole_number = "population_persons" if extract == "places" else "runway_length_m"
    return pl.read_csv(
        _FOLDER / f"{extract}.csv.gz",
        schema_overrides={"latitude_deg": pl.Float64, "longitude_deg": pl.Float64, whole_number: pl.Int64},
        null_values={whole_number: "unknown"},
    )


def _of_countries(table: pl.DataFrame, country_iso3: str | Iterable[str]) -> pl.DataFrame:
    wanted = _codes(country_iso3, table["country_iso3"].unique().to_list())
    return table.filter(pl.col("country_iso3").is_in(wanted))


def _codes(country_iso3: str | Iterable[str], known: Iterable[str]) -> list[str]:
    wanted = [country_iso3] if isinstance(country_iso3, str) else list(country_iso3)
    listed: Sequence[str] = sorted(known)
    missing = [iso3 for iso3 in wanted if iso3 not in listed]
    if missing:
        raise InvalidRecordError(
            "{count} of {total} countries are not in the bundled extracts: {first}. Nearest code: '{nearest}'. "
            "Known codes: {known}. Give your own file for others.",
            count=len(missing),
            total=len(wanted),
            first=", ".join(missing[:5]),
            nearest=nearest(missing[0], listed),
            known=" ".join(listed),
        )
    return wanted
