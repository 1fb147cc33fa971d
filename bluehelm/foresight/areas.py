"""Areas of people who can be harmed, drawn from populated places and past events.

1. Places within `within_km` of a base are taken; places in one cell of 0.1 degree become one, named by the largest.
2. An event that is placed well enough belongs to the nearest place within `gather_km`; otherwise it makes a place of
   its own, with the others in its cell.
3. Half of the areas are the places with most (decayed) civilian deaths, the rest those with most people.
4. Places and events left over join the nearest area within `gather_km`; beyond that they are left out, and it is said.
5. The zone of an area is that of the nearest headquarters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.nearest import FloatArray, IntArray, Points, degrees_of, near, nearest_of
from bluehelm.mission.importers.reading import unique_slugs
from bluehelm.mission.records import Area
from bluehelm.words import say

CELL_DEG = 0.1
EVENT_PLACE = "event"
PEOPLE_WHERE_UNKNOWN: Mapping[str, int] = {
    "city": 100_000, "town": 15_000, "village": 1_000, "hamlet": 200, "isolated_dwelling": 20, "locality": 100,
    EVENT_PLACE: 1_000, "": 1_000,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AreaRules:
    """How areas are drawn; every number is our planning assumption.

    most_areas: number of areas at most. gather_km: a place or event joins an area within it. within_km: places and
    events farther from every base are not the mission's. place_precision: worst UCDP precision of place that still
    tells a place (1 exact, 2 within about 25 km, 3 within a district). people: persons of a place by its kind, where
    its population is unknown; kinds that are not listed (suburbs) are parts of other places and left out.
    """

    most_areas: int = 120
    gather_km: float = 20.0
    within_km: float = 200.0
    place_precision: int = 3
    people: Mapping[str, int] = field(default_factory=lambda: PEOPLE_WHERE_UNKNOWN)

    def __post_init__(self) -> None:
        if not 1 <= self.most_areas <= 5000 or min(self.gather_km, self.within_km) <= 0:
            raise InvalidRecordError(
                "most_areas is {areas}, gather_km {gather}, within_km {within}; 1 to 5000 areas and positive distances "
                "were expected.",
                areas=self.most_areas,
                gather=self.gather_km,
                within=self.within_km,
            )


@dataclass(frozen=True, slots=True)
class AreaDraw:
    """Areas drawn.

    table: name, zone, latitude_deg, longitude_deg, population_persons, people_known (share of the persons that a source
    gives). event_area: row of the area of each event, -1 for none. notes: what was assumed.
    """

    table: pl.DataFrame
    event_area: IntArray
    notes: tuple[str, ...]


def draw_areas(
    places: pl.DataFrame,
    events: pl.DataFrame | None,
    event_rate: FloatArray,
    bases: Points,
    headquarters: Points,
    rules: AreaRules | None = None,
) -> AreaDraw:
    """Draw the areas of a mission.

    Parameters
    ----------
    places : columns of `bluehelm.mission.importers.places`
    events : known events or None; event_rate : their civilian deaths per month, shape (n,)
    bases, headquarters : Points
        Where the mission stands, and the headquarters whose names are the zones.

    Raises
    ------
    InvalidRecordError
        If neither a place nor an event lies within reach of a base.
    """
    rules = rules or AreaRules()
    towns = _towns(places, bases, rules)
    located = np.zeros(0, np.int64) if events is None else _located(events, bases, rules)
    candidates, nearest_town = _with_event_places(towns, events, located, rules)
    violence = np.bincount(nearest_town, event_rate[located], candidates.height).astype(float)
    if candidates.is_empty():
        raise InvalidRecordError(
            "No populated place and no event lies within {km} km of a base. Give places of the mission's countries.",
            km=rules.within_km,
        )
    chosen = _choose(candidates, violence, rules.most_areas)
    table, joined = _gather(candidates, chosen, rules)
    zone, _ = nearest_of(table, headquarters.latitude_deg, headquarters.longitude_deg)
    event_area = np.full(0 if events is None else events.height, -1, np.int64)
    event_area[located] = joined[nearest_town]
    table = table.with_columns(zone=pl.Series([headquarters.names[i] for i in zone], dtype=pl.String))
    return AreaDraw(table, event_area, _notes(table, event_rate, event_area, rules))


def area_of_events(table: pl.DataFrame, events: pl.DataFrame, rules: AreaRules | None = None) -> IntArray:
    """Say in which area each event lies, -1 for none: those that are placed well enough join the nearest area."""
    rules = rules or AreaRules()
    row, km = nearest_of(events, *degrees_of(table))
    placed = events.get_column("place_precision").to_numpy() <= rules.place_precision
    return np.where(placed & (km <= rules.gather_km), row, -1)


def area_records(draw: AreaDraw, fatalities_per_month: FloatArray, source: str, note: str) -> tuple[Area, ...]:
    """Make records of the areas drawn, with the risk expected in each."""
    ids = unique_slugs(draw.table.get_column("name").to_list(), otherwise="area")
    return tuple(
        Area(
            area_id=area_id,
            name=row["name"],
            zone=row["zone"],
            latitude_deg=round(row["latitude_deg"], 5),
            longitude_deg=round(row["longitude_deg"], 5),
            population_persons=row["population_persons"],
            fatalities_per_month=round(float(fatalities), 6),
            source=source,
            status="assumed",
            note=note,
        )
        for area_id, row, fatalities in zip(ids, draw.table.iter_rows(named=True), fatalities_per_month, strict=True)
    )


def _towns(places: pl.DataFrame, bases: Points, rules: AreaRules) -> pl.DataFrame:
    """Settlements near bases, one per cell, with the people of all in it."""
    settled = near(places.filter(pl.col("kind").is_in(list(rules.people))), bases, rules.within_km)
    usual = pl.col("kind").replace_strict(dict(rules.people), return_dtype=pl.Int64)
    return one_per_cell(
        settled.select(
            "name",
            "latitude_deg",
            "longitude_deg",
            people=pl.col("population_persons").fill_null(usual),
            known=pl.col("population_persons").fill_null(0),
        )
    )


def one_per_cell(points: pl.DataFrame, cell_deg: float = CELL_DEG) -> pl.DataFrame:
    """Make one place of those in a cell of some degrees: named by the largest, with the people of all.

    points: name, latitude_deg, longitude_deg, people and, where there is one, known.
    """
    counts = [name for name in ("people", "known") if name in points.columns]
    cell = [(pl.col(name) / cell_deg).floor().alias(f"_{name}") for name in ("latitude_deg", "longitude_deg")]
    return (
        points.with_columns(*cell)
        .sort(["people", "name", "latitude_deg", "longitude_deg"], descending=[True, False, False, False])
        .group_by("_latitude_deg", "_longitude_deg", maintain_order=True)
        .agg(pl.col("name", "latitude_deg", "longitude_deg").first(), pl.col(counts).sum())
        .drop("_latitude_deg", "_longitude_deg")
    )


def _located(events: pl.DataFrame, bases: Points, rules: AreaRules) -> IntArray:
    """Rows of the events whose place is known well enough and near enough to a base."""
    _, km = nearest_of(events, bases.latitude_deg, bases.longitude_deg)
    placed = events.get_column("place_precision").to_numpy() <= rules.place_precision
    return np.flatnonzero(placed & (km <= rules.within_km))


def _with_event_places(
    towns: pl.DataFrame, events: pl.DataFrame | None, located: IntArray, rules: AreaRules
) -> tuple[pl.DataFrame, IntArray]:
    """Add places for events far from every town; return all places and the place of each located event."""
    if events is None or not located.size:
        return towns, np.zeros(0, np.int64)
    there = events[located]
    _, km = nearest_of(there, *degrees_of(towns))
    lonely = there.filter(pl.Series(km > rules.gather_km, dtype=pl.Boolean))
    people = rules.people[EVENT_PLACE]
    own = one_per_cell(
        lonely.select(
            pl.when(pl.col("place") == "").then(pl.lit("unnamed place")).otherwise("place").alias("name"),
            "latitude_deg",
            "longitude_deg",
            people=pl.lit(people, pl.Int64),
            known=pl.lit(0, pl.Int64),
        )
    ).with_columns(people=pl.lit(people, pl.Int64))
    candidates = pl.concat([towns, own])
    return candidates, nearest_of(there, *degrees_of(candidates))[0]


def _choose(candidates: pl.DataFrame, violence: FloatArray, most: int) -> IntArray:
    """Half by violence, the rest by people; the order is that of the places."""
    people = candidates.get_column("people").to_numpy()
    by_violence = np.lexsort((-people, -violence))[: (most + 1) // 2]
    violent = by_violence[violence[by_violence] > 0]
    by_people = np.argsort(-people, kind="stable")
    quiet = by_people[~np.isin(by_people, violent)][: most - len(violent)]
    return np.sort(np.concatenate([violent, quiet]))


def _gather(candidates: pl.DataFrame, chosen: IntArray, rules: AreaRules) -> tuple[pl.DataFrame, IntArray]:
    """Let the places left over join the nearest area; return the areas and the area of each place, -1 for none."""
    areas = candidates[chosen]
    row, km = nearest_of(candidates, *degrees_of(areas))
    joined = np.where(km <= rules.gather_km, row, -1)
    joined[chosen] = np.arange(len(chosen))
    inside = joined >= 0
    people, known = (
        np.bincount(joined[inside], candidates.get_column(name).to_numpy()[inside], minlength=len(chosen))
        for name in ("people", "known")
    )
    table = areas.select("name", "latitude_deg", "longitude_deg").with_columns(
        population_persons=pl.Series(np.rint(people).astype(np.int64)),
        people_known=pl.Series(np.divide(known, people, out=np.zeros_like(people), where=people > 0)),
    )
    return table, joined


def _notes(table: pl.DataFrame, event_rate: FloatArray, event_area: IntArray, rules: AreaRules) -> tuple[str, ...]:
    people = table.get_column("population_persons")
    known = float((people * table.get_column("people_known")).sum()) / max(1, int(people.sum()))
    notes = [
        say(
            "{areas} {areas:area|areas}: places and events within {km} km of a base; {known:.0%} of their people are "
            "from a source, "
            "the rest by kind of place.",
            areas=table.height,
            km=f"{rules.within_km:g}",
            known=known,
        )
    ]
    if event_rate.sum() > 0:
        left_out = float(event_rate[event_area < 0].sum() / event_rate.sum())
        notes.append(
            say(
                "{share:.0%} of the known (decayed) civilian deaths lie in no area: their place is not known to a "
                "district, or far from every area.",
                share=left_out,
            )
        )
    return tuple(notes)
