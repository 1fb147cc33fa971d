"""Whole plans over a tree, one node after the other, each beside a likely future of every child.

A node is decided together with its children and, under each child, the likeliest way to a leaf, which stands for all
that may come; what was decided before stands. So nothing larger than a handful of paths is ever solved, and every node
sees to the end of its futures. A rare way on which a plan failed (money cut, say) is seen too from then on. Then a node
and its children are decided again with all else held, while that gains.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bluehelm.errors import SolverError
from bluehelm.solve.dive import dive
from bluehelm.solve.highs import Limits, relax, solve_integer, stop_asked
from bluehelm.solve.model import BoolArray, FloatArray, IntArray, Problem
from bluehelm.solve.node_plans import rows_touching
from bluehelm.solve.tree import Part, TreeProblem, part_of

# A whole column may rise to what a relaxation uses of it, rounded up; less than this is not use.
UNUSED = 0.02
# Gaps and nodes of branch and bound of one step; what is lost is found again later.
GAP_OF_A_STEP, ROUGH_GAP, BRANCHES = 3e-3, 0.05, 30
SECONDS_OF_A_FAMILY = 10.0
# Of what time is left in all, what a first answer near a relaxation may take where a node's own time is up.
ROUGH_SHARE = 0.1
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


def plan_along(ways: Ways, pool: Executor, threads: int, until: float, latest: float) -> FloatArray | None:
    """Decide node after node, so as to end at `until` by the clock (perf_counter); None at `latest`, or where no answer
    is found.

    Where what was decided before leaves a node no answer, its parent decides again and sees from then on, as all before
    it do, what that node saw; a node that fails once more has its grandparent decide again, and so on.
    """
    tree = ways.tree
    values = np.zeros(len(tree.problem.cost))
    pending, failed, seen = [0], np.zeros(len(tree), int), frozenset[int]()
    while pending:
        seconds = _share_of_time(ways, pending, threads, seen, until - time.perf_counter())
        decide = partial(_decide, ways, values=values, seen=seen, latest=latest, seconds=seconds)
        decided = list(zip(pending, pool.map(decide, pending), strict=True))
        stuck = [node for node, found in decided if found is None]
        failed[stuck] += 1
        if (failed > tree.generation).any() or time.perf_counter() >= latest or stop_asked():
            return None
        again = {tree.path_to(node)[-1 - failed[node]] for node in stuck}
        seen = seen.union(*(sight(ways, node, seen) for node in stuck))
        following: list[int] = []
        for node, found in decided:
            if found is not None:
                values[tree.columns[node]] = found
                following += tree.children[node]
        pending = [node for node in {*again, *following} if not again & {*tree.path_to(node)[:-1]}]
        pending.sort()
    return values


def _share_of_time(
    ways: Ways, pending: Sequence[int], threads: int, seen: frozenset[int], left: float
) -> dict[int, float]:
    """Share out what time is left, among generations and within them, by how much each node sees."""
    tree = ways.tree
    ahead = [node for first in pending for node in tree.below(first, len(tree))]
    size = {node: float(len(sight(ways, node, seen))) for node in ahead}
    depth = tree.generation[ahead]
    work = np.bincount(depth, [size[node] for node in ahead]) / np.clip(np.bincount(depth), 1, threads)
    return {node: max(left, 0.0) * size[node] / float(work.sum()) for node in pending}


def _decide(
    ways: Ways, node: int, values: FloatArray, seen: frozenset[int], latest: float, seconds: Mapping[int, float]
) -> FloatArray | None:
    """Decide one node near what its relaxation uses; where that gives no answer, ever more freely.

    Where its time is up before, its children are relaxed too.
    """
    if time.perf_counter() >= latest:
        return None
    until = min(latest, time.perf_counter() + seconds[node])
    part, own = _ahead(ways, node, values, seen)
    problem = part.problem
    relaxed = _relaxed(problem)
    if relaxed is None:
        return None
    found = None
    for tried in _ever_freer(problem, relaxed, ways.most[part.columns]):
        left = until - time.perf_counter()
        if found is not None or left <= 0 or stop_asked():
            break
        found = _solved(tried, Limits(gap=GAP_OF_A_STEP, seconds=left, nodes=BRANCHES, threads=1))
    mine = own == node
    if found is None and not stop_asked():
        found = _roughly(problem, mine, relaxed, (latest - time.perf_counter()) * ROUGH_SHARE)
    return None if found is None else np.asarray(np.where(problem.integer, np.rint(found), found)[mine])


def _ahead(ways: Ways, node: int, values: FloatArray, seen: frozenset[int]) -> tuple[Part, IntArray]:
    """Take out a node with what it sees ahead, whole in the node and its children; and the node of each column."""
    tree, stands_for = ways.tree, sight(ways, node, seen)
    part = part_of(tree, list(stands_for), values)
    own = tree.node_of_column[part.columns]
    counted = np.ones(len(tree))
    counted[list(stands_for)] = [chance / ways.probability[one] for one, chance in stands_for.items()]
    whole = ways.whole[part.columns] & np.isin(own, [node, *tree.children[node]])
    return replace(part, problem=replace(part.problem, cost=part.problem.cost * counted[own], integer=whole)), own


def sight(ways: Ways, node: int, seen: frozenset[int]) -> dict[int, float]:
    """Say what a node sees, and the chance that each stands for: itself, its children, and below each the likeliest
    child and those in `seen`, which stand for their siblings too."""
    tree, chance = ways.tree, ways.probability
    stands_for = {node: float(chance[node])}
    ahead = [(child, float(chance[child])) for child in tree.children[node]]
    for one, stands in ahead:
        stands_for[one] = stands
        below = tree.children[one]
        if below:
            chosen = {max(below, key=lambda child: (chance[child], -child)), *seen.intersection(below)}
            of_all = sum(chance[child] for child in chosen)
            ahead += [(child, stands * float(chance[child] / of_all)) for child in sorted(chosen)]
    return stands_for


def _ever_freer(problem: Problem, relaxed: FloatArray, most: FloatArray) -> Iterator[Problem]:
    """Hold whole columns between the relaxation rounded down and what is of use rounded up; then less and less."""
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


def _relaxed(problem: Problem) -> FloatArray | None:
    """Relax a part; None where it has no solution."""
    try:
        return relax(problem, method="simplex", threads=1).values
    except SolverError:
        return None


def _roughly(problem: Problem, mine: BoolArray, relaxed: FloatArray, seconds: float) -> FloatArray | None:
    """Make only a node's own columns whole, near a relaxation; else take the nearest whole answers node after node."""
    own = replace(problem, integer=problem.integer & mine)
    limits = Limits(gap=ROUGH_GAP, seconds=max(seconds, 1.0), nodes=BRANCHES, threads=1)
    near = _solved(_between(own, np.floor(relaxed + UNUSED), np.ceil(relaxed - UNUSED)), limits)
    if near is not None or stop_asked():
        return near
    try:
        return dive(problem, relaxed, replace(limits, seconds=np.inf))
    except SolverError:
        return None


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
