"""Why a problem has no solution, or none that is best: proofs that are checked on the arrays, not the solver's word.

*No solution.* Prices y on rows are a proof where what the rows ask is more than the columns can give (Farkas):

    Σ_i min over the limits of row i of y_i · r_i   >   Σ_j max over the bounds of column j of (Aᵀy)_j · v_j

Any y will do; the relaxation in which rows may give way, as little as can be, prices them so.

*No end.* A direction d along which every row and bound still holds, however far, and the objective falls: cost · d < 0.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from bluehelm.solve.highs import relax
from bluehelm.solve.instance import TOLERANCE
from bluehelm.solve.method import is_small
from bluehelm.solve.model import FloatArray, IntArray, Problem

# Below this share of the largest, a price or a step of a direction is rounding.
ROUNDING = 1e-9
# Prices and steps smaller than this share of the largest are no part of what is told.
TOLD = 1e-6
NONE = np.zeros(0, np.int64)


def clashing_rows(problem: Problem, *, seconds: float, threads: int = 1) -> IntArray:
    """Return rows that cannot be met together, whatever parts of units are allowed; none where that is not proven."""
    rows = problem.matrix.shape[0]
    gives = sparse.eye_array(rows, format="csc")
    size = np.maximum(_size(problem.row_lower), _size(problem.row_upper))
    elastic = replace(
        problem,
        cost=np.concatenate([np.zeros(len(problem.cost)), 1 / size, 1 / size]),
        offset=0.0,
        column_lower=np.concatenate([problem.column_lower, np.zeros(2 * rows)]),
        column_upper=np.concatenate([problem.column_upper, np.full(2 * rows, np.inf)]),
        matrix=sparse.csc_array(sparse.hstack([problem.matrix, gives, -gives])),
        integer=np.zeros(len(problem.cost) + 2 * rows, bool),
        stage=np.concatenate([problem.stage, np.full(2 * rows, -1)]),
    )
    method = "simplex" if is_small(problem) else "ipx"
    prices = relax(elastic, method=method, seconds=seconds, threads=threads).duals
    return NONE if prices is None else _proven_by(problem, prices)


def _proven_by(problem: Problem, prices: FloatArray) -> IntArray:
    """Return the rows that prices prove to clash by more than a solution may pass its limits; none if they do not."""
    y = np.where(np.abs(prices) > ROUNDING * np.abs(prices).max(initial=0.0), prices, 0.0)
    asked = np.where(
        y > 0, problem.row_lower - _slack(problem.row_lower), problem.row_upper + _slack(problem.row_upper)
    )
    y = np.where(np.isfinite(asked), y, 0.0)
    pull, most = problem.matrix.T @ y, abs(problem.matrix).T @ np.abs(y)
    pull = np.where(np.abs(pull) > ROUNDING * most, pull, 0.0)
    low, high = problem.column_lower, problem.column_upper
    given = np.where(pull > 0, high + _slack(high), low - _slack(low))
    used = pull != 0
    if not np.isfinite(given[used]).all():
        return NONE
    held = y != 0
    clash = float(y[held] @ asked[held]) > float(pull[used] @ given[used])
    return np.flatnonzero(np.abs(y) > TOLD * np.abs(y).max(initial=0.0)) if clash else NONE


def endless_columns(problem: Problem, *, seconds: float) -> IntArray:
    """Return columns that can change together without end while the objective falls; none where there are no such."""
    below, above = np.isneginf(problem.column_lower), np.isposinf(problem.column_upper)
    if not (((problem.cost < 0) & above) | ((problem.cost > 0) & below)).any():
        return NONE
    cone = replace(
        problem,
        offset=0.0,
        column_lower=np.where(below, -1.0, 0.0),
        column_upper=np.where(above, 1.0, 0.0),
        row_lower=np.where(np.isfinite(problem.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(problem.row_upper), 0.0, np.inf),
        integer=np.zeros(len(problem.cost), bool),
    )
    step = relax(cone, method="simplex", seconds=seconds).values
    if step is None or float(problem.cost @ step) > -TOLERANCE * float(np.abs(problem.cost).max()):
        return NONE
    change, most = problem.matrix @ step, abs(problem.matrix) @ np.abs(step)
    holds = (change >= cone.row_lower - ROUNDING * most) & (change <= cone.row_upper + ROUNDING * most)
    return np.flatnonzero(np.abs(step) > TOLD) if holds.all() else NONE


def _size(limit: FloatArray) -> FloatArray:
    """Return how large limits are, at least 1; 1 where there is none."""
    return np.maximum(1.0, np.where(np.isfinite(limit), np.abs(limit), 0.0))


def _slack(limit: FloatArray) -> FloatArray:
    """Return by how much a solution may pass limits and still count as one."""
    return TOLERANCE * _size(limit)
