"""The relaxation kept warm: one solver that is aimed at goal after goal, so that each starts where the last ended."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Outcome, load, outcome_of, run
from bluehelm.solve.model import FloatArray, Problem


@dataclass
class Relaxation:
    """A problem without whole columns, as the solver holds it.

    The first solve is by interior point with crossover (best on large models); later ones by primal simplex from the
    last basis, which stays feasible when only the goal changes and goals already reached are held.
    """

    problem: Problem
    threads: int = 2

    def __post_init__(self) -> None:
        self._solver = load(self.problem, {"solver": "ipx", "threads": self.threads}, relaxed=True)
        self._fresh = True

    def hold(self, row: FloatArray, lower: float, upper: float) -> None:
        """Add one row."""
        used = np.flatnonzero(row)
        self._solver.addRow(lower, upper, len(used), used.astype(np.int32), row[used])

    def solve(self, cost: FloatArray, offset: float, *, seconds: float) -> Outcome:
        """Minimise cost·v + offset."""
        size = len(cost)
        self._solver.changeColsCost(size, np.arange(size, dtype=np.int32), cost)
        self._solver.changeObjectiveOffset(offset)
        options: dict[str, object] = {"time_limit": self._solver.getRunTime() + max(seconds, 0.01)}
        if not self._fresh:
            options |= {"solver": "simplex", "simplex_strategy": 4}
        for name, value in options.items():
            self._solver.setOptionValue(name, value)
        run(self._solver)
        self._fresh = False
        return outcome_of(self._solver, relaxation=True)


def aim(problem: Problem, goal: Goal) -> Problem:
    """Set a goal as the objective, minimised."""
    sign = 1.0 if goal.sense == "min" else -1.0
    size = len(problem.column_lower)
    return replace(problem, cost=sign * goal.vector(size), offset=sign * goal.constant)
