"""The ground before and after: areas by risk and protection, sites by kind, two maps side by side."""

from __future__ import annotations

import polars as pl

from bluehelm.mission.records import Area, Site
from bluehelm.reports.figures.ground import HALF_WIDTH, Frame, borders, frame_of, map_axes, round_steps
from bluehelm.reports.figures.look import INK, PALE, SHARE_COLOURS, SHARE_STEPS, Spec, figure
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
    return frame_of([place.longitude_deg for place in places], [place.latitude_deg for place in places])


def _one_map(
    reading: Reading, frame: Frame, title: str, node_id: str, open_sites: set[str], earlier: set[str], most: float
) -> Spec:
    x, y = map_axes(frame)
    layers = [
        borders(frame, x, y),
        _areas(reading, node_id, most, x, y),
        _sites(reading, open_sites, earlier, x, y),
        _labels(reading, open_sites, x, y),
    ]
    return {"title": title, "width": HALF_WIDTH, "height": frame.height,
            "layer": [layer for layer in layers if layer]}  # fmt: skip


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
            "legend": {"orient": "bottom", "symbolFillColor": PALE, "values": round_steps(most)}}  # fmt: skip
    colour = {"field": "share", "type": "quantitative", "title": say("Share protected"),
              "scale": {"type": "threshold", "domain": list(SHARE_STEPS), "range": list(SHARE_COLOURS)},
              "legend": {"orient": "bottom", "format": ".0%", "gradientLength": 130}}  # fmt: skip
    mark = {"type": "circle", "opacity": 0.85, "stroke": "#ffffff", "strokeWidth": 0.6, "clip": True}
    return {"data": {"values": values}, "mark": mark, "encoding": {"x": x, "y": y, "size": size, "color": colour}}


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
