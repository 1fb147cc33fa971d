"""What each axis moves: the mean of protection and of cost at each of its levels, and where four fifths of runs lie."""

from __future__ import annotations

from typing import Any

from bluehelm.reports.ensemble.names import axis_name
from bluehelm.reports.ensemble.reading import COST, DEATHS, PROTECTION, EnsembleReading, Level, numbers
from bluehelm.reports.figures.look import BLUE, ORANGE, PAGE_WIDTH, RED, SKY, Spec, figure, grid, wrapped
from bluehelm.words import say

MOST_PANELS = 9
A_ROW = 3
PALE_ORANGE, PALE_RED = "#f0cfa8", "#e3b3aa"


def main_effects(reading: EnsembleReading, which: str) -> Spec | None:
    """Draw a panel for each axis that moves a figure, the widest effect first."""
    axes = [effect.axis for effect in reading.effects(which)][:MOST_PANELS]
    if not axes:
        return None
    scale = 1e-6 if which == COST else 1.0
    known = [scale * value for value in numbers(reading.planned, which)]
    room = 0.05 * (max(known) - min(known)) or 0.01 * abs(max(known)) or 0.01
    panels = [
        _panel(reading, axis, which, scale, [min(known) - room, max(known) + room], named=i % A_ROW == 0)
        for i, axis in enumerate(axes)
    ]
    return figure(grid(panels, A_ROW))


def _panel(reading: EnsembleReading, axis: str, which: str, scale: float, ends: list[float], *, named: bool) -> Spec:
    values = [row for level in reading.levels[axis] if (row := _row(level, which, scale))]
    titles = {PROTECTION: say("Share of expected harm protected"), DEATHS: say("Deaths not answered"),
              COST: say("Cost, million USD")}  # fmt: skip
    ink, pale = {PROTECTION: (BLUE, SKY), DEATHS: (RED, PALE_RED), COST: (ORANGE, PALE_ORANGE)}[which]
    continuous = all(level.at is not None for level in reading.levels[axis])
    x: Spec = {"field": "at" if continuous else "level", "title": None, "sort": None,
               "type": "quantitative" if continuous else "ordinal",
               "axis": {"grid": False, "labelAngle": 0, "tickCount": 4}}  # fmt: skip
    if continuous:
        x["scale"] = {"zero": False, "padding": 8}
    y: Spec = {"type": "quantitative", "scale": {"domain": ends, "zero": False, "nice": False},
               "title": titles[which] if named else None,
               "axis": {"format": ".0%" if which == PROTECTION else ",.6~g", "tickCount": 5}}  # fmt: skip
    return {
        "title": {"text": wrapped(axis_name(axis)).split("\n"), "fontSize": 11, "fontWeight": "normal"},
        "width": (PAGE_WIDTH - 150) / A_ROW, "height": 120, "data": {"values": values},
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 7, "color": pale, "opacity": 0.8},
             "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
            {"mark": {"type": "line", "color": ink, "point": {"filled": True, "size": 40, "color": ink}},
             "encoding": {"x": x, "y": {**y, "field": "mean"}}},
        ],
    }  # fmt: skip


def _row(level: Level, which: str, scale: float) -> dict[str, Any] | None:
    known = sorted(scale * value for value in numbers(level.planned, which))
    if not known:
        return None
    tenth = (len(known) - 1) / 10
    return {"level": level.label, "at": level.at, "mean": sum(known) / len(known),
            "low": known[round(tenth)], "high": known[round(len(known) - 1 - tenth)]}  # fmt: skip
