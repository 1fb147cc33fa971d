"""Cash by month with bands over futures, the chance that nothing is left, and what payers owe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bluehelm.reports.figures.look import (
    BLUE,
    GREY,
    ORANGE,
    PAGE_WIDTH,
    RED,
    SKY,
    Spec,
    figure,
    months_axis,
)
from bluehelm.reports.liquidity.names import payer_name
from bluehelm.words import say

Rows = Sequence[Mapping[str, Any]]
WIDE, NARROW = "#d3e2f1", "#8fb8de"
NAMES = 190


def cash_by_month(rows: Rows, limit_usd: Sequence[float]) -> Spec:
    """Draw cash less debt: bands of 80 and 50 in 100 futures, the median, nothing, and the most that may be owed."""
    months = [row["month"] for row in rows]
    x = months_axis(months)
    names = [say("80% of futures"), say("50% of futures"), say("Median of futures"), say("Most that may be owed and "
                                                                                         "borrowed")]  # fmt: skip
    colour = {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top", "symbolType": "square"},
              "scale": {"domain": names, "range": [WIDE, NARROW, BLUE, RED]}}  # fmt: skip
    y = {"type": "quantitative", "title": None}
    bands = [
        {"data": {"values": [{"month": row["month"], "kind": name, "from": row["net_usd"][low] / 1e6,
                              "to": row["net_usd"][high] / 1e6} for row in rows]},
         "mark": {"type": "bar", "width": {"band": 1}},
         "encoding": {"x": x, "y": {**y, "field": "from", "stack": None}, "y2": {"field": "to"}, "color": colour}}
        for name, low, high in ((names[0], "q10", "q90"), (names[1], "q25", "q75"))
    ]  # fmt: skip
    median = _ticks(x, y, colour, [(row["month"], row["net_usd"]["q50"]) for row in rows], names[2])
    limit = _ticks(x, y, colour, list(zip(months, [-usd for usd in limit_usd], strict=True)), names[3])
    nothing = {"data": {"values": [{"usd": 0}]}, "mark": {"type": "rule", "color": GREY},
               "encoding": {"y": {**y, "field": "usd"}}}  # fmt: skip
    return figure({"width": PAGE_WIDTH, "height": 260, "layer": [*bands, nothing, median, limit]})


def _ticks(x: Spec, y: Spec, colour: Spec, values: Sequence[tuple[str, float]], kind: str) -> Spec:
    return {
        "data": {"values": [{"month": month, "kind": kind, "usd": usd / 1e6} for month, usd in values]},
        "mark": {"type": "tick", "thickness": 2.5, "width": {"band": 1}, "opacity": 1},
        "encoding": {"x": x, "y": {**y, "field": "usd"}, "color": colour},
    }  # fmt: skip


def in_and_out(rows: Rows) -> Spec:
    """Draw what is asked, what comes in on average and what is spent, side by side by month."""
    names = [say("Asked by letters"), say("Received, mean"), say("Spent")]
    values = [
        {"month": row["month"], "kind": name, "usd": usd / 1e6}
        for row in rows
        for name, usd in zip(names, (row["letters_usd"], row["receipts_usd"]["mean"], row["spending_usd"]), strict=True)
    ]
    colour = {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"},
              "scale": {"domain": names, "range": [SKY, BLUE, ORANGE]}}  # fmt: skip
    return figure({
        "width": PAGE_WIDTH, "height": 170, "data": {"values": values}, "mark": {"type": "bar"},
        "encoding": {
            "x": months_axis([row["month"] for row in rows]), "xOffset": {"field": "kind", "sort": names},
            "y": {"field": "usd", "type": "quantitative", "title": None}, "color": colour,
        },
    })  # fmt: skip


def payers(rows: Rows) -> Spec:
    """Draw for each of the largest payers what it owes in the worst month, and what a month earlier would add then."""
    names = [payer_name(row["payer"]) for row in rows]
    kinds = [say("Owed in the worst month, mean"), say("Cash then, if paid a month earlier")]
    values = [
        {"payer": name, "kind": kind, "usd": usd / 1e6}
        for name, row in zip(names, rows, strict=True)
        for kind, usd in zip(
            kinds, (row["arrears_worst_month_usd"]["mean"], row["earlier"]["cash_worst_month_usd"]), strict=True
        )
    ]
    colour = {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"},
              "scale": {"domain": kinds, "range": [SKY, BLUE]}}  # fmt: skip
    return figure({
        "width": PAGE_WIDTH - NAMES, "height": {"step": 15}, "data": {"values": values}, "mark": {"type": "bar"},
        "encoding": {
            "y": {"field": "payer", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": NAMES}},
            "yOffset": {"field": "kind", "sort": kinds}, "color": colour,
            "x": {"field": "usd", "type": "quantitative", "title": say("Million USD")},
        },
    })  # fmt: skip


def receipts_so_far(months: Sequence[str], record: Mapping[str, Any]) -> Spec:
    """Draw receipts so far as a band of futures, the path that holds, and what the plan needs at the end of nodes."""
    x = months_axis(list(months))
    names = [say("80% of futures"), say("Receipts that hold"), say("Needed by the plan")]
    colour = {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top", "symbolType": "square"},
              "scale": {"domain": names, "range": [WIDE, BLUE, RED]}}  # fmt: skip
    y = {"type": "quantitative", "title": None}
    band = {
        "data": {"values": [{"month": month, "kind": names[0], "from": row["q10"] / 1e6, "to": row["q90"] / 1e6}
                            for month, row in zip(months, record["receipts_so_far_usd"], strict=True)]},
        "mark": {"type": "bar", "width": {"band": 1}},
        "encoding": {"x": x, "y": {**y, "field": "from", "stack": None}, "y2": {"field": "to"}, "color": colour},
    }  # fmt: skip
    path = _ticks(x, y, colour, list(zip(months, record["path_usd"], strict=True)), names[1])
    needed = _ticks(x, y, colour, [(row["month"], max(row["receipts_usd"], 0.0)) for row in record["needed"]], names[2])
    return figure({"width": PAGE_WIDTH, "height": 230, "layer": [band, path, needed]})
