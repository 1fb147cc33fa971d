"""Persons in theatre by component and month, against the ceilings."""

from __future__ import annotations

import polars as pl

from bluehelm.reports.figures.look import BLUE, PAGE_WIDTH, RED, SKY, Spec, figure, months_axis
from bluehelm.reports.names import component_name
from bluehelm.reports.reading import Reading
from bluehelm.words import say


def deployment(reading: Reading) -> Spec | None:
    """Stack persons at a site and persons moving or leaving, one panel a component, ceiling as a step line."""
    at_sites = (
        reading.monthly("deployments").group_by("month", "component").agg(pl.col("persons").sum().alias("at_sites"))
    )
    rows = reading.monthly("ceilings").join(at_sites, on=["month", "component"], how="left")
    rows = rows.with_columns(pl.col("at_sites").fill_null(0.0))
    panels = [
        _panel(reading, component, list(part.iter_rows(named=True)))
        for (component,), part in rows.group_by("component", maintain_order=True)
        if part["persons"].max()
    ]
    return figure({"vconcat": panels, "spacing": 14, "resolve": {"scale": {"color": "shared"}}}) if panels else None


def _panel(reading: Reading, component: object, rows: list[dict[str, float]]) -> Spec:
    kinds = (say("At a site"), say("Moving, arriving or leaving"))
    values = []
    for row in rows:
        away = max(0.0, row["persons"] - row["at_sites"])
        values += [
            {"month": row["month"], "kind": kinds[0], "order": 0, "persons": row["at_sites"]},
            {"month": row["month"], "kind": kinds[1], "order": 1, "persons": away},
        ]
    ceiling_name = say("Ceiling")
    limits = [
        {"month": row["month"], "kind": ceiling_name, "ceiling": row["ceiling_persons"]}
        for row in rows
        if row["ceiling_persons"] < 1e9
    ]
    x = months_axis(reading.months)
    colour = {"field": "kind", "type": "nominal", "title": None, "legend": {"orient": "top", "symbolType": "square"},
              "scale": {"domain": [*kinds, ceiling_name], "range": [BLUE, SKY, RED]}}  # fmt: skip
    bars = {
        "data": {"values": values}, "mark": {"type": "bar", "width": {"band": 0.82}},
        "encoding": {"x": x, "color": colour, "order": {"field": "order"},
                     "y": {"field": "persons", "type": "quantitative", "stack": "zero", "title": None}},
    }  # fmt: skip
    steps = {
        "data": {"values": limits}, "mark": {"type": "tick", "thickness": 2.5, "width": {"band": 1.1}, "opacity": 1},
        "encoding": {"x": x, "color": colour, "y": {"field": "ceiling", "type": "quantitative"}},
    }  # fmt: skip
    return {"title": say("{name}, persons", name=component_name(str(component))), "width": PAGE_WIDTH, "height": 110,
            "layer": [bars, steps] if limits else [bars]}  # fmt: skip
