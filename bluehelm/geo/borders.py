"""In which country does a point lie? Borders come from GeoJSON: the bundled sketch, or official ones that users give.

The bundled borders are coarse (about 1:50 million), so a point near a border or a coast may fall on the wrong side: the
tolerance says how far outside a country a point may lie and still be counted to it.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluehelm.errors import ImportFileError
from bluehelm.geo import polygons, refuse
from bluehelm.geo.polygons import Ring
from bluehelm.words import say

CODE_KEYS = ("iso3", "ISO3", "ISO3CD", "iso3cd", "ISO_A3", "iso_a3", "ADM0_A3", "adm0_a3", "shapeGroup")
NAME_KEYS = ("name", "NAME", "nam_en", "NAM_EN", "ROMNAM", "NAME_EN", "ADMIN", "shapeName")
_FIRST_FAULTS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """The ground of one country or disputed territory (no code): polygons of an outer ring and its holes."""

    iso3: str
    name: str
    disputed: bool
    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def rings(self) -> list[Ring]:
        """All rings, outer ones and holes."""
        return [ring for polygon in self.polygons for ring in polygon]


def country_of(
    latitude_deg: ArrayLike, longitude_deg: ArrayLike, borders: Iterable[Border], tolerance_km: float = 0.0
) -> NDArray[np.str_]:
    """Say in which country each point lies.

    Parameters
    ----------
    latitude_deg, longitude_deg : float arrays, shape (points,)
        Points [degrees, WGS 84].
    borders : Border records
        Countries to look in; disputed territories without a code hold no points.
    tolerance_km : float
        A point in none of them belongs to the nearest one within this distance [km].

    Returns
    -------
    str array, shape (points,)
        ISO codes of three letters; '' where no country is near enough.

    Raises
    ------
    InvalidRecordError
        If a coordinate is missing or out of range, or the tolerance is negative or infinite.

    Examples
    --------
    >>> square = Border("AAA", "Aland", False, ((np.array([[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]], float),),))
    >>> country_of([1.0, 1.0, 1.0], [1.0, 2.05, 9.0], [square], tolerance_km=10.0).tolist()
    ['AAA', 'AAA', '']
    """
    lat, lon = refuse.degrees(latitude_deg, longitude_deg, ("latitude_deg", "longitude_deg"))
    tolerance = refuse.number(tolerance_km, "tolerance_km", or_equal=True)
    # Events repeat places, so each place is looked up once.
    places, place_of_point = np.unique(np.stack([lat, lon], axis=1), axis=0, return_inverse=True)
    lat, lon = places.T
    edges = [(border.iso3, polygons.edges_of(border.rings)) for border in borders if border.iso3]
    code = np.full(len(places), "", "U3")
    for iso3, its_edges in edges:
        open_points = np.flatnonzero(code == "")
        code[open_points[polygons.holds(its_edges, lat[open_points], lon[open_points])]] = iso3
    if tolerance > 0:
        _take_nearest(code, edges, lat, lon, tolerance)
    return code[place_of_point.ravel()]


def _take_nearest(
    code: NDArray[np.str_],
    edges: Sequence[tuple[str, refuse.FloatArray]],
    lat: refuse.FloatArray,
    lon: refuse.FloatArray,
    tolerance_km: float,
) -> None:
    outside = np.flatnonzero(code == "")
    nearest_km = np.full(len(outside), math.inf)
    for iso3, its_edges in edges:
        km = polygons.km_to_edge(its_edges, lat[outside], lon[outside], tolerance_km)
        code[outside[km < nearest_km]] = iso3
        nearest_km = np.minimum(nearest_km, km)


def read_borders(path: str | Path) -> tuple[Border, ...]:
    """Read borders from a GeoJSON file (`.geojson`, `.json`, or either with `.gz`).

    Each feature is a Polygon or MultiPolygon in degrees on WGS 84 with a property for the ISO code of three letters
    (`iso3`, or the key that common publishers use). A feature without a code must say `"disputed": true`.

    Raises
    ------
    ImportFileError
        If the file is missing or not GeoJSON, or features cannot be used: how many, and why for the first five.
    """
    features = _features(Path(path))
    found, faults = [], []
    for number, feature in enumerate(features, start=1):
        try:
            found.append(_border(feature))
        except ImportFileError as error:
            faults.append(say("Feature {number}: {reason}", number=number, reason=str(error)))
    if faults:
        raise ImportFileError(
            "{count} of {total} features of '{path}' cannot be used as borders. {first}",
            count=len(faults),
            total=len(features),
            path=path,
            first=" ".join(faults[:_FIRST_FAULTS]),
        )
    return tuple(found)


def as_geojson(borders: Iterable[Border]) -> dict[str, object]:
    """Return borders as a GeoJSON collection that `read_borders` reads back unchanged."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"iso3": border.iso3, "name": border.name, "disputed": border.disputed},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [[ring.tolist() for ring in polygon] for polygon in border.polygons],
                },
            }
            for border in borders
        ],
    }


def _features(path: Path) -> list[Any]:
    try:
        packed = path.read_bytes()
        text = gzip.decompress(packed) if path.suffix == ".gz" else packed
        document = json.loads(text.decode("utf-8-sig"))
    except OSError as error:
        raise ImportFileError(
            "Borders '{path}' cannot be read ({reason}). Give the path of a GeoJSON file.", path=path, reason=error
        ) from error
    except (ValueError, EOFError, RecursionError) as error:
        raise ImportFileError(
            "Borders '{path}' is not GeoJSON ({reason}). Save the layer as GeoJSON in UTF-8.", path=path, reason=error
        ) from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind != "FeatureCollection" or not isinstance(document.get("features"), list) or not document["features"]:
        raise ImportFileError(
            "Borders '{path}' hold '{kind}'; a GeoJSON FeatureCollection with one feature or more was expected. "
            "Save the layer as GeoJSON (not TopoJSON or a single geometry).",
            path=path,
            kind=kind,
        )
    _refuse_other_grid(path, document)
    features: list[Any] = document["features"]
    return features


def _refuse_other_grid(path: Path, document: Mapping[str, Any]) -> None:
    grid = json.dumps(document.get("crs") or "CRS84")
    if not any(name in grid for name in ("CRS84", "EPSG::4326", "EPSG:4326")):
        raise ImportFileError(
            "Borders '{path}' are in the coordinates {grid}; degrees on WGS 84 (EPSG:4326) were expected. "
            "Save the layer again in EPSG:4326.",
            path=path,
            grid=grid,
        )


def _border(feature: Any) -> Border:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise ImportFileError("It has no geometry.")
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise ImportFileError("It has no properties by name.")
    iso3 = _first_text(properties, CODE_KEYS)
    disputed = properties.get("disputed") is True
    if not (len(iso3) == 3 and iso3.isascii() and iso3.isalpha() and iso3.isupper()) and not (disputed and not iso3):
        raise ImportFileError(
            "Its code is '{code}'; three capital letters were expected in one of the properties {keys}.",
            code=iso3,
            keys=", ".join(CODE_KEYS),
        )
    kind, coordinates = feature["geometry"].get("type"), feature["geometry"].get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list) or not coordinates:
        raise ImportFileError("It is a '{kind}'; a Polygon or MultiPolygon with coordinates was expected.", kind=kind)
    shapes = [coordinates] if kind == "Polygon" else coordinates
    if not all(isinstance(shape, list) and shape for shape in shapes):
        raise ImportFileError("One of its polygons has no ring.")
    return Border(
        iso3,
        _first_text(properties, NAME_KEYS) or iso3,
        disputed,
        tuple(tuple(_ring(ring) for ring in shape) for shape in shapes),
    )


def _first_text(properties: Mapping[str, Any], keys: Sequence[str]) -> str:
    return next((str(properties[key]).strip() for key in keys if properties.get(key)), "")


def _ring(points: Any) -> Ring:
    try:
        ring = np.array([point[:2] for point in points], float)
    except (TypeError, ValueError) as error:
        raise ImportFileError("One of its rings does not hold pairs of numbers.") from error
    if ring.ndim != 2 or len(ring) < 4 or ring.shape[1] != 2 or (ring[0] != ring[-1]).any():
        raise ImportFileError(
            "One of its rings is not closed: four points or more, the last like the first, were expected."
        )
    if not (np.abs(ring) <= (180.0, 90.0)).all():
        raise ImportFileError(
            "One of its rings leaves 180 degrees east or 90 degrees north. Give degrees, longitude first."
        )
    if (np.abs(np.diff(ring[:, 0])) > 180).any():
        raise ImportFileError("One of its rings crosses the 180th meridian. Split it there into two polygons.")
    return ring
