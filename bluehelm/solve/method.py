"""How one goal is solved: relaxation for the bound, a restricted whole solve for a plan, then improvement."""

from __future__ import annotations

from bluehelm.solve.highs import Limits, Outcome, Progress, solve_integer
from bluehelm.solve.model import FloatArray, Problem


def relax_and_restrict(
    problem: Problem, limits: Limits, start: FloatArray | None, progress: Progress | None
) -> Outcome:
    """Minimise a problem."""
    return solve_integer(problem, limits, start=start, progress=progress)
