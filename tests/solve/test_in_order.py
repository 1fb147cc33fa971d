"""Goals one after the other: each is held at what it reached while the next is solved."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from bluehelm.solve import method
from bluehelm.solve.aims import relative_gap
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, Outcome, solve_integer
from bluehelm.solve.in_order import solve_in_order
from bluehelm.solve.model import Model, Problem
from tests.conftest import examples
from tests.solve.problems import breach, whole_problems

EXACT = Limits(gap=0.0, threads=1)


def two_things(limit: float = 10.0) -> tuple[Problem, np.ndarray]:
    """Whole numbers a and b up to 10 with a + b at most `limit`."""
    model = Model(("only",))
    v = model.columns("v", (("a", "b"), ("only",)), upper=10.0, integer=True).ravel()
    model.add(model.rows("sum", (("r",),), upper=limit), v)
    return model.problem(), v


def goal(name: str, columns, values, sense="max", **more) -> Goal:
    return Goal(name, name, sense, "unit", np.array(columns), np.array(values, float), **more)


def test_the_second_goal_takes_what_the_first_leaves():
    problem, (a, b) = two_things(12)
    reached, values = solve_in_order(problem, [goal("a", [a], [1]), goal("b", [b], [1])], EXACT)
    assert values is not None and values.round().tolist() == [10, 2]
    assert [result.objective for result in reached] == pytest.approx([10, 2])
    assert [result.gap for result in reached] == pytest.approx([0, 0], abs=1e-6)


def test_the_other_order_gives_another_answer():
    problem, (a, b) = two_things(12)
    _, values = solve_in_order(problem, [goal("b", [b], [1]), goal("a", [a], [1])], EXACT)
    assert values is not None and values.round().tolist() == [2, 10]


def test_a_tolerance_is_room_for_later_goals_within_the_gap_that_was_asked():
    problem, (a, b) = two_things(10)
    first = goal("a", [a], [1], tolerance=0.1)
    loose = Limits(gap=0.5, threads=1)
    reached, values = solve_in_order(problem, [first, goal("b", [b], [1])], loose)
    assert values is not None and values.round().tolist() == [9, 1]
    assert reached[0].held_at == pytest.approx(9)
    # Without a gap to give, a tolerance is no room at all.
    _, strict = solve_in_order(problem, [first, goal("b", [b], [1])], EXACT)
    assert strict is not None and strict.round().tolist() == [10, 0]


def test_constants_senses_and_repeated_columns_are_kept_in_the_unit_of_the_goal():
    problem, (a, b) = two_things(10)
    goals = [goal("more", [a, a], [1, 1], constant=100.0), goal("less", [b], [3], "min", constant=-5.0)]
    reached, values = solve_in_order(problem, goals, EXACT)
    assert values is not None
    assert [(r.objective, r.bound) for r in reached] == [pytest.approx((120, 120)), pytest.approx((-5, -5))]
    assert goals[0].of(values) == pytest.approx(120)


def test_without_any_plan_nothing_is_returned():
    model = Model(("only",))
    v = model.columns("v", (("a",), ("only",)), upper=1.0, integer=True).ravel()
    model.add(model.rows("r", (("only",),), lower=2.0), v)
    reached, values = solve_in_order(model.problem(), [goal("a", v, [1])], EXACT)
    assert reached == [] and values is None


def test_progress_is_told_in_the_sense_of_the_goal():
    from tests.solve.test_highs import knapsacks

    problem = knapsacks()
    worth = goal("worth", np.arange(len(problem.cost)), -problem.cost)
    told: list[tuple[str, float, float]] = []
    limits = Limits(gap=0.0, nodes=30, threads=1)
    reached, _ = solve_in_order(problem, [worth], limits, watch=lambda *args: told.append(args))
    name, best, bound = told[-1]
    assert name == "worth" and 0 < best <= bound
    assert reached[0].objective <= reached[0].bound


@examples(20, 1_000)
@given(whole_problems(), whole_problems())
def test_no_later_goal_spoils_an_earlier_one(problem, other):
    size = min(len(problem.cost), len(other.cost))
    goals = [
        goal("first", np.arange(len(problem.cost)), -problem.cost),
        goal("second", np.arange(size), other.cost[:size], "min"),
        goal("third", np.arange(size), np.ones(size)),
    ]
    reached, values = solve_in_order(problem, goals, EXACT)
    assert values is not None and breach(problem, values) < 1e-5
    for result in reached:
        sign = 1 if result.goal.sense == "max" else -1
        assert sign * result.goal.of(values) >= sign * result.objective - 1e-5
        assert sign * result.bound >= sign * result.objective - 1e-9


@pytest.mark.parametrize(
    ("objective", "bound", "gap"), [(2.0, 2.5, 0.25), (2.5, 2.0, 0.2), (0.0, 0.0, 0.0), (1.0, 1.0 + 1e-10, 0.0)]
)
def test_a_gap_is_relative_to_what_was_found(objective, bound, gap):
    assert relative_gap(objective, bound) == pytest.approx(gap)


def test_a_proof_that_a_later_plan_disproves_is_not_believed(monkeypatch):
    """A solver that simplifies wrongly claims 5 to be the best a; the second goal then reaches 10."""
    problem, (a, b) = two_things(12)
    honest, asked = solve_integer, []

    def lying(problem, limits, **more):
        asked.append(limits.presolve)
        if len(asked) == 1:
            return Outcome("solved", np.array([5.0, 0.0]), -5.0, -5.0)
        return honest(problem, limits, **more)

    monkeypatch.setattr(method, "solve_integer", lying)
    reached, values = solve_in_order(
        problem, [goal("a", [a], [1]), goal("again", [a], [1]), goal("b", [b], [1])], EXACT
    )
    assert asked[0] and not asked[-1]
    assert values is not None and values.round().tolist() == [10, 2]
    assert [one.bound for one in reached] == pytest.approx([10, 10, 2])


def test_that_nothing_is_possible_is_believed_only_without_simplifying(monkeypatch):
    problem, (a, _) = two_things(12)
    honest = solve_integer

    def lying(problem, limits, **more):
        nothing = Outcome("infeasible", None, np.inf, np.inf)
        return nothing if limits.presolve else honest(problem, limits, **more)

    monkeypatch.setattr(method, "solve_integer", lying)
    reached, values = solve_in_order(problem, [goal("a", [a], [1])], EXACT)
    assert values is not None and reached[0].objective == pytest.approx(10)
