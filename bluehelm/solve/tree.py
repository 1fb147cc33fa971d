"""A problem over a scenario tree, cut into its nodes: whose column is whose, and which rows tie nodes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from bluehelm.solve.model import BoolArray, FloatArray, IntArray, Problem


@dataclass(frozen=True)
class TreeProblem:
    """A problem each of whose rows touches the nodes of one path only; parents are numbered before children.

    parent: (nodes,), -1 for the root. node_of_column: (columns,). node_of_row: (rows,), the last node that a row
    touches. by_row: the matrix by rows.
    """

    problem: Problem
    parent: IntArray
    node_of_column: IntArray
    node_of_row: IntArray
    by_row: sparse.csr_array

    def __len__(self) -> int:
        return len(self.parent)

    @cached_property
    def columns(self) -> list[IntArray]:
        """Columns of each node."""
        return _grouped(self.node_of_column, len(self))

    @cached_property
    def rows(self) -> list[IntArray]:
        """Rows of each node."""
        return _grouped(self.node_of_row, len(self))

    @cached_property
    def entry_row(self) -> IntArray:
        """Row of each entry of `by_row`."""
        return np.repeat(np.arange(self.by_row.shape[0]), np.diff(self.by_row.indptr))

    @cached_property
    def tied(self) -> BoolArray:
        """Whether each row touches an earlier node beside its own."""
        found = np.zeros(len(self.node_of_row), bool)
        row = self.entry_row
        found[row[self.node_of_column[self.by_row.indices] != self.node_of_row[row]]] = True
        return found

    @cached_property
    def children(self) -> list[list[int]]:
        """Nodes that come right after each node."""
        listed: list[list[int]] = [[] for _ in range(len(self))]
        for node, before in enumerate(self.parent):
            if before >= 0:
                listed[before].append(node)
        return listed

    @cached_property
    def generation(self) -> IntArray:
        """Number of nodes before each node on its path."""
        depth = np.zeros(len(self), np.int64)
        for node, before in enumerate(self.parent):
            depth[node] = depth[before] + 1 if before >= 0 else 0
        return depth

    def path_to(self, node: int) -> tuple[int, ...]:
        """Return the nodes from the root to a node."""
        path = [node]
        while self.parent[path[-1]] >= 0:
            path.append(int(self.parent[path[-1]]))
        return tuple(reversed(path))

    def below(self, node: int, depth: int) -> list[int]:
        """List a node and what follows it, `depth` generations in all."""
        listed, generation = [node], [node]
        for _ in range(depth - 1):
            generation = [child for one in generation for child in self.children[one]]
            listed += generation
        return listed


def tree_problem(problem: Problem, parent: IntArray, stage: IntArray) -> TreeProblem | None:
    """Cut a problem into nodes; None where some row touches nodes of different futures.

    Parameters
    ----------
    parent : int array, shape (nodes,)
        Parents before children; -1 for the root.
    stage : int array, shape (columns,)
        Node of each column; where it is -1, the last node that all of the column's rows have on their path.
    """
    by_row = sparse.csr_array(problem.matrix)
    by_row.sort_indices()
    row = np.repeat(np.arange(by_row.shape[0]), np.diff(by_row.indptr))
    node = _placed(parent, np.asarray(stage), by_row, row)
    touched = node[by_row.indices]
    last = np.zeros(by_row.shape[0], np.int64)
    np.maximum.at(last, row, touched)
    if not _on_the_path(parent, touched, last[row]).all():
        return None
    return TreeProblem(problem, np.asarray(parent), node, last, by_row)


def _placed(parent: IntArray, stage: IntArray, by_row: sparse.csr_array, row: IntArray) -> IntArray:
    """Give columns without a node the last node common to the paths of all their rows; without such rows, the root."""
    node = np.array(stage)
    last = np.full(by_row.shape[0], -1)
    np.maximum.at(last, row, stage[by_row.indices])
    lost = np.flatnonzero((stage[by_row.indices] < 0) & (last[row] >= 0))
    for column, end in np.unique(np.stack([by_row.indices[lost], last[row[lost]]], axis=1), axis=0):
        node[column] = end if node[column] < 0 else _common(parent, int(node[column]), int(end))
    return np.where(node < 0, 0, node)


def _common(parent: IntArray, one: int, other: int) -> int:
    """Return the last node on the ways from the root to both; parents have smaller numbers than children."""
    while one != other:
        one, other = (int(parent[one]), other) if one > other else (one, int(parent[other]))
    return one


def _on_the_path(parent: IntArray, node: IntArray, last: IntArray) -> BoolArray:
    """Say whether each `node` lies on the way from the root to its `last`."""
    at, found = last.copy(), node == last
    while (at >= 0).any():
        at = np.where(at >= 0, parent[at], -1)
        found = np.asarray(found | (node == at))
    return np.asarray(found)


def _grouped(node: IntArray, nodes: int) -> list[IntArray]:
    order = np.argsort(node, kind="stable")
    return np.split(order, np.cumsum(np.bincount(node, minlength=nodes))[:-1])


@dataclass(frozen=True, slots=True)
class Part:
    """A few nodes as a problem of their own: their columns and rows in the whole, and the arrays."""

    problem: Problem
    columns: IntArray
    rows: IntArray


def part_of(tree: TreeProblem, nodes: Sequence[int], values: FloatArray, rows: IntArray | None = None) -> Part:
    """Take some nodes out of the tree, with every column of other nodes fixed at `values`.

    rows: which rows to keep; None for those of the nodes. The time taken grows with the part, not with the tree.
    """
    whole = tree.problem
    columns = np.concatenate([tree.columns[node] for node in nodes])
    kept = np.concatenate([tree.rows[node] for node in nodes]) if rows is None else rows
    data, index, start = _rows_of(tree.by_row, kept)
    order = np.argsort(columns, kind="stable")
    place = np.minimum(np.searchsorted(columns, index, sorter=order), len(columns) - 1)
    mine = columns[order[place]] == index
    row = np.repeat(np.arange(len(kept)), np.diff(start))
    fixed = np.bincount(row[~mine], weights=data[~mine] * values[index[~mine]], minlength=len(kept))
    matrix = sparse.csc_array((data[mine], (row[mine], order[place[mine]])), shape=(len(kept), len(columns)))
    part = replace(
        whole,
        cost=whole.cost[columns],
        offset=0.0,
        column_lower=whole.column_lower[columns],
        column_upper=whole.column_upper[columns],
        row_lower=whole.row_lower[kept] - fixed,
        row_upper=whole.row_upper[kept] - fixed,
        matrix=matrix,
        integer=whole.integer[columns],
        stage=whole.stage[columns],
        soft=whole.soft[kept],
        holds=0,
    )
    return Part(part, columns, kept)


def _rows_of(matrix: sparse.csr_array, rows: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the entries of some rows: values, columns, and where each row starts."""
    length = np.diff(matrix.indptr)[rows]
    start = np.concatenate([[0], np.cumsum(length)])
    at = np.repeat(matrix.indptr[rows] - start[:-1], length) + np.arange(start[-1])
    return matrix.data[at], matrix.indices[at], start


def with_rows(problem: Problem, matrix: sparse.csr_array, upper: FloatArray) -> Problem:
    """Add rows matrix·v <= upper to a problem."""
    if not len(upper):
        return problem
    return replace(
        problem,
        matrix=sparse.csc_array(sparse.vstack([problem.matrix, matrix])),
        row_lower=np.concatenate([problem.row_lower, np.full(len(upper), -np.inf)]),
        row_upper=np.concatenate([problem.row_upper, upper]),
        soft=np.concatenate([problem.soft, np.zeros(len(upper), bool)]),
    )
