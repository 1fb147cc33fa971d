"""The way of large models, forced on small ones: plans that hold, bounds that are true, near to the best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from bluehelm.planning.build import build
from bluehelm.planning.gather import gather
from bluehelm.planning.goals import goals_of
from bluehelm.solve import method
from bluehelm.solve.dive import complete, dive
from bluehelm.solve.highs import Limits, relax, solve_integer
from bluehelm.solve.method import relax_and_restrict
from bluehelm.solve.model import Problem
from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import Drawn, missions
from tests.solve.problems import aimed, best_by_trying, breach, whole_problems

EXACT = Limits(gap=0.0, threads=1)


@pytest.fixture(autouse=True)
def no_model_is_small(monkeypatch):
    monkeypatch.setattr(method, "SMALL_NON_ZEROS", -1)


def first_goal(drawn: Drawn) -> Problem:
    """Return the model of a mission, aimed at its first goal."""
    data = gather(drawn[0], small.norms(drawn[1]))
    built = build(data)
    goal = goals_of(data, built.columns, tolerance=0.0)[0]
    sign = 1.0 if goal.sense == "min" else -1.0
    problem = built.problem
    return aimed(problem, sign * goal.vector(len(problem.cost)), sign * goal.constant)


@examples(12, 500)
@given(missions())
def test_a_plan_by_the_way_of_large_models_holds_and_its_bound_is_true(drawn):
    problem = first_goal(drawn)
    best = solve_integer(problem, EXACT).objective
    found = relax_and_restrict(problem, Limits(gap=0.01, threads=1), None, None)
    assert found.values is not None and breach(problem, found.values) < 1e-5
    assert found.bound <= best + 1e-5
    assert found.objective >= best - 1e-5
    assert found.objective == pytest.approx(float(problem.cost @ found.values + problem.offset), abs=1e-6)
    if found.status == "solved":
        assert found.objective - found.bound <= 0.01 * abs(found.objective) + 1e-6


@examples(12, 500)
@given(missions())
def test_from_a_plan_it_only_ever_gets_better(drawn):
    problem = first_goal(drawn)
    worst = solve_integer(aimed(problem, -problem.cost), Limits(gap=0.5, threads=1)).values
    assert worst is not None
    found = relax_and_restrict(problem, Limits(gap=0.01, threads=1), worst, None)
    assert found.values is not None and breach(problem, found.values) < 1e-5
    assert found.objective <= float(problem.cost @ worst + problem.offset) + 1e-6
    assert found.bound <= solve_integer(problem, EXACT).objective + 1e-5


@examples(12, 500)
@given(missions())
def test_a_dive_ends_in_a_whole_plan(drawn):
    problem = first_goal(drawn)
    relaxed = relax(problem).values
    assert relaxed is not None
    found = dive(problem, relaxed, Limits(threads=1))
    assert found is not None and breach(problem, found) < 1e-5


@examples(20, 1_000)
@given(whole_problems())
def test_on_any_small_problem_the_bound_is_true_and_the_answer_holds(problem):
    best = best_by_trying(problem)
    for start in (None, np.zeros(len(problem.cost))):
        found = relax_and_restrict(problem, Limits(gap=0.0, threads=1), start, None)
        assert found.values is not None and breach(problem, found.values) < 1e-5
        assert found.bound <= best + 1e-4 <= found.objective + 2e-4


def test_whole_columns_that_are_fixed_are_completed_by_the_best_of_the_rest():
    given_mission = small.mission(
        areas=[small.area("a")], sites=[small.site("s"), small.hospital()], units=[small.unit("u", "s")],
        routes=small.routes({("s", "a"): 0.5}),
    )  # fmt: skip
    problem = first_goal((given_mission, {"protection_q": 0.5}))
    whole = solve_integer(problem, EXACT).values
    assert whole is not None
    idle = np.where(problem.integer, whole, 0.0)
    done = complete(problem, np.arange(len(idle)), idle)
    assert done is not None and float(problem.cost @ done + problem.offset) == pytest.approx(-0.5)
    nothing = complete(problem, np.arange(len(idle)), np.where(problem.integer, 99.0, 0.0))
    assert nothing is None


def test_two_runs_with_one_seed_are_the_same():
    from tests.solve.test_highs import knapsacks

    problem = knapsacks(25, 4)
    limits = Limits(gap=0.0, nodes=5, threads=1, seed=7)
    one, two = (relax_and_restrict(problem, limits, None, None) for _ in range(2))
    assert one.values is not None and two.values is not None
    assert (one.values == two.values).all() and one.bound == two.bound
