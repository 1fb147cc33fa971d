"""The decisions of a plan read back from its tables, so that its model can be asked again from where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from bluehelm.mission.plan import Plan
from bluehelm.planning.build import PlanModel
from bluehelm.planning.gather import PlanData
from bluehelm.solve.dive import complete
from bluehelm.solve.model import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Carried:
    """Whole decisions of a plan in the shapes of a model: x (K, J, N), opened and opens (J, N), order (C, N),
    exit_order (K, N)."""

    x: FloatArray
    opened: FloatArray
    opens: FloatArray
    order: FloatArray
    exit_order: FloatArray


def carried_of(plan: Plan, data: PlanData) -> Carried:
    """Read the decisions of a plan whose tables name nodes, classes and sites as the model does."""
    nodes, tables = data.timeline.node_ids, plan.tables
    deeds = tables["movements"]
    pledges = [pledge.pledge_class for pledge in data.pledge_classes]
    at_site = {"site_id": data.site_ids, "node_id": nodes}
    return Carried(
        x=_counts(tables["deployments"], {"class_id": data.class_ids, **at_site}, pl.col("units")),
        opened=_counts(tables["sites"], at_site, pl.col("open")),
        opens=_counts(tables["sites"], at_site, pl.col("opens")),
        order=_counts(
            deeds.filter(pl.col("deed") == "order"), {"pledge_class": pledges, "node_id": nodes}, pl.col("units")
        ),
        exit_order=_counts(
            deeds.filter(pl.col("deed") == "exit_order"), {"class_id": data.class_ids, "node_id": nodes},
            pl.col("units"),
        ),
    )  # fmt: skip


def whole_columns(data: PlanData, built: PlanModel, plan: Plan) -> tuple[IntArray, FloatArray]:
    """Return the whole columns (units at sites, open sites, pledges called) and their values in a plan.

    Where arrivals land is left out: it follows, and stays free when the model is asked again.
    """
    at, made = built.columns, carried_of(plan, data)
    columns = np.concatenate([at.x.ravel(), at.opened.ravel(), at.order.ravel()])
    return columns, np.concatenate([made.x.ravel(), made.opened.ravel(), made.order.ravel()])


def start_of(plan: Plan, data: PlanData, built: PlanModel) -> FloatArray | None:
    """Return a solution of the model with the whole decisions of a plan; None where they no longer fit it."""
    return complete(built.problem, *whole_columns(data, built, plan))


def start_of_rule(built: PlanModel, x: IntArray, opened: BoolArray) -> FloatArray | None:
    """Return a solution of the model with units and open sites that a rule chose, and no pledge called."""
    at = built.columns
    columns = np.concatenate([at.x.ravel(), at.opened.ravel(), at.order.ravel()])
    return complete(built.problem, columns, np.concatenate([x.ravel(), opened.ravel(), np.zeros(at.order.size)]))


def _counts(table: pl.DataFrame, axes: dict[str, Sequence[str]], amount: pl.Expr) -> FloatArray:
    """Lay the rows of a table out as an array, one axis per column of names; what is not listed is 0.

    Rows with a name that the mission does not have are left out.
    """
    filled = np.zeros([len(names) for names in axes.values()])
    places = [
        pl.col(column).replace_strict({name: i for i, name in enumerate(names)}, default=None, return_dtype=pl.Int64)
        for column, names in axes.items()
    ]
    rows = table.select(*places, amount=amount.cast(pl.Float64)).drop_nulls()
    index = tuple(rows[column].to_numpy() for column in axes)
    filled[index] = rows["amount"].to_numpy()
    return filled
