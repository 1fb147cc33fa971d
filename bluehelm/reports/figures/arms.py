"""The arms of a backtest: pooled shares with intervals, each year beside the others, and paired differences."""

from __future__ import annotations

from bluehelm.reports.backtest.names import ABLATION, ADAPTIVE, OWN, RECIPE, arm_name
from bluehelm.reports.backtest.reading import BacktestReading
from bluehelm.reports.figures.look import BLUE, GREY, INK, ORANGE, PAGE_WIDTH, RED, Spec, figure, grid
from bluehelm.reports.scores.reading import verdict_name
from bluehelm.words import say

SIGNED = "datum.value === 0 ? '0' : format(datum.value, '+.0%')"
SHARE_AXIS = {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]}


def _kind(arm: str) -> str:
    if arm.startswith((ADAPTIVE, ABLATION)) or arm == "rigid":
        return say("Plans on sampled futures")
    if arm.startswith(RECIPE):  # paid or not
        return say("Recipe on past violence")
    return say("The mission itself") if arm.startswith("own_") else say("Simple rules and oracle")


def _colour(*, legend: bool) -> Spec:
    names = [_kind(arm) for arm in (OWN, ADAPTIVE, RECIPE, "oracle")]
    return {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"} if legend else None,
            "scale": {"domain": names, "range": [INK, BLUE, ORANGE, GREY]}}  # fmt: skip


def _arms_axis(reading: BacktestReading, *, names: bool) -> Spec:
    axis = {"labelLimit": 240, "grid": True} if names else {"labels": False, "ticks": False, "grid": True}
    return {"field": "arm", "type": "nominal", "sort": [arm_name(arm) for arm in reading.arms], "title": None,
            "axis": axis}  # fmt: skip


def pooled(reading: BacktestReading) -> Spec | None:
    """Draw a point and its interval for each arm over all years; a line at the mission's own bases."""
    values = []
    for arm in reading.arms:
        row = reading.pooled(arm)
        if row is not None and row["share_deaths"] is not None:
            low, high = row["share_deaths_low"], row["share_deaths_high"]
            values.append({"arm": arm_name(arm), "kind": _kind(arm), "share": row["share_deaths"],
                           "low": row["share_deaths"] if low is None else low,
                           "high": row["share_deaths"] if high is None else high})  # fmt: skip
    if not values:
        return None
    x = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {**SHARE_AXIS, "grid": False}}
    y = _arms_axis(reading, names=True)
    title = say("Share of deaths within reach, all years together")
    layers = [
        *_own_line(reading.share(OWN), x),
        {"data": {"values": values}, "mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {"y": y, "color": _colour(legend=True), "x": {**x, "field": "low", "title": title},
                      "x2": {"field": "high"}}},
        {"data": {"values": values}, "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
         "encoding": {"y": y, "color": _colour(legend=True), "x": {**x, "field": "share"}}},
    ]  # fmt: skip
    return figure({"width": PAGE_WIDTH - 250, "height": {"step": 19}, "layer": layers})


def _own_line(share: float | None, x: Spec) -> list[Spec]:
    if share is None:
        return []
    return [{"data": {"values": [{"share": share}]}, "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
             "encoding": {"x": {**x, "field": "share", "title": None}}}]  # fmt: skip


def by_year(reading: BacktestReading) -> Spec | None:
    """Draw shares, one panel a year; a line at the mission's own bases of that year."""
    # Many years in short rows would not fit on a printed page.
    a_row, width = (3, 128) if len(reading.years) <= 9 else (5, 64)
    panels = [_year(reading, year, width, names=i % a_row == 0) for i, year in enumerate(reading.years)]
    return figure(grid(panels, a_row)) if panels else None


def _year(reading: BacktestReading, year: int, width: int, *, names: bool) -> Spec:
    rows = [(arm, row) for arm in reading.drawn if (row := reading.row(arm, year)) and row["share_deaths"] is not None]
    values = [{"arm": arm_name(arm), "kind": _kind(arm), "share": row["share_deaths"]} for arm, row in rows]
    own = next((row["share_deaths"] for arm, row in rows if arm == OWN), None)
    mark = "†" if year in reading.few else ""
    title = (
        say("{year}: {count} {count:death|deaths}", year=reading.scored_year(year), count=reading.deaths(year)) + mark
    )
    y = {**_arms_axis(reading, names=names), "scale": {"domain": [arm_name(arm) for arm in reading.drawn]}}
    x = {"type": "quantitative", "scale": {"domain": [0, 1]}, "title": None,
         "axis": {**SHARE_AXIS, "values": [0, 0.5, 1], "grid": False}}  # fmt: skip
    points = {
        "data": {"values": values}, "mark": {"type": "point", "filled": True, "size": 40, "opacity": 1},
        "encoding": {"y": y, "color": _colour(legend=False), "x": {**x, "field": "share"}},
    }  # fmt: skip
    return {"title": {"text": title, "fontSize": 11 if width > 100 else 8.5}, "width": width, "height": {"step": 14},
            "layer": [*_own_line(own, x), points]}  # fmt: skip


def gaps(reading: BacktestReading) -> Spec | None:
    """Draw paired differences of shares, with intervals, one panel for each arm compared with."""
    against = list(dict.fromkeys(row["against"] for row in reading.differences))
    against = [arm for arm in against if arm in (OWN, reading.moving(RECIPE), "rigid")]
    panels = [panel for arm in against if (panel := _gap_panel(reading, arm))]
    return figure({"vconcat": panels, "spacing": 14}) if panels else None


def _gap_panel(reading: BacktestReading, against: str) -> Spec | None:
    values = []
    for row in reading.differences:
        low, high = row["share_deaths_low"], row["share_deaths_high"]
        if row["against"] == against and row["arm"] in reading.drawn and row["share_deaths"] is not None:
            values.append({"arm": arm_name(row["arm"]), "gap": row["share_deaths"],
                           "low": row["share_deaths"] if low is None else low,
                           "high": row["share_deaths"] if high is None else high,
                           "verdict": verdict_name(reading.verdict(row))})  # fmt: skip
    if not values:
        return None
    told = [verdict_name(key) for key in ("better", "not told apart", "worse")]
    x = {"type": "quantitative", "title": None, "axis": {"tickCount": 6, "grid": False, "labelExpr": SIGNED}}
    y = {"field": "arm", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 240, "grid": True}}
    colour = {"field": "verdict", "type": "nominal", "title": None, "legend": {"orient": "bottom"},
              "scale": {"domain": told, "range": [BLUE, GREY, RED]}}  # fmt: skip
    return {
        "title": {"text": say("Share of deaths within reach, less that of: {name}", name=arm_name(against)),
                  "fontSize": 11},
        "width": PAGE_WIDTH - 250, "height": {"step": 19},
        "layer": [
            {"data": {"values": [{"nought": 0}]}, "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
             "encoding": {"x": {**x, "field": "nought"}}},
            {"data": {"values": values}, "mark": {"type": "rule", "strokeWidth": 2},
             "encoding": {"y": y, "color": colour, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
            {"data": {"values": values}, "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
             "encoding": {"y": y, "color": colour, "x": {**x, "field": "gap"}}},
        ],
    }  # fmt: skip
