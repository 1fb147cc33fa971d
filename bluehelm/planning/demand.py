"""What the mandate asks at each node: harm to answer, hours of effort, floors, ceilings and limits on sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from bluehelm.mission.mandate import Ceiling, SiteLimit, Task
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import COMPONENTS
from bluehelm.mission.unit_type import TaskKind
from bluehelm.norms.norms import Norms
from bluehelm.planning.handover import floors_left, left_to_mission, protection_taken
from bluehelm.planning.timeline import Timeline
from bluehelm.solve.model import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked.

    harm: (areas, nodes), expected civilian deaths over the months of a node. weight: (nodes,), chance of the node,
    grown at leaves by the months valued beyond the horizon. tasks, presence: which tasks presence answers.
    months_asked: (tasks, nodes). hours: (effort tasks, zones, nodes). area_in_task: (tasks, areas).
    ceilings: (components, nodes) and site_limit: (nodes,), on the last day; inf where none. floors: (areas, nodes), 0
    where none. left: (tasks, zones, nodes), share of a task that no actor has taken over, and taken: (areas, nodes), of
    the protection of an area that actors have; hours and floors are what is left to the mission. inner: node and month
    of each month that ends within a node and can pass a ceiling though the last day does not; inner_ceilings:
    (components, inner).
    """

    harm: FloatArray
    weight: FloatArray
    tasks: tuple[Task, ...]
    presence: BoolArray
    months_asked: FloatArray
    hours: FloatArray
    area_in_task: BoolArray
    ceilings: FloatArray
    site_limit: FloatArray
    floors: FloatArray
    left: FloatArray
    taken: FloatArray
    inner: tuple[tuple[int, Month], ...]
    inner_ceilings: FloatArray


def demand_of(mission: Mission, norms: Norms, timeline: Timeline, on: date) -> Demand:
    """Lay the mandate and the risk over the nodes."""
    kinds = norms.task_kinds()
    tasks = mission.mandate.task
    presence = np.array([kinds[task.kind].answered_by == "presence" for task in tasks], bool)
    asked = np.array([_months_asked(task, timeline) for task in tasks]).reshape(len(tasks), len(timeline))
    beyond = norms.number("beyond_horizon_months", on)
    ends = [(n, timeline.months_of(n)[-1]) for n in range(len(timeline))]
    left, in_task = left_to_mission(mission, timeline, presence), _areas_in(mission, tasks)
    taken = protection_taken(left, in_task, presence, [mission.zones.index(area.zone) for area in mission.areas])
    inner = _telling_months(mission, timeline, norms.number("exit_lag_months", on))
    return Demand(
        harm=_harm(mission, timeline),
        weight=timeline.probability * np.where(timeline.leaf, 1 + beyond / timeline.months, 1.0),
        tasks=tasks,
        presence=presence,
        months_asked=asked,
        hours=_hours(mission, kinds, asked) * left,
        area_in_task=in_task,
        ceilings=_ceilings(mission, timeline, ends),
        site_limit=_in_force(mission.mandate.site_limit, timeline, ends),
        floors=floors_left(_floors(mission, timeline), taken),
        left=left,
        taken=taken,
        inner=inner,
        inner_ceilings=_ceilings(mission, timeline, inner),
    )


def _areas_in(mission: Mission, tasks: Iterable[Task]) -> BoolArray:
    zone_of_area = np.array([area.zone for area in mission.areas])
    rows = [np.isin(zone_of_area, task.zones) if task.zones else np.ones(len(zone_of_area), bool) for task in tasks]
    return np.array(rows, bool).reshape(-1, len(zone_of_area))


def _months_asked(task: Task, timeline: Timeline) -> list[float]:
    """Count the months of each node in which a task is asked; where its condition does not hold, none."""
    counts = []
    for n, conditions in enumerate(timeline.conditions):
        holds = not task.when or task.when in conditions
        months = timeline.months_of(n)
        asked = [month for month in months if task.starts <= month and (task.ends is None or month <= task.ends)]
        counts.append(float(len(asked)) if holds else 0.0)
    return counts


def _hours(mission: Mission, kinds: Mapping[str, TaskKind], asked: FloatArray) -> FloatArray:
    """Hours asked by each task in each zone and node; 0 for tasks that presence answers."""
    zones = mission.zones
    hours = np.zeros((len(mission.mandate.task), len(zones), asked.shape[1]))
    for m, task in enumerate(mission.mandate.task):
        kind = kinds[task.kind]
        if kind.answered_by == "presence":
            continue
        given = task.demand_hours_per_zone_month
        per_month = kind.demand_hours_per_zone_month if given is None else given
        wanted = np.array([not task.zones or zone in task.zones for zone in zones])
        hours[m] = wanted[:, None] * per_month * asked[m]
    return hours


def _ceilings(mission: Mission, timeline: Timeline, ends: Sequence[tuple[int, Month]]) -> FloatArray:
    """Return the ceiling of each component at the end of given months of nodes; shape (components, months)."""
    listed = mission.mandate.ceiling
    return np.stack([_in_force((c for c in listed if c.component == name), timeline, ends) for name in COMPONENTS])


def _telling_months(mission: Mission, timeline: Timeline, exit_lag_months: float) -> tuple[tuple[int, Month], ...]:
    """List the months that end within a node and are stricter than its last day, or than a month before them.

    Units that stop in a node are out before it ends where the lag is short, and a ceiling may rise within a node.
    """
    told: list[tuple[int, Month]] = []
    for n in range(len(timeline)):
        months, path = timeline.months_of(n), timeline.path(n)
        limits = _ceilings(mission, timeline, [(n, month) for month in months])
        ends = int(timeline.start[n]) + 1 + np.arange(len(months))
        there = ends[:, None] < timeline.start[path] + exit_lag_months
        last = len(months) - 1
        for i in range(last):
            as_last = (there[i] == there[last]).all() and (limits[:, last] <= limits[:, i]).all()
            if not as_last and not any((limits[:, before] <= limits[:, i]).all() for before in range(i)):
                told.append((n, months[i]))
    return tuple(told)


def _in_force(
    limits: Iterable[Ceiling | SiteLimit], timeline: Timeline, ends: Sequence[tuple[int, Month]]
) -> FloatArray:
    """Return the limit in force at the end of given months of nodes: the latest whose condition holds; inf if none."""
    listed: list[Ceiling | SiteLimit] = sorted(limits, key=lambda limit: limit.from_month)
    values = np.full(len(ends), np.inf)
    for i, (n, month) in enumerate(ends):
        for limit in listed:
            if limit.from_month <= month and (not limit.when or limit.when in timeline.conditions[n]):
                values[i] = limit.persons if isinstance(limit, Ceiling) else limit.at_most
    return values


def _floors(mission: Mission, timeline: Timeline) -> FloatArray:
    """Return the share of harm that must stay protected in each area at each node; the highest floor counts."""
    place = {area.area_id: i for i, area in enumerate(mission.areas)}
    floors = np.zeros((len(place), len(timeline)))
    for floor in mission.mandate.floor:
        areas = [place[area_id] for area_id in floor.areas] or list(place.values())
        for n in range(len(timeline)):
            last = timeline.months_of(n)[-1]
            held_by_other = floor.taken_over_from is not None and floor.taken_over_from <= last
            if floor.from_month <= last and not held_by_other:
                floors[areas, n] = np.maximum(floors[areas, n], floor.share)
    return floors


def _harm(mission: Mission, timeline: Timeline) -> FloatArray:
    """Expected civilian deaths in each area over each node; risk rows replace an area's own figure."""
    months = {month: i for i, month in enumerate(_all_months(timeline))}
    base = np.array([area.fatalities_per_month for area in mission.areas])
    risk = np.repeat(base[:, None], len(months), axis=1)
    by_node: dict[str, pl.DataFrame] = {}
    if mission.risk is not None:
        by_node = {str(key[0]): rows for key, rows in mission.risk.partition_by("node_id", as_dict=True).items()}
        _lay_over(risk, by_node.pop("", None), mission, months)
    harm = np.empty((len(base), len(timeline)))
    for n, node_id in enumerate(timeline.node_ids):
        here = risk.copy() if node_id in by_node else risk
        _lay_over(here, by_node.get(node_id), mission, months)
        columns = [months[month] for month in timeline.months_of(n)]
        harm[:, n] = here[:, columns].sum(axis=1) * timeline.risk_scale[n]
    return harm


def _all_months(timeline: Timeline) -> list[Month]:
    return sorted({month for n in range(len(timeline)) for month in timeline.months_of(n)})


def _lay_over(risk: FloatArray, rows: pl.DataFrame | None, mission: Mission, months: dict[Month, int]) -> None:
    if rows is None:
        return
    place = {area.area_id: i for i, area in enumerate(mission.areas)}
    named = {str(month): i for month, i in months.items()}
    for area_id, month, value in rows.select("area_id", "month", "fatalities_per_month").iter_rows():
        if month in named:
            risk[place[area_id], named[month]] = value
