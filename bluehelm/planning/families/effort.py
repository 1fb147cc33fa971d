"""Effort on tasks: rival, since an hour is given once, within reach and within what caveats allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bluehelm.planning.columns import Columns
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import BoolArray, FloatArray, IntArray, Model


@dataclass(frozen=True, slots=True)
class EffortColumns:
    """Hours given, one column per class, group of sites, task, zone and node that can meet.

    Sites from which a class reaches the same zones are interchangeable for effort, so that they share columns; that
    is exact and makes the model several times smaller. sites[group]: mask of the sites of a group.
    """

    column: IntArray
    unit_class: IntArray
    group: IntArray
    task: IntArray
    zone: IntArray
    node: IntArray
    sites: tuple[BoolArray, ...]


def add_effort(model: Model, data: PlanData, at: Columns) -> EffortColumns:
    """Hours given stay within the hours of the units present; what a task asks is given or counted as unmet.

    rows: effort_hours, effort_demand.
    """
    demand, nodes = data.demand, data.timeline.node_ids
    effort_tasks = np.flatnonzero(~demand.presence)
    groups = list(_groups(data))
    parts = [_columns_of(data, k, g, reach) for g, (k, _, reach) in enumerate(groups)]
    index = np.concatenate([*parts, np.zeros((5, 0), np.int32)], axis=1) if parts else np.zeros((5, 0), np.int32)
    names = [f"{a}" for a in range(index.shape[1])]
    column = model.columns("effort", (names,))
    k, group, task, zone, node = index
    labels = [f"{data.classes[c].class_id}/{g}" for g, (c, _, _) in enumerate(groups)]
    hours = model.rows("effort_hours", (labels, nodes), upper=0.0, soft=True)
    model.add(hours[group, node], column)
    for g, (c, sites, _) in enumerate(groups):
        here = np.flatnonzero(sites)
        model.add(hours[g], at.x[c, here], -data.hours[c] * data.timeline.months)
        model.add(hours[g], at.move_in[c, here], data.hours[c] * data.timeline.months * data.lost)
    ids = [demand.tasks[m].task_id for m in effort_tasks]
    asked = model.rows("effort_demand", (ids, data.mission.zones, nodes), lower=demand.hours[effort_tasks], soft=True)
    model.add(asked, at.unmet)
    place = np.full(len(demand.tasks), -1, np.int32)
    place[effort_tasks] = np.arange(len(effort_tasks))
    model.add(asked[place[task], zone, node], column, effort_share(data)[k, task])
    return EffortColumns(column, k, group, task, zone, node, tuple(sites for _, sites, _ in groups))


def effort_share(data: PlanData) -> FloatArray:
    """Share of an hour of each class that counts for each task; 0 where it cannot or will not do it."""
    shares = [
        [
            0.0 if task.kind in c.not_tasks else float(c.unit_type.effort_share.get(task.kind, 0.0))
            for task in data.demand.tasks
        ]
        for c in data.classes
    ]
    return np.array(shares).reshape(len(data.classes), len(data.demand.tasks))


def _groups(data: PlanData) -> Iterator[tuple[int, BoolArray, BoolArray]]:
    """Yield (class, sites, zones in reach) for classes that can do any effort task."""
    useful = (effort_share(data)[:, ~data.demand.presence] > 0).any(axis=1)
    for k in np.flatnonzero(useful):
        usable = data.allowed[k] | (data.at_start[k] > 0)
        reaches, member = np.unique(data.ground.zone_reach[k], axis=0, return_inverse=True)
        for g, reach in enumerate(reaches):
            sites = (member.ravel() == g) & usable
            if sites.any():
                yield int(k), sites, reach


def _columns_of(data: PlanData, k: int, group: int, reach: BoolArray) -> IntArray:
    """List (class, group, task, zone, node) for each column that one group of sites needs.

    None where the class is grounded, or where a zone gives no consent.
    """
    can = effort_share(data)[k] > 0
    barred = data.restricted.no_effort | data.restricted.grounded[k]
    task, zone, node = np.nonzero((data.demand.hours > 0) & can[:, None, None] & reach[None, :, None] & ~barred)
    return np.stack([np.full(len(task), k), np.full(len(task), group), task, zone, node]).astype(np.int32)
