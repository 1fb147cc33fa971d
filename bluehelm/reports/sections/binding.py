"""What holds the plan back."""

from __future__ import annotations

from collections import Counter

import polars as pl

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.limits import limit_name, limit_sentence, limit_subject
from bluehelm.reports.numbers import listing, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words
from bluehelm.words import say

MOST_NAMED = 4


def binding(reading: Reading, extras: ReportExtras) -> Section:
    """Gather rows with nothing to spare by family, with examples."""
    title = say("What binds")
    rows = reading.plan.tables["binding"]
    intro = say(
        "A limit binds where what is left of it is too little for one more unit: persons under a ceiling, beds at a "
        "site, bases, cash, budget, pledges; or where a floor is just met."
    )
    if rows.is_empty():
        return Section("binding", title, (Words(intro), Words(say("No limit of this plan is used up."))))
    listed = [_row(reading, str(family), part) for (family,), part in rows.group_by("family", maintain_order=True)]
    table = Table(
        say("Limits with too little to spare for one more unit"), "lrll",
        (say("Kind of limit"), say("Times reached"), say("Most often"), say("In words, the first time")),
        tuple(sorted(listed, key=lambda row: (-int(row[1].replace(",", "")), row[0]))),
        say("All rows are in tables/binding.csv. A limit that binds is not always one worth lifting; the gap list says "
            "what more would buy."),
    )  # fmt: skip
    in_first = rows.filter(pl.col("node_id") == reading.path[0]).height
    told = say("Limits reached: {all}, of which {first} in the first month.", all=whole(rows.height),
               first=whole(in_first))  # fmt: skip
    return Section("binding", title, (Words(intro), Words(told), table))


def _row(reading: Reading, family: str, rows: pl.DataFrame) -> tuple[str, ...]:
    subjects = Counter(subject for row in rows["row"] if (subject := limit_subject(reading, family, row)))
    named = [
        say("{name} ({count} {count:time|times})", name=name, count=count) for name, count in subjects.most_common()
    ]
    first = limit_sentence(reading, family, rows["row"][0], rows["sentence"][0])
    return (limit_name(family), whole(rows.height), listing(named, MOST_NAMED), first)
