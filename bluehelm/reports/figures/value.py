"""Ways to plan beside each other: harm not answered, cost, and what their differences are worth."""

from __future__ import annotations

from bluehelm.reports.figures.look import BLUE, INK, ORANGE, PAGE_WIDTH, RED, SKY, Spec, figure
from bluehelm.reports.numbers import percent
from bluehelm.reports.value.names import arm_name, difference_name
from bluehelm.reports.value.reading import MAIN_DIFFERENCES, ValueReading
from bluehelm.words import say

NAMES, DEATHS, COST = 200, 270, 120


def arms(reading: ValueReading) -> Spec:
    """Draw three bars of deaths for each way to plan, and one of cost beside them."""
    rows = [*reading.main_arms, *reading.other_arms]
    names = [arm_name(row["arm"]) for row in rows]
    kinds = {
        "deaths": say("Mean"),
        "deaths_tail": say("Worst {share} (CVaR)", share=percent(reading.tail_share, 0)),
        "deaths_worst": say("Worst future"),
    }
    values = [
        {"arm": arm_name(row["arm"]), "kind": told, "deaths": row[key]} for row in rows for key, told in kinds.items()
    ]
    costs = [{"arm": arm_name(row["arm"]), "cost": row["cost_usd"] / 1e6} for row in rows]
    y = {"field": "arm", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": NAMES}}
    told = list(kinds.values())
    colour = {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"},
              "scale": {"domain": told, "range": [BLUE, ORANGE, RED]}}  # fmt: skip
    height = 46 * len(rows)
    deaths = {
        "width": DEATHS, "height": height, "data": {"values": values}, "mark": {"type": "bar"},
        "encoding": {
            "y": y, "yOffset": {"field": "kind", "sort": told}, "color": colour,
            "x": {"field": "deaths", "type": "quantitative", "title": say("Deaths not answered"),
                  "axis": {"tickCount": 5}},
        },
    }  # fmt: skip
    cost = {
        "width": COST, "height": height, "data": {"values": costs}, "mark": {"type": "bar", "color": SKY, "height": 18},
        "encoding": {
            "y": {**y, "axis": None},
            "x": {"field": "cost", "type": "quantitative", "title": say("Cost (million USD)"),
                  "axis": {"tickCount": 3}},
        },
    }  # fmt: skip
    return figure({"hconcat": [deaths, cost], "spacing": 18})


def values(reading: ValueReading) -> Spec | None:
    """Draw each value as a point on its proven interval."""
    rows = [row for name in MAIN_DIFFERENCES if (row := reading.difference(name))]
    if not rows:
        return None
    listed = [
        {"value": difference_name(row["name"]), "deaths": row["deaths"],
         "low": row["deaths"] if row["low"] is None else row["low"],
         "high": row["deaths"] if row["high"] is None else row["high"]}
        for row in rows
    ]  # fmt: skip
    y = {"field": "value", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": NAMES, "grid": True}}
    x = {"type": "quantitative", "axis": {"tickCount": 6, "grid": False}}
    title = say("Deaths averted")
    layers = [
        {"data": {"values": [{"nought": 0}]}, "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
         "encoding": {"x": {**x, "field": "nought", "title": title}}},
        {"data": {"values": listed}, "mark": {"type": "rule", "strokeWidth": 3, "color": SKY},
         "encoding": {"y": y, "x": {**x, "field": "low", "title": title}, "x2": {"field": "high"}}},
        {"data": {"values": listed}, "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1,
                                              "color": BLUE},
         "encoding": {"y": y, "x": {**x, "field": "deaths"}}},
    ]  # fmt: skip
    return figure({"width": PAGE_WIDTH - NAMES - 30, "height": {"step": 30}, "layer": layers})
