"""Two maps of areas at risk: what is to be expected, and how bad one future in twenty may be."""

from __future__ import annotations

from bluehelm.reports.figures.ground import HALF_WIDTH, Frame, borders, frame_of, map_axes, round_steps
from bluehelm.reports.figures.look import INK, PALE, Spec, figure
from bluehelm.reports.forecast.reading import AreaRisk, ForecastReading
from bluehelm.words import say

CHANCE_STEPS = (0.1, 0.25, 0.5, 0.75)
CHANCE_COLOURS = ("#f3e3cc", "#f0bf86", "#e08a3c", "#b4460f", "#6b1d08")
AREAS_NAMED = 4
NAME_WIDTH, NAME_HEIGHT = 0.3, 0.08


def risk_map(reading: ForecastReading) -> Spec | None:
    """Draw expected shares with the chance of any death, and bad futures with the chance of many deaths."""
    if not reading.areas:
        return None
    table = reading.forecast.areas
    frame = frame_of(table["longitude_deg"].to_list(), table["latitude_deg"].to_list())
    shares = [(area, area.share, area.chance_1) for area in reading.areas]
    bad = [(area, float(area.deaths.high), area.chance_10) for area in reading.areas]
    maps = [
        _one_map(frame, say("Expected: share of all deaths"), shares, say("Share of all deaths"), ".2~%",
                 say("Chance of at least 1 death")),
        _one_map(frame, say("Bad: deaths in one future in twenty, or more"), bad, say("Deaths"), ",d",
                 say("Chance of at least 10 deaths")),
    ]  # fmt: skip
    apart = {"scale": {"size": "independent", "color": "independent"}}
    return figure({"hconcat": maps, "spacing": 12, "resolve": apart})


def _one_map(
    frame: Frame, title: str, areas: list[tuple[AreaRisk, float, float]], size_title: str, form: str, colour_title: str
) -> Spec:
    x, y = map_axes(frame)
    values: list[Spec] = [
        {"lon": area.longitude_deg, "lat": area.latitude_deg, "size": size, "chance": share, "name": area.name}
        for area, size, share in sorted(areas, key=lambda row: -row[1])
    ]
    most = max(value["size"] for value in values) or 1.0
    size = {"field": "size", "type": "quantitative", "title": size_title,
            "scale": {"domain": [0, most], "range": [3, 330]},
            "legend": {"orient": "bottom", "symbolFillColor": PALE, "values": round_steps(most),
                       "format": form}}  # fmt: skip
    colour = {"field": "chance", "type": "quantitative", "title": colour_title,
              "scale": {"type": "threshold", "domain": list(CHANCE_STEPS), "range": list(CHANCE_COLOURS)},
              "legend": {"orient": "bottom", "format": ".0%", "gradientLength": 150}}  # fmt: skip
    circles = {
        "data": {"values": values}, "encoding": {"x": x, "y": y, "size": size, "color": colour},
        "mark": {"type": "circle", "opacity": 0.9, "stroke": "#ffffff", "strokeWidth": 0.6, "clip": True},
    }  # fmt: skip
    layers = [borders(frame, x, y), circles, _names(_told_apart(values, frame), x, y)]
    return {"title": title, "width": HALF_WIDTH, "height": frame.height, "layer": [layer for layer in layers if layer]}


def _told_apart(values: list[Spec], frame: Frame) -> list[Spec]:
    """Choose the largest circles whose names do not run into each other."""
    chosen: list[Spec] = []
    for value in values[: 3 * AREAS_NAMED]:
        clear = all(
            abs(value["lon"] - other["lon"]) > NAME_WIDTH * (frame.east - frame.west)
            or abs(value["lat"] - other["lat"]) > NAME_HEIGHT * (frame.north - frame.south)
            for other in chosen
        )
        if clear and len(chosen) < AREAS_NAMED:
            chosen.append(value)
    return chosen


def _names(values: list[Spec], x: Spec, y: Spec) -> Spec:
    mark = {"type": "text", "dy": -12, "fontSize": 10, "clip": True}
    return {"data": {"values": values}, "encoding": {"x": x, "y": y, "text": {"field": "name"}}, "layer": [
        {"mark": {**mark, "stroke": "#ffffff", "strokeWidth": 3, "strokeJoin": "round"}},
        {"mark": {**mark, "color": INK}},
    ]}  # fmt: skip
