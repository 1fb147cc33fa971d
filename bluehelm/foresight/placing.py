"""In which area, and in which month, did an event happen, when its place or its date is not exact?

The precision of a place says how far from its coordinates the event may have been. For an event with a spread of s km
the chance of area a, at d(a) km with p(a) people, is

    P(a)  proportional to  p(a) exp(-d(a)^2 / (2 s^2))

An exact event belongs to the nearest area. An event over many days happened on each of them with the same chance.
One draw puts every event into one area and month; another seed gives another draw, and the spread of the results is
what the imprecision is worth. Draws follow the order of the events, so later events never move earlier ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bluehelm.foresight.nearest import EARTH_RADIUS_KM, FloatArray, IntArray, degrees_of, nearest_of, on_sphere

# UCDP's where_prec: 2 within about 25 km, 3 district, 4 province, 5 part of a country or line, 6 country, 7 abroad.
SPREAD_KM: Mapping[int, float] = {1: 0.0, 2: 12.0, 3: 30.0, 4: 90.0, 5: 120.0, 6: 500.0, 7: 500.0}
CELL_DEG = 0.1
KM_PER_CELL_DEG = 250.0
EXACT = 1
FAR = -30.0  # exponents below it are a chance of 0
POINTS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Placement:
    """One draw: the row of the area and the month (12 year + month - 1) of each event."""

    area: IntArray
    month: IntArray


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """Spread of an event by the precision of its place [km]; our assumption from UCDP's codebook."""

    spread_km: Mapping[int, float] = field(default_factory=lambda: SPREAD_KM)


def place_events(events: pl.DataFrame, areas: pl.DataFrame, seed: int, rules: PlaceRules | None = None) -> Placement:
    """Draw the area and month of each event.

    Parameters
    ----------
    events : ordered by date; latitude_deg, longitude_deg, place_precision (1 exact .. 7), date (last day), date_start
    areas : latitude_deg, longitude_deg, population_persons; one row or more

    Returns
    -------
    Placement, arrays of shape (events,)
    """
    luck = np.random.default_rng(seed).random((events.height, 2))
    area, _ = nearest_of(events, *degrees_of(areas))
    vague = np.flatnonzero(events.get_column("place_precision").to_numpy() > EXACT)
    if vague.size and areas.height > 1:
        area[vague] = _drawn(events[vague], areas, luck[vague, 0], rules or PlaceRules())
    return Placement(area, _months(events, luck[:, 1]))


def area_chances(points: pl.DataFrame, areas: pl.DataFrame, rules: PlaceRules | None = None) -> FloatArray:
    """Return the chance of each area for each point.

    Parameters
    ----------
    points : latitude_deg, longitude_deg, place_precision (1 exact .. 7)
    areas : latitude_deg, longitude_deg, population_persons

    Returns
    -------
    float array, shape (points, areas); each row adds up to 1
    """
    spread = (rules or PlaceRules()).spread_km
    squared_km = _squared_km(points, areas)
    scale = np.array([max(spread[p], 1e-3) for p in points.get_column("place_precision").to_list()])[:, None]
    people = np.maximum(areas.get_column("population_persons").to_numpy().astype(float), 1.0)
    # The nearest area keeps exponent 0, so that no row adds up to 0.
    exponent = -0.5 * (squared_km - squared_km.min(axis=1, keepdims=True)) / scale**2
    chance = people * np.where(exponent < FAR, 0.0, np.exp(np.maximum(exponent, FAR)))
    return np.asarray(chance / chance.sum(axis=1, keepdims=True), float)


def _squared_km(points: pl.DataFrame, areas: pl.DataFrame) -> FloatArray:
    """Squared distances through the sphere, shape (points, areas): a thousandth short at 500 km, and quick."""
    cosine = on_sphere(*degrees_of(points)) @ on_sphere(*degrees_of(areas)).T
    return np.asarray(np.maximum(2.0 * (1.0 - cosine), 0.0) * EARTH_RADIUS_KM**2)


def _drawn(events: pl.DataFrame, areas: pl.DataFrame, luck: FloatArray, rules: PlaceRules) -> IntArray:
    """Draw areas, with chances worked out once for each cell, which is small beside the spread, and precision."""
    cells = {precision: max(CELL_DEG, km / KM_PER_CELL_DEG) for precision, km in rules.spread_km.items()}
    cell = pl.col("place_precision").replace_strict(cells, return_dtype=pl.Float64)
    rounded = [((pl.col(name) / cell).round() * cell).clip(-limit, limit).alias(name)
               for name, limit in (("latitude_deg", 90), ("longitude_deg", 180))]  # fmt: skip
    keyed = events.select(*rounded, "place_precision")
    points = keyed.unique(maintain_order=True).with_row_index("point")
    of_event = keyed.join(points, on=keyed.columns, how="left", maintain_order="left").get_column("point").to_numpy()
    area = np.zeros(events.height, np.int64)
    for first in range(0, points.height, POINTS_AT_ONCE):
        here = np.flatnonzero((of_event >= first) & (of_event < first + POINTS_AT_ONCE))
        upto = np.cumsum(area_chances(points[first : first + POINTS_AT_ONCE], areas, rules), axis=1)
        area[here] = _invert(upto, of_event[here] - first, luck[here])
    return area


def _invert(upto: FloatArray, row: IntArray, luck: FloatArray) -> IntArray:
    """First column whose cumulated chance exceeds the luck, for many (row, luck) at once."""
    columns = upto.shape[1]
    # Rows are laid end to end, each one unit higher than the last, so that one search serves all.
    stacked = (upto + np.arange(len(upto))[:, None]).ravel()
    found = np.searchsorted(stacked, row + luck * upto[row, -1], side="right") - row * columns
    return np.asarray(np.clip(found, 0, columns - 1), np.int64)


def _months(events: pl.DataFrame, luck: FloatArray) -> IntArray:
    days = (pl.col("date") - pl.col("date_start")).dt.total_days() + 1
    shift = (pl.lit(pl.Series(luck)) * days).floor().cast(pl.Int64)
    day = events.select(day=pl.col("date_start") + pl.duration(days=shift)).get_column("day")
    return np.asarray(day.dt.year().cast(pl.Int64).to_numpy() * 12 + day.dt.month().cast(pl.Int64).to_numpy() - 1)
