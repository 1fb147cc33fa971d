"""The figures of a transition: who is there and what holds month by month, and what returning takes."""

from __future__ import annotations

from bluehelm.mission.records import COMPONENTS
from bluehelm.reports.figures.look import (
    BLUE,
    COST_COLOURS,
    GREY,
    INK,
    ORANGE,
    PAGE_WIDTH,
    SKY,
    Spec,
    figure,
    months_axis,
)
from bluehelm.reports.names import component_name
from bluehelm.reports.transition.reading import TransitionReading
from bluehelm.words import say


def course(reading: TransitionReading) -> Spec | None:
    """Stack persons by component above bases and the share of harm answered, month by month."""
    months = [row["month"] for row in reading.months]
    x = {**months_axis(months), "scale": {"domain": months}}
    persons = [
        {"month": row["month"], "component": component_name(name), "order": place, "persons": row["persons"][name]}
        for row in reading.months
        for place, name in enumerate(COMPONENTS)
    ]
    names = list(dict.fromkeys(str(row["component"]) for row in persons))
    bars = {
        "title": say("Persons at work"), "width": PAGE_WIDTH, "height": 130, "data": {"values": persons},
        "mark": {"type": "bar", "width": {"band": 0.82}},
        "encoding": {
            "x": x, "order": {"field": "order"},
            "y": {"field": "persons", "type": "quantitative", "stack": "zero", "title": None},
            "color": {"field": "component", "type": "nominal", "title": None, "legend": {"orient": "top"},
                      "scale": {"domain": names, "range": list(COST_COLOURS[:len(names)])}},
        },
    }  # fmt: skip
    bases = [{"month": row["month"], "bases": len(row["sites"])} for row in reading.months]
    steps = {
        "title": say("Bases open"),
        "width": PAGE_WIDTH,
        "height": 60,
        "data": {"values": bases},
        "mark": {"type": "bar", "width": {"band": 0.82}, "color": SKY},
        "encoding": {"x": x, "y": {"field": "bases", "type": "quantitative", "title": None}},
    }
    own = {"scale": {"color": "independent"}}
    return figure({"vconcat": [bars, steps, _shares(reading, x)], "spacing": 14, "resolve": own})


def _shares(reading: TransitionReading, x: Spec) -> Spec:
    """Lines: the mission alone, and with actors as stated; a band between actors low and high."""
    months = [row["month"] for row in reading.months]
    lines = [{"month": m, "who": say("Mission alone"), "share": row["protected_share"]}
             for m, row in zip(months, reading.months, strict=True)]  # fmt: skip
    lines += [{"month": m, "who": say("If nobody left"), "share": s}
              for m, s in zip(months, reading.record["unchanged"], strict=True)]  # fmt: skip
    layers = []
    domain, colours = [say("If nobody left"), say("Mission alone")], [GREY, BLUE]
    if reading.actors:
        low, stated, high = (reading.case(name)["by_month"] for name in ("low", "stated", "high"))
        lines += [{"month": m, "who": say("With actors as stated"), "share": s}
                  for m, s in zip(months, stated, strict=True)]  # fmt: skip
        domain.append(say("With actors as stated"))
        colours.append(ORANGE)
        band = [{"month": m, "low": a, "high": b} for m, a, b in zip(months, low, high, strict=True)]
        layers.append({"data": {"values": band}, "mark": {"type": "area", "color": ORANGE, "opacity": 0.2},
                       "encoding": {"x": x, "y": {"field": "low", "type": "quantitative"},
                                    "y2": {"field": "high"}}})  # fmt: skip
    share = {"field": "share", "type": "quantitative", "title": None, "scale": {"domain": [0, 1]},
             "axis": {"format": ".0%", "tickCount": 5}}  # fmt: skip
    colour = {"field": "who", "type": "nominal", "title": None, "legend": {"orient": "top"},
              "scale": {"domain": domain, "range": colours}}  # fmt: skip
    layers.append({"data": {"values": lines}, "mark": {"type": "line", "point": {"size": 22}},
                   "encoding": {"x": x, "y": share, "color": colour}})  # fmt: skip
    return {"title": say("Share of expected harm answered"), "width": PAGE_WIDTH, "height": 100, "layer": layers,
            "resolve": {"scale": {"y": "shared"}}}  # fmt: skip


def way_back(reading: TransitionReading) -> Spec | None:
    """Draw what returning costs once above how long it takes, by the month in which it is ordered."""
    back = reading.record["reversibility"]
    rows = [{"month": row["month"], "cost": (row["reopening_usd"] + row["transport_usd"]) / 1e6,
             "months": row["all_months"]} for row in back["rows"]]  # fmt: skip
    if not any(row["months"] for row in rows):
        return None
    months = [row["month"] for row in rows]
    x = {**months_axis(months), "scale": {"domain": months}}
    cost = {
        "title": say("Cost of returning, once (million USD)"), "width": PAGE_WIDTH, "height": 80,
        "data": {"values": rows}, "mark": {"type": "bar", "width": {"band": 0.82}, "color": BLUE},
        "encoding": {"x": x, "y": {"field": "cost", "type": "quantitative", "title": None}},
    }  # fmt: skip
    time = {
        "title": say("Months until everything is back; the line is the longest accepted"), "width": PAGE_WIDTH,
        "height": 80,
        "layer": [
            {"data": {"values": rows}, "mark": {"type": "bar", "width": {"band": 0.82}, "color": ORANGE},
             "encoding": {"x": x, "y": {"field": "months", "type": "quantitative", "title": None}}},
            {"data": {"values": [{"limit": back["at_most_months"]}]},
             "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
             "encoding": {"y": {"field": "limit", "type": "quantitative"}}},
        ],
    }  # fmt: skip
    return figure({"vconcat": [cost, time], "spacing": 14})
