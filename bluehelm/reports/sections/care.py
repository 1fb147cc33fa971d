"""How far casualties are from care."""

from __future__ import annotations

import polars as pl

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.flags import CARE, flag
from bluehelm.reports.numbers import percent, together
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words, shortened
from bluehelm.words import say

MOST_SITES = 15


def care(reading: Reading, extras: ReportExtras) -> Section:
    """List the sites from which a casualty does not reach care in time."""
    title, rows = say("Care of casualties"), _weighted(reading)
    flagged = flag(reading, extras, tables=("sites", "units"), norms=CARE)
    if rows.is_empty():
        return Section("care", title, (Words(say("No site is open, so no care is asked.")),))
    gathered = rows.group_by("site_id", maintain_order=True).agg(
        (pl.col("enhanced_care_covered") * pl.col("months")).sum() / pl.col("months").sum(),
        (pl.col("surgery_covered") * pl.col("months")).sum() / pl.col("months").sum(),
        (pl.min_horizontal("enhanced_care_covered", "surgery_covered") < 0.999).sum().alias("uncovered"),
    )
    lacking = gathered.filter(pl.col("uncovered") > 0).sort("surgery_covered", "enhanced_care_covered", "site_id")
    words = say("Care means enhanced care and surgery, each within its time, for a casualty at the site or on patrol "
                "around it. From {good} of {all} sites both are in reach for as long as the site is open.",
                good=gathered.height - lacking.height, all=gathered.height)  # fmt: skip
    if lacking.is_empty():
        return Section("care", title, (Words(words),), flagged)
    return Section("care", title, (Words(words), _lacking(reading, lacking)), flagged)


def _weighted(reading: Reading) -> pl.DataFrame:
    lengths = reading.plan.tables["nodes"].select("node_id", "months")
    return reading.on_path("care").join(lengths, on="node_id", how="left", maintain_order="left")


def _lacking(reading: Reading, lacking: pl.DataFrame) -> Table:
    rows: list[tuple[str, ...]] = [
        (reading.name(site), percent(first, 0), percent(second, 0)) for site, first, second, _ in lacking.iter_rows()
    ]
    kept, left_out = shortened(rows, MOST_SITES)
    note = say("Share of the time the site is open. Most of it is a question of air lift: see the gap list.")
    if left_out:
        note = together(note, say("{count} more {count:site|sites} {count:is|are} in tables/care.csv.", count=left_out))
    headings = (say("Site"), say("Enhanced care in reach"), say("Surgery in reach"))
    return Table(say("Sites from which care is out of reach in some months"), "lrr", headings, kept, note)
