"""A tree taken apart into its futures: each path from the root to a leaf as a problem of its own.

Who knows the future can do whatever who does not know it can do, so the best of each future by itself, times its
chance, bounds the whole from below:

    Σ_f π_f min { c_f·v : v fits the rows of f }  ≤  min { c·v : v fits all rows },   c_f = c / π of the column's node.

The time grows with the number of futures; one after the other starts from the corner at which the one before ended.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import highspy
import numpy as np

from bluehelm.solve.highs import Settings, cost_scale, load, run, stop_asked
from bluehelm.solve.model import FloatArray, IntArray, Problem
from bluehelm.solve.tree import TreeProblem, part_of

SIMPLEX: Settings = {"solver": "simplex", "threads": 1}


@dataclass(frozen=True, slots=True)
class Future:
    """One path: its nodes from the root on, its chance, its problem, and what each of its columns counts there."""

    nodes: tuple[int, ...]
    chance: float
    problem: Problem
    columns: IntArray
    weight: FloatArray


@dataclass(frozen=True, slots=True)
class Apart:
    """All futures relaxed for one cost. bound: of the whole, -inf where a future ended without an optimum. most: the
    most that any of them uses of a column."""

    bound: float
    most: FloatArray


@dataclass(frozen=True, slots=True)
class Relaxed:
    """One future relaxed: its least cost, its columns there, and the corner that they are at."""

    future: Future
    objective: float
    values: FloatArray
    corner: highspy.HighsBasis


def futures_of(tree: TreeProblem, probability: FloatArray) -> list[Future]:
    """Take the tree apart, the likeliest future first.

    Parameters
    ----------
    probability : float array, shape (nodes,)
        Chance of reaching each node, above 0; those of a node's children add up to its own.
    """
    nothing = np.zeros(len(tree.problem.cost))
    listed = []
    for leaf in (node for node in range(len(tree)) if not tree.children[node]):
        nodes = tree.path_to(leaf)
        part = part_of(tree, nodes, nothing)
        weight = 1.0 / probability[tree.node_of_column[part.columns]]
        listed.append(Future(nodes, float(probability[leaf]), part.problem, part.columns, weight))
    return sorted(listed, key=lambda one: (-one.chance, one.nodes))


def relax_apart(
    futures: Sequence[Future], cost: FloatArray, offset: float, pool: Executor, threads: int, seconds: float
) -> Apart:
    """Relax every future by itself for a cost of the whole, as many at a time as there are threads."""
    until = time.perf_counter() + seconds
    shares = [futures[first::threads] for first in range(threads)]
    found = [one for part in pool.map(lambda share: list(_in_turn(share, cost, until)), shares) for one in part]
    most = np.zeros(len(cost))
    for one in found:
        most[one.future.columns] = np.maximum(most[one.future.columns], one.values)
    bound = offset + sum(one.future.chance * one.objective for one in found)
    return Apart(bound if len(found) == len(futures) else -np.inf, most)


def _in_turn(futures: Sequence[Future], cost: FloatArray, until: float) -> Iterator[Relaxed]:
    """Relax futures one after the other, each from the corner of the last; those that have an optimum in time."""
    corner = None
    for future in futures:
        left = until - time.perf_counter()
        if left <= 0 or stop_asked():
            return
        aimed = replace(future.problem, cost=cost[future.columns] * future.weight, offset=0.0)
        found = _relaxed(future, aimed, corner, left)
        if found is not None:
            corner = found.corner
            yield found


def _relaxed(future: Future, aimed: Problem, corner: highspy.HighsBasis | None, seconds: float) -> Relaxed | None:
    rows, columns = aimed.matrix.shape
    if corner is not None and (len(corner.col_status), len(corner.row_status)) != (columns, rows):
        corner = None
    # Simplified, a problem has no use for a corner of the one before.
    options: Settings = {**SIMPLEX, "time_limit": seconds, "presolve": "on" if corner is None else "off"}
    solver = load(aimed, options, relaxed=True)
    if corner is not None:
        solver.setBasis(corner)
    run(solver)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    objective = solver.getInfo().objective_function_value / cost_scale(aimed)
    return Relaxed(future, objective, np.array(solver.getSolution().col_value), solver.getBasis())
