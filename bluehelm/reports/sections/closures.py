"""Which sites close, in which order, and why."""

from __future__ import annotations

from bluehelm.reports.extras import ReportExtras, read
from bluehelm.reports.flags import PRESENCE, flag
from bluehelm.reports.names import site_kind_name
from bluehelm.reports.numbers import NOTHING, month_name, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.words import say


def closures(reading: Reading, extras: ReportExtras) -> Section:
    """List closures and openings in order, with reasons where they were worked out."""
    kinds = {site.site_id: site.kind for site in reading.mission.sites}
    deeds = [(change, say("closes")) for change in reading.closures]
    deeds += [(change, say("opens")) for change in reading.openings]
    rows = tuple(
        (month_name(change.month), reading.name(change.site_id), site_kind_name(kinds.get(change.site_id, "")), deed,
         whole(change.persons_before) if change.persons_before else "",
         (read(extras.closure_reasons.get(change.site_id, "")) if change in reading.closures else "") or NOTHING)
        for change, deed in sorted(deeds, key=lambda pair: (pair[0].month, pair[0].site_id))
    )  # fmt: skip
    headings = (say("Month"), say("Site"), say("Kind"), say("Change"), say("Persons at the start"), say("Reason"))
    table = (
        Table(say("Sites in the order in which they close or open"), "slllrl", headings, rows)
        if rows
        else Words(say("No site closes and none opens."))
    )
    intro = Words(say("A row of the figure is a site; its first column is the day before the plan. A site is shown in "
                      "the months in which it is open, darker where more persons are based. Reasons are worked out for "
                      "sites that close."))  # fmt: skip
    flagged = flag(reading, extras, tables=("sites", "site_limits", "areas"), norms=("site_", *PRESENCE))
    return Section("closures", say("Closure order"), (intro, Shown("timeline"), table), flagged)
