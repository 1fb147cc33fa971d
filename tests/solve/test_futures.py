"""Futures by themselves: their bound holds, and plans made along them fit the whole tree."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from bluehelm.solve.aims import blend
from bluehelm.solve.along_futures import Ways, improve_along, plan_along, share_out, sight
from bluehelm.solve.futures import futures_of, relax_apart
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, relax, solve_integer
from bluehelm.solve.in_order import solve_in_order
from bluehelm.solve.instance import worst_violation
from bluehelm.solve.model import Problem
from bluehelm.solve.over_futures import Shape, solve_over_futures
from bluehelm.solve.tree import TreeProblem
from tests.solve import trees

NOTHING_AHEAD = np.zeros(0, int)


def tree_of(seed: int, family: str = "stripped", stages: int = 3) -> tuple[TreeProblem, np.ndarray]:
    """Make a small tree, and say how likely each of its nodes is."""
    made = trees.tiny(family, stages, seed)
    return trees.tree_of(made), made.probability


def apart(tree: TreeProblem, chance: np.ndarray, threads: int = 1, seconds: float = 60.0) -> float:
    futures = futures_of(tree, chance)
    with ThreadPoolExecutor(threads) as pool:
        return relax_apart(futures, tree.problem.cost, 0.0, pool, threads, seconds).bound


@pytest.mark.parametrize(("family", "stages", "seed"), [
    *(("stripped", stages, seed) for stages in (1, 2, 3) for seed in range(5)),
    *(("full", 2, seed) for seed in range(3)),
])  # fmt: skip
def test_who_knows_the_future_is_never_worse_off(family: str, stages: int, seed: int) -> None:
    tree, chance = tree_of(seed, family, stages)
    best = solve_integer(tree.problem, Limits(gap=0.0))
    assert apart(tree, chance) <= relax(tree.problem).objective + 1e-6
    assert apart(tree, chance) <= best.objective + 1e-6


def test_one_future_by_itself_is_the_whole_relaxation() -> None:
    tree, chance = tree_of(1)
    path = [node for node in range(len(tree)) if node in tree.path_to(len(tree) - 1)]
    only = replace(tree.problem, cost=np.where(np.isin(tree.node_of_column, path), tree.problem.cost, 0.0))
    futures = [one for one in futures_of(tree, chance) if one.nodes == tuple(path)]
    with ThreadPoolExecutor(1) as pool:
        found = relax_apart(futures, only.cost, 0.0, pool, 1, 60.0)
    # Costs of a future are counted as if it were sure; its chance brings them back.
    own = replace(futures[0].problem, cost=only.cost[futures[0].columns] * futures[0].weight)
    assert found.bound == pytest.approx(futures[0].chance * relax(own).objective)


def test_the_bound_is_the_same_with_more_threads() -> None:
    tree, chance = tree_of(2)
    assert apart(tree, chance, threads=2) == pytest.approx(apart(tree, chance, threads=1))


def test_without_time_nothing_is_proven() -> None:
    tree, chance = tree_of(3)
    assert apart(tree, chance, seconds=0.0) == -np.inf


@pytest.mark.parametrize("seed", range(6))
def test_a_plan_along_futures_fits_the_tree_and_families_only_make_it_better(seed: int) -> None:
    tree, chance = tree_of(seed)
    futures = futures_of(tree, chance)
    with ThreadPoolExecutor(2) as pool:
        most = relax_apart(futures, tree.problem.cost, 0.0, pool, 2, 60.0).most
        ways = Ways(tree, chance, tree.problem.integer, most)
        until = time.perf_counter() + 60.0
        first = plan_along(ways, pool, 2, until, until)
        assert first is not None
        better = improve_along(ways, first, pool, 2, until)
        shared = share_out(ways, np.where(tree.problem.integer, better, 0.0), pool)
        again = share_out(ways, better, pool)
    assert worst_violation(tree.problem, first) <= 1e-6
    assert worst_violation(tree.problem, better) <= 1e-6
    assert tree.problem.cost @ better <= tree.problem.cost @ first + 1e-9
    assert tree.problem.cost @ again <= tree.problem.cost @ better + 1e-9
    assert worst_violation(tree.problem, again) <= 1e-6
    assert (shared == better)[tree.problem.integer].all()


def goals_of(problem: Problem) -> list[Goal]:
    """Protection first, then fewer units deployed."""
    kept = np.flatnonzero(problem.cost)
    units = np.flatnonzero(problem.integer)
    return [
        Goal("protection", "Protection", "min", "share", kept, problem.cost[kept]),
        Goal("units", "Units", "min", "unit", units, np.ones(len(units))),
    ]


def test_goals_over_futures_are_bounded_and_the_plan_fits() -> None:
    tree, chance = tree_of(4)
    goals = goals_of(tree.problem)
    shape = Shape(tree.parent, chance, NOTHING_AHEAD)
    found = solve_over_futures(tree.problem, goals, Limits(gap=0.01, seconds=30.0), shape)
    assert found is not None
    done, values = found
    assert worst_violation(tree.problem, values) <= 1e-6
    exact = solve_integer(tree.problem, Limits(gap=0.0)).objective
    assert done[0].bound <= exact + 1e-6 <= done[0].objective + 2e-6
    assert done[0].gap == pytest.approx(abs(done[0].bound - done[0].objective) / abs(done[0].objective), abs=1e-6)
    assert done[1].bound <= done[1].objective


def test_rows_that_tie_futures_together_are_left_to_the_whole() -> None:
    tree, chance = tree_of(5)
    leaves = [node for node in range(len(tree)) if not tree.children[node]]
    tied = np.array([int(tree.columns[node][0]) for node in leaves[:2]])
    row = np.zeros((1, len(tree.problem.cost)))
    row[0, tied] = 1.0
    problem = replace(
        tree.problem, matrix=sparse.csc_array(sparse.vstack([tree.problem.matrix, sparse.csc_array(row)])),
        row_lower=np.append(tree.problem.row_lower, -np.inf), row_upper=np.append(tree.problem.row_upper, 1e6),
        soft=np.append(tree.problem.soft, False),
    )  # fmt: skip
    shape = Shape(tree.parent, chance, NOTHING_AHEAD)
    assert solve_over_futures(problem, goals_of(problem), Limits(seconds=5.0), shape) is None


def test_a_large_tree_is_solved_over_its_futures_when_its_shape_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    tree, chance = tree_of(6)
    shape = Shape(tree.parent, chance, NOTHING_AHEAD)
    goals = goals_of(tree.problem)[:1]
    assert not shape.is_large(tree.problem)
    monkeypatch.setattr("bluehelm.solve.over_futures.LARGE_NON_ZEROS", 10)
    assert shape.is_large(tree.problem)
    done, values = solve_in_order(tree.problem, goals, Limits(gap=0.02, seconds=20.0), shape=shape)
    assert values is not None
    exact = solve_integer(tree.problem, Limits(gap=0.0)).objective
    assert done[0].bound <= exact + 1e-6 <= done[0].objective + 2e-6


def test_columns_of_no_node_belong_to_the_last_node_that_their_rows_share() -> None:
    """A column of its own in the rows of one node; one in the rows of two children; one in no row that says."""
    matrix = [[1.0, 0, 0, 1.0, 0, 0], [0, 1.0, 0, 0, 1.0, 0], [0, 0, 1.0, 0, 1.0, 0]]
    problem = trees.problem_of(matrix, 0, 9, [1.0] * 6, stage=[0, 1, 2, -1, -1, -1])
    problem = replace(problem, row_lower=np.zeros(3), row_upper=np.full(3, 9.0))
    tree = trees.cut(problem, [-1, 0, 0])
    assert tree.node_of_column.tolist() == [0, 1, 2, 0, 0, 0]
    alone = replace(problem, stage=np.array([0, 1, 2, -1, 1, -1]), matrix=sparse.csc_array(np.array(
        [[1.0, 0, 0, 0, 0, 0], [0, 1.0, 0, 1.0, 1.0, 0], [0, 0, 1.0, 0, 0, 0]])))  # fmt: skip
    assert trees.cut(alone, [-1, 0, 0]).node_of_column.tolist() == [0, 1, 2, 1, 1, 0]


def rare_ways() -> tuple[Ways, Problem]:
    """Root, one node, then a likely leaf that asks for nothing and a rare one that asks for two ordered at the root.

    Columns: what is ordered at the root, and one of no use in each node.
    """
    problem = trees.problem_of([[1.0, 0, 0, 1.0]], [2.0], [np.inf], [1.0, 0.1, 0.1, 0.1], upper=[5.0, 1.0, 1.0, 0.0],
                               integer=True, stage=[0, 1, 2, 3])  # fmt: skip
    tree = trees.cut(problem, [-1, 0, 1, 1])
    return Ways(tree, np.array([1.0, 1.0, 0.9, 0.1]), problem.integer, np.zeros(4)), problem


def test_a_node_sees_its_children_and_the_likeliest_way_below_which_stands_for_all() -> None:
    ways, _ = rare_ways()
    assert sight(ways, 0, frozenset()) == pytest.approx({0: 1.0, 1: 1.0, 2: 1.0})
    assert sight(ways, 1, frozenset()) == pytest.approx({1: 1.0, 2: 0.9, 3: 0.1})
    assert sight(ways, 0, frozenset({3})) == pytest.approx({0: 1.0, 1: 1.0, 2: 0.9, 3: 0.1})


def test_a_rare_way_on_which_a_plan_failed_is_seen_from_then_on() -> None:
    """The root, which sees the likely leaf only, orders nothing; the node before the rare one has it order two."""
    ways, problem = rare_ways()
    until = time.perf_counter() + 30.0
    with ThreadPoolExecutor(2) as pool:
        found = plan_along(ways, pool, 2, until, until)
    assert found is not None
    assert found.tolist() == [2.0, 0.0, 0.0, 0.0]
    assert worst_violation(problem, found) == 0.0


def test_where_no_plan_fits_a_rare_way_none_is_given_out() -> None:
    ways, problem = rare_ways()
    tree = trees.cut(replace(problem, row_lower=np.array([9.0])), [-1, 0, 1, 1])
    until = time.perf_counter() + 30.0
    with ThreadPoolExecutor(2) as pool:
        assert plan_along(replace(ways, tree=tree), pool, 2, until, until) is None


def test_a_first_plan_is_made_in_haste_where_its_time_is_up() -> None:
    tree, chance = tree_of(3, "full")
    ways = Ways(tree, chance, tree.problem.integer, tree.problem.column_upper)
    now = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        found = plan_along(ways, pool, 2, now, now + 60.0)
    assert found is not None
    assert worst_violation(tree.problem, found) <= 1e-6


def test_without_a_start_the_cost_of_what_is_kept_does_not_outweigh_what_it_protects() -> None:
    """Each unit protects a tenth and costs a thousand: all five are kept, since protection comes first."""
    tree = trees.cut(trees.problem_of([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0], [5.0, 5.0], [0.0, 0.0], integer=True,
                                      stage=[0, 1]), [-1, 0])  # fmt: skip
    both = np.arange(2)
    goals = [
        Goal("protection", "Protection", "max", "share", both, np.full(2, 0.1)),
        Goal("cost", "Cost", "min", "million USD", both, np.full(2, 1000.0)),
    ]
    shape = Shape(tree.parent, np.ones(2), NOTHING_AHEAD)
    found = solve_over_futures(tree.problem, goals, Limits(gap=0.0, seconds=20.0), shape)
    assert found is not None
    assert found[1].tolist() == [5.0, 5.0]
    assert blend(tree.problem, goals, None).cost.tolist() == pytest.approx([-0.1, -0.1])
