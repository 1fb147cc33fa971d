"""Any prices bound the whole: by hand on a chain, and at random beside the best value found by HiGHS."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.solve.highs import Limits, solve_integer
from bluehelm.solve.node_bounds import node_problem, relax_node
from bluehelm.solve.prices import prices_at, prices_of
from bluehelm.solve.stages_file import program_from
from bluehelm.solve.stages_tree import assemble, parents_of
from bluehelm.solve.tree import tree_problem
from tests.conftest import examples
from tests.solve.inventories import best_by_recursion, inventory, months
from tests.solve.trees import best_of, chain, cut, tiny, tree_of


def priced(tree, duals):
    """Bound the whole by nodes solved to the end at some prices."""
    prices = prices_at(tree, np.zeros(len(tree.problem.cost)), np.asarray(duals, float))
    bound = prices.constant
    for node in range(len(tree)):
        problem = node_problem(tree, prices, node)
        if (problem.cost == 0).all():
            continue
        best = solve_integer(problem, Limits(gap=0.0, threads=1))
        if best.values is None:
            return -np.inf
        bound += best.bound if problem.integer.any() else best.objective
    return bound


def test_at_a_price_of_1_a_stock_bought_once_serves_all_who_follow():
    """x0 - y0 = 0 and x1 - y1 - x0 = 0 at price 1: x1 >= 2 costs -1 · 2 there, and x0 counts +1 in the root."""
    tree = chain(2)
    prices = prices_at(tree, np.zeros(4), np.array([0.0, 0.0, 1.0, 0.0]))
    assert prices.cost.tolist() == [1.0, 1.0, -1.0, 2.0]
    assert prices.constant == 0.0
    # Root: x0 = y0 >= 1 costs 1 + 1. Second: x1 = 9, its most, and -9. Together -7, below the true 2.
    assert priced(tree, [0, 0, 1.0, 0]) == pytest.approx(-7.0)


def test_at_the_right_price_the_bound_is_the_best_value():
    """A unit bought early costs what it costs late: the price is -1, x1 counts +1, x0 counts -1. 0 + 2 = 2."""
    assert priced(chain(2), [0, 0, -1.0, 0]) == pytest.approx(2.0)


def test_without_prices_costs_are_as_they_were():
    tree = chain(3)
    prices = prices_at(tree, np.zeros(6), np.zeros(6))
    assert (prices.cost == tree.problem.cost).all()
    assert prices.constant == tree.problem.offset
    assert not any(later.any() for later in prices.future)


def test_rows_of_one_node_are_not_priced():
    prices = prices_at(chain(2), np.zeros(4), np.array([5.0, 7.0, 0.0, -3.0]))
    assert prices.duals.tolist() == [0, 0, 0, 0]


def test_a_price_for_a_limit_that_is_not_there_counts_as_0():
    tree = chain(2)
    problem = replace(tree.problem, row_upper=np.array([0.0, np.inf, np.inf, np.inf]))
    tree = cut(problem, [-1, 0])
    assert prices_at(tree, np.zeros(4), np.array([0.0, 0, -1.0, 0])).duals.tolist() == [0, 0, 0, 0]
    assert prices_at(tree, np.zeros(4), np.array([0.0, 0, 1.0, 0])).duals.tolist() == [0, 0, 1, 0]


def test_the_future_of_a_column_is_what_later_rows_make_of_it():
    prices = prices_at(chain(2), np.zeros(4), np.array([0.0, 0.0, -1.0, 0.0]))
    everything, later, nothing = prices.future
    assert everything.tolist() == [-1, 0, 1, -1]
    assert later.tolist() == [-1, 0, 0, 0]
    assert nothing.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("family", ["stripped", "full"])
def test_prices_at_random_never_bound_above_the_best(family):
    tree, draw = tree_of(tiny(family, 2)), np.random.default_rng(0)
    best = best_of(family, 2)
    for size in (0.01, 0.1, 1.0):
        prices = prices_at(tree, np.zeros(len(tree.problem.cost)), draw.normal(0, size, len(tree.node_of_row)))
        bound = prices.constant + sum(relax_node(tree, prices, node).bound for node in range(len(tree)))
        assert bound <= best + 1e-6 * abs(best)


@examples(30, 500)
@given(months(), st.integers(0, 10**6))
def test_prices_at_random_never_bound_an_inventory_above_its_best(drawn, seed):
    program = program_from(inventory(drawn), "made up")
    problem = assemble(program)
    tree = tree_problem(problem, parents_of(program), problem.stage)
    duals = np.random.default_rng(seed).normal(0, 2, len(problem.row_lower))
    assert priced(tree, duals) <= best_by_recursion(drawn) + 1e-6


def test_a_first_order_method_finds_the_prices_of_a_chain():
    """Without prices only the first unit is seen to be bought; with them all three are."""
    tree = chain(3)
    assert priced(tree, np.zeros(6)) == pytest.approx(1.0)
    assert priced(tree, prices_of(tree, None, 5000).duals) == pytest.approx(3.0, abs=1e-3)


def test_cuts_that_are_known_count_in_the_prices():
    """With the cuts of every node in the relaxation prices are others, and what they bound is true as well."""
    tree = tree_of(tiny("stripped", 3, 1))

    def bounds(prices):
        return [relax_node(tree, prices, node) for node in range(len(tree))]

    first = prices_of(tree, None, 2000)
    found = bounds(first)
    second = prices_of(tree, [one.cuts for one in found], 2000)
    assert len(second.duals) == len(tree.node_of_row)
    best = best_of("stripped", 3, 1)
    assert second.constant + sum(one.bound for one in bounds(second)) <= best + 1e-6 * abs(best)
