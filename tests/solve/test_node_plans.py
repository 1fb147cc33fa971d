"""Plans node by node: a chain by hand, feasible on instances in miniature, and never worse for being improved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from bluehelm.solve.implied_bounds import with_implied_bounds
from bluehelm.solve.instance import worst_violation
from bluehelm.solve.node_bounds import relax_node
from bluehelm.solve.node_plans import Around, first_plan, improve_family, longest_tie, rows_touching
from bluehelm.solve.prices import prices_at, prices_of
from tests.solve.trees import best_of, chain, cut, problem_of, tiny, tree_of


def around(tree, prices=None):
    prices = prices or prices_of(tree, None, 1000)
    return Around(tree, prices, [relax_node(tree, prices, node) for node in range(len(tree))])


def planned(tree, prices=None):
    with ThreadPoolExecutor(1) as pool:
        return first_plan(around(tree, prices), pool)


def test_a_chain_buys_one_unit_a_node():
    """Needs are 1, 2, 3: three units in all, whenever they are bought."""
    tree = chain(3)
    found = planned(tree)
    assert worst_violation(tree.problem, found) < 1e-6
    assert tree.problem.cost @ found == pytest.approx(3.0)


def test_a_tie_reaches_as_far_as_its_oldest_column():
    assert longest_tie(chain(3)) == 1
    problem = problem_of([[1.0, 0, 1.0], [0, 1.0, 0]], [0, 0], [1, 1], [0, 0, 0], stage=[0, 1, 2])
    assert longest_tie(cut(problem, [-1, 0, 1])) == 2


def test_rows_that_touch_a_node_are_its_own_and_the_next_nodes_balance():
    assert sorted(rows_touching(chain(3), [1])) == [2, 3, 4]
    assert sorted(rows_touching(chain(3), [2])) == [4, 5]


def test_a_node_that_left_its_children_no_answer_decides_again():
    """Cheapest is to order nothing (z0 = 0), but the last node needs z0 + z1 + z2 >= 5 with z1, z2 at most 1."""
    problem = problem_of(
        [[1.0, 0, 0], [0, 1.0, 0], [1.0, 1.0, 1.0]], [0, 0, 5], [9, 1, np.inf], [1.0, 0, 0], upper=[9.0, 1, 1],
        integer=True, stage=[0, 1, 2],
    )  # fmt: skip
    tree = cut(problem, [-1, 0, 1])
    found = planned(tree, prices_at(tree, np.zeros(3), np.zeros(3)))
    assert found.sum() >= 5 and found[0] >= 3


def test_where_there_is_no_plan_none_is_given():
    problem = problem_of([[1.0, 0], [1.0, 1.0]], [0, 9], [2, np.inf], [0, 0], upper=2.0, integer=True, stage=[0, 1])
    tree = cut(problem, [-1, 0])
    assert planned(tree) is None


def test_a_node_without_an_end_at_its_prices_gives_no_plan_and_no_fault():
    problem = problem_of(
        [[1.0, -1.0, 0], [-1.0, 0, 1.0]], [0, 0], [0, 0], [0, 1.0, 0], integer=[True, False, False], stage=[0, 0, 1]
    )
    tree = cut(problem, [-1, 0])
    prices = prices_at(tree, np.zeros(3), np.array([0.0, -100.0]))
    found = planned(tree, prices)
    assert found is None or worst_violation(problem, found) < 1e-6


@pytest.mark.parametrize(("family", "seed"), [("stripped", 0), ("stripped", 1), ("full", 0)])
def test_a_plan_satisfies_every_row_and_is_not_better_than_the_best(family, seed):
    tree = tree_of(tiny(family, 3, seed))
    tree = replace(tree, problem=with_implied_bounds(tree.problem))
    found = planned(tree)
    assert found is not None
    assert worst_violation(tree.problem, found) < 1e-6
    best = best_of(family, 3, seed)
    assert tree.problem.cost @ found >= best - 1e-6 * abs(best)


def test_a_family_decided_again_is_better_and_still_fits_with_the_rest():
    """The start sends no one anywhere, which every row of the stripped family allows."""
    tree = tree_of(tiny("stripped", 3))
    values, sought, gains = np.zeros(len(tree.problem.cost)), around(tree), 0
    assert worst_violation(tree.problem, values) == 0
    for node in (0, 1, 2, 0):
        found = improve_family(sought, node, values, 4.0)
        if found is None:
            continue
        better = values.copy()
        better[found[0]] = found[1]
        assert worst_violation(tree.problem, better) < 1e-6
        assert tree.problem.cost @ better < tree.problem.cost @ values
        assert set(found[0]) <= set(np.concatenate([tree.columns[one] for one in tree.below(node, 2)]))
        values, gains = better, gains + 1
    assert gains >= 2


def test_no_plan_is_sought_when_the_time_is_up():
    tree = tree_of(tiny("stripped", 2, 0))
    with ThreadPoolExecutor(1) as pool:
        assert first_plan(around(tree), pool, until=0.0) is None
