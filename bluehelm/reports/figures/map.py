"""The ground before and after: areas by risk and protection, sites by kind, two maps side by side."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, floor, log10, radians

import polars as pl

from bluehelm.mission.records import Area, Site
from bluehelm.reports.figures.look import GREY, INK, PAGE_WIDTH, PALE, SHARE_COLOURS, SHARE_STEPS, Spec, figure
from bluehelm.reports.figures.outline import outline_of
from bluehelm.reports.names import site_kind_name
from bluehelm.reports.numbers import month_name
from bluehelm.reports.reading import Reading
from bluehelm.words import say

SHAPES = {
    "mission_headquarters": "square",
    "sector_headquarters": "diamond",
    "company_base": "triangle-up",
    "temporary_base": "triangle-down",
    "partner_hospital": "cross",
}
CLOSED = "M-.8-.8L.8.8M.8-.8L-.8.8"


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
        width = PAGE_WIDTH / 2 - 40
        across = (self.east - self.west) * cos(radians((self.south + self.north) / 2))
        return round(min(420.0, max(140.0, width * (self.north - self.south) / across)))


def map_of_bases(reading: Reading) -> Spec | None:
    """Draw the bases and the protected share before (first month) and after (last month)."""
    if not reading.mission.areas or not reading.mission.sites:
        return None
    frame = _frame(reading)
    first, last = reading.path[0], reading.path[-1]
    most = max(deaths for node in (first, last) for deaths, _ in _risk(reading, node).values()) or 1.0
    before = set(reading.sites_at_start)
    titles = (
        say("Before: bases open on the day before {month}", month=month_name(reading.months[0])),
        say("After: bases open in {month}", month=month_name(reading.months[-1])),
    )
    maps = [
        _one_map(reading, frame, titles[0], first, before, set(), most),
        _one_map(reading, frame, titles[1], last, set(reading.sites_open(last)), before, most),
    ]
    return figure({"hconcat": maps, "spacing": 12})


def _frame(reading: Reading) -> Frame:
    places: list[Area | Site] = [*reading.mission.areas, *reading.mission.sites]
    longitudes = [place.longitude_deg for place in places]
    latitudes = [place.latitude_deg for place in places]
    margin = 0.06 * max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes), 0.5)
    return Frame(min(longitudes) - margin, max(longitudes) + margin, min(latitudes) - margin, max(latitudes) + margin)


def _one_map(
    reading: Reading, frame: Frame, title: str, node_id: str, open_sites: set[str], earlier: set[str], most: float
) -> Spec:
    x = {"field": "lon", "type": "quantitative", "title": None,
         "scale": {"domain": [frame.west, frame.east], "nice": False, "zero": False},
         "axis": {"labelExpr": _degrees("° W", "° E"), "tickCount": 4, "grid": True}}  # fmt: skip
    y = {"field": "lat", "type": "quantitative", "title": None,
         "scale": {"domain": [frame.south, frame.north], "nice": False, "zero": False},
         "axis": {"labelExpr": _degrees("° S", "° N"), "tickCount": 4, "grid": True}}  # fmt: skip
    layers = [
        _borders(frame, x, y),
        _areas(reading, node_id, most, x, y),
        _sites(reading, open_sites, earlier, x, y),
        _labels(reading, open_sites, x, y),
    ]
    return {"title": title, "width": PAGE_WIDTH / 2 - 40, "height": frame.height,
            "layer": [layer for layer in layers if layer]}  # fmt: skip


def _degrees(below: str, above: str) -> str:
    """Write a label of an axis as degrees on either side of nought."""
    return f"format(abs(datum.value), '~g') + (datum.value < 0 ? '{below}' : '{above}')"


def _borders(frame: Frame, x: Spec, y: Spec) -> Spec | None:
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


def _risk(reading: Reading, node_id: str) -> dict[str, tuple[float, float]]:
    """Return deaths expected a month, and the share protected, of each area at a node."""
    rows = reading.plan.tables["protection"].filter(pl.col("node_id") == node_id)
    months = reading.months_in(node_id)
    listed = rows.select("area_id", "fatalities", "protected_share").iter_rows()
    return {area: (deaths / months, share) for area, deaths, share in listed}


def _areas(reading: Reading, node_id: str, most: float, x: Spec, y: Spec) -> Spec:
    found = _risk(reading, node_id)
    values = [
        {"lon": area.longitude_deg, "lat": area.latitude_deg, "deaths": found[area.area_id][0],
         "share": found[area.area_id][1]}
        for area in reading.mission.areas
        if area.area_id in found
    ]  # fmt: skip
    values.sort(key=lambda value: -value["deaths"])
    size = {"field": "deaths", "type": "quantitative", "title": say("Deaths expected a month"),
            "scale": {"domain": [0, most], "range": [4, 700]},
            "legend": {"orient": "bottom", "symbolFillColor": PALE, "values": _round_steps(most)}}  # fmt: skip
    colour = {"field": "share", "type": "quantitative", "title": say("Share protected"),
              "scale": {"type": "threshold", "domain": list(SHARE_STEPS), "range": list(SHARE_COLOURS)},
              "legend": {"orient": "bottom", "format": ".0%", "gradientLength": 130}}  # fmt: skip
    mark = {"type": "circle", "opacity": 0.85, "stroke": "#ffffff", "strokeWidth": 0.6, "clip": True}
    return {"data": {"values": values}, "mark": mark, "encoding": {"x": x, "y": y, "size": size, "color": colour}}


def _round_steps(most: float) -> list[float]:
    """Return three round sizes for the key, the largest no larger than the largest circle."""
    top = 10 ** floor(log10(most)) if most > 0 else 1.0
    top *= next(step for step in (5, 2, 1) if step * top <= most or step == 1)
    return [top / 10, top / 2, top]


def _sites(reading: Reading, open_sites: set[str], earlier: set[str], x: Spec, y: Spec) -> Spec:
    closed_name = say("Closed since")
    values = []
    for site in reading.mission.sites:
        is_open = site.site_id in open_sites or site.kind == "partner_hospital"
        if is_open or site.site_id in earlier:
            name = site_kind_name(site.kind) if is_open else closed_name
            values.append({"lon": site.longitude_deg, "lat": site.latitude_deg, "kind": name})
    kinds = [site_kind_name(kind) for kind in SHAPES if any(s.kind == kind for s in reading.mission.sites)]
    shapes = [shape for kind, shape in SHAPES.items() if any(s.kind == kind for s in reading.mission.sites)]
    legend = {"orient": "bottom", "columns": 2, "symbolStrokeColor": INK, "symbolStrokeWidth": 1.3}
    shape = {"field": "kind", "type": "nominal", "title": None, "legend": legend,
             "scale": {"domain": [*kinds, closed_name], "range": [*shapes, CLOSED]}}  # fmt: skip
    mark = {"type": "point", "filled": False, "size": 42, "opacity": 1, "clip": True}
    return {"data": {"values": values}, "encoding": {"x": x, "y": y, "shape": shape}, "layer": [
        {"mark": {**mark, "stroke": "#ffffff", "strokeWidth": 2.8}},
        {"mark": {**mark, "stroke": INK, "strokeWidth": 1.3}},
    ]}  # fmt: skip


def _labels(reading: Reading, open_sites: set[str], x: Spec, y: Spec) -> Spec:
    values = [
        {"lon": site.longitude_deg, "lat": site.latitude_deg, "name": site.name}
        for site in reading.mission.sites
        if site.kind.endswith("headquarters") and site.site_id in open_sites
    ]
    mark = {"type": "text", "dy": -11, "fontSize": 10, "clip": True}
    return {"data": {"values": values}, "encoding": {"x": x, "y": y, "text": {"field": "name"}}, "layer": [
        {"mark": {**mark, "stroke": "#ffffff", "strokeWidth": 3, "strokeJoin": "round"}},
        {"mark": {**mark, "color": INK}},
    ]}  # fmt: skip
