"""Arrays of a model in which every node has the same columns and rows, tied to the columns of nodes further up.

A family of columns has `count` columns in each node and lies node after node. The rows of one node follow each other,
and so do the nodes. Terms are written once, for one node; `back` says how many steps up the tree their column is
decided. A term whose node would lie before the root falls away: what today gives stands in the row's bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from benchmarks.instances.tree import FloatArray, IntArray, Tree


@dataclass(frozen=True, slots=True)
class Instance:
    """Minimise objective·v with row_lower <= matrix·v <= row_upper, lower <= v <= upper, whole where `integer`.

    The share reached is -objective / base. extras: further arrays by name, such as the family of each column.
    """

    objective: FloatArray
    lower: FloatArray
    upper: FloatArray
    matrix: sp.csr_matrix
    row_lower: FloatArray
    row_upper: FloatArray
    integer: NDArray[np.bool_]
    base: float
    parent: IntArray
    probability: FloatArray
    extras: dict[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    count: int
    lower: FloatArray
    upper: FloatArray
    integer: bool
    objective: FloatArray


class TreeModel:
    """Collects families of columns, families of rows and terms; `build` hands the arrays over."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._columns: list[_Family] = []
        self._row_names: list[str] = []
        self._row_family: list[tuple[IntArray, int]] = []
        self._bounds: list[tuple[IntArray, FloatArray, FloatArray]] = []
        self._terms: list[tuple[NDArray[Any], ...]] = []

    def columns(
        self,
        name: str,
        count: int,
        *,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        integer: bool = False,
        objective: ArrayLike = 0.0,
    ) -> int:
        """Add `count` columns to every node; bounds and objective broadcast to (nodes, count). Return the family."""
        shape = (self._tree.nodes, count)
        wide = [np.broadcast_to(np.asarray(value, float), shape) for value in (lower, upper, objective)]
        self._columns.append(_Family(name, count, wide[0], wide[1], integer, wide[2]))
        return len(self._columns) - 1

    def rows(self, name: str, at: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> None:
        """Add rows that stand at places `at` among the rows of a node; bounds broadcast to (nodes, rows)."""
        places = np.asarray(at, np.int64).ravel()
        shape = (self._tree.nodes, len(places))
        wide = [np.broadcast_to(np.asarray(value, float), shape) for value in (lower, upper)]
        self._row_family.append((places, len(self._row_names)))
        self._row_names.append(name)
        self._bounds.append((places, wide[0], wide[1]))

    def next_rows(self, name: str, count: int, lower: ArrayLike, upper: ArrayLike) -> IntArray:
        """Add `count` rows after those that a node has so far; return their places."""
        places = np.arange(count) + sum(len(taken) for taken, _ in self._row_family)
        self.rows(name, places, lower, upper)
        return places

    def term(self, rows: ArrayLike, family: int, columns: ArrayLike, value: ArrayLike, *, back: ArrayLike = 0) -> None:
        """Write coefficients `value` at rows x columns of a node; all broadcast against each other."""
        wide = np.broadcast_arrays(np.asarray(rows), family, np.asarray(columns), np.asarray(value, float), back)
        self._terms.append(tuple(part.ravel() for part in wide))

    def build(self, base: float, *, named: bool) -> Instance:
        """Hand the arrays over; `named`: with the node and family of each column and row as extras."""
        tree, families = self._tree, self._columns
        lower, upper = self._row_bounds()
        return Instance(
            objective=np.concatenate([family.objective.ravel() for family in families]),
            lower=np.concatenate([family.lower.ravel() for family in families]),
            upper=np.concatenate([family.upper.ravel() for family in families]),
            matrix=self._matrix(),
            row_lower=lower.ravel(),
            row_upper=upper.ravel(),
            integer=np.repeat([f.integer for f in families], [f.count * tree.nodes for f in families]),
            base=base,
            parent=tree.parent,
            probability=tree.probability,
            extras=self._names() if named else {},
        )

    def _row_bounds(self) -> tuple[FloatArray, FloatArray]:
        count = sum(len(places) for places, _, _ in self._bounds)
        lower, upper = np.empty((self._tree.nodes, count)), np.empty((self._tree.nodes, count))
        for places, low, high in self._bounds:
            lower[:, places], upper[:, places] = low, high
        return lower, upper

    def _matrix(self) -> sp.csr_matrix:
        """Repeat the terms of one node over the tree, stage by stage, already in the order of rows and columns."""
        row, family, column, value, back = (np.concatenate([term[part] for term in self._terms]) for part in range(5))
        order = np.lexsort((column, -back, family, row))
        row, family, column, value, back = (part[order] for part in (row, family, column, value, back))
        tree, rows = self._tree, sum(len(places) for places, _ in self._row_family)
        count = np.array([f.count for f in self._columns], np.int64)
        first = np.concatenate([[0], np.cumsum(count * tree.nodes)])
        ancestors = np.array([tree.ancestor(steps) for steps in range(int(back.max(initial=0)) + 1)])
        data, indices, lengths = [], [], []
        for stage in range(int(tree.stage[-1]) + 1):
            nodes, here = np.flatnonzero(tree.stage == stage), back <= stage
            decided = ancestors[:, nodes][back[here]].T
            indices.append(
                (first[family[here]] + column[here] + decided * count[family[here]]).astype(np.int32).ravel()
            )
            data.append(np.tile(value[here], len(nodes)))
            lengths.append(np.tile(np.bincount(row[here], minlength=rows), len(nodes)))
        indptr = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int32)
        shape = (rows * tree.nodes, int(first[-1]))
        return sp.csr_matrix((np.concatenate(data), np.concatenate(indices), indptr), shape)

    def _names(self) -> dict[str, NDArray[Any]]:
        nodes = np.arange(self._tree.nodes)
        row_family = np.empty(sum(len(places) for places, _ in self._row_family), np.int8)
        for places, number in self._row_family:
            row_family[places] = number
        return {
            "stage": np.concatenate([np.repeat(nodes, family.count) for family in self._columns]).astype(np.int32),
            "column_family": np.repeat(
                np.arange(len(self._columns)), [family.count * len(nodes) for family in self._columns]
            ).astype(np.int8),
            "column_families": np.array([family.name for family in self._columns]),
            "row_family": np.tile(row_family, len(nodes)),
            "row_families": np.array(self._row_names),
        }
