"""A tree's columns, rows and ties as counted by hand; its parts say what the whole says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from bluehelm.solve.tree import part_of, tree_problem, with_rows
from tests.solve.trees import chain, cut, problem_of, tiny, tree_of


def test_columns_rows_and_ties_are_those_counted_by_hand():
    tree = chain(3)
    assert len(tree) == 3
    assert [found.tolist() for found in tree.columns] == [[0, 1], [2, 3], [4, 5]]
    assert [found.tolist() for found in tree.rows] == [[0, 1], [2, 3], [4, 5]]
    assert tree.tied.tolist() == [False, False, True, False, True, False]
    assert tree.children == [[1], [2], []]
    assert tree.generation.tolist() == [0, 1, 2]


def test_below_lists_a_node_and_what_follows():
    problem = problem_of(np.eye(7), np.zeros(7), np.ones(7), np.zeros(7), stage=np.arange(7))
    tree = cut(problem, [-1, 0, 0, 1, 1, 2, 2])
    assert tree.below(0, 1) == [0]
    assert tree.below(0, 2) == [0, 1, 2]
    assert tree.below(0, 9) == [0, 1, 2, 3, 4, 5, 6]
    assert tree.below(2, 2) == [2, 5, 6]


def test_a_row_over_two_futures_cannot_be_cut_into_nodes():
    problem = problem_of([[1.0, 0, 0], [0, 1.0, 1.0]], [0, 0], [1, 1], [0, 0, 0], stage=[0, 1, 2])
    assert tree_problem(problem, np.array([-1, 0, 0]), problem.stage) is None
    assert tree_problem(problem, np.array([-1, 0, 1]), problem.stage) is not None


def test_a_column_of_no_node_counts_with_its_rows_and_as_the_roots_where_they_have_none():
    problem = problem_of([[1.0, 1.0, 0]], [0], [1], [0, 0, 0], stage=[-1, 1, -1])
    assert cut(problem, [-1, 0]).node_of_column.tolist() == [1, 1, 0]


def test_in_a_part_the_stock_of_the_node_before_is_a_number():
    """x2 - y2 = x1 with x1 = 2: the balance of the last node reads x2 - y2 = 2."""
    tree = chain(3)
    part = part_of(tree, [2], np.array([1.0, 1, 2, 1, 0, 0]))
    assert part.problem.matrix.toarray().tolist() == [[1, -1], [1, 0]]
    assert part.problem.row_lower.tolist() == [2, 3]
    assert part.problem.row_upper.tolist() == [2, np.inf]
    assert part.columns.tolist() == [4, 5]


@pytest.mark.parametrize("family", ["stripped", "full"])
def test_a_part_with_all_nodes_is_the_whole(family):
    tree = tree_of(tiny(family, 3))
    whole, part = tree.problem, part_of(tree, range(len(tree)), np.full(len(tree.problem.cost), np.nan))
    assert sorted(part.columns) == list(range(len(whole.cost)))
    assert sorted(part.rows) == list(range(len(whole.row_lower)))
    assert (part.problem.matrix.toarray() == whole.matrix.toarray()[np.ix_(part.rows, part.columns)]).all()
    for name in ("cost", "column_lower", "column_upper", "integer"):
        assert (getattr(part.problem, name) == getattr(whole, name)[part.columns]).all()
    assert (part.problem.row_lower == whole.row_lower[part.rows]).all()
    assert (part.problem.row_upper == whole.row_upper[part.rows]).all()


@pytest.mark.parametrize("family", ["stripped", "full"])
def test_a_row_has_as_much_room_in_a_part_as_in_the_whole(family):
    tree = tree_of(tiny(family, 3))
    draw = np.random.default_rng(1)
    for nodes in ([0], [1, 3, 4], [5], [0, 2]):
        values = draw.integers(0, 4, len(tree.problem.cost)).astype(float)
        part = part_of(tree, nodes, values)
        room = tree.problem.row_upper - tree.problem.matrix @ values
        here = part.problem.row_upper - part.problem.matrix @ values[part.columns]
        assert here == pytest.approx(room[part.rows], abs=1e-9)


def test_rows_are_added_below_those_that_are_there():
    problem = chain(2).problem
    more = with_rows(problem, sparse.csr_array(np.array([[1.0, 0, 0, 2.0]])), np.array([5.0]))
    assert more.matrix.toarray()[-1].tolist() == [1, 0, 0, 2]
    assert more.row_upper[-1] == 5 and more.row_lower[-1] == -np.inf
    assert with_rows(problem, sparse.csr_array((0, 4)), np.zeros(0)) is problem
