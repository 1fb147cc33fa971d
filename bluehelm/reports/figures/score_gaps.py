"""Our scores less those of each yardstick: a point and its interval, left of nought where ours are better."""

from __future__ import annotations

from bluehelm.reports.figures.look import BLUE, GREY, INK, RED, Spec, figure, panel_width
from bluehelm.reports.forecast.names import model_name
from bluehelm.reports.numbers import ahead
from bluehelm.reports.scores.reading import ScoreReading, verdict, verdict_name
from bluehelm.words import say

VERDICTS = ("better", "not told apart", "worse")
COLOURS = (BLUE, GREY, RED)
MOST_PANELS = 4


def score_gaps(reading: ScoreReading) -> Spec | None:
    """Draw CRPS and log score of one area: a panel a horizon."""
    if not reading.yardsticks or not reading.record["differences"]:
        return None
    rows = [
        {"title": title, "spacing": 14,
         "hconcat": [_panel(reading, score, h, names=i == 0) for i, h in enumerate(reading.horizons[:MOST_PANELS])]}
        for score, title in (("log_score", say("Log score of one area: ours less that of the yardstick")),
                             ("crps", say("CRPS of one area [deaths]: ours less that of the yardstick")))
    ]  # fmt: skip
    return figure({"vconcat": rows, "spacing": 16})


def _panel(reading: ScoreReading, score: str, horizon: int, *, names: bool) -> Spec:
    values = []
    for yardstick in reading.yardsticks:
        row = reading.difference(yardstick, horizon, "areas")
        if row is not None and row[score] is not None:
            low, high = row[f"{score}_low"], row[f"{score}_high"]
            values.append({"yardstick": model_name(yardstick), "value": row[score],
                           "low": row[score] if low is None else low, "high": row[score] if high is None else high,
                           "verdict": verdict_name(verdict(low, high))})  # fmt: skip
    told = [verdict_name(key) for key in VERDICTS]
    y = {"field": "yardstick", "type": "nominal", "sort": [model_name(name) for name in reading.yardsticks],
         "title": None, "axis": {"labelLimit": 200} if names else None}  # fmt: skip
    colour = {"field": "verdict", "type": "nominal", "title": None, "legend": {"orient": "bottom"},
              "scale": {"domain": told, "range": list(COLOURS)}}  # fmt: skip
    x = {"type": "quantitative", "title": None, "axis": {"tickCount": 3, "grid": False}, "scale": {"zero": True}}
    return {
        "title": {"text": ahead(horizon), "fontSize": 11, "fontWeight": "normal"},
        "width": panel_width(min(MOST_PANELS, len(reading.horizons)), 474, 14), "height": {"step": 20},
        "layer": [
            {"data": {"values": [{"nought": 0}]}, "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
             "encoding": {"x": {**x, "field": "nought"}}},
            {"data": {"values": values}, "mark": {"type": "rule", "strokeWidth": 2},
             "encoding": {"y": y, "color": colour, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"data": {"values": values}, "mark": {"type": "point", "filled": True, "size": 45, "opacity": 1},
             "encoding": {"y": y, "color": colour, "x": {**x, "field": "value"}}},
        ],
    }  # fmt: skip
