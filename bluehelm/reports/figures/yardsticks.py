"""The plan beside simple rules and beside what the mission itself did."""

from __future__ import annotations

from collections.abc import Sequence

from bluehelm.reports.extras import Yardstick, read
from bluehelm.reports.figures.look import BLUE, PALE, WRAPPED, Spec, figure, row_height, wrapped
from bluehelm.reports.numbers import percent
from bluehelm.words import say


def yardsticks(listed: Sequence[Yardstick]) -> Spec | None:
    """Draw the share of expected harm protected, and the share of later violence within reach, side by side."""
    if len(listed) < 2:
        return None
    expected = [(read(y.title), y.name, y.protected_share) for y in listed]
    later = [(read(y.title), y.name, y.hindsight_share_within_reach) for y in listed]
    panels = [_panel(say("Share of expected harm protected"), expected, names=True)]
    if any(share is not None for _, _, share in later):
        panels.append(_panel(say("Share of later violence within reach"), later, names=False))
    return figure({"hconcat": panels, "spacing": 24, "resolve": {"scale": {"y": "shared"}}})


def _panel(title: str, rows: Sequence[tuple[str, str, float | None]], *, names: bool) -> Spec:
    values = [
        {
            "title": name,
            "own": key == "plan",
            "share": share or 0.0,
            "label": say("unknown") if share is None else percent(share),
        }
        for name, key, share in rows
    ]
    y = {"field": "title", "type": "nominal", "sort": None, "title": None,
         "axis": WRAPPED if names else None}  # fmt: skip
    axis = {"format": ".0%", "values": [0, 0.5, 1], "grid": False}
    x = {"field": "share", "type": "quantitative", "axis": axis, "title": None,
         "scale": {"domain": [0, 1]}}  # fmt: skip
    text = {"field": "label", "type": "nominal"}
    return {
        "title": title, "width": 190, "height": row_height(wrapped(n) for n, *_ in rows), "data": {"values": values},
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.7}},
             "encoding": {"color": {"condition": {"test": "datum.own", "value": BLUE}, "value": PALE}}},
            {"mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10}, "encoding": {"text": text}},
        ],
    }  # fmt: skip
