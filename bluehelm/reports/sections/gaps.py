"""What to ask for."""

from __future__ import annotations

from bluehelm.reports.extras import ReportExtras, read
from bluehelm.reports.flags import LAGS, PRESENCE, flag
from bluehelm.reports.numbers import decimal, month_name
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words
from bluehelm.words import say


def gaps(reading: Reading, extras: ReportExtras) -> Section:
    """List what to ask for at the next pledging conference, with what each would buy."""
    title = say("Gap list for the next pledging conference")
    if not extras.gap_list:
        return Section("gaps", title, (Words(say("No gap list was worked out for this report.")),))
    rows = tuple(
        (read(item.what), read(item.where), month_name(item.first_month),
         f"{decimal(item.amount, 0 if item.amount == round(item.amount) else 1)} {read(item.unit)}".strip(),
         read(item.buys))
        for item in extras.gap_list
    )  # fmt: skip
    headings = (say("What to ask for"), say("Where"), say("From"), say("How much"), say("What it would buy"))
    table = Table(say("Items to ask for, most useful first"), "llrrl", headings, rows)
    return Section("gaps", title, (table,), flag(reading, extras, tables=("areas", "units"), norms=(*PRESENCE, *LAGS)))
