"""A first plan near the relaxation: node by node, the nearest whole decisions that leave the rest possible."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from bluehelm.solve.highs import Limits, relax, solve_integer
from bluehelm.solve.model import FloatArray, IntArray, Problem

# A first plan need not be the nearest; improvement comes later and is worth the time more.
NEAR_ENOUGH = 0.2
# Gap to which whole columns that are left open are completed; they are few.
COMPLETED = 1e-4


def dive(problem: Problem, relaxed: FloatArray, limits: Limits) -> FloatArray | None:
    """Fix the whole columns stage by stage, each as near to the relaxation as the stages ahead (relaxed) allow.

    Soft rows are left out on the way: they never make a plan impossible, and without them each step is small.
    Returns a solution of the whole problem, or None where a stage has no whole answer.
    """
    lower, upper = problem.column_lower.copy(), problem.column_upper.copy()
    for stage in np.unique(problem.stage[problem.integer]).tolist():
        bounded = replace(problem, column_lower=lower, column_upper=upper)
        part, columns = _hard_part(bounded, last_stage=stage + problem.look_ahead)
        mine = np.flatnonzero(part.integer & (part.stage == stage))
        found = solve_integer(_nearest(part, mine, relaxed[columns]), replace(limits, gap=NEAR_ENOUGH))
        if found.values is None:
            return None
        fixed = columns[mine]
        lower[fixed] = upper[fixed] = np.rint(found.values[mine])
    return complete(problem, np.arange(len(lower)), lower)


def complete(problem: Problem, columns: IntArray, values: FloatArray) -> FloatArray | None:
    """Find the best of everything else with some whole columns fixed; `values` are those of `columns`."""
    lower, upper = problem.column_lower.copy(), problem.column_upper.copy()
    whole = problem.integer[columns]
    lower[columns[whole]] = upper[columns[whole]] = np.rint(values[whole])
    fixed = replace(problem, column_lower=lower, column_upper=upper)
    if (problem.integer & (lower < upper)).any():
        return solve_integer(fixed, Limits(gap=COMPLETED, threads=1)).values
    return relax(fixed, method="simplex").values


def _hard_part(problem: Problem, last_stage: int) -> tuple[Problem, IntArray]:
    """Leave out soft rows, rows that reach beyond the last stage, and the columns that stand in no other row."""
    entries = problem.matrix.tocoo()
    row_stage = np.full(entries.shape[0], -1)
    np.maximum.at(row_stage, entries.row, problem.stage[entries.col])
    rows = np.flatnonzero(~problem.soft & (row_stage <= last_stage))
    kept = sparse.csr_array(problem.matrix)[rows]
    used = np.bincount(kept.indices, minlength=problem.matrix.shape[1]) > 0
    columns = np.flatnonzero(used | (problem.integer & (problem.stage <= last_stage)))
    part = replace(
        problem,
        cost=np.zeros(len(columns)),
        offset=0.0,
        column_lower=problem.column_lower[columns],
        column_upper=problem.column_upper[columns],
        row_lower=problem.row_lower[rows],
        row_upper=problem.row_upper[rows],
        matrix=sparse.csc_array(kept[:, columns]),
        integer=problem.integer[columns],
        stage=problem.stage[columns],
        soft=problem.soft[rows],
    )
    return part, columns


def _nearest(problem: Problem, mine: IntArray, target: FloatArray) -> Problem:
    """Minimise Σ |v - target| over the columns of one stage, whole there and relaxed elsewhere."""
    rows, columns = problem.matrix.shape
    count = len(mine)
    pick = sparse.csc_array((np.ones(count), (np.arange(count), mine)), shape=(count, columns))
    away = sparse.csc_array(sparse.eye_array(count))
    none = sparse.csc_array((rows, count))
    matrix = sparse.vstack(
        [sparse.hstack([problem.matrix, none]), sparse.hstack([pick, -away]), sparse.hstack([-pick, -away])]
    )
    integer = np.zeros(columns + count, bool)
    integer[mine] = True
    unbounded = np.full(2 * count, -np.inf)
    return replace(
        problem,
        cost=np.concatenate([np.zeros(columns), np.ones(count)]),
        column_lower=np.concatenate([problem.column_lower, np.zeros(count)]),
        column_upper=np.concatenate([problem.column_upper, np.full(count, np.inf)]),
        row_lower=np.concatenate([problem.row_lower, unbounded]),
        row_upper=np.concatenate([problem.row_upper, target[mine], -target[mine]]),
        matrix=sparse.csc_array(matrix),
        integer=integer,
        stage=np.full(columns + count, -1),
        soft=np.zeros(rows + 2 * count, bool),
    )
