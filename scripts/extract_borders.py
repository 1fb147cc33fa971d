"""Draws the countries of peace operations and their neighbours out of Natural Earth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from topology import Polygon, Ring, Topology, inside_box

# Natural Earth draws some ground by who holds it; these polygons have no code of their own.
UNCODED = {"Kosovo": "XKX", "Somaliland": "SOM", "N. Cyprus": "CYP", "Siachen Glacier": ""}
DISPUTED = ("XKX", "ESH", "")
# The parallel that parts Western Sahara from Morocco on United Nations maps; Natural Earth draws the sand wall.
SAHARA_NORTH_DEG = 27 + 40 / 60
NEIGHBOUR_MARGIN_DEG = 3.0


def read_borders(
    path: Path, mission_countries: Sequence[str], names: Mapping[str, str], iso3_of_number: Mapping[str, str]
) -> list[dict[str, object]]:
    """Read borders of the mission countries, and what lies near them of their neighbours."""
    topology = Topology(path)
    code_of = {
        id(shape): iso3_of_number.get(str(shape.get("id")), UNCODED.get(shape["properties"]["name"]))
        for shape in topology.countries
    }
    shapes = {iso3: [shape for shape in topology.countries if code_of[id(shape)] == iso3] for iso3 in code_of.values()}
    found = {iso3: drawn(topology, shapes[iso3]) for iso3 in [*mission_countries, ""]}
    desert = topology.union([*shapes["MAR"], *shapes["ESH"]])
    found["ESH"] = inside_box(desert, -180, -90, 180, SAHARA_NORTH_DEG)
    found["MAR"] = inside_box(desert, -180, SAHARA_NORTH_DEG, 180, 90)
    for iso3 in sorted({code for code in code_of.values() if code is not None} - set(found)):
        touching = {code_of[id(shape)] for shape in topology.neighbours(shapes[iso3][0])} & {*mission_countries}
        if touching:
            outlines = [polygon[0] for code in touching for polygon in found[str(code)]]
            found[iso3] = inside_box(drawn(topology, shapes[iso3]), *box_around(outlines))
    return [feature(iso3, names.get(iso3, "Siachen Glacier"), found[iso3]) for iso3 in sorted(found)]


def drawn(topology: Topology, shapes: Sequence[dict[str, Any]]) -> list[Polygon]:
    """Draw a country that Natural Earth has in one part or in several."""
    return topology.union(shapes) if len(shapes) > 1 else topology.polygons(shapes[0])


def box_around(rings: Iterable[Ring]) -> tuple[float, float, float, float]:
    """Return the box around some rings with a margin."""
    lons, lats = zip(*(point for ring in rings for point in ring), strict=True)
    margin = NEIGHBOUR_MARGIN_DEG
    return min(lons) - margin, min(lats) - margin, max(lons) + margin, max(lats) + margin


def feature(iso3: str, name: str, polygons: Iterable[Polygon]) -> dict[str, object]:
    """Make a GeoJSON feature with coordinates of about 100 m."""
    rounded = [[rounded_ring(ring) for ring in polygon] for polygon in polygons]
    kept = [[ring for ring in polygon if len(ring) >= 4] for polygon in rounded if len(polygon[0]) >= 4]
    return {
        "type": "Feature",
        "properties": {"iso3": iso3, "name": name, "disputed": iso3 in DISPUTED},
        "geometry": {"type": "MultiPolygon", "coordinates": kept},
    }


def rounded_ring(ring: Ring) -> list[list[float]]:
    """Round a ring to three decimals and drop points that fall together."""
    points = [[round(lon, 3), round(lat, 3)] for lon, lat in ring]
    return [point for index, point in enumerate(points) if index == 0 or point != points[index - 1]]
