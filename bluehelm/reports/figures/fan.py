"""Fan charts: deaths recorded of late, then the median and the 50 % and 90 % bands of the months to come."""

from __future__ import annotations

from collections.abc import Sequence

from bluehelm.reports.figures.look import BLUE, GREY, PAGE_WIDTH, Spec, ends_axis, figure, grid, months_axis
from bluehelm.reports.forecast.reading import AreaRisk, ForecastReading, Spread
from bluehelm.words import say

WIDE, NARROW = "#d3e2f1", "#8fb8de"
MONTHS_BEFORE, MONTHS_BEFORE_AREA = 24, 12
AREAS_SHOWN = 6


def fan_of_total(reading: ForecastReading) -> Spec:
    """Draw all areas together."""
    recent = [{"month": row["month"], "deaths": row["deaths"]} for row in reading.recent[-MONTHS_BEFORE:]]
    months = reading.timeline(MONTHS_BEFORE)
    x = {**months_axis(months, most=8), "scale": {"domain": months}}
    layers = _fan(x, recent, reading.months, reading.by_month, legend=True)
    return figure({"width": PAGE_WIDTH, "height": 210, "layer": layers})


def fan_of_areas(reading: ForecastReading) -> Spec | None:
    """Draw the areas with the largest share, side by side, on one scale."""
    shown = reading.areas[:AREAS_SHOWN]
    if not shown:
        return None
    highest = max([1, *(month.high for area in shown for month in area.months)])
    panels = [_panel(reading, area, highest) for area in shown]
    return figure(grid(panels, 3))


def _panel(reading: ForecastReading, area: AreaRisk, highest: int) -> Spec:
    recent = reading.recorded_at(area.area_id, MONTHS_BEFORE_AREA)
    months = reading.timeline(len(recent)) if recent else reading.months
    layers = _fan(ends_axis(months), recent, reading.months, area.months, legend=False, highest=highest)
    return {"title": {"text": area.name, "fontSize": 11, "limit": 190}, "width": 176, "height": 90, "layer": layers}


def _fan(
    x: Spec, recent: Sequence[Spec], months: Sequence[str], spreads: Sequence[Spread], *, legend: bool, highest: int = 0
) -> list[Spec]:
    names = (say("Recorded"), say("90% of futures"), say("50% of futures"), say("Median of futures"))
    colour = {
        "field": "kind", "type": "nominal", "title": None,
        "legend": {"orient": "top", "symbolType": "square"} if legend else None,
        "scale": {"domain": list(names), "range": [GREY, WIDE, NARROW, BLUE]},
    }  # fmt: skip
    scale = {"domainMin": 0} | ({"domainMax": highest} if highest else {})
    y = {"type": "quantitative", "title": None, "scale": scale, "axis": {"tickCount": 4}}
    # One month ahead has no width as an area, so bands are bars of full width.
    bands = [
        {"data": {"values": [{"month": month, "kind": name, "from": getattr(s, low), "to": getattr(s, high)}
                             for month, s in zip(months, spreads, strict=True)]},
         "mark": {"type": "bar", "width": {"band": 1}, "clip": True},
         "encoding": {"x": x, "y": {**y, "field": "from", "stack": None}, "y2": {"field": "to"}, "color": colour}}
        for name, low, high in ((names[1], "low", "high"), (names[2], "lower", "upper"))
    ]  # fmt: skip
    median = {
        "data": {"values": [{"month": month, "kind": names[3], "deaths": s.middle}
                            for month, s in zip(months, spreads, strict=True)]},
        "mark": {"type": "tick", "thickness": 2.5, "width": {"band": 1}, "opacity": 1},
        "encoding": {"x": x, "y": {**y, "field": "deaths"}, "color": colour},
    }  # fmt: skip
    past = {
        "data": {"values": [{**row, "kind": names[0]} for row in recent]},
        "mark": {"type": "bar", "width": {"band": 0.7}, "clip": True},
        "encoding": {"x": x, "y": {**y, "field": "deaths", "stack": None}, "color": colour},
    }  # fmt: skip
    return [*bands, median, past]
