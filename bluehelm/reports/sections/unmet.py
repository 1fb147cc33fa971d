"""What stays undone."""

from __future__ import annotations

import polars as pl

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.flags import CARE, EFFORT, PRESENCE, flag
from bluehelm.reports.handovers import handover_words
from bluehelm.reports.numbers import NOTHING, month_name, percent, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Table, Words, shortened
from bluehelm.reports.shortfalls import ranked_shortfalls
from bluehelm.words import say

MOST_ROWS = 20


def unmet(reading: Reading, extras: ReportExtras) -> Section:
    """Rank what is unmet."""
    found = ranked_shortfalls(reading)
    enter = ("tasks", "units", "areas", "handovers", "restrictions")
    flagged = flag(reading, extras, tables=enter, norms=(*EFFORT, *PRESENCE, *CARE))
    taken_over = handover_words(reading, by_presence=False)
    if not found:
        nothing = Words(say("Nothing that is asked stays undone."))
        return Section("unmet", say("What is unmet"), (nothing, *taken_over), flagged)
    rows = tuple(
        (whole(place), str(s.priority or NOTHING), s.name, s.where, s.size,
         percent(s.share_unmet), whole(s.months), month_name(s.first_month))
        for place, s in enumerate(found, start=1)
    )  # fmt: skip
    headings = (say("Rank"), say("Priority"), say("What"), say("Worst at"), say("Amount"), say("Share unmet"),
                say("Months"), say("Since"))  # fmt: skip
    intro = Words(say("What is asked and not done, gravest first. The share unmet counts only the places and months "
                      "in which something is lacking, so it can be larger than the share over the whole plan."
                      ))  # fmt: skip
    note = say("Hours and deaths add up over the months; bases and shares stand as in the worst month.")
    ranked = Table(say("Shortfalls: by priority, then by share unmet"), "rrllrrrr", headings, rows, note)
    parts: tuple[Shown | Table | Words, ...] = (intro, *taken_over, ranked, Shown("unmet"))
    work = _work(reading)
    return Section("unmet", say("What is unmet"), (*parts, work) if work.rows else parts, flagged)


def _work(reading: Reading) -> Table:
    gathered = (
        reading.on_path("effort")
        .group_by("task_id", "zone", maintain_order=True)
        .agg(pl.col("demand_hours").sum(), pl.col("given_hours").sum(), pl.col("unmet_hours").sum())
        .filter(pl.col("unmet_hours") > 0.5)
        .sort(-pl.col("unmet_hours"), "task_id", "zone")
    )
    rows: list[tuple[str, ...]] = [
        (reading.name(r["task_id"]), reading.name(r["zone"]), whole(r["demand_hours"]), whole(r["given_hours"]),
         whole(r["unmet_hours"]), percent(r["unmet_hours"] / r["demand_hours"]))
        for r in gathered.iter_rows(named=True)
    ]  # fmt: skip
    kept, left_out = shortened(rows, MOST_ROWS)
    headings = (
        say("Task"),
        say("Zone"),
        say("Hours asked"),
        say("Hours given"),
        say("Hours not given"),
        say("Share unmet"),
    )
    note = say("{count} more {count:row|rows} {count:is|are} in tables/effort.csv.", count=left_out) if left_out else ""
    return Table(say("Work not done, by task and zone"), "lsrrrr", headings, kept, note)
