"""Bounds that rows imply for columns without one: needed where a node stands by itself at prices and would run away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from bluehelm.solve.model import FloatArray, IntArray, Problem

ROUNDS = 8
# An implied bound is left a little loose, so that rounding never cuts off a solution.
SLACK = 1e-6


def with_implied_bounds(problem: Problem) -> Problem:
    """Give columns without an upper or lower bound the one that some row implies, where one does.

    In a row Σ a·v ≤ b no column can pass what is left when every other column stands at its least. Bounds that are
    there already stay as they are; the solutions stay the same.
    """
    lower, upper = problem.column_lower.copy(), problem.column_upper.copy()
    free_below, free_above = np.isinf(lower), np.isinf(upper)
    entries = sparse.csr_array(problem.matrix)
    row = np.repeat(np.arange(entries.shape[0]), np.diff(entries.indptr))
    for _ in range(ROUNDS if free_below.any() or free_above.any() else 0):
        for value, limit in ((entries.data, problem.row_upper), (-entries.data, -problem.row_lower)):
            below, above = _implied(row, entries.indices, value, limit, lower, upper)
            lower = np.where(free_below, np.maximum(lower, below), lower)
            upper = np.where(free_above, np.minimum(upper, above), upper)
    whole = problem.integer
    lower, upper = np.where(whole, np.ceil(lower - SLACK), lower), np.where(whole, np.floor(upper + SLACK), upper)
    return replace(problem, column_lower=lower, column_upper=np.maximum(lower, upper))


def _implied(
    row: IntArray, column: IntArray, value: FloatArray, limit: FloatArray, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the bounds that rows Σ value·v ≤ limit imply for each column."""
    nearest = np.where(value > 0, lower[column], upper[column])
    unknown = np.isinf(nearest)
    least = value * np.where(unknown, 0.0, nearest)
    total = np.bincount(row, weights=least, minlength=len(limit))
    missing = np.bincount(row, weights=unknown, minlength=len(limit))
    at = np.flatnonzero((missing[row] - unknown == 0) & np.isfinite(limit[row]) & (value != 0))
    most = (limit[row[at]] - (total[row[at]] - least[at])) / value[at]
    most += SLACK * np.maximum(1.0, np.abs(most)) * np.sign(value[at])
    rising = value[at] > 0
    above, below = np.full(len(upper), np.inf), np.full(len(lower), -np.inf)
    np.minimum.at(above, column[at[rising]], most[rising])
    np.maximum.at(below, column[at[~rising]], most[~rising])
    return below, above
