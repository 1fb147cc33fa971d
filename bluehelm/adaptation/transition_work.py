"""Work that is handed over: what of it is left undone while actors reach their low, stated and high share.

The hours that the mission gives are held as planned. Shares of several actors add up, as the planner has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bluehelm.adaptation.transition_handover import CASES, full_share, share_at
from bluehelm.adaptation.transition_months import Months
from bluehelm.mission.mandate import Handover, Task
from bluehelm.mission.months import Month


@dataclass(frozen=True, slots=True)
class Work:
    """A task of effort that is handed over. asked_hours: over all months, if nobody had taken anything over.
    given_hours: by the mission. undone: share of the hours asked that neither mission nor actors do, by case."""

    task_id: str
    asked_hours: float
    given_hours: float
    undone: Mapping[str, float]


def handed_over_work(months: Months) -> tuple[Work, ...]:
    """List the tasks of effort that have a handover, with what is left undone in each case."""
    kinds = months.norms.task_kinds()
    return tuple(
        _work(months, task, actors)
        for task in months.mission.mandate.task
        if kinds[task.kind].answered_by == "effort"
        and (actors := [one for one in months.mission.mandate.handover if task.task_id in one.tasks])
    )


def _work(months: Months, task: Task, actors: list[Handover]) -> Work:
    given = _given(months, task.task_id)
    asked = sum(hours for _, _, hours in _asked(months, task))
    undone = dict.fromkeys(CASES, 0.0)
    for name in CASES:
        needed: dict[tuple[str, str], float] = {}
        for zone, month, hours in _asked(months, task):
            key = months.node_of[month], zone
            needed[key] = needed.get(key, 0.0) + hours * _left(months, actors, zone, month, name)
        lacking = sum(max(0.0, hours - given.get(key, 0.0)) for key, hours in needed.items())
        undone[name] = lacking / asked if asked else 0.0
    return Work(task.task_id, asked, sum(given.values()), undone)


def _asked(months: Months, task: Task) -> Iterator[tuple[str, Month, float]]:
    """Hours asked in each zone and month, before any handover."""
    kind = months.norms.task_kinds()[task.kind]
    named = task.demand_hours_per_zone_month
    hours = kind.demand_hours_per_zone_month if named is None else named
    for month in months.all:
        if task.starts <= month and (task.ends is None or month <= task.ends) and months.holds(task.when, month):
            for zone in months.mission.zones:
                if not task.zones or zone in task.zones:
                    yield zone, month, hours


def _left(months: Months, actors: list[Handover], zone: str, month: Month, case: str) -> float:
    taken = sum(
        share_at(one, month, full_share(one, case))
        for one in actors
        if (not one.zones or zone in one.zones) and months.holds(one.when, month)
    )
    return max(0.0, 1.0 - taken)


def _given(months: Months, task_id: str) -> dict[tuple[str, str], float]:
    """Hours that the mission gives to a task, by node and zone."""
    rows = months.plan.tables["effort"].select("node_id", "task_id", "zone", "given_hours").iter_rows()
    path = set(months.node_of.values())
    return {(node, zone): float(hours) for node, task, zone, hours in rows if task == task_id and node in path}
