"""PIT histograms with the band in which calibrated forecasts lie, and deaths expected against deaths that came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bluehelm.reports.figures.look import BLUE, GREY, INK, PAGE_WIDTH, SKY, Spec, figure, grid, panel_width
from bluehelm.reports.numbers import ahead
from bluehelm.reports.scores.reading import Bin, ScoreReading
from bluehelm.words import say

COLUMNS = 4


def pit(reading: ScoreReading) -> Spec | None:
    """Draw one histogram for each horizon: of single areas above, of all areas together below."""
    scopes = (("areas", say("One area, {ahead}")), ("total", say("All areas, {ahead}")))
    panels = []
    for scope, title in scopes:
        found = [(h, row) for h in reading.horizons if (row := reading.calibration(h, scope))]
        highest = max([0.0, *(max([*row["shares"], *(row["high"] or ())]) for _, row in found)])
        shown = found[:COLUMNS]
        width = panel_width(len(shown), 4 * 120 + 3 * 40, 40)
        panels += [_histogram(title.format(ahead=ahead(h)), row, highest, width) for h, row in shown]
    return figure(grid(panels, min(COLUMNS, max(1, len(panels) // 2)))) if panels else None


def _histogram(title: str, row: Mapping[str, Any], highest: float, width: float) -> Spec:
    shares = row["shares"]
    bins = len(shares)
    values = [{"from": i / bins, "to": (i + 1) / bins, "share": share} for i, share in enumerate(shares)]
    x = {"field": "from", "type": "quantitative", "title": None, "scale": {"domain": [0, 1]},
         "axis": {"values": [0, 0.5, 1], "format": ".0%", "grid": False}}  # fmt: skip
    y = {"field": "share", "type": "quantitative", "title": None, "scale": {"domain": [0, 1.05 * highest]},
         "axis": {"format": ".0%", "tickCount": 4}}  # fmt: skip
    bars = {"mark": {"type": "rect", "color": SKY, "stroke": "#ffffff"},
            "encoding": {"x": x, "x2": {"field": "to"}, "y": y, "y2": {"datum": 0}}}  # fmt: skip
    layers = [bars]
    if row["low"] is not None and row["high"] is not None:
        ends = [{"from": 0, "to": 1, "share": end} for end in (row["low"][0], row["high"][0])]
        mark = {"type": "rule", "color": INK, "strokeDash": [3, 2], "strokeWidth": 1.2}
        layers.append({"data": {"values": ends}, "mark": mark, "encoding": {"x": x, "x2": {"field": "to"}, "y": y}})
    else:
        even = [{"from": 0, "to": 1, "share": 1 / bins}]
        layers.append({"data": {"values": even}, "mark": {"type": "rule", "color": INK},
                       "encoding": {"x": x, "x2": {"field": "to"}, "y": y}})  # fmt: skip
    return {"title": {"text": title, "fontSize": 10.5, "fontWeight": "normal", "limit": 150},
            "width": width, "height": 90, "data": {"values": values}, "layer": layers}  # fmt: skip


def expected_and_came(bins: tuple[Bin, ...]) -> Spec | None:
    """Draw deaths that came, with their interval, against deaths expected; on the line where they agree."""
    if len(bins) < 2:
        return None
    values = [{"expected": b.expected, "came": b.came, "low": b.low, "high": b.high} for b in bins]
    most = max(max(b.high, b.expected) for b in bins)
    scale = {"type": "sqrt", "domain": [0, most], "nice": True}
    x = {"field": "expected", "type": "quantitative", "scale": scale, "axis": {"tickCount": 6},
         "title": say("Deaths expected (mean of the group)")}  # fmt: skip
    y = {"type": "quantitative", "scale": scale, "axis": {"tickCount": 6}, "title": say("Deaths that came")}
    line = {"data": {"values": [{"expected": 0, "came": 0}, {"expected": most, "came": most}]},
            "mark": {"type": "line", "color": GREY, "strokeDash": [4, 3]},
            "encoding": {"x": x, "y": {**y, "field": "came"}}}  # fmt: skip
    return figure({
        "width": PAGE_WIDTH - 50, "height": 220, "data": {"values": values},
        "layer": [
            line,
            {"mark": {"type": "rule", "color": BLUE, "strokeWidth": 2},
             "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "color": BLUE, "size": 55, "opacity": 1},
             "encoding": {"x": x, "y": {**y, "field": "came"}}},
        ],
    })  # fmt: skip
