"""Every future of a plan: deaths out of reach against cost, larger where it is likelier."""

from __future__ import annotations

from bluehelm.adaptation.policy import Policy
from bluehelm.adaptation.policy_futures import mean_of_worst
from bluehelm.reports.figures.look import BLUE, GREY, ORANGE, PAGE_WIDTH, Spec, figure
from bluehelm.words import say


def futures(told: Policy | None) -> Spec | None:
    """Draw one circle a future, with lines at the mean and at the mean of the worst."""
    if told is None or len(told.futures) < 2:
        return None
    values = [
        {"chance": one.chance, "deaths": one.unanswered, "cost": one.cost_usd / 1e6, "name": one.node_id}
        for one in told.futures
    ]
    unanswered, chances = [one.unanswered for one in told.futures], [one.chance for one in told.futures]
    names = (
        say("Mean over all futures"),
        say("Worst {share} of the futures", share=f"{round(100 * (1 - told.tail), 1):g}%"),
    )
    lines = [{"deaths": mean_of_worst(unanswered, chances, tail), "line": name}
             for name, tail in zip(names, (0.0, told.tail), strict=True)]  # fmt: skip
    x = {"field": "deaths", "type": "quantitative", "title": say("Deaths expected out of reach"),
         "scale": {"zero": False, "padding": 24}}  # fmt: skip
    circles = {
        "data": {"values": values}, "mark": {"type": "circle", "color": BLUE, "opacity": 0.65},
        "encoding": {
            "x": x,
            "y": {"field": "cost", "type": "quantitative", "title": say("Cost (million USD)"),
                  "scale": {"zero": False, "padding": 24}},
            "size": {"field": "chance", "type": "quantitative", "title": say("Chance"),
                     "scale": {"domainMin": 0, "range": [0, 600]},
                     "legend": {"format": ".0%", "symbolFillColor": BLUE, "symbolStrokeWidth": 0, "tickCount": 3}},
        },
    }  # fmt: skip
    rules = {
        "data": {"values": lines}, "mark": {"type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.5},
        "encoding": {"x": {"field": "deaths", "type": "quantitative"},
                     "color": {"field": "line", "type": "nominal", "title": None,
                               "scale": {"domain": list(names), "range": [GREY, ORANGE]},
                               "legend": {"orient": "top"}}},
    }  # fmt: skip
    return figure({"width": PAGE_WIDTH - 80, "height": 200, "layer": [circles, rules]})
