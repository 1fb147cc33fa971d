"""Events and areas of a forecast, from the files and names that a user gives."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError, InvalidRecordError
from bluehelm.foresight.areas import PEOPLE_WHERE_UNKNOWN
from bluehelm.foresight.cell_areas import cell_areas
from bluehelm.foresight.events import codes_of, read_conflict_events
from bluehelm.foresight.first_risk import known_events
from bluehelm.foresight.nearest import degrees_of, nearest_of
from bluehelm.foresight.spaced_areas import AREA_COLUMNS, MOST_AREAS, SpacingRules, spaced_areas
from bluehelm.geo import extracts
from bluehelm.mission.importers.places import LARGEST_POPULATION_PERSONS, read_places
from bluehelm.mission.importers.reading import demand, header_of, number, read_rows, scan_table, unique_slugs
from bluehelm.mission.months import Month
from bluehelm.words import say

FEW_EVENTS = 30
AREAS_REACH_KM = 100.0


@dataclass(frozen=True, slots=True)
class ForecastGround:
    """What a forecast stands on.

    events: all events of the country, ordered by date, also those after the origin. known: number of those known at the
    origin. areas: area_id, name, latitude_deg, longitude_deg, population_persons. notes: what was assumed.
    events_hash: SHA-256 of the file of events.
    """

    events: pl.DataFrame
    known: int
    areas: pl.DataFrame
    notes: tuple[str, ...]
    events_hash: str


def ground_of_forecast(
    events: Path | str,
    country: str | None,
    areas: Path | str | None,
    origin: Month,
    *,
    lag_months: int = 0,
    places: Path | str | None = None,
    h3: int | None = None,
) -> ForecastGround:
    """Read events and areas; where no areas are given, draw them from places and from the events known at the origin.

    Parameters
    ----------
    events : file in one of the forms of `bluehelm.foresight.events`
    country : name or ISO alpha-3 code; None for all events
    areas : file for `read_areas`, or None
    lag_months : events are known so many months after the end of their month
    places : file of populated places to draw areas from; None for those shipped
    h3 : resolution of H3 cells to take as areas; None for places some way apart

    Raises
    ------
    ImportFileError, InvalidRecordError
        If a file cannot be used, or no event is known at the origin.
    """
    read = read_conflict_events(events, countries=None if country is None else (country,))
    given = None if areas is None else read_areas(areas)
    table, notes = read.table, list(read.notes)
    if given is not None:
        table, told = _around(read.table, given[0])
        notes += told
    known = known_events(table, origin + 1, lag_months)
    if known.is_empty():
        raise InvalidRecordError(
            "No event is known at the end of {origin} (lag {lag} {lag:month|months}); the {count} "
            "{count:event|events} of {file} run from "
            "{first} to {last}. Choose an origin within that time.",
            origin=str(origin),
            lag=lag_months,
            count=table.height,
            file=Path(events).name,
            first=table["date"].min(),
            last=table["date"].max(),
        )
    if known.height < FEW_EVENTS:
        notes.append(
            say(
                "Only {count} {count:event|events} {count:is|are} known at the end of {origin}: the forecast leans "
                "on its priors, and its "
                "spread says little.",
                count=known.height,
                origin=str(origin),
            )
        )
    drawn, told = given or _drawn(known, country, places, h3)
    digest = hashlib.sha256(Path(events).read_bytes()).hexdigest()
    return ForecastGround(table, known.height, drawn, (*notes, *told), digest)


def _around(events: pl.DataFrame, areas: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Keep the events near the areas of a file, which need not cover a country; one area alone holds everything."""
    if areas.height == 1:
        return events, []
    _, km = nearest_of(events, *degrees_of(areas))
    inside = events.filter(pl.Series(km <= AREAS_REACH_KM, dtype=pl.Boolean))
    if inside.is_empty():
        raise InvalidRecordError(
            "None of the {count} events lies within {km} km of an area. Give the areas of the country of the events.",
            count=events.height,
            km=f"{AREAS_REACH_KM:g}",
        )
    if inside.height == events.height:
        return inside, []
    left = say(
        "{count} of {rows} events lie more than {km} km from every area and are left out.",
        count=events.height - inside.height,
        rows=events.height,
        km=f"{AREAS_REACH_KM:g}",
    )
    return inside, [left]


def read_areas(path: Path | str) -> tuple[pl.DataFrame, list[str]]:
    """Read areas from a CSV: name, latitude, longitude and, where known, area_id and population.

    Columns named as in a mission's areas.csv (latitude_deg, longitude_deg, population_persons) are taken too.

    Returns
    -------
    area_id, name, latitude_deg, longitude_deg, population_persons; and what was assumed, as sentences

    Raises
    ------
    ImportFileError
        If a column is missing, coordinates are not on Earth, an area stands twice, or there are too many.
    """
    header = {name.casefold() for name in header_of(path)}
    latitude, longitude, people = (
        (long if long in header else short)
        for long, short in (
            ("latitude_deg", "latitude"), ("longitude_deg", "longitude"), ("population_persons", "population"),
        )
    )  # fmt: skip
    frame = scan_table(path, ("name", latitude, longitude), ("area_id", people))
    table = read_rows(path, frame.with_columns(number(latitude), number(longitude), number(people)))
    lat, lon = pl.col(latitude), pl.col(longitude)
    nowhere = lat.is_null() | lon.is_null() | (lat.abs() > 90) | (lon.abs() > 180) | ((lat == 0) & (lon == 0))
    demand(
        path, table, nowhere,
        "{file}: {count} of {rows} areas have no coordinates on land: {first}. Give latitude and longitude in degrees.",
        "name",
    )  # fmt: skip
    demand(
        path, table, ~pl.col(people).is_between(0, LARGEST_POPULATION_PERSONS),
        "{file}: {count} of {rows} areas have a negative population or one above {most:,.0f}: {first}. Leave it blank "
        "where it is unknown.",
        "name", most=LARGEST_POPULATION_PERSONS,
    )  # fmt: skip
    if table.height > MOST_AREAS:
        raise ImportFileError(
            "{file} has {count} {count:area|areas}; at most {most} are forecast. Give larger areas.",
            file=Path(path).name,
            count=table.height,
            most=MOST_AREAS,
        )
    areas = table.select(
        area_id=_ids(path, table),
        name=pl.col("name").fill_null(""),
        latitude_deg=lat,
        longitude_deg=lon,
        population_persons=pl.col(people).fill_null(PEOPLE_WHERE_UNKNOWN[""]).round().cast(pl.Int64),
    )
    return areas.select(AREA_COLUMNS), _people_assumed(table.get_column(people))


def _ids(path: Path | str, table: pl.DataFrame) -> pl.Series:
    """Take the ids given; make the others from names."""
    given = table.get_column("area_id").drop_nulls()
    if given.is_duplicated().any():
        raise ImportFileError(
            "{file}: area_id '{first}' stands twice. Give each area an id of its own.",
            file=Path(path).name,
            first=given.filter(given.is_duplicated())[0],
        )
    nameless = table.filter(pl.col("area_id").is_null()).get_column("name").fill_null("")
    made = iter(unique_slugs(nameless.to_list(), otherwise="area", taken=given.to_list()))
    return pl.Series("area_id", [next(made) if one is None else one for one in table["area_id"]], pl.String)


def _people_assumed(people: pl.Series) -> list[str]:
    if not people.null_count():
        return []
    sentence = say(
        "{count} of {rows} areas have no population: {people} {people:person|persons} each are assumed.",
        count=people.null_count(),
        rows=people.len(),
        people=PEOPLE_WHERE_UNKNOWN[""],
    )
    return [sentence]


def _drawn(
    known: pl.DataFrame, country: str | None, places: Path | str | None, h3: int | None
) -> tuple[pl.DataFrame, list[str]]:
    towns, told = _towns(country, places)
    if h3 is not None:
        cells = cell_areas(towns, known, h3)
        return cells, [
            *told,
            say(
                "{areas} {areas:cell|cells} of H3 resolution {h3} {areas:is|are} the areas.", areas=cells.height, h3=h3
            ),
        ]
    areas = spaced_areas(towns, known)
    rules = SpacingRules()
    said = say(
        "{areas} {areas:area|areas} {areas:was|were} drawn at least {km} km apart; every event belongs to the "
        "nearest, or by chance to one near "
        "where its place is not exact.",
        areas=areas.height,
        km=f"{rules.spacing_km:g}",
    )
    return areas, [*told, said]


def _towns(country: str | None, places: Path | str | None) -> tuple[pl.DataFrame | None, list[str]]:
    if places is not None:
        return read_places(places), []
    codes = [] if country is None else sorted(codes_of(country) & set(extracts.mission_countries()))
    if not codes:
        return None, [say("No populated places are known: areas are drawn from events alone.")]
    towns = extracts.places(codes).with_columns(kind=pl.lit(""))
    return towns, [str(extracts.attribution("places"))]
