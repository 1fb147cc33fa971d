"""Whole plans node by node: each is solved with its ancestors as they stand and what comes after it priced.

A family (a node and its children) is then solved again with everything around it held, where most is left to gain.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy import sparse

from bluehelm.errors import SolverError
from bluehelm.solve.folded_rows import fold
from bluehelm.solve.highs import Limits, load, relax, solve_integer, stop_asked
from bluehelm.solve.model import BoolArray, FloatArray, IntArray, Problem
from bluehelm.solve.node_bounds import SIMPLEX, NodeBound
from bluehelm.solve.prices import Prices
from bluehelm.solve.tree import TreeProblem, part_of, with_rows
from bluehelm.solve.warm_start import run_near

# A whole column may rise to what a relaxation uses of it, rounded up; less than this is not use.
UNUSED = 0.1
# Relative gap, nodes of branch and bound and at most seconds for one node of the tree: with cuts most of a plan comes
# from the root, and what is lost is found again later. Where the columns used give no answer, all of them are branched
# on.
GAP_OF_A_NODE, ROOT, BRANCHES, SECONDS_OF_A_NODE = 5e-3, 1, 50, 60.0
SECONDS_OF_A_FAMILY = 4.0
# A node looks at most so many generations ahead at first; and so many nodes may decide again before we give up.
MOST_AHEAD, MOST_AGAIN = 2, 100


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the tree while plans are sought: prices, and the bound and cuts of each node."""

    tree: TreeProblem
    prices: Prices
    bounds: Sequence[NodeBound]


def first_plan(around: Around, pool: Executor, until: float = float("inf")) -> FloatArray | None:
    """Decide node after node, generation by generation; None where no whole answer is found.

    until: the reading of `perf_counter` at which all is given up.

    A node sees as many generations ahead as rows reach, less one (its own, and what comes after is priced). Where a
    node finds that its ancestors left it no answer, its parent decides again and looks one generation further.
    """
    tree = around.tree
    values = np.zeros(len(tree.problem.cost))
    depth = np.full(len(tree), min(longest_tie(tree), MOST_AHEAD))
    pending, again = [0], 0
    while pending:
        decided = list(pool.map(lambda node: _decide(around, node, values, int(depth[node]), until), pending))
        redo = {int(tree.parent[node]) for node, found in zip(pending, decided, strict=True) if found is None}
        again += len(redo)
        if -1 in redo or again > MOST_AGAIN or stop_asked() or time.perf_counter() >= until:
            return None
        following = []
        for node, found in zip(pending, decided, strict=True):
            if found is not None and int(tree.parent[node]) not in redo:
                values[tree.columns[node]] = found
                following += tree.children[node]
        depth[list(redo)] += 1
        pending = sorted(redo) + following
    return values


def _decide(around: Around, node: int, values: FloatArray, depth: int, until: float) -> FloatArray | None:
    """Decide one node: first with the columns that the relaxation uses, then with all."""
    if time.perf_counter() >= until:
        return None
    tree = around.tree
    nodes = tree.below(node, depth)
    part = part_of(tree, nodes, values)
    last = tree.generation[node] + depth
    future = around.prices.future
    beyond = [future[min(last - tree.generation[one], len(future) - 1)][tree.columns[one]] for one in nodes]
    problem = replace(part.problem, cost=part.problem.cost + np.concatenate(beyond))
    mine = np.arange(len(part.columns)) < len(tree.columns[node])
    whole = problem.integer & mine
    cut = _with_cuts(around, problem, nodes)
    near = around.bounds[node].values if len(nodes) == 1 else None
    narrow = _used_only(cut, around.prices.values[part.columns], near)
    limits = Limits(
        gap=GAP_OF_A_NODE, seconds=min(SECONDS_OF_A_NODE, until - time.perf_counter()), nodes=ROOT, threads=1
    )
    found = None
    if narrow is not None:
        found = _folded(replace(problem, column_upper=narrow.column_upper, integer=whole), cut, limits)
        found = _solved(replace(narrow, integer=whole), limits) if found is None else found
    if found is None:
        found = _solved(replace(cut, integer=whole), replace(limits, nodes=BRANCHES))
    return None if found is None else _whole(found, whole)[mine]


def _folded(problem: Problem, cut: Problem, limits: Limits) -> FloatArray | None:
    """Solve a part with rows that are alike as one, then give every column its best; None where there are none.

    cut: the part with cuts as its last rows. Those on columns that are left stay.
    """
    folded = fold(problem)
    if folded is None:
        return None
    cuts = sparse.csr_array(cut.matrix)[len(problem.row_upper) :]
    left = cuts[:, folded.columns]
    stay = np.flatnonzero(np.diff(left.indptr) == np.diff(cuts.indptr))
    beside = sparse.csr_array((len(stay), len(folded.problem.cost) - len(folded.columns)))
    rows = sparse.csr_array(sparse.hstack([left[stay], beside]))
    found = _solved(with_rows(folded.problem, rows, cut.row_upper[len(problem.row_upper) :][stay]), limits)
    if found is None:
        return None
    values = np.zeros(len(problem.cost))
    values[folded.columns] = found[: len(folded.columns)]
    held = np.rint(values)
    lower = np.where(problem.integer, held, problem.column_lower)
    upper = np.where(problem.integer, held, problem.column_upper)
    fixed = replace(problem, column_lower=lower, column_upper=upper)
    try:
        return relax(fixed, method="simplex", threads=1).values
    except SolverError:
        return None


def _solved(problem: Problem, limits: Limits, start: FloatArray | None = None) -> FloatArray | None:
    """Solve a part; None where it has no solution, or at these prices no end."""
    try:
        return solve_integer(problem, limits, start=start).values
    except SolverError:
        return None


def _used_only(problem: Problem, wished: FloatArray, near: FloatArray | None = None) -> Problem | None:
    """Keep whole columns to what is wished or the part's own relaxation uses, rounded up; None where it has none.

    near: what the relaxation may begin from; solutions of several nodes by themselves do not fit together.
    """
    relaxed = _relaxed(problem, near)
    if relaxed is None:
        return None
    most = np.ceil(np.maximum(relaxed, wished) - UNUSED)
    upper = np.clip(most, problem.column_lower, problem.column_upper)
    return replace(problem, column_upper=np.where(problem.integer, upper, problem.column_upper))


def _relaxed(problem: Problem, near: FloatArray | None) -> FloatArray | None:
    if near is None:
        try:
            return relax(problem, method="simplex", threads=1).values
        except SolverError:
            return None
    solver = load(problem, SIMPLEX, relaxed=True)
    run_near(solver, problem, near)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(solver.getSolution().col_value)


def _with_cuts(around: Around, problem: Problem, nodes: Sequence[int]) -> Problem:
    start = np.cumsum([0, *(len(around.tree.columns[node]) for node in nodes)])
    cuts = [around.bounds[node].cuts for node in nodes]
    parts = [
        sparse.csr_array(
            (one.matrix.data, one.matrix.indices + first, one.matrix.indptr),
            shape=(one.matrix.shape[0], len(problem.cost)),
        )
        for one, first in zip(cuts, start[:-1], strict=True)
    ]
    return with_rows(problem, sparse.csr_array(sparse.vstack(parts)), np.concatenate([one.upper for one in cuts]))


def _whole(values: FloatArray, integer: BoolArray) -> FloatArray:
    return np.where(integer, np.rint(values), values)


def improve_family(around: Around, node: int, values: FloatArray, seconds: float) -> tuple[IntArray, FloatArray] | None:
    """Solve a node and its children again, all others held; the columns and their values where that is better."""
    tree = around.tree
    nodes = tree.below(node, 2)
    free = np.concatenate([tree.columns[one] for one in nodes])
    part = part_of(tree, nodes, values, rows_touching(tree, nodes))
    now = values[free]
    narrow = _used_only(_with_cuts(around, part.problem, nodes), np.maximum(now, around.prices.values[free]))
    if narrow is None:
        return None
    narrow = replace(narrow, column_upper=np.maximum(narrow.column_upper, now))
    found = _solved(narrow, Limits(gap=GAP_OF_A_NODE / 4, seconds=seconds, threads=1), now)
    if found is None:
        return None
    better = _whole(found, narrow.integer)
    gained = narrow.cost @ (now - better)
    return (free, better) if gained > 1e-9 * max(abs(narrow.cost @ now), 1e-9) else None


def rows_touching(tree: TreeProblem, nodes: Sequence[int]) -> IntArray:
    """Return the rows in which columns of some nodes stand, those of later nodes included."""
    later, reached = list(nodes), list(nodes)
    last = int(max(tree.generation[one] for one in nodes)) + longest_tie(tree)
    while reached:
        reached = [child for one in reached for child in tree.children[one] if child not in later]
        reached = [one for one in reached if tree.generation[one] <= last]
        later += reached
    rows = np.concatenate([tree.rows[one] for one in later])
    return rows[_touches(tree, rows, nodes)]


def _touches(tree: TreeProblem, rows: IntArray, nodes: Sequence[int]) -> BoolArray:
    inside = np.zeros(len(tree), bool)
    inside[list(nodes)] = True
    length = np.diff(tree.by_row.indptr)[rows]
    start = np.concatenate([[0], np.cumsum(length)])
    at = np.repeat(tree.by_row.indptr[rows] - start[:-1], length) + np.arange(start[-1])
    hit = inside[tree.node_of_column[tree.by_row.indices[at]]]
    return np.bincount(np.repeat(np.arange(len(rows)), length)[hit], minlength=len(rows)) > 0


def longest_tie(tree: TreeProblem) -> int:
    """Return over how many generations the longest row reaches."""
    lag = tree.generation[tree.node_of_row[tree.entry_row]] - tree.generation[tree.node_of_column[tree.by_row.indices]]
    return max(int(lag.max(initial=0)), 1)
