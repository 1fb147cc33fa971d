"""A relaxation that begins near a point ends where it would have ended, however wrong the point is."""

from __future__ import annotations

import highspy
import numpy as np
import pytest

from bluehelm.solve.highs import cost_scale, load, relax
from bluehelm.solve.node_bounds import SIMPLEX
from bluehelm.solve.warm_start import run_near
from tests.solve.trees import problem_of, tiny


def solved_from(problem, values):
    solver = load(problem, SIMPLEX, relaxed=True)
    run_near(solver, problem, values)
    info = solver.getInfo()
    return info.objective_function_value / cost_scale(problem), info.simplex_iteration_count


@pytest.mark.parametrize("family", ["stripped", "full"])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0, 100.0])
def test_any_point_leads_to_the_same_best_value(family, share):
    problem = tiny(family, 3).problem
    best = relax(problem, method="simplex", threads=1)
    assert solved_from(problem, best.values * share)[0] == pytest.approx(best.objective)


def test_from_its_own_solution_less_is_left_to_do():
    """Where many bases share one corner, some steps are left all the same; neither run simplifies first."""
    problem = tiny("stripped", 2, areas=60, sites=6).problem
    best = relax(problem, method="simplex", threads=1)
    nothing = load(problem, {**SIMPLEX, "presolve": "off"}, relaxed=True)
    nothing.run()
    assert solved_from(problem, best.values)[1] < nothing.getInfo().simplex_iteration_count


def test_columns_without_limits_are_basic_or_free():
    problem = problem_of([[1.0, 1.0]], [2.0], [2.0], [1.0, 0.5], lower=[0.0, -np.inf], upper=[np.inf, 5.0])
    assert solved_from(problem, np.array([0.0, 2.0]))[0] == pytest.approx(1.0)


def test_without_a_solution_or_an_end_the_solver_says_so():
    none = problem_of([[1.0]], [3.0], [np.inf], [1.0], upper=2.0)
    endless = problem_of([[1.0, -1.0]], [0.0], [0.0], [-1.0, 0.0])
    for problem in (none, endless):
        solver = load(problem, SIMPLEX, relaxed=True)
        run_near(solver, problem, np.ones(len(problem.cost)))
        assert solver.getModelStatus() in (
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )
