"""A small whole-number model, added to column by column and row by row, and solved exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

import highspy
import numpy as np

from bluehelm.errors import SolverError

# A limit on work, not on time, so that the same input always gives the same answer. Only plans that move most of their
# units every few months reach it; their names are then good, but not proven best.
MOST_LOOKS = 40


@dataclass
class SmallModel:
    """Columns (whole numbers from `lower` to `upper`) with a cost that is made least, and rows."""

    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    row_start: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)

    def column(self, upper: float, *, lower: float = 0.0) -> int:
        """Add a column and return its number."""
        self.cost.append(0.0)
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, terms: Iterable[tuple[int, float]], lower: float, upper: float) -> None:
        """Add a row: lower <= sum of value · column <= upper."""
        for column, value in terms:
            self.index.append(column)
            self.value.append(value)
        self.row_start.append(len(self.index))
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def solve(self) -> list[int]:
        """Return the values of the columns at least cost.

        Raises SolverError where no values fit: the counts that the model was made from contradict each other.
        """
        if not self.cost:
            return []
        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # its stub leaves the constructor untyped
        options = {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.999,  # costs are whole numbers
            "mip_pool_soft_limit": 100,  # thousands of cuts take longer than what they save
        }
        for name, value in options.items():
            solver.setOptionValue(name, value)
        solver.passModel(self._lp())
        looks = count()

        def stop_after_enough(event: highspy.highs.HighsCallbackEvent) -> None:
            if next(looks) > MOST_LOOKS and event.data_out.mip_primal_bound < highspy.kHighsInf:
                event.interrupt()

        solver.cbMipInterrupt.subscribe(stop_after_enough)
        solver.run()
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            status = solver.modelStatusToString(solver.getModelStatus())
            raise SolverError(
                "Units cannot be named as the plan counts them; the solver says '{status}'.", status=status
            )
        return [round(value) for value in solver.getSolution().col_value]

    def _lp(self) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.row_lower)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = (np.array(x) for x in (self.cost, self.lower, self.upper))
        lp.row_lower_, lp.row_upper_ = np.array(self.row_lower, float), np.array(self.row_upper, float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.row_start)
        lp.a_matrix_.index_ = np.array(self.index, np.int32)
        lp.a_matrix_.value_ = np.array(self.value, float)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self.cost)
        return lp
