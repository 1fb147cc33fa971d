"""Borders for the map, from the small extracts that ship with the project, and the lines that stand under it."""

from __future__ import annotations

from bluehelm.geo import extracts

Ring = list[tuple[float, float]]


def outline_of(west: float, east: float, south: float, north: float) -> list[tuple[Ring, bool]]:
    """Return borders near a frame as runs of (longitude, latitude), each with whether it is disputed."""
    runs: list[tuple[Ring, bool]] = []
    for border in extracts.borders():
        for ring in border.rings:
            (left, bottom), (right, top) = ring.min(axis=0), ring.max(axis=0)
            if left <= east and right >= west and bottom <= north and top >= south:
                points = [(float(lon), float(lat)) for lon, lat in ring]
                runs += [(run, border.disputed) for run in _near(points, west, east, south, north)]
    return runs


def _near(ring: Ring, west: float, east: float, south: float, north: float) -> list[Ring]:
    """Cut a ring into the runs of its points that lie in the frame, each with one point beyond either end."""
    inside = [west <= lon <= east and south <= lat <= north for lon, lat in ring]
    runs: list[Ring] = []
    run: Ring = []
    for i, point in enumerate(ring):
        kept = inside[i] or (i > 0 and inside[i - 1]) or (i + 1 < len(ring) and inside[i + 1])
        if kept:
            run.append(point)
        elif run:
            runs.append(run)
            run = []
    return [*runs, run] if run else runs


def attribution() -> str:
    """Say where the borders come from, in the language in use."""
    return str(extracts.attribution("borders"))


def disclaimer() -> str:
    """Return the sentence that stands under every map, in the language in use."""
    return extracts.disclaimer()
