"""Spending by month, and cumulated spending against what the mission may spend."""

from __future__ import annotations

from math import isfinite

from bluehelm.reports.figures.look import COST_COLOURS, INK, PAGE_WIDTH, RED, Spec, figure, months_axis
from bluehelm.reports.reading import COST_PARTS, Reading
from bluehelm.words import say

APART = {"color": "independent", "strokeDash": "independent"}


def cost_part_name(part: str) -> str:
    """Name a part of the cost."""
    return {
        "units_usd": say("Units"), "leaving_usd": say("Units told to leave"), "transport_usd": say("Transport"),
        "sites_usd": say("Sites"), "fixed_usd": say("Fixed cost"),
    }[part]  # fmt: skip


def cost(reading: Reading) -> Spec | None:
    """Stack cost parts by month above the cumulated cost and its limits."""
    rows = list(reading.cost_by_month.iter_rows(named=True))
    names = [cost_part_name(part) for part in COST_PARTS]
    values = [
        {"month": row["month"], "part": name, "order": i, "usd": row[part] / 1e6}
        for row in rows
        for i, (part, name) in enumerate(zip(COST_PARTS, names, strict=True))
    ]
    x = months_axis(reading.months)
    colour = {"field": "part", "type": "nominal", "title": None, "legend": {"orient": "top"},
              "scale": {"domain": names, "range": list(COST_COLOURS)}}  # fmt: skip
    y = {"field": "usd", "type": "quantitative", "stack": "zero", "title": None}
    bars = {
        "title": say("Spending by month, million USD"), "width": PAGE_WIDTH, "height": 150, "data": {"values": values},
        "mark": {"type": "bar", "width": {"band": 0.82}},
        "encoding": {"x": x, "y": y, "color": colour, "order": {"field": "order"}},
    }  # fmt: skip
    panels = [bars]
    for title, spent, limit in (
        (
            say("Cash, million USD: spent since the start, and the most that cash allows"),
            "cumulative_usd",
            "cash_limit_usd",
        ),
        (
            say("Budget, million USD: spent in each fiscal year, and approved for it"),
            "fiscal_year_spent_usd",
            "approved_usd",
        ),
    ):
        if any(isfinite(row[limit]) for row in rows):
            panels.append({"title": title, **_against(rows, x, spent, limit)})
    return figure({"vconcat": panels, "spacing": 14, "resolve": {"scale": APART, "legend": APART}})


def _against(rows: list[dict[str, float]], x: Spec, spent: str, limit: str) -> Spec:
    """Draw what is spent below its limit; a fiscal year is a line of its own."""
    names = {spent: say("Spent"), limit: say("Limit")}
    by_year = spent.startswith("fiscal")
    values = [
        {"month": row["month"], "line": name, "usd": row[column] / 1e6, "run": row["fiscal_year"] if by_year else ""}
        for column, name in names.items()
        for row in rows
        if isfinite(row[column])
    ]
    field = {"field": "line", "type": "nominal", "title": None, "legend": {"orient": "top", "symbolType": "stroke"}}
    shown = list(names.values())
    return {
        "width": PAGE_WIDTH, "height": 100, "data": {"values": values},
        "mark": {"type": "line", "interpolate": "step", "strokeWidth": 2},
        "encoding": {
            "x": x, "y": {"field": "usd", "type": "quantitative", "title": None},
            "color": {**field, "scale": {"domain": shown, "range": [INK, RED]}},
            "strokeDash": {**field, "scale": {"domain": shown, "range": [[1, 0], [5, 3]]}},
            "detail": {"field": "run"},
        },
    }  # fmt: skip
