"""Cuts worked out by hand; and no cut takes away a whole solution, which is tried on every one in small boxes."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from bluehelm.solve.highs import Limits, relax, solve_integer
from bluehelm.solve.node_bounds import node_problem, relax_node
from bluehelm.solve.prices import prices_at
from bluehelm.solve.rounding_cuts import cuts_at, rows_to_cut
from tests.conftest import examples
from tests.solve.trees import problem_of, tiny, tree_of


def cuts_of(problem, values):
    rows = rows_to_cut(problem)
    assert rows is not None
    return cuts_at(rows, np.asarray(values, float))


def test_twice_a_whole_number_at_most_3_is_at_most_2():
    cuts = cuts_of(problem_of([[2.0]], [-np.inf], [3.0], [-1.0], integer=True), [1.5])
    assert set(cuts.matrix.toarray().ravel()) == {1.0}
    assert set(cuts.upper) == {1.0}


def test_half_a_unit_covers_half_an_area_however_strong_the_unit():
    """s <= 2z and s <= 1 give s <= z: the relaxation covers all (s = 1) with z = 0.5."""
    problem = problem_of([[1.0, -2.0]], [-np.inf], [0.0], [-1.0, 0.0], upper=[1.0, 9.0], integer=[False, True])
    cuts = cuts_of(problem, [1.0, 0.5])
    assert any(np.allclose([*row, top], [1, -1, 0]) for row, top in zip(cuts.matrix.toarray(), cuts.upper, strict=True))


def test_a_whole_column_counts_from_its_first_whole_number():
    """From z >= 0.5 follows z >= 1, so 2z <= 5.5 gives z <= 2; counted from 0.5 it would give 1.5, which is false."""
    problem = problem_of([[2.0]], [-np.inf], [5.5], [-1.0], lower=0.5, upper=9.0, integer=True)
    cuts = cuts_of(problem, [2.75])
    assert (cuts.matrix @ np.array([2.0]) <= cuts.upper + 1e-9).all()


def test_without_a_whole_column_or_a_lower_bound_there_is_nothing_to_cut():
    assert rows_to_cut(problem_of([[2.0]], [-np.inf], [3.0], [-1.0])) is None
    assert rows_to_cut(problem_of([[2.0]], [-np.inf], [3.0], [-1.0], lower=-np.inf, integer=True)) is None


def test_a_whole_solution_is_not_cut():
    assert cuts_of(problem_of([[2.0]], [-np.inf], [3.0], [-1.0], integer=True), [1.0]) is None


@st.composite
def boxes(draw):
    """Draw rows over two whole columns in a small box and two others, with values to be cut off."""
    size = st.sampled_from([-3.0, -2.0, -1.5, -1.0, -0.4, 0.0, 0.3, 1.0, 1.7, 2.0, 3.0])
    rows = draw(st.integers(1, 3))
    matrix = np.array([[draw(size) for _ in range(4)] for _ in range(rows)])
    top = np.array([draw(st.integers(0, 40)) / 8 for _ in range(rows)])
    low = np.array([draw(st.sampled_from([-np.inf, -3.0, -0.7])) for _ in range(rows)])
    lower = [draw(st.sampled_from([0.0, 0.0, -1.0, 0.5])) for _ in range(2)] + [draw(st.sampled_from([0.0, -0.5])), 0.0]
    upper = [2.0, 3.0, draw(st.sampled_from([1.0, 2.5, np.inf])), draw(st.sampled_from([0.6, np.inf]))]
    cost = [draw(size) for _ in range(4)]
    return problem_of(matrix, low, top, cost, lower=lower, upper=upper, integer=[True, True, False, False])


def most(problem, whole, cut):
    """Return how far a cut can be reached with whole columns as given; None where nothing is feasible."""
    dense, known = problem.matrix.toarray(), np.array(whole, float)
    done = dense[:, :2] @ known
    top, low = problem.row_upper - done, problem.row_lower - done
    has = np.isfinite(low)
    found = linprog(
        -cut[2:], A_ub=np.vstack([dense[:, 2:], -dense[has, 2:]]), b_ub=np.r_[top, -low[has]],
        bounds=list(zip(problem.column_lower[2:], problem.column_upper[2:], strict=True)),
    )  # fmt: skip
    if found.status == 2:
        return None
    return np.inf if found.status == 3 else cut[:2] @ known - found.fun


@examples(60, 1500)
@given(boxes(), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_no_cut_takes_away_a_whole_solution(problem, share):
    points = [np.array(share) * np.where(np.isfinite(problem.column_upper), problem.column_upper, 4.0)]
    relaxed = relax(problem, method="simplex", threads=1) if (problem.cost >= 0).all() else None
    if relaxed is not None and relaxed.values is not None:
        points.append(relaxed.values)
    rows = rows_to_cut(problem)
    if rows is None:
        return
    ranges = [range(int(np.ceil(problem.column_lower[i])), int(problem.column_upper[i]) + 1) for i in range(2)]
    for point in points:
        cuts = cuts_at(rows, point)
        if cuts is None:
            continue
        for cut, top in zip(cuts.matrix.toarray(), cuts.upper, strict=True):
            assert cut @ point > top
            for whole in product(*ranges):
                reached = most(problem, whole, cut)
                assert reached is None or reached <= top + 1e-6


@pytest.mark.parametrize("family", ["stripped", "full"])
def test_the_cuts_of_a_node_hold_for_its_whole_solutions(family):
    """Solutions are drawn: those that HiGHS finds for costs at random."""
    tree = tree_of(tiny(family, 2))
    prices = prices_at(tree, np.zeros(len(tree.problem.cost)), np.zeros(len(tree.problem.row_lower)))
    draw = np.random.default_rng(0)
    for node in range(len(tree)):
        problem = node_problem(tree, prices, node)
        cuts = relax_node(tree, prices, node).cuts
        for _ in range(5):
            cost = draw.normal(0, 1, len(problem.cost))
            cost[np.isinf(problem.column_upper)] = draw.random()
            found = solve_integer(replace(problem, cost=cost), Limits(gap=0.1, nodes=50, threads=1))
            assert found.values is not None
            assert (cuts.matrix @ found.values <= cuts.upper + 1e-6).all()
