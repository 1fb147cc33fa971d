"""A simplex that begins near a known point: what lies between its limits there is basic, all else stands at a limit."""

from __future__ import annotations

import highspy
import numpy as np

from bluehelm.solve.model import FloatArray, IntArray, Problem

# Nearer to a limit than this counts as standing at it; the points come from a first-order method and are rough.
AT_LIMIT = 1e-3

_STATUS = (
    highspy.HighsBasisStatus.kLower,
    highspy.HighsBasisStatus.kBasic,
    highspy.HighsBasisStatus.kUpper,
)


def run_near(solver: highspy.Highs, problem: Problem, values: FloatArray) -> None:
    """Run a solver that holds the relaxation of a problem from near `values`, which need not be feasible.

    The solver mends the basis where it has too many or too few columns, so that any values are good enough. Where it
    finds no best value from there, it is run once more from nothing, whose answer then stands.
    """
    basis = highspy.HighsBasis()
    reached = problem.matrix @ values
    basis.col_status = [_STATUS[i] for i in _where(values, problem.column_lower, problem.column_upper)]
    basis.row_status = [_STATUS[i] for i in _where(reached, problem.row_lower, problem.row_upper)]
    basis.valid, basis.alien = True, True
    if solver.setBasis(basis) == highspy.HighsStatus.kError:
        solver.clearSolver()
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        solver.clearSolver()
        solver.run()


def _where(values: FloatArray, lower: FloatArray, upper: FloatArray) -> IntArray:
    """0 at the lower limit, 2 at the upper, 1 between."""
    return np.where(values <= lower + AT_LIMIT, 0, np.where(values >= upper - AT_LIMIT, 2, 1))
