"""The Council's order as goals: minimum shares, then each priority, floors and care, then cost, then moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from bluehelm.planning.columns import Columns
from bluehelm.planning.families.protection import harm_of_task, step_worth, tail_harm
from bluehelm.planning.gather import PlanData
from bluehelm.solve.goal import Goal
from bluehelm.solve.model import FloatArray, IntArray, Model

Terms = tuple[IntArray, FloatArray, float]


Order = Literal["mandate", "reverse", "weighted"]
ORDERS: tuple[Order, ...] = get_args(Order)


def goals_of(data: PlanData, at: Columns, *, tolerance: float, order: Order = "mandate") -> list[Goal]:
    """List the goals in the order in which they are solved.

    tolerance: share of each goal that later goals may give up. order: "mandate", the first priority first; "reverse",
    the last first; "weighted", all priorities in one goal. The latter two show what the mandate's own order decides.
    """
    tasks = data.demand.tasks
    priorities = sorted({task.priority for task in tasks}, reverse=order == "reverse")
    goals = [_minimums(data, at)] if any(task.minimum_share > 0 for task in tasks) else []
    answers = [_priority(data, at, priority, tolerance) for priority in priorities]
    if order == "weighted" and tasks:
        answers = [weighted_goal(data, at, tolerance=tolerance)]
    safety = [_floors(data, at, tolerance)] if (data.demand.floors > 0).any() else []
    safety.append(_care(data, at, tolerance))
    return [*goals, *answers[:1], *safety, *answers[1:], _cost(data, at, tolerance), _moves(data, at, tolerance)]


def weighted_goal(data: PlanData, at: Columns, *, tolerance: float) -> Goal:
    """Blend all priorities into one goal by weights 1/priority: what strict order is compared with."""
    weights = np.array([task.weight / task.priority for task in data.demand.tasks])
    columns, values, constant = _blend([task_share(data, at, m) for m in range(len(weights))], weights)
    return Goal("weighted", "All priorities, weighted", "max", "share", columns, values, constant, tolerance)


def task_share(data: PlanData, at: Columns, m: int) -> Terms:
    """Share of a task that is done, as columns, values and a constant: harm protected over harm, or demand met."""
    return _protected_share(data, at, m) if data.demand.presence[m] else _met_share(data, at, m)


def _protected_share(data: PlanData, at: Columns, m: int) -> Terms:
    if data.tail > 0:
        return _tail_share(data, at, m)
    harm = harm_of_task(data, m) * data.timeline.probability
    total = harm.sum()
    if total == 0:
        return np.zeros(0, np.int32), np.zeros(0), 1.0
    values = harm[:, None, :] * step_worth(data)[:, None] / total
    return at.y.ravel(), values.ravel(), 0.0


def _tail_share(data: PlanData, at: Columns, m: int) -> Terms:
    """Share of the harm of the worst futures that is answered: 1 - CVaR with the plan over CVaR without anyone.

    CVaR is the least of level + expected excess over it / (1 - tail), over all levels.
    """
    total, t = tail_harm(data, m), int(np.count_nonzero(data.demand.presence[:m]))
    if total == 0:
        return np.zeros(0, np.int32), np.zeros(0), 1.0
    chance = data.timeline.probability[data.timeline.leaf]
    columns = np.append(at.tail_over[t], at.tail_level[t])
    return columns, -np.append(chance / (1 - data.tail), 1.0) / total, 1.0


def _met_share(data: PlanData, at: Columns, m: int) -> Terms:
    hours = data.demand.hours[m] * data.timeline.probability
    total = hours.sum()
    if total == 0:
        return np.zeros(0, np.int32), np.zeros(0), 1.0
    e = int(np.count_nonzero(~data.demand.presence[:m]))
    values = np.broadcast_to(-data.timeline.probability / total, hours.shape)
    return at.unmet[e].ravel(), values.ravel(), 1.0


def _blend(parts: Sequence[Terms], weights: FloatArray) -> Terms:
    weights = weights / weights.sum()
    columns = np.concatenate([part[0] for part in parts])
    values = np.concatenate([part[1] * weight for part, weight in zip(parts, weights, strict=True)])
    return columns, values, float(sum(part[2] * weight for part, weight in zip(parts, weights, strict=True)))


def _priority(data: PlanData, at: Columns, priority: int, tolerance: float) -> Goal:
    chosen = [m for m, task in enumerate(data.demand.tasks) if task.priority == priority]
    weights = np.array([data.demand.tasks[m].weight for m in chosen])
    columns, values, constant = _blend([task_share(data, at, m) for m in chosen], weights)
    title = "; ".join(data.demand.tasks[m].title for m in chosen)
    return Goal(f"priority_{priority}", title, "max", "share", columns, values, constant, tolerance)


def add_minimums(model: Model, data: PlanData, at: Columns) -> None:
    """Each task reaches its minimum share, or lacks it openly. rows: minimum_share."""
    tasks = data.demand.tasks
    terms = [task_share(data, at, m) for m in range(len(tasks))]
    least = [
        task.minimum_share - part[2] if task.minimum_share > 0 else -np.inf
        for task, part in zip(tasks, terms, strict=True)
    ]
    rows = model.rows("minimum_share", ([task.task_id for task in tasks],), lower=np.array(least), soft=True)
    model.add(rows, at.minimum_short)
    for m, task in enumerate(tasks):
        if task.minimum_share > 0:
            model.add(rows[m], terms[m][0], terms[m][1])


def _minimums(data: PlanData, at: Columns) -> Goal:
    ones = np.ones(len(data.demand.tasks))
    return Goal("minimum_shares", "Minimum shares that are still lacking", "min", "share", at.minimum_short, ones)


def _floors(data: PlanData, at: Columns, tolerance: float) -> Goal:
    """Share of the floors that is held, over areas and nodes."""
    asked = data.demand.floors * data.timeline.probability * data.timeline.months
    weight = np.where(data.demand.floors > 0, data.timeline.probability * data.timeline.months, 0.0)
    values = -weight / asked.sum()
    title = "Floors on protection held"
    return Goal("floors", title, "max", "share", at.floor_short.ravel(), values.ravel(), 1.0, tolerance)


def _care(data: PlanData, at: Columns, tolerance: float) -> Goal:
    """Share of base-months (of all sites, open or not, and both limits) that are not without care."""
    weight = data.timeline.probability * data.timeline.months
    total = 2 * len(data.site_ids) * weight.sum()
    values = np.broadcast_to(-weight / total, at.care_short.shape)
    title = "Care of casualties in time"
    return Goal("care", title, "max", "share", at.care_short.ravel(), values.ravel(), 1.0, tolerance)


def _cost(data: PlanData, at: Columns, tolerance: float) -> Goal:
    values = data.timeline.probability / 1000.0
    return Goal("cost", "Expected cost", "min", "million USD", at.spent, values, 0.0, tolerance)


def _moves(data: PlanData, at: Columns, tolerance: float) -> Goal:
    """Share of the time of all units, were all of them there throughout, that is not lost on the move."""
    weight = data.timeline.probability * data.lost * data.timeline.months
    total = data.most_units.sum() * (data.timeline.probability * data.timeline.months).sum()
    values = np.broadcast_to(-weight / max(total, 1.0), at.move_in.shape)
    title = "Time of units not lost on the move"
    return Goal("moves", title, "max", "share", at.move_in.ravel(), values.ravel(), 1.0, tolerance)
