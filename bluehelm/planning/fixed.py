"""What given whole decisions are worth: work is shared out as well as can be, and the tables of a plan follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bluehelm.planning.build import PlanModel
from bluehelm.planning.decisions import decisions_of
from bluehelm.planning.gather import PlanData
from bluehelm.planning.goals import task_share
from bluehelm.planning.settled import settled
from bluehelm.planning.spending import stops_of
from bluehelm.planning.tables import tables_of
from bluehelm.solve.highs import relax
from bluehelm.solve.model import BoolArray, FloatArray, IntArray

# One priority counts this many times the next: near enough to a strict order for work that is shared out.
TIER_RATIO = 100.0


@dataclass(frozen=True, slots=True)
class Stand:
    """Where units stand, x (classes, sites, nodes), which sites are open (sites, nodes), and pledges called, order
    (pledge classes, nodes); None: no pledge is called."""

    x: IntArray
    opened: BoolArray
    order: IntArray | None = None


def stand_of(data: PlanData, tables: Mapping[str, pl.DataFrame]) -> Stand:
    """Read where units stand from the tables of a plan."""
    node, site, kind = (
        {name: i for i, name in enumerate(names)} for names in (data.timeline.node_ids, data.site_ids, data.class_ids)
    )
    x = np.zeros((len(kind), len(site), len(node)), np.int32)
    for k, j, n, units in tables["deployments"].select("class_id", "site_id", "node_id", "units").iter_rows():
        x[kind[k], site[j], node[n]] = units
    opened = np.zeros((len(site), len(node)), bool)
    for j, n, is_open in tables["sites"].select("site_id", "node_id", "open").iter_rows():
        opened[site[j], node[n]] = is_open
    return Stand(x, opened)


def tables_with(data: PlanData, built: PlanModel, stand: Stand) -> dict[str, pl.DataFrame]:
    """Return the tables of a plan that does what is given, whatever limits it breaks: they show it.

    All tables but names and binding.
    """
    return worth_of(data, built, stand)[0]


def worth_of(data: PlanData, built: PlanModel, stand: Stand) -> tuple[dict[str, pl.DataFrame], FloatArray]:
    """Return the tables of a plan that does what is given, and its columns, by which goals measure it."""
    values = np.zeros(built.problem.matrix.shape[1])
    values[built.columns.x] = stand.x
    values[built.columns.opened] = stand.opened
    if stand.order is not None:
        values[built.columns.order] = stand.order
    values[built.columns.exit_order] = _exit_orders(data, stand.x)
    made = decisions_of(data, built, values)
    values[built.columns.move_in] = made.move_in
    made = replace(made, effort=_effort(data, built, values))
    tables = tables_of(data, built, made)
    return tables, settled(data, built, made, tables, values)


def _exit_orders(data: PlanData, x: IntArray) -> IntArray:
    """Units told to leave in each node: those that stop one notice later, on every path alike."""
    orders = np.zeros((len(data.classes), len(data.timeline)), np.int32)
    stops = np.maximum(stops_of(data, x), 0)
    ordered, lands = data.timeline.landing(data.exit_notice_months)
    for n in np.unique(lands):
        # Where several nodes land in one, the last of them gives the order.
        orders[:, ordered[lands == n][-1]] = stops[:, n]
    return orders


def _effort(data: PlanData, built: PlanModel, values: FloatArray) -> FloatArray:
    """Share out the hours of the units that stand there, the first priority first."""
    problem, blocks = built.problem, built.model.row_blocks
    free = np.zeros(len(values), bool)
    free[built.effort.column] = free[built.columns.unmet] = True
    kept = np.zeros(len(problem.row_lower), bool)
    for block in (blocks["effort_hours"], blocks["effort_demand"]):
        kept[block.first : block.first + block.size] = True
    part = replace(
        problem,
        cost=_unmet_cost(data, built),
        offset=0.0,
        column_lower=np.where(free, problem.column_lower, values),
        column_upper=np.where(free, problem.column_upper, values),
        row_lower=np.where(kept, problem.row_lower, -np.inf),
        row_upper=np.where(kept, problem.row_upper, np.inf),
    )
    found = relax(part, method="simplex").values
    assert found is not None, "hours may always stay ungiven, and demand unmet"
    return np.asarray(found[built.effort.column])


def _unmet_cost(data: PlanData, built: PlanModel) -> FloatArray:
    """Price unmet demand by the weight of its task, each priority far above the next."""
    tasks = data.demand.tasks
    order = sorted({task.priority for task in tasks})
    cost = np.zeros(built.problem.matrix.shape[1])
    for m in np.flatnonzero(~data.demand.presence).tolist():
        columns, values, _ = task_share(data, built.columns, m)
        tier = order.index(tasks[m].priority)
        np.add.at(cost, columns, -values * tasks[m].weight * TIER_RATIO ** (len(order) - tier))
    return cost
