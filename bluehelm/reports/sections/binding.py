"""What holds the plan back."""

from __future__ import annotations

import polars as pl

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.limits import limit_name, limit_sentence
from bluehelm.reports.numbers import whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words
from bluehelm.words import say

MOST_EXAMPLES = 3


def binding(reading: Reading, extras: ReportExtras) -> Section:
    """Gather rows with nothing to spare by family, with examples."""
    title = say("What binds")
    rows = reading.plan.tables["binding"]
    if rows.is_empty():
        return Section("binding", title, (Words(say("No limit is reached.")),))
    listed = []
    for (family,), part in rows.group_by("family", maintain_order=True):
        found = dict.fromkeys(
            limit_sentence(reading, str(family), *row) for row in part.select("row", "sentence").iter_rows()
        )
        listed.append((limit_name(str(family)), part.height, say("; ").join(list(found)[:MOST_EXAMPLES])))
    listed.sort(key=lambda row: (-row[1], row[0]))
    table = Table(
        say("Limits with nothing to spare"), "lrl", (say("Limit"), say("Times reached"), say("For example")),
        tuple((name, whole(count), told) for name, count, told in listed),
        say("All rows are in tables/binding.csv. A limit that binds is not always one worth lifting; the gap list "
            "says what more would buy."),
    )  # fmt: skip
    in_first = rows.filter(pl.col("node_id") == reading.path[0]).height
    return Section("binding", title, (Words(say("{all} limits are reached, {first} of them in the first month.",
                                                all=whole(rows.height), first=whole(in_first))), table))  # fmt: skip
