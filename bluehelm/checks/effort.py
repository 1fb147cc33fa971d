"""Hours of effort: given by units that can, where they can, no more than they have, and counted as stated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from bluehelm.checks.compare import Key, compare, exceeds, number, stated_numbers
from bluehelm.checks.evidence import Evidence
from bluehelm.checks.futures import FutureNode, holds
from bluehelm.checks.ground import DISTANCE_TOLERANCE, SEASONS, kilometres, reach
from bluehelm.checks.handovers import effort_left
from bluehelm.mission.mandate import Task
from bluehelm.words import say


def months_in_force(e: Evidence, task: Task, node: FutureNode) -> int:
    """Count the months of a node in which a task is asked."""
    return sum(
        task.starts <= month and (task.ends is None or month <= task.ends) and holds(e.mission, node, task.when, month)
        for month in node.all_months
    )


def zones_asked(e: Evidence, task: Task) -> tuple[str, ...]:
    """List the zones in which a task is asked."""
    return task.zones or e.mission.zones


def demand_hours(e: Evidence) -> dict[Key, float]:
    """Hours asked of the mission by every task that effort answers, by node, task and zone."""
    kinds = e.norms.task_kinds()
    asked: dict[Key, float] = {}
    for task in e.mission.mandate.task:
        kind = kinds[task.kind]
        if kind.answered_by != "effort":
            continue
        per_month = task.demand_hours_per_zone_month
        per_month = kind.demand_hours_per_zone_month if per_month is None else per_month
        for node in e.futures:
            for zone in zones_asked(e, task):
                hours = per_month * months_in_force(e, task, node)
                asked[node.node_id, task.task_id, zone] = hours * effort_left(e, task, zone, node)
    return asked


def counted_hours(e: Evidence) -> dict[Key, float]:
    """Hours that count towards each demand: hours given, each with the share of its class and kind of task."""
    share = {c.class_id: c.unit_type.effort_share for c in e.classes}
    kind = {task.task_id: task.kind for task in e.mission.mandate.task}
    counted: dict[Key, float] = defaultdict(float)
    for row in e.tables["effort_given"].iter_rows(named=True):
        counts = share[row["class_id"]].get(kind[row["task_id"]], 0.0)
        counted[row["node_id"], row["task_id"], row["zone"]] += row["hours"] * counts
    return counted


def effort(e: Evidence) -> Iterator[str]:
    """Table effort states demand, hours given and hours unmet as they are."""
    asked, counted = demand_hours(e), counted_hours(e)
    for where in counted.keys() - asked.keys():
        yield say("Hours are given to {where}, where no effort is asked.", where=" / ".join(where))
    columns = {
        "demand_hours": asked,
        # More than is asked may be given; no more than is asked is counted.
        "given_hours": {where: min(hours, counted.get(where, 0.0)) for where, hours in asked.items()},
        "unmet_hours": {where: max(0.0, hours - counted.get(where, 0.0)) for where, hours in asked.items()},
    }
    for column, found in columns.items():
        stated = stated_numbers(e.tables["effort"], ("node_id", "task_id", "zone"), column)
        # A task that is not asked at a node may be left out of the table.
        expected = {where: hours for where, hours in found.items() if asked[where] > 0 or where in stated}
        yield from compare("effort", column, stated, expected, scale=asked)


def effort_hours(e: Evidence) -> Iterator[str]:
    """Units at a site give no more hours than they have."""
    months = np.array([node.months for node in e.futures])
    hours = e.norm("effort_hours_per_person_month") * months * e.persons[:, None, None] * e.working_units
    k_of = {c.class_id: k for k, c in enumerate(e.classes)}
    j_of = {site.site_id: j for j, site in enumerate(e.mission.sites)}
    n_of = {node.node_id: n for n, node in enumerate(e.futures)}
    given: dict[tuple[int, int, int], float] = defaultdict(float)
    for row in e.tables["effort_given"].iter_rows(named=True):
        given[k_of[row["class_id"]], j_of[row["site_id"]], n_of[row["node_id"]]] += row["hours"]
        if not row["hours"] >= 0:
            yield say(
                "{class_id} at {site} in {node} gives {hours} hours; 0 or more was expected.",
                class_id=row["class_id"], site=row["site_id"], node=row["node_id"], hours=row["hours"],
            )  # fmt: skip
    for (k, j, n), amount in given.items():
        if exceeds(amount, float(hours[k, j, n])):
            yield say(
                "{class_id} at {site} in {node} gives {given} hours and has {hours}; {over} too many.",
                class_id=e.classes[k].class_id, site=e.mission.sites[j].site_id, node=e.futures[n].node_id,
                given=number(amount), hours=number(hours[k, j, n]), over=number(amount - hours[k, j, n]),
            )  # fmt: skip


def effort_reach(e: Evidence) -> Iterator[str]:
    """Effort is given by classes that can and will, to zones within reach of their site."""
    of_class = {c.class_id: c for c in e.classes}
    kind = {task.task_id: task.kind for task in e.mission.mandate.task}
    zones = _zones_in_reach(e)
    for row in e.tables["effort_given"].iter_rows(named=True):
        c, asked = of_class[row["class_id"]], kind[row["task_id"]]
        where = " / ".join(str(row[key]) for key in ("node_id", "class_id", "site_id", "task_id", "zone"))
        if c.unit_type.effort_share.get(asked, 0.0) <= 0 or asked in c.not_tasks:
            yield say("Effort {where}: the class cannot do, or will not do, '{kind}'.", where=where, kind=asked)
        if row["zone"] not in zones[c.unit_type.unit_type][row["site_id"]]:
            yield say("Effort {where}: the zone is beyond the reach of the site.", where=where)


def _zones_in_reach(e: Evidence) -> dict[str, dict[str, set[str]]]:
    """Zones that a unit type can work in from each site: the site's own, and those with an area in reach."""
    km = kilometres(e.mission.sites, e.mission.areas) * (1 - DISTANCE_TOLERANCE)
    listed: dict[str, dict[str, set[str]]] = {}
    for unit_type in {c.unit_type.unit_type: c.unit_type for c in e.classes}.values():
        reached = np.max([reach(e, unit_type, km, season) for season in SEASONS], axis=0) > 0
        listed[unit_type.unit_type] = {
            site.site_id: {site.zone} | {area.zone for i, area in enumerate(e.mission.areas) if reached[j, i]}
            for j, site in enumerate(e.mission.sites)
        }
    return listed
