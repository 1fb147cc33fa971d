"""The solver with our arrays: exact on small problems, with a bound that is one, whatever it starts from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from bluehelm.errors import SolverError
from bluehelm.solve.highs import Limits, load, relax, solve_integer
from bluehelm.solve.model import Model
from tests.conftest import examples
from tests.solve.problems import aimed, best_by_trying, breach, whole_problems

EXACT = Limits(gap=0.0, threads=1)


@examples(40, 3_000)
@given(whole_problems())
def test_whole_answers_are_those_found_by_trying_everything(problem):
    found = solve_integer(problem, EXACT)
    assert found.status == "solved" and found.values is not None
    assert found.objective == pytest.approx(best_by_trying(problem), abs=1e-5)
    assert found.bound == pytest.approx(found.objective, abs=1e-5)
    assert breach(problem, found.values) < 1e-6


@examples(40, 3_000)
@given(whole_problems())
def test_a_start_changes_neither_the_best_value_nor_the_bound(problem):
    found = solve_integer(problem, EXACT, start=np.zeros(len(problem.cost)))
    best = best_by_trying(problem)
    assert found.objective == pytest.approx(best, abs=1e-5)
    assert found.bound <= best + 1e-5


@examples(20, 1_000)
@given(whole_problems())
def test_the_relaxation_is_a_bound_by_every_method(problem):
    best = best_by_trying(problem)
    simplex, corner = relax(problem, method="simplex"), relax(problem)
    for found in (simplex, corner):
        assert found.status == "solved"
        assert found.bound <= best + 1e-5
        assert found.bound == pytest.approx(simplex.bound, abs=1e-4)
    # Without a corner the interior point may stop short of its tolerance; then it claims no bound.
    inner = relax(problem, corner=False)
    assert inner.bound == pytest.approx(simplex.bound, abs=1e-4) or inner.bound == -np.inf


@examples(20, 1_000)
@given(whole_problems())
def test_the_size_of_an_objective_changes_nothing(problem):
    best = best_by_trying(problem)
    for scale in (1e-6, 1e6):
        found = solve_integer(aimed(problem, problem.cost * scale, problem.offset * scale), EXACT)
        assert found.objective / scale == pytest.approx(best, abs=1e-4)


@examples(20, 1_000)
@given(whole_problems())
def test_a_gap_that_is_asked_is_kept(problem):
    best = best_by_trying(problem)
    found = solve_integer(problem, Limits(gap=0.2, threads=1))
    assert found.bound <= best + 1e-5 <= found.objective + 2e-5
    assert found.objective - found.bound <= 0.2 * abs(found.objective) + 1e-4


def impossible():
    model = Model()
    x = model.columns("x", (("a",),), upper=1.0, integer=True)
    model.add(model.rows("r", (("only",),), lower=2.0), x)
    return model.problem()


def test_what_cannot_be_is_said_to_be_infeasible():
    for found in (solve_integer(impossible(), EXACT), relax(impossible())):
        assert found.status == "infeasible" and found.values is None and found.bound == np.inf


def test_an_option_that_the_solver_does_not_know_is_an_error():
    with pytest.raises(SolverError, match="refused the option speed"):
        load(impossible(), {"speed": "high"})


def test_an_objective_of_nothing_is_solved_too():
    model = Model()
    model.columns("x", (("a",),), upper=1.0, integer=True)
    assert solve_integer(model.problem(), EXACT).objective == 0


def knapsacks(count: int = 60, limits: int = 8):
    """A problem that takes a while: several knapsacks over the same items."""
    random = np.random.default_rng(3)
    model = Model(("only",))
    x = model.columns("x", ([f"i{i}" for i in range(count)], ("only",)), upper=1.0, integer=True).ravel()
    weights = random.integers(10, 60, (limits, count)).astype(float)
    rows = model.rows("limit", ([f"r{i}" for i in range(limits)],), upper=weights.sum(axis=1) / 3)
    model.add(rows[:, None], x[None, :], weights)
    return aimed(model.problem(), -(weights.mean(axis=0) + random.integers(0, 9, count)))


def test_a_limit_on_nodes_stops_with_a_plan_and_a_bound_and_does_so_again():
    problem = knapsacks()
    one, two = (solve_integer(problem, Limits(gap=0.0, nodes=20, threads=1, seed=5)) for _ in range(2))
    assert one.status == "stopped"
    assert one.values is not None and breach(problem, one.values) < 1e-6
    assert one.bound <= one.objective
    assert (one.objective, one.bound) == (two.objective, two.bound)
    assert two.values is not None and (one.values == two.values).all()


def test_a_limit_on_time_stops_with_what_is_known():
    found = solve_integer(knapsacks(), Limits(gap=0.0, seconds=0.3, threads=1))
    assert found.status == "stopped" and found.bound <= found.objective


def test_progress_tells_best_and_bound_in_the_unit_of_the_objective():
    told: list[tuple[float, float]] = []
    problem = knapsacks()
    found = solve_integer(
        problem, Limits(gap=0.0, nodes=50, threads=1), progress=lambda best, bound: told.append((best, bound))
    )
    assert told
    best, bound = told[-1]
    assert bound <= found.objective + 1e-6 and best >= found.objective - 1e-6
