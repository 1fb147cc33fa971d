"""The map."""

from __future__ import annotations

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.figures.outline import attribution, disclaimer
from bluehelm.reports.flags import PRESENCE, flag
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Words
from bluehelm.words import say


def ground(reading: Reading, extras: ReportExtras) -> Section:
    """Show bases and protection before and after."""
    parts = (
        Words(say("Circles are areas: the larger, the more deaths are expected; orange where few of them, blue where "
                  "many of them can be answered. The left map shows bases as they stood, and protection in the first "
                  "month; the right map shows the last month.")),
        Shown("map"),
        Words(attribution()),
        Words(disclaimer()),
    )  # fmt: skip
    return Section("map", say("Bases before and after"), parts,
                   flag(reading, extras, tables=("areas", "sites"), norms=PRESENCE))  # fmt: skip
