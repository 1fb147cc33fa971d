"""What this version does not model."""

from __future__ import annotations

from bluehelm.reports.extras import ReportExtras, read
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Table, Words
from bluehelm.words import say


def themes(reading: Reading, extras: ReportExtras) -> Section:
    """List themes of the founding documents with whether they are modelled."""
    title = say("What is modelled and what is not")
    if not extras.themes:
        return Section("themes", title, (Words(say("Themes were not listed for this report.")),))
    intro = Words(say("What the founding documents of peace operations ask, and how much of it this version can plan "
                      "with. What is not modelled has to be weighed by people beside this plan."))  # fmt: skip
    known = {"yes": say("yes"), "partly": say("partly"), "no": say("no")}
    order = tuple(known)
    rows = tuple(
        (read(theme.title), known[theme.modelled], read(theme.sentence))
        for theme in sorted(extras.themes, key=lambda theme: -order.index(theme.modelled))
    )
    headings = (say("Theme"), say("Modelled"), say("How"))
    return Section("themes", title, (intro, Table(say("Themes of the founding documents"), "lll", headings, rows)))
