"""Which polygon holds a point, and how far is it from the nearest edge? Plain arrays, millions of tests a second."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bluehelm.geo.refuse import FloatArray

Ring = FloatArray  # shape (points, 2): longitude, latitude; the last point is the first
BoolArray = NDArray[np.bool_]

KM_PER_DEGREE = 111.2
_TESTS_AT_ONCE = 2_000_000


def edges_of(rings: list[Ring]) -> FloatArray:
    """Return the edges of rings, shape (edges, 4): longitude and latitude of the start and of the end."""
    return np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in rings])


def holds(edges: FloatArray, lat: FloatArray, lon: FloatArray) -> BoolArray:
    """Say which points lie inside: a line to the east crosses an odd number of edges, so holes count as outside.

    Examples
    --------
    >>> square = edges_of([np.array([[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]], float)])
    >>> holds(square, np.array([1.0, 1.0]), np.array([1.0, 3.0]))
    array([ True, False])
    """
    west, south, east, north = _box(edges)
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    start_lon, start_lat, end_lon, end_lat = edges.T
    # A level edge is never crossed; any slope will do for it.
    slope = (end_lon - start_lon) / np.where(end_lat == start_lat, 1.0, end_lat - start_lat)
    for part in _parts(np.flatnonzero(inside), len(edges)):
        y, x = lat[part, None], lon[part, None]
        crossed = ((start_lat > y) != (end_lat > y)) & (x < start_lon + (y - start_lat) * slope)
        inside[part] = np.count_nonzero(crossed, axis=1) % 2 == 1
    return inside


def km_to_edge(edges: FloatArray, lat: FloatArray, lon: FloatArray, limit_km: float) -> FloatArray:
    """Measure the distance from points to the nearest edge [km], inf beyond the limit; flat ground is assumed."""
    west, south, east, north = _box(edges)
    margin_lat = limit_km / KM_PER_DEGREE
    margin_lon = margin_lat / np.maximum(np.cos(np.radians(lat)), 0.01)
    near = (lon >= west - margin_lon) & (lon <= east + margin_lon)
    near &= (lat >= south - margin_lat) & (lat <= north + margin_lat)
    km = np.full(lat.shape, math.inf)
    for part in _parts(np.flatnonzero(near), len(edges)):
        km[part] = _km_to_segments(edges, lat[part, None], lon[part, None]).min(axis=1)
    return np.where(km <= limit_km, km, math.inf)


def _km_to_segments(edges: FloatArray, lat: FloatArray, lon: FloatArray) -> FloatArray:
    east_km = KM_PER_DEGREE * np.cos(np.radians(lat))
    start_x, start_y = (edges[:, 0] - lon) * east_km, (edges[:, 1] - lat) * KM_PER_DEGREE
    along_x, along_y = (edges[:, 2] - edges[:, 0]) * east_km, (edges[:, 3] - edges[:, 1]) * KM_PER_DEGREE
    length_squared = np.maximum(along_x**2 + along_y**2, 1e-12)
    part = np.clip(-(start_x * along_x + start_y * along_y) / length_squared, 0.0, 1.0)
    km: FloatArray = np.hypot(start_x + part * along_x, start_y + part * along_y)
    return km


def _box(edges: FloatArray) -> tuple[float, float, float, float]:
    west, south = edges[:, :2].min(axis=0)
    east, north = edges[:, :2].max(axis=0)
    return west, south, east, north


def _parts(points: NDArray[np.intp], edges: int) -> Iterator[NDArray[np.intp]]:
    step = max(1, _TESTS_AT_ONCE // edges)
    return (points[first : first + step] for first in range(0, len(points), step))
