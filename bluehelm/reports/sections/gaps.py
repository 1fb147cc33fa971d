"""What to ask for."""

from __future__ import annotations

from bluehelm.reports.extras import GapItem, ReportExtras, read
from bluehelm.reports.flags import LAGS, PRESENCE, flag
from bluehelm.reports.names import counted
from bluehelm.reports.numbers import decimal, month_name
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words
from bluehelm.words import say


def gap_amount(item: GapItem) -> str:
    """Say how much of something to ask for."""
    unit = item.unit if isinstance(item.unit, str) else item.unit.message
    return counted(decimal(item.amount, 0 if item.amount == round(item.amount) else 1), unit)


def gaps(reading: Reading, extras: ReportExtras) -> Section:
    """List what to ask for at the next pledging conference, with what each would buy."""
    title = say("Gap list for the next pledging conference")
    if not extras.gap_list:
        return Section("gaps", title, (Words(say("No gap list was worked out for this report.")),))
    rows = tuple(
        (read(item.what), read(item.where), month_name(item.first_month),
         gap_amount(item), read(item.buys))
        for item in extras.gap_list
    )  # fmt: skip
    headings = (say("What to ask for"), say("Where"), say("From"), say("How much"), say("What it would buy"))
    table = Table(say("Items to ask for, most useful first"), "llrrl", headings, rows)
    words = Words(say("What units or money beyond those of the plan would change, if the plan itself stays as it is. A "
                      "plan made anew with them may use them better."))  # fmt: skip
    flagged = flag(reading, extras, tables=("areas", "units"), norms=(*PRESENCE, *LAGS))
    return Section("gaps", title, (words, table), flagged)
