"""Reads countries out of a TopoJSON file: shared borders are stored once, so neighbours and unions are exact."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]


class Topology:
    """The arcs of a TopoJSON file and the rings of arcs of each of its countries."""

    def __init__(self, path: Path) -> None:
        world = json.loads(path.read_text(encoding="utf-8"))
        self.arcs = [_decoded(arc, world["transform"]) for arc in world["arcs"]]
        self.countries: list[dict[str, Any]] = world["objects"]["countries"]["geometries"]

    def polygons(self, country: dict[str, Any]) -> list[Polygon]:
        """Return the polygons of one country, each an outer ring and its holes."""
        return [[self._ring(ring) for ring in polygon] for polygon in _arc_polygons(country)]

    def neighbours(self, country: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the countries that share an arc with this one."""
        own = set(_arc_numbers(country))
        return [other for other in self.countries if other is not country and own & set(_arc_numbers(other))]

    def union(self, countries: Sequence[dict[str, Any]]) -> list[Polygon]:
        """Return several countries as one: borders between them fall away; enclosed foreign ground is filled."""
        rings = [ring for country in countries for polygon in _arc_polygons(country) for ring in polygon]
        uses = Counter(_number(arc) for ring in rings for arc in ring)
        open_arcs = [self._points(arc) for ring in rings for arc in ring if uses[_number(arc)] == 1]
        outlines = _stitched(open_arcs)
        return [[ring] for ring in outlines]

    def _points(self, arc: int) -> Ring:
        return self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1]

    def _ring(self, arcs: Sequence[int]) -> Ring:
        ring: Ring = []
        for arc in arcs:
            ring += self._points(arc)[1 if ring else 0 :]
        return ring


def inside_box(polygons: Iterable[Polygon], west: float, south: float, east: float, north: float) -> list[Polygon]:
    """Cut polygons to a box (Sutherland and Hodgman's way: pieces may hang together along its edge)."""
    kept = []
    for polygon in polygons:
        rings = [_cut(ring, west, south, east, north) for ring in polygon]
        if len(rings[0]) >= 4:
            kept.append([ring for ring in rings if len(ring) >= 4])
    return kept


def _cut(ring: Ring, west: float, south: float, east: float, north: float) -> Ring:
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        cut: Ring = []
        for a, b in pairwise(ring):
            before, after = sign * (a[axis] - limit), sign * (b[axis] - limit)
            if before >= 0:
                cut.append(a)
            if before * after < 0:
                part = before / (before - after)
                cut.append((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))
        ring = [*cut, cut[0]] if cut else []
    return ring


def _stitched(lines: list[Ring]) -> list[Ring]:
    rings = []
    while lines:
        ring = list(lines.pop())
        while ring[0] != ring[-1]:
            follows = next(index for index, line in enumerate(lines) if line[0] == ring[-1])
            ring += lines.pop(follows)[1:]
        rings.append(ring)
    return rings


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    x = y = 0
    points: Ring = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append(
            (
                x * transform["scale"][0] + transform["translate"][0],
                y * transform["scale"][1] + transform["translate"][1],
            )
        )
    return points


def _arc_polygons(country: dict[str, Any]) -> list[list[list[int]]]:
    arcs: Any = country["arcs"]
    return [arcs] if country["type"] == "Polygon" else list(arcs)


def _arc_numbers(country: dict[str, Any]) -> Iterable[int]:
    return (_number(arc) for polygon in _arc_polygons(country) for ring in polygon for arc in ring)


def _number(arc: int) -> int:
    return arc if arc >= 0 else ~arc
