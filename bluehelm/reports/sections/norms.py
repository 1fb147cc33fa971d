"""The norms under the plan, each with how well it is known."""

from __future__ import annotations

from bluehelm.reports.extras import NormUse, ReportExtras, read
from bluehelm.reports.names import status_name, with_unit
from bluehelm.reports.numbers import listing, plain
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words
from bluehelm.words import say

ORDER = ("assumed", "recalled", "verified")


def norms(reading: Reading, extras: ReportExtras) -> Section:
    """List norms, unverified ones first."""
    title = say("Norms used")
    if not extras.norms_used:
        return Section(
            "norms", title, (Words(say("Norms were not listed for this report: take every figure as unverified.")),)
        )
    counts = [sum(norm.status == status for norm in extras.norms_used) for status in ORDER]
    words = say("✓ verified: read in its source ({verified}). ▲ recalled: an unverified figure from practice "
                "({recalled}). ● assumed: our planning assumption, with its reason and range ({assumed}).",
                assumed=counts[0], recalled=counts[1], verified=counts[2])  # fmt: skip
    parts: list[Table | Words] = [Words(words)]
    if reading.mission.amendments:
        told = listing(f"{key} = {value}" for key, value in reading.mission.amendments.items())
        parts.append(Words(say("This mission lays these values over the norms: {amendments}.", amendments=told)))
    rows = tuple(_row(norm) for norm in sorted(extras.norms_used, key=lambda n: (_rank(n), n.key)))
    headings = (say("Norm"), say("Value, and its range"), say("Status"), say("Source or reason"))
    note = say("Sources and reasons stand in the language in which they were written.")
    parts.append(Table(say("Norms, unverified first"), "lrsl", headings, rows, note))
    return Section("norms", title, tuple(parts))


def _rank(norm: NormUse) -> int:
    return ORDER.index(norm.status) if norm.status in ORDER else 0


def _row(norm: NormUse) -> tuple[str, ...]:
    value = with_unit(norm.value, norm.unit)
    if norm.low is not None and norm.high is not None:
        value = f"{value}\n{plain(norm.low)} … {plain(norm.high)}"
    why = say("; ").join(text for text in (read(norm.reason), norm.source) if text)
    meaning = read(norm.meaning)
    return (f"{meaning}\n{norm.key}" if meaning else norm.key, value, status_name(norm.status), why)
