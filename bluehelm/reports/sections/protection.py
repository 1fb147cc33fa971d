"""Whom the plan protects."""

from __future__ import annotations

from math import isfinite

import polars as pl

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.flags import PRESENCE, flag
from bluehelm.reports.handovers import handover_words
from bluehelm.reports.numbers import decimal, percent
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Table, Words, shortened
from bluehelm.words import say

MOST_AREAS = 25


def protection(reading: Reading, extras: ReportExtras) -> Section:
    """Show protection by month and by area."""
    parts: tuple[Shown | Table | Words, ...] = (
        Words(say("Harm counts as protected as far as a unit within reach can act in time. It is a measure of "
                  "presence, not a forecast of lives saved; one unit may stand for several areas at once.")),
        *handover_words(reading, by_presence=True),
        Shown("protection"),
        _by_area(reading),
    )  # fmt: skip
    enter = ("areas", "units", "sites", "floors", "handovers", "restrictions")
    flagged = flag(reading, extras, tables=enter, norms=PRESENCE)
    return Section("protection", say("Protection by month"), parts, flagged)


def _by_area(reading: Reading) -> Table:
    path = reading.on_path("protection").with_columns(
        protected=pl.col("fatalities") * pl.col("protected_share"),
    )
    gathered = path.group_by("area_id", maintain_order=True).agg(
        pl.col("fatalities").sum(),
        pl.col("protected").sum(),
        pl.col("protected_share").first().alias("first"),
        pl.col("protected_share").last().alias("last"),
        pl.col("floor_share").fill_nan(None).max().alias("floor"),
    )
    zones = {area.area_id: area.zone for area in reading.mission.areas}
    rows: list[tuple[str, ...]] = [
        (reading.name(r["area_id"]), reading.name(zones.get(r["area_id"], "")), decimal(r["fatalities"]),
         decimal(r["fatalities"] - r["protected"]),
         percent(r["protected"] / r["fatalities"]) if r["fatalities"] else percent(r["last"]),
         percent(r["first"]), percent(r["last"]),
         percent(r["floor"]) if r["floor"] is not None and isfinite(r["floor"]) and r["floor"] > 0 else "")
        for r in gathered.sort(pl.col("protected") - pl.col("fatalities"), "area_id").iter_rows(named=True)
    ]  # fmt: skip
    kept, left_out = shortened(rows, MOST_AREAS)
    headings = [say("Area"), say("Zone"), say("Deaths expected"), say("Of these not protected"), say("Share protected"),
                say("Share in the first month"), say("Share in the last month"), say("Floor")]  # fmt: skip
    note = (
        say(
            "{count} more {count:area|areas}, with less unprotected harm, are in tables/protection.csv.", count=left_out
        )
        if left_out
        else ""
    )
    if not any(row[-1] for row in kept):
        headings, kept = headings[:-1], tuple(row[:-1] for row in kept)
    columns = "ls" + "r" * (len(headings) - 2)
    return Table(say("Areas, most unprotected harm first"), columns, tuple(headings), kept, note)
