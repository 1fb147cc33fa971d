"""A sparse mixed-integer model made of named blocks of columns and rows, built from index arrays.

Python never loops over rows: a family is one block, its terms are broadcast arrays. Names are kept per block and
spelt out only when someone asks, so that a model with millions of non-zeros costs little more than its arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

IntArray = npt.NDArray[np.integer[Any]]
FloatArray = npt.NDArray[np.floating[Any]]
BoolArray = npt.NDArray[np.bool_]
Numbers = float | FloatArray | IntArray


@dataclass(frozen=True, slots=True)
class Block:
    """A named run of columns or rows: its first index, shape, and the names along each axis."""

    name: str
    first: int
    shape: tuple[int, ...]
    axes: tuple[Sequence[str], ...]

    @property
    def size(self) -> int:
        """Number of columns or rows in the block."""
        return int(np.prod(self.shape, dtype=np.int64))

    def key(self, index: int) -> tuple[str, ...]:
        """Return the names of one column or row, such as ("gao", "2017-01")."""
        at = np.unravel_index(index - self.first, self.shape)
        return tuple(names[int(i)] for names, i in zip(self.axes, at, strict=True))


@dataclass(frozen=True, slots=True)
class Problem:
    """The arrays that a solver takes: minimise cost·v + offset, lower <= matrix·v <= upper, and bounds.

    stage: node in whose time a column is decided, -1 where it has none. soft: rows that some column of their own can
    always satisfy, whatever the whole columns are. look_ahead: stages within which lags show their effect. holds:
    number of last rows that hold earlier goals.
    """

    cost: FloatArray
    offset: float
    column_lower: FloatArray
    column_upper: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray
    matrix: sparse.csc_array
    integer: BoolArray
    stage: IntArray
    soft: BoolArray
    look_ahead: int
    holds: int = 0


class Model:
    """Collects blocks; `problem()` hands the arrays over.

    stages: names of the nodes; a block whose last axis they are is decided node by node.
    """

    def __init__(self, stages: Sequence[str] = ()) -> None:
        self._stages = stages
        self.column_blocks: dict[str, Block] = {}
        self.row_blocks: dict[str, Block] = {}
        self._columns = 0
        self._rows = 0
        self._column_parts: list[tuple[FloatArray, FloatArray, BoolArray, IntArray]] = []
        self._row_parts: list[tuple[FloatArray, FloatArray, BoolArray]] = []
        self._terms: list[tuple[IntArray, IntArray, FloatArray]] = []

    def columns(
        self,
        name: str,
        axes: Sequence[Sequence[str]],
        *,
        lower: Numbers = 0.0,
        upper: Numbers = np.inf,
        integer: bool | BoolArray = False,
    ) -> IntArray:
        """Add a block of columns, one per combination of the names in `axes`; return their indices in that shape."""
        block = Block(name, self._columns, tuple(len(axis) for axis in axes), tuple(axes))
        self.column_blocks[name] = block
        self._columns += block.size
        stage = np.arange(block.shape[-1]) if axes[-1] is self._stages else np.array(-1)
        self._column_parts.append(
            (
                np.broadcast_to(np.asarray(lower, float), block.shape).ravel(),
                np.broadcast_to(np.asarray(upper, float), block.shape).ravel(),
                np.broadcast_to(np.asarray(integer, bool), block.shape).ravel(),
                np.broadcast_to(stage, block.shape).ravel(),
            )
        )
        return np.arange(block.first, self._columns, dtype=np.int32).reshape(block.shape)

    def rows(
        self,
        name: str,
        axes: Sequence[Sequence[str]],
        *,
        lower: Numbers = -np.inf,
        upper: Numbers = np.inf,
        soft: bool = False,
    ) -> IntArray:
        """Add a block of rows with their limits; return their indices in the shape of `axes`.

        soft: a column of their own (a shortfall, or a gain that may stay 0) satisfies them whatever else is decided.
        """
        block = Block(name, self._rows, tuple(len(axis) for axis in axes), tuple(axes))
        self.row_blocks[name] = block
        self._rows += block.size
        self._row_parts.append(
            (
                np.broadcast_to(np.asarray(lower, float), block.shape).ravel(),
                np.broadcast_to(np.asarray(upper, float), block.shape).ravel(),
                np.full(block.size, soft),
            )
        )
        return np.arange(block.first, self._rows, dtype=np.int32).reshape(block.shape)

    def add(self, rows: IntArray, columns: IntArray, values: Numbers = 1.0) -> None:
        """Add terms value·column to rows; the three are broadcast together, zeros are left out."""
        row, column, value = np.broadcast_arrays(rows, columns, np.asarray(values, float))
        flat = value.ravel()
        if flat.all():
            self._terms.append((row.ravel(), column.ravel(), flat))
        else:
            keep = np.flatnonzero(flat)
            self._terms.append((row.ravel()[keep], column.ravel()[keep], flat[keep]))

    def problem(self, look_ahead: int | None = None) -> Problem:
        """Put the blocks together, with no objective yet (repeated terms are summed); look_ahead None: to the end."""
        rows, columns, values = (
            (np.concatenate(part) for part in zip(*self._terms, strict=True))
            if self._terms
            else (np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))
        )
        matrix = sparse.csc_array((values, (rows, columns)), shape=(self._rows, self._columns))
        lower, upper, integer, stage = _joined(self._column_parts, (float, float, bool, int))
        row_lower, row_upper, soft = _joined(self._row_parts, (float, float, bool))
        return Problem(
            np.zeros(self._columns), 0.0, lower, upper, row_lower, row_upper, matrix, integer, stage, soft,
            len(self._stages) if look_ahead is None else look_ahead,
        )  # fmt: skip

    def row_key(self, index: int) -> tuple[str, tuple[str, ...]]:
        """Return the family of a row and its names within the family."""
        block = _holding(self.row_blocks, index)
        return block.name, block.key(index)

    def column_key(self, index: int) -> tuple[str, tuple[str, ...]]:
        """Return the block of a column and its names within the block."""
        block = _holding(self.column_blocks, index)
        return block.name, block.key(index)


def _joined(parts: Sequence[tuple[Any, ...]], kinds: tuple[type, ...]) -> list[Any]:
    """Join the parts of each array; where there are none, an empty array of its kind."""
    if not parts:
        return [np.zeros(0, kind) for kind in kinds]
    return [np.concatenate(part) for part in zip(*parts, strict=True)]


def _holding(blocks: dict[str, Block], index: int) -> Block:
    return next(block for block in blocks.values() if block.first <= index < block.first + block.size)
