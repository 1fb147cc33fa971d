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
        Words(say("A yardstick is a simple rule for where to cut, or what the mission itself did. Each is measured as "
                  "the plan is, by the same code. Later violence is what came after the day of planning; no plan reads "
                  "it.")),
        Shown("yardsticks"),
        _table(listed),
        _told(reading, listed),
    ]  # fmt: skip
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
    headings = (say("Rule"), say("Harm protected"), say("Deaths within reach of protection"), say("Cost (million USD)"),
                say("Unit moves"), say("Sites closed"), say("Work not done"),
                say("Later violence within reach"))  # fmt: skip
    return Table(say("Plan and yardsticks"), "lrrrrrrr", headings, rows)


def _told(reading: Reading, listed: tuple[Yardstick, ...]) -> Table:
    rows = tuple((read(y.title), _sites(reading, y) or NOTHING, read(y.note) or NOTHING) for y in listed)
    headings = (say("Rule"), say("Sites it closes"), say("How it works, and what it could have answered"))
    return Table(say("Plan and yardsticks in words"), "lll", headings, rows)


def _sites(reading: Reading, yardstick: Yardstick) -> str:
    return listing(reading.name(site) for site in yardstick.sites_closed)
