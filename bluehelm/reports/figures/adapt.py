"""Protection from the month of the shock on: before, held, cut in proportion, adapted."""

from __future__ import annotations

from collections.abc import Sequence

from bluehelm.reports.figures.look import BLUE, PALE, WRAPPED, Spec, figure, row_height, wrapped


def adapt_arms(rows: Sequence[tuple[str, float, str, bool]]) -> Spec | None:
    """Draw one bar for each arm; rows: name, share protected, its label, whether it is the adapted plan."""
    if len(rows) < 2:
        return None
    values = [{"title": name, "share": share, "label": label, "own": own} for name, share, label, own in rows]
    y = {"field": "title", "type": "nominal", "sort": None, "title": None, "axis": WRAPPED}
    x = {"field": "share", "type": "quantitative", "title": None, "scale": {"domain": [0, 1]},
         "axis": {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1], "grid": False}}  # fmt: skip
    text = {"field": "label", "type": "nominal"}
    return figure({
        "width": 330, "height": row_height(wrapped(name) for name, *_ in rows), "data": {"values": values},
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.7}},
             "encoding": {"color": {"condition": {"test": "datum.own", "value": BLUE}, "value": PALE}}},
            {"mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10}, "encoding": {"text": text}},
        ],
    })  # fmt: skip
