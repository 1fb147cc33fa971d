"""Which of some places is nearest to each point, for tens of thousands of both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import KDTree

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Points:
    """Named points on the Earth, such as the headquarters that name zones, or bases."""

    names: tuple[str, ...]
    latitude_deg: FloatArray
    longitude_deg: FloatArray

    def only(self, names: Collection[str]) -> Points:
        """Keep the points of some names."""
        kept = [i for i, name in enumerate(self.names) if name in names]
        return Points(tuple(self.names[i] for i in kept), self.latitude_deg[kept], self.longitude_deg[kept])


def near(points: pl.DataFrame, bases: Points, within_km: float) -> pl.DataFrame:
    """Keep what lies within a distance of a base."""
    _, km = nearest_of(points, bases.latitude_deg, bases.longitude_deg)
    return points.filter(pl.Series(km <= within_km, dtype=pl.Boolean))


def degrees_of(points: pl.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Return the latitudes and longitudes of points [°]."""
    return points.get_column("latitude_deg").to_numpy(), points.get_column("longitude_deg").to_numpy()


def nearest_of(
    points: pl.DataFrame, latitude_deg: FloatArray, longitude_deg: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Find the nearest of some places to each point: its row and distance [km]; inf where there is none.

    A tree on the sphere stays fast for tens of thousands of places; half a percent of distance does not matter here.
    """
    if not len(latitude_deg) or points.is_empty():
        return np.zeros(points.height, np.int64), np.full(points.height, np.inf)
    chord, row = KDTree(on_sphere(latitude_deg, longitude_deg)).query(on_sphere(*degrees_of(points)))
    return np.asarray(row, np.int64), 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1))


def on_sphere(latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
    """Put places on the unit sphere, shape (places, 3)."""
    lat, lon = np.radians(latitude_deg), np.radians(longitude_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
