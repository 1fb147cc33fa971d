"""The decisions of a plan read back from its tables, so that its model can be asked again from where it stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from bluehelm.mission.plan import Plan
from bluehelm.planning.build import PlanModel
from bluehelm.planning.gather import PlanData
from bluehelm.solve.dive import complete
from bluehelm.solve.model import BoolArray, FloatArray, IntArray


def whole_columns(data: PlanData, built: PlanModel, plan: Plan) -> tuple[IntArray, FloatArray]:
    """Return the whole columns (units at sites, open sites, pledges called) and their values in a plan.

    Where arrivals land is left out: it follows, and stays free when the model is asked again.
    """
    at, nodes = built.columns, data.timeline.node_ids
    units = _counts(
        plan.tables["deployments"],
        {"class_id": data.class_ids, "site_id": data.site_ids, "node_id": nodes},
        pl.col("units"),
    )
    opened = _counts(plan.tables["sites"], {"site_id": data.site_ids, "node_id": nodes}, pl.col("open"))
    orders = _counts(
        plan.tables["movements"].filter(pl.col("deed") == "order"),
        {"pledge_class": [pledge.pledge_class for pledge in data.pledge_classes], "node_id": nodes},
        pl.col("units"),
    )
    columns = np.concatenate([at.x.ravel(), at.opened.ravel(), at.order.ravel()])
    return columns, np.concatenate([units.ravel(), opened.ravel(), orders.ravel()])


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
