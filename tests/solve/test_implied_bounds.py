"""Bounds that rows imply, by hand; and no solution is ever lost to them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.solve.implied_bounds import with_implied_bounds
from tests.conftest import examples
from tests.solve.problems import whole_problems
from tests.solve.trees import problem_of


def test_a_row_bounds_what_has_no_bound():
    """2x + y <= 9 with y >= 1 leaves x <= 4, and y <= 9."""
    found = with_implied_bounds(problem_of([[2.0, 1.0]], [-np.inf], [9.0], [0, 0], lower=[0.0, 1.0]))
    assert np.allclose(found.column_upper, [4, 9], atol=1e-4)
    assert (found.column_upper >= [4, 9]).all()


def test_a_bound_found_leads_to_the_next():
    """From x <= 3 and y - 2x <= 0 follows y <= 6."""
    found = with_implied_bounds(problem_of([[1.0, 0], [-2.0, 1.0]], [-np.inf] * 2, [3.0, 0.0], [0, 0]))
    assert np.allclose(found.column_upper, [3, 6], atol=1e-4)


def test_a_whole_column_stops_at_a_whole_number():
    found = with_implied_bounds(problem_of([[2.0]], [-np.inf], [7.0], [0], integer=True))
    assert found.column_upper.tolist() == [3.0]


def test_a_lower_bound_is_implied_as_well():
    found = with_implied_bounds(
        problem_of([[1.0, 1.0]], [2.0], [np.inf], [0, 0], lower=[-np.inf, 0.0], upper=[5.0, 1.0])
    )
    assert np.isclose(found.column_lower[0], 1.0, atol=1e-4) and found.column_lower[0] <= 1.0


def test_bounds_that_are_there_stay():
    given_bounds = problem_of([[1.0, 1.0]], [-np.inf], [3.0], [0, 0], upper=[8.0, np.inf])
    assert with_implied_bounds(given_bounds).column_upper[0] == 8.0


def test_what_nothing_bounds_stays_without():
    assert with_implied_bounds(problem_of([[1.0, -1.0]], [0.0], [0.0], [0, 0])).column_upper.tolist() == [
        np.inf,
        np.inf,
    ]


@examples(60, 1500)
@given(whole_problems(), st.randoms(use_true_random=False))
def test_no_solution_is_lost(problem, chance):
    """Every point of a box that satisfies the rows still lies within the bounds that are implied."""
    free = np.array([chance.random() < 0.5 for _ in problem.cost])
    opened = replace(
        problem,
        column_upper=np.where(free, np.inf, problem.column_upper),
        column_lower=np.where(free & (chance.random() < 0.3), -np.inf, problem.column_lower),
    )
    found = with_implied_bounds(opened)
    count = len(problem.cost)
    if count <= 6:
        tried = np.array(list(product(range(-1, 4), repeat=count)), float).T
    else:
        tried = np.random.default_rng(chance.randrange(10**6)).integers(-1, 4, (count, 4000)).astype(float)
    done = problem.matrix @ tried
    fits = (
        (done <= opened.row_upper[:, None]).all(axis=0) & (done >= opened.row_lower[:, None]).all(axis=0)
        & (tried >= opened.column_lower[:, None]).all(axis=0) & (tried <= opened.column_upper[:, None]).all(axis=0)
    )  # fmt: skip
    inside = tried[:, fits]
    assert (inside >= found.column_lower[:, None] - 1e-9).all()
    assert (inside <= found.column_upper[:, None] + 1e-9).all()
