"""The plan beside simple rules."""

from __future__ import annotations

from bluehelm.reports.extras import ReportExtras, Yardstick, read
from bluehelm.reports.flags import PRESENCE, flag
from bluehelm.reports.numbers import NOTHING, decimal, listing, millions, percent, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.reports.yardstick_rows import with_plan
from bluehelm.words import say


def yardsticks(reading: Reading, extras: ReportExtras) -> Section:
    """Compare the plan with yardsticks by the same measures."""
    title = say("The plan beside yardsticks")
    listed = with_plan(reading, extras)
    if not listed:
        return Section("yardsticks", title, (Words(say("No yardstick was worked out for this report.")),))
    parts: list[Table | Words | Shown] = [
        Words(say("Each yardstick is measured as the plan is, by the same code. Later violence is what came after "
                  "the day of planning; no plan reads it.")),
        Shown("yardsticks"),
        _table(listed),
    ]  # fmt: skip
    parts += [
        Words(say("{name}: {text}", name=read(y.title), text=say("closes {sites}.", sites=_sites(reading, y))))
        for y in listed
        if y.sites_closed
    ]
    parts += [Words(say("{name}: {text}", name=read(y.title), text=read(y.note))) for y in listed if y.note]
    flagged = flag(reading, extras, tables=("areas", "units", "sites"), norms=PRESENCE)
    return Section("yardsticks", title, tuple(parts), flagged)


def _table(listed: tuple[Yardstick, ...]) -> Table:
    rows = tuple(
        (read(y.title), percent(y.protected_share), decimal(y.protected_deaths), millions(y.cost_usd), whole(y.moves),
         whole(len(y.sites_closed)),
         NOTHING if y.unmet_share is None else percent(y.unmet_share),
         NOTHING if y.hindsight_share_within_reach is None else percent(y.hindsight_share_within_reach))
        for y in listed
    )  # fmt: skip
    headings = (say("Rule"), say("Harm protected"), say("Deaths protected"), say("million USD"), say("Unit moves"),
                say("Sites closed"), say("Work not done"), say("Later violence within reach"))  # fmt: skip
    return Table(say("Plan and yardsticks"), "lrrrrrrr", headings, rows)


def _sites(reading: Reading, yardstick: Yardstick) -> str:
    return listing(reading.name(site) for site in yardstick.sites_closed)
