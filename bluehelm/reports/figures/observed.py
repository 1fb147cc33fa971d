"""Small multiples of what came against what was expected, month by month, one panel for each horizon."""

from __future__ import annotations

from bluehelm.reports.figures.look import BLUE, GREY, ORANGE, PAGE_WIDTH, Spec, figure, years_axis
from bluehelm.reports.forecast.names import model_name
from bluehelm.reports.numbers import ahead
from bluehelm.reports.scores.reading import ScoreReading
from bluehelm.words import say

BESIDE = "sampled_history"
MOST_PANELS = 6  # more would not fit on a printed page


def observed(reading: ScoreReading) -> Spec:
    """Draw bars of deaths that came in all areas, and lines of what our model and the last year's months expected."""
    x = years_axis(reading.timeline())
    panels = [_panel(reading, horizon, x, first=i == 0) for i, horizon in enumerate(reading.horizons[:MOST_PANELS])]
    return figure({"vconcat": panels, "spacing": 12})


def _panel(reading: ScoreReading, horizon: int, x: Spec, *, first: bool) -> Spec:
    lines = [reading.own, *([BESIDE] if BESIDE in reading.yardsticks else [])]
    came = say("Deaths that came")
    names = [came, *(say("Expected: {name}", name=model_name(model)) for model in lines)]
    legend = {"orient": "top", "symbolType": "square", "labelLimit": 320} if first else None
    colour = {"field": "kind", "type": "nominal", "title": None, "legend": legend,
              "scale": {"domain": names, "range": [GREY, BLUE, ORANGE][: len(names)]}}  # fmt: skip
    bars = [{"month": row["month"], "kind": came, "deaths": row["observed"]} for row in reading.months(horizon)]
    points = [
        {"month": row["month"], "kind": name, "deaths": row["expected"]}
        for model, name in zip(lines, names[1:], strict=True)
        for row in reading.months(horizon, model)
    ]
    y = {"field": "deaths", "type": "quantitative", "stack": None, "title": None, "axis": {"tickCount": 4}}
    return {
        "title": {"text": ahead(horizon), "fontSize": 11}, "width": PAGE_WIDTH, "height": 84,
        "encoding": {"x": x, "y": y, "color": colour},
        "layer": [
            {"data": {"values": bars}, "mark": {"type": "bar", "width": {"band": 0.8}}},
            {"data": {"values": points}, "mark": {"type": "line", "strokeWidth": 1.6, "point": {"size": 18}}},
        ],
    }  # fmt: skip
