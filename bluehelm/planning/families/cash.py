"""Money: what each node spends, cash along each path, amounts approved per run, and the way home at the end."""

from __future__ import annotations

import numpy as np

from bluehelm.planning.columns import Columns
from bluehelm.planning.families.units import ancestry, months_leaving
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import Model


def add_spending(model: Model, data: PlanData, at: Columns) -> None:
    """A node spends on units at work and leaving, transport, sites and what is fixed. rows: spending, spent_so_far."""
    line, price = data.timeline, data.prices
    fixed = price.fixed * line.months
    rows = model.rows("spending", (line.node_ids,), lower=fixed, upper=fixed)
    model.add(rows, at.spent)
    model.add(rows, at.x, -price.month[:, None, None] * line.months)
    later, stopped, months, _ = months_leaving(data)
    model.add(rows[later], at.stop[:, stopped], -price.month[:, None] * months)
    model.add(rows, at.move_in, -price.move[:, None, None])
    model.add(rows, at.arrive, -price.deploy[:, None, None])
    model.add(rows, at.stop, -price.repatriate[:, None])
    model.add(rows, at.opened, -(price.run_site * data.base)[:, None] * line.months)
    model.add(rows, at.opens, -price.open_site[:, None])
    model.add(rows, at.closes, -price.close_site[:, None])
    total = model.rows("spent_so_far", (line.node_ids,), lower=0.0, upper=0.0)
    model.add(total, at.spent_so_far)
    model.add(total, at.spent, -1.0)
    child = np.flatnonzero(line.parent >= 0)
    model.add(total[child], at.spent_so_far[line.parent[child]], -1.0)


def add_cash(model: Model, data: PlanData, at: Columns) -> None:
    """Spending on a path stays within cash, receipts, borrowing and debt; at the end the way home is kept back.

    rows: cash.
    """
    rows = model.rows("cash", (data.timeline.node_ids,), upper=data.prices.cash_limit)
    model.add(rows, at.spent_so_far)
    leaf = np.flatnonzero(data.timeline.leaf)
    model.add(rows[leaf], at.x[:, :, leaf], data.prices.repatriate[:, None, None])


def add_appropriations(model: Model, data: PlanData, at: Columns) -> None:
    """On each path no more is spent from an approved amount than was approved. rows: appropriation."""
    runs = [str(i + 1) for i in range(len(data.prices.approved))]
    approved = np.where(data.prices.approval_holds, data.prices.approved[:, None], np.inf)
    rows = model.rows("appropriation", (runs, data.timeline.node_ids), upper=approved)
    later, earlier = ancestry(data.timeline)
    model.add(rows[:, later], at.spent[earlier], data.prices.appropriation[:, earlier].astype(float))
