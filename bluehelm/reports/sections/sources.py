"""Where the facts come from."""

from __future__ import annotations

from collections import Counter

from bluehelm.reports.extras import ReportExtras, read
from bluehelm.reports.flags import records_of, unverified
from bluehelm.reports.numbers import listing, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words
from bluehelm.words import say


def sources(reading: Reading, extras: ReportExtras) -> Section:
    """List the sources of the mission, how many rows rest on each, and how many rows are verified."""
    known = records_of(reading)
    used: dict[str, Counter[str]] = {}
    for name, rows in known.values():
        for row in rows:
            used.setdefault(str(getattr(row, "source", "")), Counter())[name] += 1
    cited = tuple(
        (
            key,
            text,
            listing(say("{table} {count}", table=table, count=count) for table, count in used.get(key, {}).items()),
        )
        for key, text in reading.mission.sources.items()
    )
    counted = tuple(
        (name, whole(len(rows)), *(whole(sum(row.status == status for row in rows)) for status in
                                   ("verified", "recalled", "assumed")), whole(unverified(rows)))
        for name, rows in known.values() if rows
    )  # fmt: skip
    parts: list[Table | Words] = [
        Words(say("Every row of the mission's files names its source and says how well it is known: verified in "
                  "the source, recalled from practice, or assumed by us.")),
        Table(say("Sources of the mission"), "lll", (say("Key"), say("Source"), say("Rows that rest on it")), cited),
        Table(say("How well the rows of the mission are known"), "lrrrrr",
              (say("Table"), say("Rows"), say("✓ verified"), say("▲ recalled"), say("● assumed"), say("Not verified")),
              counted),
    ]  # fmt: skip
    if reading.mission.setting.licence_note:
        parts.append(Words(say(reading.mission.setting.licence_note)))
    if extras.notes:
        parts.append(Words(say("Remarks on the data and on how this report was worked out:")))
    parts += [Words(read(note)) for note in extras.notes]
    return Section("sources", say("Sources"), tuple(parts))
