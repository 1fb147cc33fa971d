"""The solution that whole decisions stand for: every other column follows, so that goals are measured exactly."""

from __future__ import annotations

import numpy as np
import polars as pl

from bluehelm.planning.build import PlanModel
from bluehelm.planning.columns import tail_tasks
from bluehelm.planning.decisions import Decisions
from bluehelm.planning.families.effort import effort_share
from bluehelm.planning.families.protection import harm_of_task, on_futures, step_worth, tail_split
from bluehelm.planning.gather import PlanData
from bluehelm.planning.goals import task_share
from bluehelm.planning.prices import KUSD
from bluehelm.planning.tables import presence
from bluehelm.solve.model import FloatArray


def settled(
    data: PlanData, built: PlanModel, made: Decisions, tables: dict[str, pl.DataFrame], values: FloatArray
) -> FloatArray:
    """Return the solver's columns as the tables of the plan have them."""
    at, values = built.columns, values.copy()
    values[at.x], values[at.opened], values[at.move_in] = made.x, made.opened, made.move_in
    present = presence(data, made.x, made.move_in)
    steps = np.arange(data.steps)[None, :, None]
    values[at.y] = np.clip(present[:, None, :] - steps, 0.0, 1.0)
    values[at.unmet] = _unmet(data, built, made)
    nodes, areas, sites = len(data.timeline), len(data.area_ids), len(data.site_ids)
    values[at.floor_short] = tables["protection"]["floor_shortfall"].to_numpy().reshape(nodes, areas).T
    values[at.care_short] = _without_care(tables, nodes, sites, made)
    values[at.spent] = tables["cash"]["spent_usd"].to_numpy() / KUSD
    values[at.spent_so_far] = tables["cash"]["cumulative_usd"].to_numpy() / KUSD
    answered = np.einsum("aln,l->an", values[at.y], step_worth(data))
    for t, m in enumerate(tail_tasks(data)):
        deaths = on_futures(data, (harm_of_task(data, int(m)) * (1 - answered)).sum(axis=0))
        values[at.tail_level[t]], values[at.tail_over[t]] = tail_split(data, deaths)
    for m, task in enumerate(data.demand.tasks):
        columns, worth, constant = task_share(data, at, m)
        values[at.minimum_short[m]] = max(task.minimum_share - constant - float(worth @ values[columns]), 0.0)
    return values


def _unmet(data: PlanData, built: PlanModel, made: Decisions) -> FloatArray:
    effort, demand = built.effort, data.demand
    met = np.zeros_like(demand.hours)
    counted = made.effort * effort_share(data)[effort.unit_class, effort.task]
    np.add.at(met, (effort.task, effort.zone, effort.node), counted)
    return np.maximum(demand.hours - met, 0.0)[~demand.presence]


def _without_care(tables: dict[str, pl.DataFrame], nodes: int, sites: int, made: Decisions) -> FloatArray:
    """Open sites without each kind of care; the table lists open sites only, node by node."""
    short = np.zeros((2, nodes, sites))
    for limit, name in enumerate(("enhanced_care_covered", "surgery_covered")):
        short[limit][made.opened.T] = 1.0 - tables["care"][name].to_numpy()
    return short.transpose(0, 2, 1)
