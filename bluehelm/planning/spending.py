"""What whole decisions cost, and by how much they break the money of the mission."""

from __future__ import annotations

import numpy as np

from bluehelm.planning.decisions import Decisions
from bluehelm.planning.families.units import months_leaving
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import BoolArray, FloatArray, IntArray


def stops_of(data: PlanData, x: IntArray) -> IntArray:
    """Units of each class that end their work at each node, where no pledge is called; shape (classes, nodes)."""
    total = x.sum(axis=1)
    parent = data.timeline.parent
    before = np.where(parent < 0, data.at_start.sum(axis=1)[:, None], total[:, np.maximum(parent, 0)])
    return np.asarray(before + data.arriving - total)


def spending_by_rule(data: PlanData, x: IntArray, opened: BoolArray) -> FloatArray:
    """Money spent in each node [thousand USD], where no site opens and no pledge is called; shape (nodes,)."""
    line = data.timeline
    parent, root = np.maximum(line.parent, 0), line.parent < 0
    before = np.where(root, data.at_start[:, :, None], x[:, :, parent])
    today = np.array([site.open_at_start for site in data.mission.sites], bool) & data.base
    was_open = np.where(root, today[:, None], opened[:, parent])
    moved = np.maximum(np.maximum(x - before, 0).sum(axis=1) - data.arriving, 0)
    return np.asarray(
        _standing(data, x.sum(axis=1), opened)
        + _leaving(data, stops_of(data, x))
        + data.prices.deploy @ data.arriving
        + data.prices.move @ moved
        + data.prices.close_site @ (was_open & ~opened)
    )


def spending(data: PlanData, made: Decisions) -> FloatArray:
    """Money spent in each node [thousand USD]; shape (nodes,)."""
    return np.asarray(
        _standing(data, made.x.sum(axis=1), made.opened)
        + _leaving(data, made.stop.sum(axis=1))
        + data.prices.deploy @ made.arrive.sum(axis=1)
        + data.prices.move @ made.move_in.sum(axis=1)
        + data.prices.open_site @ made.opens
        + data.prices.close_site @ made.closes
    )


def _standing(data: PlanData, units: IntArray, opened: BoolArray) -> FloatArray:
    price = data.prices
    monthly = price.month @ units + (price.run_site * data.base) @ opened + price.fixed
    return np.asarray(monthly * data.timeline.months)


def _leaving(data: PlanData, stops: IntArray) -> FloatArray:
    """Units on their way home are paid until they are out, and then their journey."""
    later, stopped, months, _ = months_leaving(data)
    paid = (data.prices.month @ stops)[stopped] * months
    return np.asarray(np.bincount(later, weights=paid, minlength=len(data.timeline)) + data.prices.repatriate @ stops)


def overspent(data: PlanData, spent: FloatArray, units: IntArray) -> FloatArray:
    """Money [thousand USD] by which each node breaks cash or an approved amount on its path; shape (nodes,).

    units: (classes, nodes) at work, whose way home is kept back at the end.
    """
    line, price = data.timeline, data.prices
    home = np.where(line.leaf, price.repatriate @ units, 0.0)
    over = np.zeros(len(line))
    for n in range(len(line)):
        path = line.path(n)
        runs = price.appropriation[:, path].astype(float) @ spent[path] - price.approved
        cash = spent[path].sum() + home[n] - price.cash_limit[n]
        over[n] = max(0.0, cash, *runs[price.appropriation[:, n] & price.approval_holds[:, n]])
    return over
