"""Goals in order over a large tree: a whole plan along its futures, and bounds from each future by itself.

The relaxation of the whole takes minutes on trees of forty nodes, and longer than linearly more on larger ones. Here
the futures are relaxed one by one for the blend of all goals; a plan is made node after node of what they use
(`along_futures.py`) and made better family by family; then each goal, the first one first, is bounded by its best in
each future by itself (`futures.py`), as long as the time lasts. No goal is held for that, so the bound of a later goal
says how good it could be if nothing came before it: true, and wide where goals pull apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from bluehelm.solve.aims import Reached, at_its_best, blend, reached
from bluehelm.solve.along_futures import Ways, improve_along, plan_along, share_out
from bluehelm.solve.futures import Future, futures_of, relax_apart
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, Outcome, stop_asked
from bluehelm.solve.model import FloatArray, IntArray, Problem
from bluehelm.solve.tree import TreeProblem, tree_problem

# From this many non-zeros on, the relaxation of a whole tree takes longer than its futures one by one.
LARGE_NON_ZEROS = 300_000
# Of all the time, when the first plan is to be there, and until when it is made better; the rest is for bounds.
FIRST_PLAN, BETTER = 0.6, 0.75
# The first goal is bounded, and a first plan sought, even where the time is up: else there is nothing, or no proof.
GRACE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Shape:
    """The tree of a problem: parent (-1 at the root) and chance of each node. ahead: columns that are whole only
    because of what they do in later nodes."""

    parent: IntArray
    probability: FloatArray
    ahead: IntArray

    def is_large(self, problem: Problem) -> bool:
        """Say whether there are several futures, too much for one relaxation."""
        leaves = len(self.parent) - len(np.unique(self.parent[self.parent >= 0]))
        return leaves > 1 and problem.matrix.nnz > LARGE_NON_ZEROS and bool((self.probability > 0).all())


def solve_over_futures(
    problem: Problem,
    goals: Sequence[Goal],
    limits: Limits,
    shape: Shape,
    *,
    start: FloatArray | None = None,
    watch: Callable[[str, float, float], None] | None = None,
) -> tuple[list[Reached], FloatArray] | None:
    """Seek a plan for all goals and bound each of them; None where rows tie futures together, or no plan was found."""
    began = time.perf_counter()
    tree = tree_problem(problem, shape.parent, problem.stage)
    if tree is None:
        return None
    threads = max(limits.threads, 1)
    futures = futures_of(tree, shape.probability)
    with ThreadPoolExecutor(threads) as pool:
        blended = blend(problem, goals, start)
        first = began + limits.seconds * FIRST_PLAN
        apart = relax_apart(futures, blended.cost, blended.offset, pool, threads, first - time.perf_counter())
        if start is None:
            # What the futures use by themselves tells how large goals are that are no shares.
            blended = blend(problem, goals, apart.most)
        ways = _ways(replace(tree, problem=blended), shape, apart.most)
        values = _plan(ways, replace(limits, threads=threads), pool, start, began)
        if values is None:
            return None
        done = []
        for place, goal in enumerate(goals):
            left = limits.seconds - (time.perf_counter() - began) + (GRACE_SECONDS if place == 0 else 0.0)
            bound = _bound(problem, goal, futures, values, pool, threads, left)
            done.append(_told(problem, goal, values, bound, limits.gap))
            if watch is not None:
                watch(goal.title, done[-1].objective, done[-1].bound)
    return done, values


def _ways(tree: TreeProblem, shape: Shape, most: FloatArray) -> Ways:
    whole = tree.problem.integer.copy()
    whole[shape.ahead] = True
    return Ways(tree, shape.probability, whole, most)


def _plan(ways: Ways, limits: Limits, pool: Executor, start: FloatArray | None, began: float) -> FloatArray | None:
    """Return the better of the start and a plan along the futures, made better family by family."""
    cost, better = ways.tree.problem.cost, began + limits.seconds * BETTER
    # Without a start, a late plan is better than none.
    latest = limits.seconds * FIRST_PLAN if start is not None else limits.seconds + GRACE_SECONDS
    values = plan_along(ways, pool, limits.threads, began + limits.seconds * FIRST_PLAN, began + latest)
    if values is None or (start is not None and cost @ start < cost @ values):
        values = start
    if values is None:
        return None
    return share_out(ways, improve_along(ways, values, pool, limits.threads, better), pool)


def _bound(
    problem: Problem, goal: Goal, futures: Sequence[Future], values: FloatArray, pool: Executor, threads: int,
    seconds: float,
) -> float:  # fmt: skip
    """Bound a goal, minimised, by its best in each future; -inf where single columns say as much, or time is up."""
    if at_its_best(problem, goal, values) or seconds <= 0 or stop_asked():
        return -np.inf
    cost = goal.sign * goal.vector(len(problem.cost))
    return relax_apart(futures, cost, goal.sign * goal.constant, pool, threads, seconds).bound


def _told(problem: Problem, goal: Goal, values: FloatArray, bound: float, gap: float) -> Reached:
    """State what a goal reached; no goal is held, and each stands at what the plan is worth."""
    outcome = Outcome("stopped", values, goal.sign * goal.of(values), bound)
    told = reached(problem, goal, outcome, values, gap)
    return replace(told, held_at=told.objective, status="solved" if told.gap <= gap else "stopped", apart=True)
