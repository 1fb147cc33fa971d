"""The forecast's own last errors beside those of the yardsticks, as bars."""

from __future__ import annotations

from bluehelm.reports.figures.look import BLUE, PALE, WRAPPED, Spec, figure, panel_width
from bluehelm.reports.forecast.names import in_order, model_name
from bluehelm.reports.forecast.reading import ForecastReading
from bluehelm.reports.numbers import ahead, score
from bluehelm.words import say


def last_errors(reading: ForecastReading) -> Spec | None:
    """Draw the mean CRPS of the total, one panel a horizon; shorter is better."""
    rows = [row for row in reading.errors if row["scope"] == "total"]
    if not rows:
        return None
    own = reading.forecast.model
    models = in_order((row["model"] for row in rows), own)
    horizons = sorted({row["horizon"] for row in rows})
    panels = [
        _panel(ahead(horizon), [(m, row["crps"]) for m in models for row in rows
                                if row["model"] == m and row["horizon"] == horizon], own,
               panel_width(len(horizons), 438, 34), names=i == 0)
        for i, horizon in enumerate(horizons)
    ]  # fmt: skip
    title = {"text": say("CRPS of all areas together [deaths]: a shorter bar is a smaller error"), "offset": 8}
    return figure({"title": title, "hconcat": panels, "spacing": 34})


def _panel(title: str, rows: list[tuple[str, float]], own: str, width: float, *, names: bool) -> Spec:
    values = [
        {"model": model_name(model), "own": model == own, "crps": crps, "label": score(crps)} for model, crps in rows
    ]
    y = {"field": "model", "type": "nominal", "sort": None, "title": None, "axis": WRAPPED if names else None}
    x = {"field": "crps", "type": "quantitative", "title": None, "axis": None, "scale": {"domainMin": 0}}
    return {
        "title": {"text": title, "fontSize": 11, "fontWeight": "normal"}, "width": width, "height": {"step": 21},
        "data": {"values": values}, "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.7}},
             "encoding": {"color": {"condition": {"test": "datum.own", "value": BLUE}, "value": PALE}}},
            {"mark": {"type": "text", "align": "left", "dx": 3, "fontSize": 10},
             "encoding": {"text": {"field": "label", "type": "nominal"}}},
        ],
    }  # fmt: skip
