"""How far the protected share moves when an unverified norm stands at its low or high end."""

from __future__ import annotations

from bluehelm.reports.extras import ReportExtras, Sensitivity
from bluehelm.reports.figures.look import BLUE, GREY, ORANGE, PAGE_WIDTH, WRAPPED, Spec, figure, row_height, wrapped
from bluehelm.words import say


def sensitivity(extras: ReportExtras) -> Spec | None:
    """Draw a tornado: one row a norm, widest first."""
    listed = extras.sensitivities
    if not listed:
        return None
    ends = (say("norm at its low end"), say("norm at its high end"))
    rows = sorted(listed, key=lambda s: (-spread(s), s.norm_key))
    names = {s.norm_key: wrapped(extras.meaning_of(s.norm_key) or s.norm_key) for s in rows}
    values = [
        {"norm": names[s.norm_key], "end": end, "from": s.protected_share_base, "to": share}
        for s in rows
        for end, share in zip(ends, (s.protected_share_low, s.protected_share_high), strict=True)
    ]
    y = {"field": "norm", "type": "nominal", "sort": [names[s.norm_key] for s in rows], "title": None}
    bars = {
        "data": {"values": values}, "mark": {"type": "bar", "height": {"band": 0.7}, "opacity": 0.9},
        "encoding": {
            "y": {**y, "axis": WRAPPED}, "x2": {"field": "to"},
            "x": {"field": "from", "type": "quantitative", "axis": {"format": ".0%"}, "scale": {"zero": False},
                  "title": say("Share of expected harm protected")},
            "color": {"field": "end", "type": "nominal", "title": None, "legend": {"orient": "top"},
                      "scale": {"domain": list(ends), "range": [ORANGE, BLUE]}},
        },
    }  # fmt: skip
    base = {
        "data": {"values": [{"base": rows[0].protected_share_base}]},
        "mark": {"type": "rule", "color": GREY, "strokeDash": [3, 2]},
        "encoding": {"x": {"field": "base", "type": "quantitative"}},
    }  # fmt: skip
    return figure({"width": PAGE_WIDTH - 240, "height": row_height(names.values()), "layer": [bars, base]})


def spread(one: Sensitivity) -> float:
    """Return how far apart the protected shares are over the range of a norm."""
    shares = (one.protected_share_low, one.protected_share_base, one.protected_share_high)
    return max(shares) - min(shares)
