"""The method for trees tells the truth: the best value lies between plan and bound, however nodes are numbered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from bluehelm.solve import tree_method
from bluehelm.solve.highs import Limits, Outcome, solve_integer
from bluehelm.solve.instance import TOLERANCE, worst_violation
from bluehelm.solve.node_bounds import relax_node
from bluehelm.solve.tree import tree_problem
from bluehelm.solve.tree_method import solve_tree
from tests.solve.trees import best_of, chain, cut, problem_of, tiny, tree_of

GAP = 1e-3
LIMITS = Limits(gap=GAP, seconds=4.0, threads=1)


def brackets(found: Outcome, best: float) -> bool:
    """Say whether a best value lies between bound and objective."""
    slack = 1e-6 * max(abs(best), 1.0)
    return found.bound <= best + slack and best <= found.objective + slack


def test_a_chain_costs_what_it_must():
    tree = chain(4)
    found = solve_tree(tree, Limits(gap=1e-6, seconds=4.0, threads=1))
    assert found.status == "solved"
    assert found.objective == pytest.approx(4.0) and found.bound == pytest.approx(4.0)
    assert found.values is not None and worst_violation(tree.problem, found.values) < TOLERANCE


def test_two_futures_share_the_decision_before_them():
    """One unit now at 3, or later at 4 where it is needed (half the time): waiting costs 2, so wait."""
    problem = problem_of(
        [[1.0, 1.0, 0], [0, 0, 1.0]], [1, 0], [np.inf, 0], [3.0, 2.0, 2.0], upper=1.0, integer=True, stage=[0, 1, 2]
    )
    tree = cut(problem, [-1, 0, 0])
    found = solve_tree(tree, LIMITS)
    assert found.objective == pytest.approx(2.0)
    assert found.values is not None and found.values.tolist() == [0, 1, 0]


@pytest.mark.parametrize("family", ["stripped", "full"])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_tree_of_one_node_is_a_plain_problem(family, seed):
    found, best = solve_tree(tree_of(tiny(family, 1, seed)), LIMITS), best_of(family, 1, seed)
    assert found.status == "solved"
    assert brackets(found, best)
    assert found.objective == pytest.approx(best, rel=GAP)


@pytest.mark.parametrize(("family", "stages", "seed"), [
    *(("stripped", stages, seed) for stages in (2, 3) for seed in range(3)),
    ("full", 2, 0), ("full", 2, 2), ("full", 3, 0),
])  # fmt: skip
def test_the_best_value_lies_between_plan_and_bound(family, stages, seed):
    tree, best = tree_of(tiny(family, stages, seed)), best_of(family, stages, seed)
    found = solve_tree(tree, LIMITS)
    assert brackets(found, best)
    assert found.bound > -np.inf
    if family == "stripped":
        assert found.status == "solved"
    if found.values is not None:
        assert worst_violation(tree.problem, found.values) < TOLERANCE
        assert found.objective == pytest.approx(tree.problem.cost @ found.values)


def test_the_order_of_children_changes_nothing():
    given = tiny("stripped", 3)
    label = np.array([0, 2, 1, 6, 5, 4, 3])
    parent = np.full(7, -1)
    parent[label[1:]] = label[given.parent[1:]]
    tree = tree_problem(given.problem, parent, label[given.stage])
    assert tree is not None
    found, best = solve_tree(tree, LIMITS), best_of("stripped", 3)
    assert brackets(found, best)
    assert found.objective == pytest.approx(best, rel=GAP)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_order_of_areas_and_sites_changes_nothing(seed):
    given, draw = tiny("stripped", 3), np.random.default_rng(seed)
    rows, columns = (draw.permutation(count) for count in given.problem.matrix.shape)
    whole = given.problem
    turned = replace(
        whole, cost=whole.cost[columns], column_lower=whole.column_lower[columns],
        column_upper=whole.column_upper[columns], row_lower=whole.row_lower[rows], row_upper=whole.row_upper[rows],
        matrix=sparse.csc_array(sparse.csr_array(whole.matrix)[rows][:, columns]), integer=whole.integer[columns],
        stage=whole.stage[columns], soft=whole.soft[rows],
    )  # fmt: skip
    tree = tree_problem(turned, given.parent, given.stage[columns])
    assert tree is not None
    found, best = solve_tree(tree, LIMITS), best_of("stripped", 3)
    assert brackets(found, best)
    assert found.objective == pytest.approx(best, rel=GAP)


def test_stopped_by_its_gap_it_gives_the_same_twice():
    tree = tree_of(tiny("stripped", 3, 1))
    first, second = (solve_tree(tree, Limits(gap=0.01, seconds=60.0, threads=2)) for _ in range(2))
    assert first.status == second.status == "solved"
    assert first.values is not None and second.values is not None
    assert np.array_equal(first.values, second.values)
    assert (first.objective, first.bound) == (second.objective, second.bound)


def test_what_is_told_on_the_way_never_gets_worse_and_ends_at_the_answer():
    told = []
    found = solve_tree(tree_of(tiny("stripped", 3)), LIMITS, lambda objective, bound: told.append((objective, bound)))
    objectives, bounds = np.array(told).T
    assert (objectives[1:] <= objectives[:-1]).all() and (bounds[1:] >= bounds[:-1]).all()
    assert told[-1] == (found.objective, found.bound)


def test_without_time_a_plan_or_a_bound_may_be_missing_but_neither_is_false():
    tree, best = tree_of(tiny("stripped", 3)), best_of("stripped", 3)
    found = solve_tree(tree, replace(LIMITS, gap=0.0, seconds=0.0))
    assert found.status == "stopped" or found.objective == pytest.approx(best)
    assert brackets(found, best)


def test_a_problem_without_a_plan_gets_none():
    problem = problem_of([[1.0, 0], [1.0, 1.0]], [0, 9], [2, np.inf], [1, 1], upper=2.0, integer=True, stage=[0, 1])
    tree = cut(problem, [-1, 0])
    found = solve_tree(tree, LIMITS)
    assert found.values is None and found.status == "stopped"
    assert solve_integer(problem, LIMITS).status == "infeasible"


def test_a_bound_that_a_plan_beats_is_given_up(monkeypatch):
    """A node claims more than is true, as a solver that simplifies wrongly would make it."""
    true = relax_node

    def false(*words):
        found = true(*words)
        return replace(found, bound=found.bound + 50.0)

    monkeypatch.setattr(tree_method, "relax_node", false)
    monkeypatch.setattr(tree_method, "_as_one", lambda *_: None)
    found = solve_tree(chain(3), LIMITS)
    assert found.values is not None and found.bound == -np.inf
    assert found.status == "stopped"
