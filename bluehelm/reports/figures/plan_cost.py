"""How the cost of a plan builds up, part by part, and how it runs from month to month."""

from __future__ import annotations

from collections import defaultdict

from bluehelm.finance.parts import GROUPS, PARTS
from bluehelm.finance.priced_plan import PricedPlan
from bluehelm.reports.figures.look import BLUE, INK, ORANGE, PAGE_WIDTH, SKY, Spec, figure, months_axis
from bluehelm.reports.finance.cost_names import group_name, part_name
from bluehelm.words import say

GROUP_COLOURS = (BLUE, ORANGE, SKY)


def _group_colour() -> Spec:
    names = [group_name(group) for group in GROUPS]
    return {"field": "group", "type": "nominal", "title": None, "legend": {"orient": "top"},
            "scale": {"domain": names, "range": list(GROUP_COLOURS)}}  # fmt: skip


def waterfall(priced: PricedPlan) -> Spec | None:
    """Draw each part as a bar that begins where the one before ends, up to the total."""
    budget = priced.budget
    rows, reached = [], 0.0
    for group in GROUPS:
        for part in PARTS:
            usd = float(budget.amount(group=group, part=part)) / 1e6
            if usd:
                rows.append({"part": part_name(part, group), "group": group_name(group), "from": reached,
                             "to": reached + usd, "told": f"{usd:,.1f}"})  # fmt: skip
                reached += usd
    if not rows:
        return None
    total = {"part": say("Total"), "from": 0.0, "to": reached, "told": f"{reached:,.1f}"}
    order = [str(row["part"]) for row in rows] + [say("Total")]
    y = {"field": "part", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 230}}
    x = {"field": "from", "type": "quantitative", "title": say("Million USD"),
         "scale": {"domain": [0, reached * 1.12], "nice": False}}  # fmt: skip
    bar = {"type": "bar", "height": {"band": 0.72}}
    told = {"mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10, "color": INK},
            "encoding": {"y": y, "x": {**x, "field": "to"}, "text": {"field": "told"}}}  # fmt: skip
    layers = [
        {"data": {"values": rows}, "mark": bar,
         "encoding": {"y": y, "x": x, "x2": {"field": "to"}, "color": _group_colour()}},
        {"data": {"values": [total]}, "mark": {**bar, "color": INK},
         "encoding": {"y": y, "x": x, "x2": {"field": "to"}}},
        {"data": {"values": [*rows, total]}, **told},
    ]  # fmt: skip
    return figure({"width": PAGE_WIDTH - 240, "height": {"step": 22}, "layer": layers})


def by_month(priced: PricedPlan) -> Spec:
    """Stack the groups month by month, in expectation."""
    usd: defaultdict[tuple[str, str], float] = defaultdict(float)
    for line in priced.lines:
        usd[str(line.month), line.group] += float(line.expected_usd) / 1e6
    values = [
        {"month": month, "group": group_name(group), "order": GROUPS.index(group), "usd": amount}
        for (month, group), amount in sorted(usd.items())
    ]
    months = sorted({month for month, _ in usd})
    return figure({
        "width": PAGE_WIDTH, "height": 170, "data": {"values": values},
        "mark": {"type": "bar", "width": {"band": 0.82}},
        "encoding": {
            "x": months_axis(months), "color": _group_colour(), "order": {"field": "order"},
            "y": {"field": "usd", "type": "quantitative", "stack": "zero", "title": say("Million USD")},
        },
    })  # fmt: skip


def against(priced: PricedPlan) -> Spec | None:
    """Set each amount beside what it is held against."""
    if not priced.variances:
        return None
    mine, other = say("This plan"), say("Held against")
    values = [
        {"row": f"{row.fiscal_year} {group_name(row.group)}", "which": which, "usd": float(usd) / 1e6}
        for row in priced.variances
        for which, usd in ((mine, row.amount_usd), (other, row.other_usd))
    ]
    names = list(dict.fromkeys(str(value["row"]) for value in values))
    colour = {"field": "which", "type": "nominal", "title": None, "legend": {"orient": "top"},
              "scale": {"domain": [mine, other], "range": [BLUE, "#b8bec7"]}}  # fmt: skip
    return figure({
        "width": PAGE_WIDTH - 260, "height": {"step": 16}, "data": {"values": values}, "mark": {"type": "bar"},
        "encoding": {
            "y": {"field": "row", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 250}},
            "yOffset": {"field": "which", "sort": [mine, other]}, "color": colour,
            "x": {"field": "usd", "type": "quantitative", "title": say("Million USD")},
        },
    })  # fmt: skip
