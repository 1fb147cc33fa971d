"""Which whole columns a goal can feel: those that reach its terms through soft rows."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bluehelm.solve.model import BoolArray, IntArray, Problem


def felt_columns(problem: Problem) -> BoolArray:
    """Mark the whole columns that the objective depends on most directly.

    From the columns of the objective, follow soft rows to other columns, and through those that stand in soft rows
    alone further on, until whole columns turn up. Where a term itself stands in a hard row, all whole columns may
    matter and all are marked. Rows that hold earlier goals are not followed.
    """
    has_entry = _entries(problem)
    followed = problem.soft.copy()
    hard = ~problem.soft
    followed[len(followed) - problem.holds :] = False
    hard[len(hard) - problem.holds :] = False
    bound = has_entry.T @ hard.astype(float) > 0
    reached = problem.cost != 0
    if (reached & bound).any():
        return problem.integer.copy()
    while True:
        touched = (has_entry @ (reached & ~bound).astype(float) > 0) & followed
        grown = reached | (has_entry.T @ touched.astype(float) > 0)
        if (grown == reached).all() or (grown & problem.integer).any():
            reached = grown
            return np.asarray(reached & problem.integer)
        reached = grown


def felt_softly(problem: Problem, columns: IntArray) -> bool:
    """Say whether columns stand in soft rows only, apart from rows that hold earlier goals."""
    chosen = np.zeros(problem.matrix.shape[1])
    chosen[columns] = 1.0
    first_hold = problem.matrix.shape[0] - problem.holds
    touched = (_entries(problem) @ chosen > 0)[:first_hold]
    return bool(problem.soft[:first_hold][touched].all())


def _entries(problem: Problem) -> sparse.csc_array:
    """Return the pattern of the matrix, with ones."""
    matrix = problem.matrix
    return sparse.csc_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
