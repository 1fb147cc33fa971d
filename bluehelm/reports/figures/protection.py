"""Expected harm by month, and the share of it that is protected."""

from __future__ import annotations

from bluehelm.reports.figures.look import BLUE, ORANGE, PAGE_WIDTH, Spec, figure, months_axis
from bluehelm.reports.reading import Reading
from bluehelm.words import say


def protection(reading: Reading) -> Spec | None:
    """Stack protected and unprotected deaths by month above the protected share."""
    rows = list(reading.protection_by_month.iter_rows(named=True))
    if not rows:
        return None
    kinds = (say("Protected"), say("Not protected"))
    values = []
    for row in rows:
        values += [
            {"month": row["month"], "kind": kinds[0], "order": 0, "deaths": row["protected"]},
            {"month": row["month"], "kind": kinds[1], "order": 1, "deaths": row["deaths"] - row["protected"]},
        ]
    x = months_axis(reading.months)
    bars = {
        "title": say("Civilian deaths expected each month, before any plan"), "width": PAGE_WIDTH, "height": 120,
        "data": {"values": values}, "mark": {"type": "bar", "width": {"band": 0.82}},
        "encoding": {
            "x": x, "order": {"field": "order"},
            "y": {"field": "deaths", "type": "quantitative", "stack": "zero", "title": None},
            "color": {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"},
                      "scale": {"domain": list(kinds), "range": [BLUE, ORANGE]}},
        },
    }  # fmt: skip
    shares = [{"month": row["month"], "share": row["share"]} for row in rows]
    line = {
        "title": say("Share protected"), "width": PAGE_WIDTH, "height": 80, "data": {"values": shares},
        "mark": {"type": "line", "color": BLUE, "point": {"color": BLUE, "size": 24}},
        "encoding": {"x": x, "y": {"field": "share", "type": "quantitative", "title": None,
                                   "scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 5}}},
    }  # fmt: skip
    return figure({"vconcat": [bars, line], "spacing": 14})
