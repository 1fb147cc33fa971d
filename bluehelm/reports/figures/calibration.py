"""What a model of cost says of missions it has not seen, beside what they spent."""

from __future__ import annotations

from bluehelm.finance.calibrate import TARGET_SHARE, Calibration
from bluehelm.reports.figures.look import BLUE, GREY, INK, PALE, Spec, figure
from bluehelm.reports.numbers import percent
from bluehelm.words import say

SIDE = 470


def calibration(found: Calibration) -> Spec:
    """Draw each mission-year by what was spent and what a model fitted without its mission says, on log scales.

    A point on the line is told exactly; the band is the target on either side of it.
    """
    values = [
        {"spent": row.year.spent_usd / 1e6, "told": row.left_out_usd / 1e6,
         "name": f"{row.year.mission} {row.year.fiscal_year}", "mission": row.year.mission}
        for row in found.told
    ]  # fmt: skip
    # A mission is named once, at the last of its years, or the names of many years would lie on each other.
    last = list({str(value["mission"]): value for value in values}.values())
    ends = [usd / 1e6 for row in found.told for usd in (row.year.spent_usd, row.left_out_usd) if usd > 0]
    low, high = 0.7 * min(ends), 1.5 * max(ends)
    band = [{"x": x, "y": x, "low": x * (1 - TARGET_SHARE), "high": x * (1 + TARGET_SHARE)} for x in (low, high)]
    scale = {"type": "log", "domain": [low, high], "nice": False}
    axis = {"grid": False, "format": ",.0f", "tickCount": 6}
    x = {"type": "quantitative", "scale": scale, "axis": axis, "title": say("Spent or approved, million USD a year")}
    y = {**x, "title": say("Told by a model fitted without the mission, million USD a year")}
    title = say(
        "Median error {error} (target {target})",
        error=percent(found.left_out_error_share),
        target=percent(TARGET_SHARE, 0),
    )
    layers = [
        {"data": {"values": band}, "mark": {"type": "area", "color": PALE, "opacity": 0.6, "clip": True},
         "encoding": {"x": {**x, "field": "x"}, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {"data": {"values": band}, "mark": {"type": "line", "color": GREY, "strokeDash": [4, 3], "clip": True},
         "encoding": {"x": {**x, "field": "x"}, "y": {**y, "field": "y"}}},
        {"data": {"values": values}, "mark": {"type": "point", "filled": True, "size": 55, "color": BLUE,
                                              "opacity": 0.8, "clip": True},
         "encoding": {"x": {**x, "field": "spent"}, "y": {**y, "field": "told"}}},
        {"data": {"values": last}, "mark": {"type": "text", "align": "left", "dx": 7, "dy": -5, "fontSize": 9,
                                            "color": INK},
         "encoding": {"x": {**x, "field": "spent"}, "y": {**y, "field": "told"}, "text": {"field": "mission"}}},
    ]  # fmt: skip
    return figure({"title": title, "width": SIDE, "height": SIDE, "layer": layers})
