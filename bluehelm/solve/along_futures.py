"""Whole plans over a tree, one node after the other, each beside a likely future of every child.

A node is decided together with its children and, under each child, the likeliest way to a leaf, which stands for all
that may come; what was decided before stands. So nothing larger than a handful of paths is ever solved, and every node
sees to the end of its futures. Then a node and its children are decided again with all else held, while that gains.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bluehelm.errors import SolverError
from bluehelm.solve.highs import Limits, relax, solve_integer, stop_asked
from bluehelm.solve.model import BoolArray, FloatArray, IntArray, Problem
from bluehelm.solve.node_plans import rows_touching
from bluehelm.solve.tree import TreeProblem, part_of

# A whole column may rise to what a relaxation uses of it, rounded up; less than this is not use.
UNUSED = 0.02
# Gap and nodes of branch and bound of one step; what is lost is found again later.
GAP_OF_A_STEP, BRANCHES = 3e-3, 30
SECONDS_OF_A_FAMILY = 10.0
# What a family must gain, relative, to be taken.
GAINED = 1e-6


@dataclass(frozen=True, slots=True)
class Ways:
    """What plans are sought with: the tree with its cost, the chance of each node, which columns are whole (those that
    only follow from others included, since they are decided a node before), and how much of each may be of use."""

    tree: TreeProblem
    probability: FloatArray
    whole: BoolArray
    most: FloatArray


def plan_along(ways: Ways, pool: Executor, threads: int, until: float) -> FloatArray | None:
    """Decide node after node; None where one is left without an answer, or at `until` by the clock (perf_counter)."""
    tree = ways.tree
    values = np.zeros(len(tree.problem.cost))
    generation, ahead = [0], int(tree.generation.max()) + 1
    while generation:
        # Each generation has an even share of what time is left, and each of its nodes of that.
        share = (until - time.perf_counter()) / ahead / max(len(generation) / threads, 1.0)
        decided = list(pool.map(partial(_decide, ways, values=values, until=until, share=share), generation))
        following: list[int] = []
        for node, found in zip(generation, decided, strict=True):
            if found is None:
                return None
            values[tree.columns[node]] = found
            following += tree.children[node]
        generation, ahead = following, ahead - 1
    return values


def _decide(ways: Ways, node: int, values: FloatArray, until: float, share: float) -> FloatArray | None:
    """Decide one node, near what its relaxation uses; where that gives no answer, ever more freely."""
    problem, own = _ahead(ways, node, values)
    mine = own == node
    for tried in _ever_freer(problem, ways.most[_columns(ways, node)]):
        left = until - time.perf_counter()
        if left <= 0 or stop_asked():
            return None
        limits = Limits(gap=GAP_OF_A_STEP, seconds=min(left, share), nodes=BRANCHES, threads=1)
        found = _solved(tried, limits)
        if found is not None:
            return np.asarray(np.where(problem.integer, np.rint(found), found)[mine])
    return None


def _window(ways: Ways, node: int) -> list[int]:
    """List a node and, for each child, the likeliest way to a leaf."""
    return [node, *(one for child in ways.tree.children[node] for one in _likeliest(ways, child))]


def _columns(ways: Ways, node: int) -> IntArray:
    return np.concatenate([ways.tree.columns[one] for one in _window(ways, node)])


def _ahead(ways: Ways, node: int, values: FloatArray) -> tuple[Problem, IntArray]:
    """Take out a node with what is ahead of it, whole in the node and its children; and the node of each column."""
    tree, stands_for = ways.tree, np.ones(len(ways.tree))
    for child in tree.children[node]:
        way = _likeliest(ways, child)
        stands_for[way] = ways.probability[child] / ways.probability[way]
    part = part_of(tree, _window(ways, node), values)
    own = tree.node_of_column[part.columns]
    near = np.isin(own, [node, *tree.children[node]])
    cost = part.problem.cost * stands_for[own]
    return replace(part.problem, cost=cost, integer=ways.whole[part.columns] & near), own


def _likeliest(ways: Ways, node: int) -> list[int]:
    """Return a node and the likeliest way from it to a leaf."""
    path = [node]
    while ways.tree.children[path[-1]]:
        path.append(max(ways.tree.children[path[-1]], key=lambda one: (ways.probability[one], -one)))
    return path


def _ever_freer(problem: Problem, most: FloatArray) -> Iterator[Problem]:
    """Hold whole columns between the relaxation rounded down and what is of use rounded up; then less and less."""
    try:
        relaxed = relax(problem, method="simplex", threads=1).values
    except SolverError:
        relaxed = None
    if relaxed is not None:
        high = np.ceil(np.maximum(relaxed, most) - UNUSED)
        yield _between(problem, np.floor(relaxed + UNUSED), np.ceil(relaxed - UNUSED))
        yield _between(problem, problem.column_lower, high)
        yield _between(problem, problem.column_lower, high + 1)
    yield problem


def _between(problem: Problem, low: FloatArray, high: FloatArray) -> Problem:
    """Hold whole columns between two numbers each, as far as their own limits allow."""
    lower, upper, whole = problem.column_lower, problem.column_upper, problem.integer
    return replace(
        problem,
        column_lower=np.where(whole, np.clip(low, lower, upper), lower),
        column_upper=np.where(whole, np.clip(high, lower, upper), upper),
    )


def _solved(problem: Problem, limits: Limits, start: FloatArray | None = None) -> FloatArray | None:
    """Solve a part; None where it has no solution, or none was found in time."""
    try:
        return solve_integer(problem, limits, start=start).values
    except SolverError:
        return None


def improve_along(ways: Ways, values: FloatArray, pool: Executor, threads: int, until: float) -> FloatArray:
    """Decide families again, with all else held, until none gains or the time is up; never worse than before."""
    tree, best = ways.tree, values.copy()
    waiting = {node for node in range(len(tree)) if tree.children[node]}
    while waiting and time.perf_counter() < until and not stop_asked():
        chosen = _apart(tree, waiting, threads)
        waiting -= set(chosen)
        again = list(pool.map(partial(_again, ways, values=best.copy(), until=until), chosen))
        for node, found in zip(chosen, again, strict=True):
            if found is not None:
                best[found[0]] = found[1]
                beside = [*tree.children[node], *tree.parent[[node]].tolist()]
                waiting |= {one for one in beside if one >= 0 and tree.children[one]}
    return best


def share_out(ways: Ways, values: FloatArray, pool: Executor) -> FloatArray:
    """Set anew, node by node, what is not whole, with all that is whole and all other nodes held.

    Nodes of one generation lie on no path together, so that no row touches two of them.
    """
    tree, best = ways.tree, values.copy()
    for depth in range(int(tree.generation.max()) + 1):
        nodes = np.flatnonzero(tree.generation == depth).tolist()
        for found in pool.map(partial(_shared_out, ways, values=best.copy()), nodes):
            if found is not None:
                best[found[0]] = found[1]
    return best


def _shared_out(ways: Ways, node: int, values: FloatArray) -> tuple[IntArray, FloatArray] | None:
    tree, free = ways.tree, ways.tree.columns[node]
    part = part_of(tree, [node], values, rows_touching(tree, [node]))
    now, whole = values[free], ways.whole[free]
    held = replace(
        part.problem, integer=np.zeros(len(free), bool),
        column_lower=np.where(whole, now, part.problem.column_lower),
        column_upper=np.where(whole, now, part.problem.column_upper),
    )  # fmt: skip
    try:
        found = relax(held, method="simplex", threads=1).values
    except SolverError:
        return None
    if found is None or not _gains(held, now, found):
        return None
    return free, np.where(whole, now, found)


def _again(ways: Ways, node: int, values: FloatArray, until: float) -> tuple[IntArray, FloatArray] | None:
    """Decide a node and its children again; their columns and values, where that gains."""
    tree, nodes = ways.tree, ways.tree.below(node, 2)
    free = np.concatenate([tree.columns[one] for one in nodes])
    part = part_of(tree, nodes, values, rows_touching(tree, nodes))
    problem, now = replace(part.problem, integer=ways.whole[free]), values[free]
    high = np.maximum(np.ceil(ways.most[free] - UNUSED), now)
    seconds = max(min(SECONDS_OF_A_FAMILY, until - time.perf_counter()), 0.01)
    limits = Limits(gap=GAP_OF_A_STEP / 4, seconds=seconds, threads=1)
    found = _solved(_between(problem, problem.column_lower, high), limits, now)
    if found is None:
        return None
    better = np.where(problem.integer, np.rint(found), found)
    return (free, better) if _gains(problem, now, better) else None


def _gains(problem: Problem, now: FloatArray, better: FloatArray) -> bool:
    before = float(problem.cost @ now)
    return before - float(problem.cost @ better) > GAINED * max(abs(before), GAINED)


def _apart(tree: TreeProblem, nodes: set[int], count: int) -> list[int]:
    """Take at most so many families, early ones first, no two of them on one path: then no row touches two."""
    taken: list[int] = []
    for node in sorted(nodes):
        if len(taken) < count and not any(_on_one_path(tree, node, other) for other in taken):
            taken.append(node)
    return taken


def _on_one_path(tree: TreeProblem, one: int, other: int) -> bool:
    return one in tree.path_to(other) or other in tree.path_to(one)
