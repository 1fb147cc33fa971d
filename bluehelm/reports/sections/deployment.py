"""Who is deployed, month by month."""

from __future__ import annotations

from collections import Counter

import polars as pl

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.flags import LAGS, flag
from bluehelm.reports.names import component_name, unit_type_name
from bluehelm.reports.numbers import listing, month_name, percent, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.words import say

COMPONENTS = ("military", "police", "civilian")
DEEDS = ("move_in", "exit_order", "arrive")


def deployment(reading: Reading, extras: ReportExtras) -> Section:
    """Show persons against ceilings, deeds by month, units by type and by contributor."""
    intro = say(
        "Persons and units in theatre, and what is ordered in each month: which sites close or open, and which "
        "units move, go home or arrive. A unit that leaves still counts under its ceiling until it is out."
    )
    parts: list[Table | Words | Shown] = [Words(intro), Shown("deployment"), by_month(reading), _by_type(reading)]
    contributors = _by_contributor(reading)
    if contributors.rows:
        parts.append(contributors)
    if reading.indicative_from:
        told = "From {month} on decisions are indicative: what they lead to lies beyond the months planned."
        parts.append(Words(say(told, month=month_name(reading.indicative_from))))
    return Section(
        "deployment", say("Deployment by month"), tuple(parts),
        flag(reading, extras, tables=("units", "pledges", "ceilings"), norms=LAGS),
    )  # fmt: skip


def by_month(reading: Reading) -> Table:
    """Tell each month of the most likely future in one row."""
    units = {
        (node, deed): count
        for node, deed, count in reading.on_path("movements")
        .group_by("node_id", "deed")
        .agg(pl.col("units").sum())
        .iter_rows()
    }
    shares = dict(reading.protection_by_month.select("month", "share").iter_rows())
    rows = []
    for node_id in reading.path:
        months = reading.calendar.filter(pl.col("node_id") == node_id)["month"].to_list()
        first, last = months[0], months[-1]
        persons = reading.persons_by_month[last]
        rows.append(
            (
                _span(first, last),
                listing(reading.name(c.site_id) for c in reading.closures if c.month == first),
                listing(reading.name(c.site_id) for c in reading.openings if c.month == first),
                *(_count(units.get((node_id, deed), 0)) for deed in DEEDS),
                whole(persons.get("military", 0)),
                whole(persons.get("police", 0)),
                percent(shares.get(last, float("nan"))),
            )
        )
    headings = (say("Month"), say("Sites that close"), say("Sites that open"), say("Units moved"),
                say("Units sent home"), say("Units arriving"), say("{name}, persons", name=say("Military")),
                say("{name}, persons", name=say("Police")),
                say("Harm protected"))  # fmt: skip
    return Table(say("The plan month by month"), "sllrrrrrr", headings, tuple(rows))


def _span(first: str, last: str) -> str:
    """Name a month, or a stretch of months."""
    if first == last:
        return month_name(first)
    return say("{first} to {last}", first=month_name(first), last=month_name(last))


def _count(units: float) -> str:
    return whole(units) if units else ""


def _by_type(reading: Reading) -> Table:
    classes = reading.plan.tables["classes"]
    at_end = reading.plan.tables["deployments"].filter(pl.col("node_id") == reading.path[-1])
    ends = {kind: (units, persons) for kind, units, persons in
            at_end.group_by("unit_type").agg(pl.col("units").sum(), pl.col("persons").sum()).iter_rows()}  # fmt: skip
    starts = classes.group_by("component", "unit_type", maintain_order=True).agg(
        pl.col("units_at_start").sum(), (pl.col("units_at_start") * pl.col("persons")).sum().alias("persons")
    )
    rows = []
    for component, kind, units, persons in sorted(starts.iter_rows(), key=lambda row: _rank(row[0])):
        end_units, end_persons = ends.get(kind, (0, 0))
        if units or end_units:
            rows.append((component_name(component), unit_type_name(kind), whole(units), whole(persons),
                         whole(end_units), whole(end_persons)))  # fmt: skip
    headings = (say("Component"), say("Unit type"), say("Units at the start"), say("Persons at the start"),
                say("Units at sites at the end"), say("Persons at sites at the end"))  # fmt: skip
    return Table(say("Units by type"), "llrrrr", headings, tuple(rows))


def _rank(component: str) -> int:
    return COMPONENTS.index(component) if component in COMPONENTS else len(COMPONENTS)


def _by_contributor(reading: Reading) -> Table:
    names = reading.plan.tables["names"].filter(pl.col("state") == "at_site")
    at_start = Counter(unit.contributor for unit in reading.mission.units if unit.arrives is None)
    ends = names.filter(pl.col("node_id") == reading.path[-1])
    at_end = Counter(ends["contributor"].to_list())
    sites = {who: sorted({reading.name(site) for site in part["site_id"]})
             for (who,), part in ends.group_by("contributor", maintain_order=True)}  # fmt: skip
    everyone = sorted({*at_start, *at_end}, key=lambda who: (-at_start[who], who)) if len(names) else []
    rows = tuple(
        (say(who) if who else say("unknown"), whole(at_start[who]), whole(at_end[who]), listing(sites.get(who, []), 6))
        for who in everyone
    )
    headings = (
        say("Contributor"),
        say("Units at the start"),
        say("Units at sites at the end"),
        say("Sites at the end"),
    )
    note = (
        say("Where it says unknown, the sources of the mission do not name the contributor.") if "" in everyone else ""
    )
    return Table(say("Units by contributor"), "lrrl", headings, rows, note)
