"""Protection by presence: non-rival, since one unit answers for every area in its reach; floors; the worst futures."""

from __future__ import annotations

import numpy as np

from bluehelm.planning.columns import Columns, leaf_ids, tail_tasks
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import FloatArray, Model


def step_worth(data: PlanData) -> FloatArray:
    """Share of harm answered by each whole step of presence: q(1-q)^(step-1)."""
    return data.q * (1 - data.q) ** np.arange(data.steps)


def add_protection(model: Model, data: PlanData, at: Columns) -> None:
    """Steps of protection in an area are at most the presence in reach; a unit on the move is present part of the time.

    rows: protection.
    """
    line, ground = data.timeline, data.ground
    rows = model.rows("protection", (data.area_ids, line.node_ids), upper=0.0, soft=True)
    model.add(rows[:, None, :], at.y)
    for pattern, by_group in enumerate(ground.sigma):
        nodes = np.flatnonzero(ground.pattern == pattern)
        for k in range(len(data.classes)):
            weights = by_group[ground.group[k]].tocoo()
            here = data.allowed[k, weights.row] | (data.at_start[k, weights.row] > 0)
            site, area = weights.row[here], weights.col[here]
            sigma = weights.data[here][:, None]
            row = rows[area[:, None], nodes]
            model.add(row, at.x[k, site[:, None], nodes], -sigma)
            model.add(row, at.move_in[k, site[:, None], nodes], sigma * data.lost[nodes])


def add_floors(model: Model, data: PlanData, at: Columns) -> None:
    """Protection of an area does not fall below its floor, or the shortfall is counted. rows: floor."""
    floors = data.demand.floors
    least = np.where(floors > 0, floors, -np.inf)
    rows = model.rows("floor", (data.area_ids, data.timeline.node_ids), lower=least, soft=True)
    has_floor = (floors > 0).astype(float)
    model.add(rows[:, None, :], at.y, step_worth(data)[:, None] * has_floor[:, None, :])
    model.add(rows, at.floor_short, has_floor)


def harm_of_task(data: PlanData, m: int) -> FloatArray:
    """Deaths that a task of presence asks the mission to answer, by area and node, where the node is reached.

    A leaf counts longer, by the months valued beyond the horizon; what actors have taken over is left out.
    """
    demand, line = data.demand, data.timeline
    asked = demand.months_asked[m] / line.months
    harm = demand.harm * demand.area_in_task[m][:, None] * (demand.weight / line.probability * asked)
    return np.asarray(harm * demand.left[m][data.zone_of_area])


def on_futures(data: PlanData, deaths: FloatArray) -> FloatArray:
    """Sum deaths by node along each future; shape (leaves,)."""
    line = data.timeline
    return np.array([deaths[line.path(int(n))].sum() for n in np.flatnonzero(line.leaf)])


def tail_split(data: PlanData, deaths: FloatArray) -> tuple[float, FloatArray]:
    """Split deaths on futures into the level that only the worst 1 - tail of them pass, and what passes it."""
    chance = data.timeline.probability[data.timeline.leaf]
    order = np.argsort(deaths, kind="stable")
    below = np.cumsum(chance[order]) < data.tail - 1e-12
    level = float(deaths[order[min(int(below.sum()), len(order) - 1)]])
    return level, np.maximum(deaths - level, 0.0)


def tail_harm(data: PlanData, m: int) -> float:
    """CVaR over the futures of the harm that a task would meet if nobody answered it."""
    level, over = tail_split(data, on_futures(data, harm_of_task(data, m).sum(axis=0)))
    return level + float(data.timeline.probability[data.timeline.leaf] @ over) / (1 - data.tail)


def add_tail(model: Model, data: PlanData, at: Columns) -> None:
    """On each future, deaths not answered are at most the level of the tail and what passes it. rows: tail."""
    line, leaves = data.timeline, np.flatnonzero(data.timeline.leaf)
    tasks = tail_tasks(data)
    harm = np.array([harm_of_task(data, int(m)) for m in tasks]).reshape(len(tasks), *data.demand.harm.shape)
    paths = [line.path(int(n)) for n in leaves]
    total = np.array([on_futures(data, one.sum(axis=0)) for one in harm]).reshape(len(tasks), len(leaves))
    names = ([data.demand.tasks[m].task_id for m in tasks], leaf_ids(data))
    rows = model.rows("tail", names, lower=total, soft=True)
    model.add(rows, at.tail_over)
    model.add(rows, at.tail_level[:, None])
    for t in range(len(tasks)):
        for place, path in enumerate(paths):
            answered = harm[t][:, None, path] * step_worth(data)[:, None]
            model.add(rows[t, place], at.y[:, :, path], answered)
