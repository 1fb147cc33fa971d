"""That there is no solution, or no best one, is proven from the arrays; and nothing is claimed where there is one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from bluehelm.solve.model import Problem
from bluehelm.solve.no_solution import clashing_rows, endless_columns
from tests.conftest import examples

INF = np.inf


def problem(matrix, row_lower, row_upper, *, cost=None, lower=0.0, upper=INF) -> Problem:
    array = sparse.csc_array(np.array(matrix, float))
    rows, columns = array.shape
    low, high = (np.broadcast_to(limit, columns).astype(float) for limit in (lower, upper))
    return Problem(
        np.zeros(columns) if cost is None else np.array(cost, float), 0.0, low, high, np.array(row_lower, float),
        np.array(row_upper, float), array, np.ones(columns, bool), np.zeros(columns, np.int64), np.zeros(rows, bool), 1,
    )  # fmt: skip


def test_two_rows_that_contradict_each_other_are_named_and_a_third_is_not():
    # a + b <= 3, a <= 9, a + b >= 4
    given_problem = problem([[1, 1], [1, 0], [1, 1]], [-INF, -INF, 4], [3, 9, INF])
    assert clashing_rows(given_problem, seconds=5.0).tolist() == [0, 2]


def test_a_row_that_asks_more_than_its_columns_can_give_is_named():
    assert clashing_rows(problem([[2, 1]], [10], [INF], upper=3.0), seconds=5.0).tolist() == [0]


def test_what_lacks_less_than_a_solution_may_pass_its_limits_is_no_contradiction():
    assert clashing_rows(problem([[1]], [3 + 1e-7], [INF], upper=3.0), seconds=5.0).size == 0
    assert clashing_rows(problem([[1]], [3 + 1e-4], [INF], upper=3.0), seconds=5.0).tolist() == [0]


def test_whole_numbers_alone_are_no_contradiction_of_rows():
    # 2a = 1 has the part a = 1/2.
    assert clashing_rows(problem([[2]], [1], [1]), seconds=5.0).size == 0


def test_an_objective_that_falls_along_two_columns_together_names_both():
    # a = b, both as large as one likes; c is limited.
    endless = problem([[1, -1, 0]], [0], [0], cost=[-1, 0, -1], upper=[INF, INF, 4])
    assert endless_columns(endless, seconds=5.0).tolist() == [0, 1]


def test_an_objective_that_a_row_holds_has_an_end():
    held = problem([[1, 1]], [-INF], [7], cost=[-1, -2])
    assert endless_columns(held, seconds=5.0).size == 0
    assert endless_columns(problem([[1]], [0], [INF], cost=[1]), seconds=5.0).size == 0


NUMBER = st.integers(-3, 3).map(float)


@st.composite
def small_problems(draw) -> Problem:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    matrix = [[draw(NUMBER) for _ in range(columns)] for _ in range(rows)]
    low = [draw(st.one_of(st.just(-INF), NUMBER)) for _ in range(rows)]
    high = [INF if draw(st.booleans()) else max(least, -3.0) + abs(draw(NUMBER)) for least in low]
    lower = [draw(st.sampled_from([-INF, 0.0, -1.0])) for _ in range(columns)]
    upper = [draw(st.sampled_from([INF, 1.0, 2.0])) for _ in range(columns)]
    return problem(matrix, low, high, cost=[draw(NUMBER) for _ in range(columns)], lower=lower, upper=upper)


@examples(150, 3_000)
@given(small_problems())
def test_claims_are_those_of_another_solver_of_the_relaxation(drawn: Problem):
    dense = drawn.matrix.toarray()
    rows = [(line, limit) for line, limit in zip(dense, drawn.row_upper, strict=True) if np.isfinite(limit)]
    rows += [(-line, -limit) for line, limit in zip(dense, drawn.row_lower, strict=True) if np.isfinite(limit)]
    bounds = list(zip(drawn.column_lower, drawn.column_upper, strict=True))
    left, right = ([line for line, _ in rows], [limit for _, limit in rows]) if rows else (None, None)
    feasible = linprog(np.zeros(len(drawn.cost)), left, right, bounds=bounds, method="highs-ds").status == 0
    assert (clashing_rows(drawn, seconds=5.0).size == 0) == feasible
    if feasible:
        best = linprog(drawn.cost, left, right, bounds=bounds, method="highs-ds", options={"presolve": False})
        assert (endless_columns(drawn, seconds=5.0).size > 0) == (best.status == 3)


def test_without_time_nothing_is_claimed_that_is_not_proven():
    found = clashing_rows(problem([[1, 1], [1, 0], [1, 1]], [-INF, -INF, 4], [3, 9, INF]), seconds=0.0)
    assert found.tolist() in ([], [0, 2])
