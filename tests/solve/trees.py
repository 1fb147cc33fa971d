"""Small trees for tests: chains by hand, instances of the library in miniature, and their best values by HiGHS."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from scipy import sparse

from benchmarks.instances.assemble import Instance as Made
from benchmarks.instances.files import write_npz
from benchmarks.instances.full import full
from benchmarks.instances.stripped import stripped
from bluehelm.solve.highs import Limits, solve_integer
from bluehelm.solve.instance import Instance, read_instance
from bluehelm.solve.model import Problem
from bluehelm.solve.tree import TreeProblem, tree_problem

MAKERS: dict[str, Callable[..., Made]] = {"stripped": stripped, "full": full}


@cache
def tiny(family: str, stages: int = 2, seed: int = 0, *, branch: int = 2, areas: int = 5, sites: int = 3) -> Instance:
    """Make a small instance and read it from its file."""
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / "tiny.npz"
        write_npz(MAKERS[family](stages=stages, branch=branch, areas=areas, sites=sites, seed=seed), path)
        return read_instance(path)


def cut(problem: Problem, parent: list[int]) -> TreeProblem:
    """Cut a problem into its nodes, which it has."""
    found = tree_problem(problem, np.array(parent), problem.stage)
    assert found is not None
    return found


def tree_of(instance: Instance) -> TreeProblem:
    """Cut an instance into its nodes."""
    return cut(instance.problem, instance.parent.tolist())


@cache
def best_of(family: str, stages: int = 2, seed: int = 0) -> float:
    """Solve a small instance as one."""
    found = solve_integer(tiny(family, stages, seed).problem, Limits(gap=0.0, threads=1))
    assert found.status == "solved"
    return found.objective


def problem_of(matrix, row_lower, row_upper, cost, *, lower=0.0, upper=np.inf, integer=False, stage=0) -> Problem:
    """State a problem by its arrays; what is one number stands for all columns."""
    dense = np.asarray(matrix, float)
    rows, columns = dense.shape

    def wide(value, kind):
        return np.broadcast_to(np.asarray(value, kind), (columns,)).copy()

    return Problem(
        np.asarray(cost, float), 0.0, wide(lower, float), wide(upper, float), np.asarray(row_lower, float),
        np.asarray(row_upper, float), sparse.csc_array(dense), wide(integer, bool), wide(stage, np.int64),
        np.zeros(rows, bool), int(np.max(stage)) + 1,
    )  # fmt: skip


def chain(nodes: int = 3) -> TreeProblem:
    """One future: in node n a stock x[n] of whole units is n + 1 or more; y[n] = x[n] - x[n-1] is bought at 1."""
    matrix = np.zeros((2 * nodes, 2 * nodes))
    row_lower, row_upper = np.zeros(2 * nodes), np.zeros(2 * nodes)
    for n in range(nodes):
        x, y, balance, need = 2 * n, 2 * n + 1, 2 * n, 2 * n + 1
        matrix[balance, x], matrix[balance, y] = 1.0, -1.0
        if n:
            matrix[balance, x - 2] = -1.0
        matrix[need, x], row_lower[need], row_upper[need] = 1.0, n + 1.0, np.inf
    problem = problem_of(
        matrix, row_lower, row_upper, np.tile([0.0, 1.0], nodes), upper=9.0, integer=np.tile([True, False], nodes),
        stage=np.repeat(np.arange(nodes), 2),
    )  # fmt: skip
    return cut(problem, [n - 1 for n in range(nodes)])
