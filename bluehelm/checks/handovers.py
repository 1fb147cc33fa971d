"""What named actors have taken over at a node, worked out anew from the rows of the mandate."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bluehelm.checks.evidence import Evidence
from bluehelm.checks.futures import FutureNode, holds
from bluehelm.mission.mandate import Handover, Task
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import Area


def effort_left(e: Evidence, task: Task, zone: str, node: FutureNode) -> float:
    """Share of the hours of a task that is still asked of the mission: what actors take adds up."""
    return 1.0 - min(1.0, sum(_shares(e.mission, task, zone, node)))


def presence_left(e: Evidence, task: Task, zone: str, node: FutureNode) -> float:
    """Share of the harm of a task that is still asked of the mission: actors act as independent chances."""
    return math.prod(1.0 - share for share in _shares(e.mission, task, zone, node))


def protection_taken(e: Evidence, area: Area, node: FutureNode) -> float:
    """Share of an area's protection that others hold: by the task of presence there that leaves most to the mission."""
    kinds = e.norms.task_kinds()
    asking = [
        task
        for task in e.mission.mandate.task
        if kinds[task.kind].answered_by == "presence" and (not task.zones or area.zone in task.zones)
    ]
    return min((1.0 - presence_left(e, task, area.zone, node) for task in asking), default=0.0)


def floor_left(floor: float, taken: float) -> float:
    """Floor on what is left to the mission, given the share that others hold; less than a billionth is none."""
    if taken <= 0:
        return floor
    return (floor - taken) / (1.0 - taken) if floor - taken > 1e-9 else 0.0


def _shares(mission: Mission, task: Task, zone: str, node: FutureNode) -> Iterator[float]:
    """Mean share of each handover of a task in a zone, over the months of a node."""
    for row in mission.mandate.handover:
        if task.task_id in row.tasks and (not row.zones or zone in row.zones):
            held = [_share(row, month) * holds(mission, node, row.when, month) for month in node.all_months]
            yield sum(held) / node.months


def _share(row: Handover, month: Month) -> float:
    if month < row.from_month:
        return 0.0
    if month >= row.full_month:
        return row.share_full
    risen = (month - row.from_month) / (row.full_month - row.from_month)
    return (1.0 - risen) * row.share_start + risen * row.share_full
