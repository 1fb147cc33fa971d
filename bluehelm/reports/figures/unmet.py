"""Which part of each task stays undone."""

from __future__ import annotations

import polars as pl

from bluehelm.reports.figures.look import BLUE, ORANGE, PAGE_WIDTH, WRAPPED, Spec, figure, row_height, wrapped
from bluehelm.reports.reading import Reading
from bluehelm.words import say


def unmet(reading: Reading) -> Spec | None:
    """Draw, for each task that effort answers, the share of its hours given and not given."""
    rows = (
        reading.on_path("effort")
        .group_by("task_id", maintain_order=True)
        .agg(pl.col("demand_hours").sum(), pl.col("unmet_hours").sum())
        .filter(pl.col("demand_hours") > 0)
    )
    if rows.is_empty():
        return None
    kinds = (say("Done"), say("Not done"))
    values = []
    for task, demand, missing in rows.iter_rows():
        share = missing / demand
        values += [
            {"task": wrapped(reading.name(task)), "kind": kinds[0], "order": 0, "share": 1 - share},
            {"task": wrapped(reading.name(task)), "kind": kinds[1], "order": 1, "share": share},
        ]
    return figure(
        {
            "width": PAGE_WIDTH - 240, "height": row_height(v["task"] for v in values), "data": {"values": values},
            "mark": {"type": "bar", "height": {"band": 0.75}},
            "encoding": {
                "y": {"field": "task", "type": "nominal", "title": None, "sort": None, "axis": WRAPPED},
                "x": {"field": "share", "type": "quantitative", "stack": "zero", "axis": {"format": ".0%"},
                      "scale": {"domain": [0, 1]}, "title": say("Share of the hours asked")},
                "order": {"field": "order"},
                "color": {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top"},
                          "scale": {"domain": list(kinds), "range": [BLUE, ORANGE]}},
            },
        }
    )  # fmt: skip
