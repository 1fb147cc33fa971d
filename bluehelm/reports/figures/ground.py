"""The ground of every map: its frame, axes in degrees, borders, and round sizes for the key of its circles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, log10, radians

from bluehelm.reports.figures.look import GREY, PAGE_WIDTH, Spec
from bluehelm.reports.figures.outline import outline_of

HALF_WIDTH = PAGE_WIDTH / 2 - 40


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the Earth shown, with a margin, at true proportions in its middle."""

    west: float
    east: float
    south: float
    north: float

    @property
    def height(self) -> float:
        """Height of a map [px], given half the width of the page."""
        across = (self.east - self.west) * cos(radians((self.south + self.north) / 2))
        return round(min(420.0, max(140.0, HALF_WIDTH * (self.north - self.south) / across)))


def frame_of(longitudes: Sequence[float], latitudes: Sequence[float]) -> Frame:
    """Frame places, with a margin."""
    margin = 0.06 * max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes), 0.5)
    return Frame(min(longitudes) - margin, max(longitudes) + margin, min(latitudes) - margin, max(latitudes) + margin)


def map_axes(frame: Frame) -> tuple[Spec, Spec]:
    """Place longitudes and latitudes (fields lon, lat) in a frame."""
    x: Spec = {"field": "lon", "type": "quantitative", "title": None,
         "scale": {"domain": [frame.west, frame.east], "nice": False, "zero": False},
         "axis": {"labelExpr": _degrees("° W", "° E"), "tickCount": 4, "grid": True}}  # fmt: skip
    y: Spec = {"field": "lat", "type": "quantitative", "title": None,
         "scale": {"domain": [frame.south, frame.north], "nice": False, "zero": False},
         "axis": {"labelExpr": _degrees("° S", "° N"), "tickCount": 4, "grid": True}}  # fmt: skip
    return x, y


def _degrees(below: str, above: str) -> str:
    """Write a label of an axis as degrees on either side of nought."""
    return f"format(abs(datum.value), '~g') + (datum.value < 0 ? '{below}' : '{above}')"


def borders(frame: Frame, x: Spec, y: Spec) -> Spec | None:
    """Draw the borders near a frame, disputed ones dashed."""
    rings = outline_of(frame.west - 1, frame.east + 1, frame.south - 1, frame.north + 1)
    values = [
        {"ring": i, "step": j, "lon": lon, "lat": lat, "disputed": disputed}
        for i, (ring, disputed) in enumerate(rings)
        for j, (lon, lat) in enumerate(ring)
    ]
    if not values:
        return None
    dash = {"condition": {"test": "datum.disputed", "value": [4, 3]}, "value": [1, 0]}
    return {"data": {"values": values}, "mark": {"type": "line", "color": GREY, "strokeWidth": 0.8, "clip": True},
            "encoding": {"x": x, "y": y, "detail": {"field": "ring"}, "order": {"field": "step"},
                         "strokeDash": dash}}  # fmt: skip


def round_steps(most: float) -> list[float]:
    """Return three round sizes for the key, the largest no larger than the largest circle."""
    top = 10 ** floor(log10(most)) if most > 0 else 1.0
    top *= next(step for step in (5, 2, 1) if step * top <= most or step == 1)
    return [top / 10, top / 2, top]
