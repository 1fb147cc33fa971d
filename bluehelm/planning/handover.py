"""What named actors take over: the share of each task, in each zone and node, that is still asked of the mission."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bluehelm.mission.mandate import Handover
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.planning.timeline import Timeline
from bluehelm.solve.model import BoolArray, FloatArray

# A floor below this is none: it stands for the last digits of a share.
LEAST_FLOOR = 1e-9


def share_taken(handover: Handover, month: Month) -> float:
    """Share that an actor holds in a month: it rises in a straight line from from_month to full_month, then stays."""
    since, rise = month - handover.from_month, handover.full_month - handover.from_month
    if since < 0:
        return 0.0
    if since >= rise:
        return handover.share_full
    return handover.share_start + (handover.share_full - handover.share_start) * since / rise


def left_to_mission(mission: Mission, timeline: Timeline, presence: BoolArray) -> FloatArray:
    """Share of each task that no actor has taken over; shape (tasks, zones, nodes), 1 where there is no handover.

    Several actors combine as independent chances where presence answers the task, and add up where effort does.
    """
    zones, tasks = mission.zones, [task.task_id for task in mission.mandate.task]
    left = np.ones((len(tasks), len(zones), len(timeline)))
    for handover in mission.mandate.handover:
        taken = _taken(handover, timeline)
        where = np.array([not handover.zones or zone in handover.zones for zone in zones], float)
        for task_id in dict.fromkeys(handover.tasks):
            m = tasks.index(task_id)
            share = where[:, None] * taken
            left[m] = left[m] * (1 - share) if presence[m] else np.maximum(left[m] - share, 0.0)
    return left


def _taken(handover: Handover, timeline: Timeline) -> FloatArray:
    """Mean share over the months of each node; 0 where the condition does not hold."""
    shares = np.zeros(len(timeline))
    for n, conditions in enumerate(timeline.conditions):
        if not handover.when or handover.when in conditions:
            shares[n] = np.mean([share_taken(handover, month) for month in timeline.months_of(n)])
    return shares


def protection_taken(left: FloatArray, asked: BoolArray, presence: BoolArray, zone: Sequence[int]) -> FloatArray:
    """Share of the protection of each area that actors have taken over; shape (areas, nodes).

    Of several tasks of presence that ask for an area, the one that leaves most to the mission counts. asked: (tasks,
    areas); zone: that of each area.
    """
    taken = np.zeros((asked.shape[1], left.shape[2]))
    for a, z in enumerate(zone):
        tasks = presence & asked[:, a]
        if tasks.any():
            taken[a] = 1 - left[tasks, z].max(axis=0)
    return taken


def floors_left(floors: FloatArray, taken: FloatArray) -> FloatArray:
    """Floors on what is left to the mission, so that both together hold the floor f: 1 - (1 - s)(1 - g) = f."""
    short = np.where(floors - taken > LEAST_FLOOR, floors - taken, 0.0)
    return np.where(taken > 0, short / np.maximum(1 - taken, LEAST_FLOOR), floors)
