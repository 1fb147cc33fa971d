"""The ground of one backtest year: bases, places where bases could stand, and events, all with who reaches what.

The theatre holds what lies in the mission's host countries and within `theatre_km` of a base of the planning year.
Spots are the mission's bases followed by the candidate places. Points are the places of events and the candidates. The
table of reach holds later events too, as places only: no arm but the oracle reads what happened there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.areas import one_per_cell
from bluehelm.foresight.nearest import FloatArray, IntArray, Points, degrees_of, near
from bluehelm.geo.distance import distance_km
from bluehelm.mission.importers.base import Base

CANDIDATE_KINDS = ("city", "town", "village")
MOST_CANDIDATES = 2000
PERMANENT_HQ_LEVEL = 2
LONGEST_REACH_KM = 120.0
COMPANY_PERSONS = 150
LEAST_PEOPLE = {"city": 100_000, "town": 15_000, "village": 1_000}


@dataclass(frozen=True, slots=True)
class Events:
    """Events in the theatre, one entry each: row of the point, month (12 year + month - 1), day of the month, deaths
    (best estimate), and whether the violence was one-sided."""

    point: IntArray
    month: IntArray
    day: IntArray
    deaths: FloatArray
    one_sided: NDArray[np.bool_]

    def of_year(self, year: int) -> NDArray[np.bool_]:
        """Say which events fell in a calendar year."""
        return (self.month >= year * 12) & (self.month < year * 12 + 12)


@dataclass(frozen=True, slots=True)
class Theatre:
    """One planning year of a mission.

    spots: name, latitude_deg, longitude_deg; the first rows are the bases. permanent: bases that never move. persons:
    at each base, a company where unknown. points: latitude_deg, longitude_deg, people. reach: 0 or 1, shape (spots,
    points); distance_km: the same shape, inf beyond the longest reach of interest. table: the events in the columns of
    `foresight.events`, in the order of `events`. beyond_deaths: one-sided deaths of the scored year outside.
    """

    mission: str
    year: int
    spots: pl.DataFrame
    permanent: NDArray[np.bool_]
    persons: IntArray
    points: pl.DataFrame
    reach: NDArray[np.float32]
    distance_km: NDArray[np.float32]
    events: Events
    table: pl.DataFrame
    beyond_deaths: int

    @property
    def bases(self) -> int:
        """Number of bases."""
        return len(self.permanent)


def theatre_of(
    mission: str,
    year: int,
    bases: Sequence[Base],
    events: pl.DataFrame,
    places: pl.DataFrame,
    *,
    radius_km: float,
    theatre_km: float,
) -> Theatre:
    """Put the ground of a planning year together.

    Parameters
    ----------
    bases : of the planning year
    events : of the host countries, in the columns of `foresight.events`
    places : name, kind, latitude_deg, longitude_deg, population_persons

    Raises
    ------
    InvalidRecordError
        If there is no base, or no candidate place in the theatre.
    """
    if not bases:
        raise InvalidRecordError("{mission} has no base in {year}.", mission=mission, year=year)
    stands = Points(
        tuple(base.location for base in bases),
        np.array([base.latitude_deg for base in bases]),
        np.array([base.longitude_deg for base in bases]),
    )
    candidates = _candidates(near(places, stands, theatre_km))
    if candidates.is_empty():
        raise InvalidRecordError(
            "No city, town or village lies within {km} km of a base of {mission} in {year}. Give places of its "
            "countries.",
            km=theatre_km,
            mission=mission,
            year=year,
        )
    inside = near(events, stands, theatre_km)
    spots = pl.concat(
        [
            pl.DataFrame(
                {"name": stands.names, "latitude_deg": stands.latitude_deg, "longitude_deg": stands.longitude_deg}
            ),
            candidates.select("name", "latitude_deg", "longitude_deg"),
        ]
    )
    points, of_event = _points(inside, candidates)
    km = distance_km(*degrees_of(spots), *degrees_of(points), max(radius_km * 1.001, LONGEST_REACH_KM))
    scored = (pl.col("kind") == "one_sided") & (pl.col("date").dt.year() == year + 1)
    return Theatre(
        mission=mission,
        year=year,
        spots=spots,
        permanent=np.array([base.hq_level >= PERMANENT_HQ_LEVEL for base in bases]),
        persons=np.array([base.troops_persons or COMPANY_PERSONS for base in bases]),
        points=points,
        reach=(km <= radius_km).astype(np.float32),
        distance_km=km.astype(np.float32),
        events=_events(inside, of_event),
        table=inside,
        beyond_deaths=_deaths(events.filter(scored)) - _deaths(inside.filter(scored)),
    )


def _deaths(events: pl.DataFrame) -> int:
    return int(events["fatalities_best"].sum())


def _candidates(places: pl.DataFrame) -> pl.DataFrame:
    """Cities, towns and villages; where there are very many, one for each cell of 0.1, 0.15, 0.2 ... degrees."""
    usual = pl.col("kind").replace_strict(LEAST_PEOPLE, default=1_000, return_dtype=pl.Int64)
    chosen = places.filter(pl.col("kind").is_in([*CANDIDATE_KINDS, ""])).select(
        "name", "latitude_deg", "longitude_deg", people=pl.col("population_persons").fill_null(usual)
    )
    cell_deg = 0.05
    thinned = chosen
    while thinned.height > MOST_CANDIDATES:
        cell_deg += 0.05
        thinned = one_per_cell(chosen, round(cell_deg, 2))
    return thinned


def _points(inside: pl.DataFrame, candidates: pl.DataFrame) -> tuple[pl.DataFrame, IntArray]:
    """Join the places of events and the candidates; return them and the point of each event."""
    where = ["latitude_deg", "longitude_deg"]
    seen = inside.select(where).unique(maintain_order=True).with_columns(people=pl.lit(0, pl.Int64))
    numbered = seen.with_row_index("point")
    of_event = inside.select(where).join(numbered, on=where, how="left", maintain_order="left").get_column("point")
    points = pl.concat([seen, candidates.select(*where, "people")])
    return points, of_event.to_numpy().astype(np.int64)


def _events(inside: pl.DataFrame, point: IntArray) -> Events:
    day = inside.get_column("date")
    return Events(
        point=point,
        month=day.dt.year().cast(pl.Int64).to_numpy() * 12 + day.dt.month().cast(pl.Int64).to_numpy() - 1,
        day=day.dt.day().cast(pl.Int64).to_numpy(),
        deaths=inside.get_column("fatalities_best").to_numpy().astype(float),
        one_sided=(inside.get_column("kind") == "one_sided").to_numpy(),
    )
