"""Whether a goal is felt through soft rows alone, so that leaning towards it never makes a plan impossible."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bluehelm.solve.model import IntArray, Problem


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
