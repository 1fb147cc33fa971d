"""How figures look: colours that survive colour blindness and black-and-white print, and one config for all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

from bluehelm.reports.numbers import month_name
from bluehelm.words import say

Spec = dict[str, Any]
"""A Vega-Lite specification (JSON); its grammar is the type."""

FONT = "Helvetica Neue, Arial, Liberation Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
INK, GREY, PALE, RULE = "#1a1a1a", "#666666", "#c9ced6", "#e3e6ea"
BLUE, SKY, ORANGE, RED = "#1f5f99", "#8fb8de", "#d9822b", "#a6301c"
COST_COLOURS = ("#1f5f99", "#8fb8de", "#d9822b", "#7a6a4f", "#b8bec7")
SHARE_STEPS = (0.2, 0.4, 0.6, 0.8)
SHARE_COLOURS = ("#b4460f", "#e59c63", "#e8dcc8", "#8fb8de", "#1f5f99")
PAGE_WIDTH = 660

CONFIG: Spec = {
    "aria": False,
    "background": "#ffffff",
    "font": FONT,
    "axis": {
        "labelColor": INK, "titleColor": INK, "labelFontSize": 10, "titleFontSize": 11, "titleFontWeight": "normal",
        "gridColor": RULE, "domainColor": "#9aa1ab", "tickColor": "#9aa1ab", "labelLimit": 220,
    },
    "legend": {
        "labelColor": INK, "titleColor": INK, "labelFontSize": 10, "titleFontSize": 11, "titleFontWeight": "normal",
        "labelLimit": 260, "titleLimit": 260, "symbolOpacity": 1,
    },
    "title": {"color": INK, "fontSize": 12, "fontWeight": "bold", "anchor": "start", "frame": "group"},
    "header": {"labelColor": INK, "labelFontSize": 11, "labelFontWeight": "bold", "labelAnchor": "start"},
    "view": {"stroke": None},
}  # fmt: skip


def figure(body: Spec) -> Spec:
    """Complete a specification with the look."""
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "config": CONFIG, **body}


BEFORE = "before"


def months_axis(months: list[str], *, before: bool = False, most: int = 16) -> Spec:
    """Place months as equal steps, at most so many labelled; `before`: a step ahead of them."""
    steps = (1, 2, 3, 6, 12)
    every = next((step for fits, step in ((8, 1), (14, 2), (48, 3)) if len(months) <= fits), 6)
    every = max(every, next((step for step in steps if len(months) <= step * most), 12))
    labelled = [BEFORE, *months[every::every]] if before else months[::every]
    names = {month: say("Before") if month == BEFORE else month_name(month) for month in labelled}
    return {"field": "month", "type": "ordinal", "sort": [BEFORE, *months] if before else months, "title": None,
            "axis": {"labelAngle": 0, "values": labelled, "labelOverlap": False,
                     "labelExpr": f"({json.dumps(names, ensure_ascii=False)})[datum.label]"}}  # fmt: skip


def years_axis(months: list[str]) -> Spec:
    """Place months as equal steps, also those without data; many of them are labelled by year, at each January."""
    axis = {**months_axis(months), "scale": {"domain": months}}
    if len(months) > 24:
        januaries = [month for month in months if month.endswith("-01")]
        axis["axis"] |= {"values": januaries, "labelExpr": "substring(datum.label, 0, 4)", "labelOverlap": True}
    return axis


def ends_axis(months: list[str]) -> Spec:
    """Place months as equal steps in a small panel: only the first and the last are labelled."""
    axis = {**months_axis(months), "scale": {"domain": months}}
    if len(months) > 2:
        names = {month: month_name(month) for month in (months[0], months[-1])}
        inward = {"condition": {"test": f"datum.value === '{months[0]}'", "value": "left"}, "value": "right"}
        axis["axis"] |= {"values": list(names), "labelAlign": inward,
                         "labelExpr": f"({json.dumps(names, ensure_ascii=False)})[datum.label]"}  # fmt: skip
    return axis


def panel_width(panels: int, room: float, spacing: float) -> float:
    """Width of each of some panels that fill a row together, so that one is not blown up and four are not crowded."""
    return round((room - spacing * (panels - 1)) / max(1, panels), 1)


def grid(panels: Sequence[Spec], columns: int, **more: object) -> Spec:
    """Set panels side by side, in rows."""
    rows = [{"hconcat": list(panels[i : i + columns]), "spacing": 18} for i in range(0, len(panels), columns)]
    return {"vconcat": rows, "spacing": 18, **more}


def _lines(count: int) -> str:
    return f"length(split(datum.value, '\\n')) == {count}"


# Labels of several lines hang from their first line, so that they are lifted to stand beside the middle of their row.
WRAPPED: Spec = {
    "labelLimit": 260, "labelExpr": "split(datum.label, '\\n')",
    "labelOffset": {"condition": [{"test": _lines(n), "value": -6 * (n - 1)} for n in (2, 3, 4)], "value": 0},
}  # fmt: skip


def row_height(labels: Iterable[str]) -> Spec:
    """Height of the rows of an axis whose labels were broken over lines."""
    return {"step": 10 + 13 * max(label.count("\n") + 1 for label in labels)}


def wrapped(label: str) -> str:
    """Break a long label over lines, for an axis with WRAPPED."""
    if label.isascii():
        return "\n".join(wrap(label, 42))
    return "\n".join(label[i : i + 22] for i in range(0, len(label), 22))
