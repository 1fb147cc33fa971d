"""Areas that share out a whole country: places at least a distance apart; everything belongs to the nearest.

1. Populated places, and the cells of well-placed events that lie far from every place, are candidates.
2. Candidates are taken in the order of their past violence (sum of ln(1 + deaths)), then of their people; one that lies
   within `spacing_km` of a candidate already taken is left out.
3. Every person and every event belongs to the nearest area, however far: nothing is lost between areas.

Give only the events that are known on the day on which areas are drawn, and keep the areas while forecasts are scored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

import numpy as np
import polars as pl

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.areas import EVENT_PLACE, PEOPLE_WHERE_UNKNOWN, one_per_cell
from bluehelm.foresight.nearest import EARTH_RADIUS_KM, FloatArray, IntArray, degrees_of, nearest_of, on_sphere
from bluehelm.mission.importers.reading import unique_slugs

MOST_AREAS = 5000
AREA_COLUMNS = ("area_id", "name", "latitude_deg", "longitude_deg", "population_persons")


@dataclass(frozen=True, slots=True)
class SpacingRules:
    """How areas are spaced; every number is our planning assumption.

    spacing_km: two areas lie at least so far apart. most_areas: number of areas at most. place_precision: worst UCDP
    precision of place that may make an area of its own. people: persons of a place by kind where unknown.
    """

    spacing_km: float = 30.0
    most_areas: int = 2000
    place_precision: int = 2
    people: Mapping[str, int] = field(default_factory=lambda: PEOPLE_WHERE_UNKNOWN)

    def __post_init__(self) -> None:
        if not 1 <= self.most_areas <= MOST_AREAS or not 0 < self.spacing_km < inf:
            raise InvalidRecordError(
                "most_areas is {areas}, spacing_km {km}; 1 to {most} {most:area|areas} and a positive distance were "
                "expected.",
                areas=self.most_areas,
                most=MOST_AREAS,
                km=self.spacing_km,
            )


def spaced_areas(places: pl.DataFrame | None, known: pl.DataFrame, rules: SpacingRules | None = None) -> pl.DataFrame:
    """Draw areas from populated places and the events known.

    Parameters
    ----------
    places : name, kind, latitude_deg, longitude_deg, population_persons (null = unknown); None where no place is
        known. Kinds without usual people (suburbs) are parts of other places and left out.
    known : events of `bluehelm.foresight.events`, only those of which one may know

    Returns
    -------
    Polars frame: area_id, name, latitude_deg, longitude_deg, population_persons; the most violent areas first.

    Raises
    ------
    InvalidRecordError
        If there is neither a place nor a well-placed event.
    """
    rules = rules or SpacingRules()
    candidates = _candidates(places, known, rules)
    if candidates.is_empty():
        raise InvalidRecordError(
            "There is no populated place and no well-placed event to draw areas from. Give a file of areas or places, "
            "or a later origin."
        )
    violence = _violence(candidates, known)
    people = candidates.get_column("people").to_numpy()
    order = np.lexsort((-people, -violence))
    areas = candidates[_apart(candidates[order], rules, order)]
    row, _ = nearest_of(candidates, *degrees_of(areas))
    gathered = np.bincount(row, people, areas.height)
    ids = unique_slugs(areas.get_column("name").to_list(), otherwise="area")
    return areas.select("name", "latitude_deg", "longitude_deg").select(
        pl.Series("area_id", ids, dtype=pl.String),
        "name",
        "latitude_deg",
        "longitude_deg",
        population_persons=pl.Series(np.rint(gathered).astype(np.int64)),
    )


def _candidates(places: pl.DataFrame | None, known: pl.DataFrame, rules: SpacingRules) -> pl.DataFrame:
    usual = pl.col("kind").replace_strict(dict(rules.people), return_dtype=pl.Int64)
    columns = {"name": pl.String, "latitude_deg": pl.Float64, "longitude_deg": pl.Float64, "people": pl.Int64}
    towns = pl.DataFrame(schema=columns)
    if places is not None and not places.is_empty():
        settled = places.filter(pl.col("kind").is_in(list(rules.people)))
        people = pl.col("population_persons").fill_null(usual)
        towns = one_per_cell(settled.select("name", "latitude_deg", "longitude_deg", people=people))
    placed = known.filter(pl.col("place_precision") <= rules.place_precision)
    _, km = nearest_of(placed, *degrees_of(towns))
    lonely = placed.filter(pl.Series(km > rules.spacing_km, dtype=pl.Boolean))
    named = pl.when(pl.col("place") == "").then(pl.lit("unnamed place")).otherwise("place")
    people_there = pl.lit(rules.people[EVENT_PLACE], pl.Int64)
    own = one_per_cell(lonely.select("latitude_deg", "longitude_deg", name=named, people=people_there))
    # Two events in a cell are no two villages.
    own = own.with_columns(people=people_there)
    return pl.concat([towns.select(list(columns)), own.select(list(columns))])


def _violence(candidates: pl.DataFrame, known: pl.DataFrame) -> FloatArray:
    row, _ = nearest_of(known, *degrees_of(candidates))
    marks = np.log1p(known.get_column("fatalities_best").to_numpy().astype(float))
    return np.bincount(row, marks, candidates.height).astype(float)


def _apart(ordered: pl.DataFrame, rules: SpacingRules, order: IntArray) -> IntArray:
    """Take candidates in their order, each unless one taken lies within the spacing; return rows of the original."""
    points = on_sphere(*degrees_of(ordered))
    least_cosine = np.cos(rules.spacing_km / EARTH_RADIUS_KM)
    free = np.ones(len(points), bool)
    taken: list[int] = []
    for i in range(len(points)):
        if free[i]:
            taken.append(i)
            if len(taken) == rules.most_areas:
                break
            free &= points @ points[i] < least_cosine
    return np.asarray(order[taken], np.int64)
