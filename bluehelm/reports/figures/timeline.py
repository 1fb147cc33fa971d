"""Which sites stand open in which month, with how many persons: the order of closure at a glance."""

from __future__ import annotations

import polars as pl

from bluehelm.reports.figures.look import BEFORE, BLUE, PAGE_WIDTH, Spec, figure, months_axis
from bluehelm.reports.reading import Reading
from bluehelm.words import say


def timeline(reading: Reading) -> Spec | None:
    """Fill a cell for each site and month open, the day before the plan ahead; sites that close first stand first."""
    rows = reading.monthly("sites").filter(pl.col("open"))
    rows = rows.filter(pl.col("site_id").map_elements(reading.site_kind, return_dtype=pl.String) != "partner_hospital")
    stood = reading.sites_at_start
    if rows.is_empty() and not stood:
        return None
    closes = {change.site_id: change.month for change in reading.closures}
    opens = {change.site_id: change.month for change in reading.openings}
    sites = sorted(
        {*rows["site_id"], *stood},
        key=lambda site: (closes.get(site, "9999"), opens.get(site, ""), reading.name(site)),
    )
    values = [
        {"site": reading.name(site), "month": month, "persons": persons}
        for site, month, persons in rows.select("site_id", "month", "persons").iter_rows()
    ]
    values += [
        {"site": reading.name(site), "month": BEFORE, "persons": reading.persons_at_start(site)} for site in stood
    ]
    return figure(
        {
            "width": PAGE_WIDTH - 110, "height": {"step": 13}, "data": {"values": values},
            "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 1},
            "encoding": {
                "x": months_axis(reading.months, before=True),
                "y": {"field": "site", "type": "nominal", "sort": [reading.name(s) for s in sites], "title": None},
                "color": {"field": "persons", "type": "quantitative", "title": say("Persons based there"),
                          "scale": {"type": "sqrt", "range": ["#dfe9f3", BLUE], "domainMin": 0},
                          "legend": {"orient": "top", "gradientLength": 280, "tickCount": 4}},
            },
        }
    )  # fmt: skip
