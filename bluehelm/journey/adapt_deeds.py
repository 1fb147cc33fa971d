"""What an adapted plan does in the month of the shock, and what can wait until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.reports.adapt.reading import Deed
from bluehelm.reports.reading import Reading

UNIT_DEEDS = ("order", "exit_order", "move_in", "move_out")
SITE_DEEDS = ("opens", "closes")
Key = tuple[str, str, str, str]


def deeds_since(made: Plan, carried: Plan, first: Month, norms: Norms) -> tuple[Deed, ...]:
    """List what is done from a month on in the most likely future, beside what the plan before would have done.

    What it would have done and is not done any more is listed with 0 units.
    """
    reading = Reading(made)
    path = [node_id for node_id in reading.path if Month.parse(reading.month_of(node_id)) >= first]
    now, before = _counted(made, path), _counted(carried, path)
    lead = _opening_leads(made, norms)
    found = []
    for key in sorted({*now, *before}, key=lambda key: (path.index(key[0]), key[1:])):
        node_id, deed, unit_type, site_id = key
        month = Month.parse(reading.month_of(node_id))
        decide = max(month + -lead.get(site_id, 0), first) if deed == "opens" else month
        found.append(
            Deed(
                month=str(month), deed=deed, unit_type=unit_type, site_id=site_id, units=now[key], before=before[key],
                decide_by=str(decide),
            )
        )  # fmt: skip
    return tuple(found)


def _counted(plan: Plan, path: list[str]) -> Counter[Key]:
    """Count units by node, deed, type and site, and sites that open or close."""
    counted: Counter[Key] = Counter()
    kinds = dict(plan.tables["classes"].select("class_id", "unit_type").iter_rows())
    deeds = plan.tables["movements"].filter(pl.col("node_id").is_in(path) & pl.col("deed").is_in(UNIT_DEEDS))
    columns = ("node_id", "deed", "unit_type", "class_id", "site_id", "units")
    for node_id, deed, unit_type, class_id, site_id, units in deeds.select(columns).iter_rows():
        counted[node_id, deed, unit_type or kinds.get(class_id, ""), site_id or ""] += units
    for deed in SITE_DEEDS:
        rows = plan.tables["sites"].filter(pl.col("node_id").is_in(path) & pl.col(deed))
        for node_id, site_id in rows.select("node_id", "site_id").iter_rows():
            counted[node_id, deed, "", site_id] += 1
    return counted


def _opening_leads(plan: Plan, norms: Norms) -> Mapping[str, int]:
    """Months by which each site must be ordered before it opens."""
    on = plan.mission.setting.first_month.first_day
    return {
        site.site_id: round(norms.number(f"site_open_lead_months.{site.kind}", on))
        for site in plan.mission.sites
        if site.kind != "partner_hospital"
    }
