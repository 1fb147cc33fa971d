"""Protection by presence: non-rival, since one unit answers for every area in its reach; and its floors."""

from __future__ import annotations

import numpy as np

from bluehelm.planning.columns import Columns
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
