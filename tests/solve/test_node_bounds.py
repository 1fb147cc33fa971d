"""Bounds of single nodes: by hand, beside HiGHS on the same node, and none where a node has no end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bluehelm.solve.highs import Limits, solve_integer
from bluehelm.solve.node_bounds import no_cuts, node_problem, relax_node, whole_node
from bluehelm.solve.prices import prices_at, prices_of
from tests.solve.trees import chain, cut, problem_of, tiny, tree_of


def alone(problem):
    found = cut(problem, [-1])
    return found, prices_at(found, np.zeros(len(problem.cost)), np.zeros(len(problem.row_lower)))


def test_a_node_by_itself_has_its_own_rows_at_priced_costs():
    tree = chain(2)
    prices = prices_at(tree, np.zeros(4), np.array([0.0, 0.0, -1.0, 0.0]))
    last = node_problem(tree, prices, 1)
    assert last.matrix.toarray().tolist() == [[1.0, 0.0]]
    assert last.cost.tolist() == [1.0, 0.0]


def test_cuts_bring_a_relaxation_to_the_whole_solution():
    """Most of z with 2z <= 3: 1.5 in the relaxation, 1 with the cut."""
    tree, prices = alone(problem_of([[2.0]], [-np.inf], [3.0], [-1.0], integer=True))
    found = relax_node(tree, prices, 0)
    assert found.bound == pytest.approx(-1.0)
    assert found.values == pytest.approx([1.0])
    assert len(found.cuts.upper) >= 1


def test_cuts_that_are_known_are_kept_while_they_hold_something_back():
    tree, prices = alone(problem_of([[2.0]], [-np.inf], [3.0], [-1.0], integer=True))
    known = relax_node(tree, prices, 0).cuts
    assert relax_node(tree, prices, 0, known).bound == pytest.approx(-1.0)
    other = replace(prices, cost=np.array([1.0]))
    assert len(relax_node(tree, other, 0, known).cuts.upper) == 0


def test_a_node_without_an_end_has_no_bound():
    """x may grow for ever and every unit gains: the relaxation, and the solver with whole columns, prove nothing."""
    tree, prices = alone(problem_of([[1.0, -1.0]], [0.0], [0.0], [-1.0, 0.0], integer=[True, False]))
    known = relax_node(tree, prices, 0)
    assert known.bound == -np.inf
    assert whole_node(tree, prices, 0, known, 1e-3, 1.0).bound == -np.inf


def test_a_node_without_whole_columns_keeps_the_bound_of_its_relaxation():
    tree, prices = alone(problem_of([[1.0]], [2.0], [5.0], [1.0]))
    known = relax_node(tree, prices, 0)
    assert known.bound == pytest.approx(2.0)
    assert whole_node(tree, prices, 0, known, 1e-3, 1.0) is known


def test_no_cuts_are_of_the_right_width():
    assert no_cuts(4).matrix.shape == (0, 4)


@pytest.mark.parametrize("family", ["stripped", "full"])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_bound_of_a_node_never_passes_its_best(family, seed):
    tree = tree_of(tiny(family, 2, seed))
    prices = prices_of(tree, None, 500)
    for node in range(len(tree)):
        relaxed = relax_node(tree, prices, node)
        whole = whole_node(tree, prices, node, relaxed, 1e-6, 5.0)
        best = solve_integer(node_problem(tree, prices, node), Limits(gap=0.0, threads=1))
        slack = 1e-6 * max(abs(best.objective), 1.0)
        assert relaxed.bound <= whole.bound <= best.objective + slack
