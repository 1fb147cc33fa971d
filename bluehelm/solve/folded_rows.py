"""Rows alike as one: what areas in reach of the same open columns gain together, at the values that they can take.

A row Σ a·y ≤ u + Σ b·x whose columns y stand in no other row costs φ(r) with r = u + Σ b·x: the y that give most for
their room come first, so φ is convex. Once most whole columns are held, many rows have the same b on those left open.
Their costs add up to one convex function of t = Σ b·x, and as x is whole, t takes few values. Straight lines between
these cost the same at every whole x, and more where rows would gain from a part of a unit. What is left grows with the
places where open columns overlap, not with the number of areas there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bluehelm.solve.model import BoolArray, FloatArray, IntArray, Problem
from bluehelm.solve.tree import with_rows

# A row on which t takes more values than this stays as it is.
MOST_VALUES = 256
# Decimals to which coefficients and values of t count as the same.
ALIKE = 9


@dataclass(frozen=True, slots=True)
class Folded:
    """A problem with rows folded. columns: which of the original's columns it begins with; those left out follow."""

    problem: Problem
    columns: IntArray


@dataclass(frozen=True, slots=True)
class _Entries:
    """The matrix entry by entry, by rows; own: whether an entry is of a column y, opened: of a column x left open."""

    row: IntArray
    column: IntArray
    value: FloatArray
    own: BoolArray
    opened: BoolArray


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows that are alike, with the open columns, their coefficients in t, the values of t, and the cost at each."""

    rows: IntArray
    columns: IntArray
    coefficients: FloatArray
    values: FloatArray
    cost: FloatArray


def fold(problem: Problem) -> Folded | None:
    """Fold the rows that can be; None where there are none. Whole solutions keep their cost, the best y given."""
    by_row = sparse.csr_array(problem.matrix)
    row = np.repeat(np.arange(by_row.shape[0]), np.diff(by_row.indptr))
    column = by_row.indices.astype(np.int64)
    own = _private(problem, column)[column]
    opened = ~own & (problem.column_lower < problem.column_upper)[column]
    entries = _Entries(row, column, by_row.data, own, opened)
    groups = _groups(problem, entries, _foldable(problem, entries))
    if not groups:
        return None
    gone = np.zeros(by_row.shape[0], bool)
    gone[np.concatenate([group.rows for group in groups])] = True
    dropped = np.zeros(len(problem.cost), bool)
    dropped[column[gone[row] & own]] = True
    return _assembled(problem, np.flatnonzero(~gone), dropped, groups)


def _private(problem: Problem, column: IntArray) -> BoolArray:
    """Say which columns stand in one row only, need not be whole, and are bounded."""
    once = np.bincount(column, minlength=len(problem.cost)) == 1
    return np.asarray(once & ~problem.integer & np.isfinite(problem.column_lower) & np.isfinite(problem.column_upper))


def _foldable(problem: Problem, entries: _Entries) -> BoolArray:
    """Say which rows are of the form above, with room for whatever the open columns do."""
    low, high = problem.column_lower[entries.column], problem.column_upper[entries.column]
    bounded = np.isfinite(low) & np.isfinite(high)
    good = np.where(entries.own, (entries.value > 0) & (problem.cost[entries.column] <= 0), bounded)
    good &= ~entries.opened | (problem.integer[entries.column] & (low == np.rint(low)))
    low, high = np.where(bounded, low, 0.0), np.where(bounded, high, 0.0)
    most = entries.value * np.where((entries.value > 0) & ~entries.own, high, low)
    rows = len(problem.row_upper)
    found = np.isneginf(problem.row_lower) & np.isfinite(problem.row_upper)
    found &= np.bincount(entries.row[~good], minlength=rows) == 0
    found &= np.bincount(entries.row[entries.own], minlength=rows) > 0
    return np.asarray(found & (np.bincount(entries.row, weights=most, minlength=rows) <= problem.row_upper))


def _groups(problem: Problem, entries: _Entries, good: BoolArray) -> list[_Group]:
    """Gather rows that are alike, with the values that t takes from the lower limits on, and what rows cost there."""
    row, column = entries.row, entries.column
    held = np.where(good[row], problem.column_lower[column], 0.0)
    room = problem.row_upper - np.bincount(row, weights=entries.value * held, minlength=len(good))
    opened = np.flatnonzero(entries.opened & good[row])
    start = np.searchsorted(row[opened], np.arange(len(good) + 1))
    columns, coefficients = column[opened], np.round(-entries.value[opened], ALIKE) + 0.0
    alike: dict[tuple[bytes, bytes], list[int]] = {}
    for one in np.flatnonzero(good):
        part = slice(start[one], start[one + 1])
        alike.setdefault((columns[part].tobytes(), coefficients[part].tobytes()), []).append(int(one))
    own = np.flatnonzero(entries.own & good[row])
    pieces = _pieces(problem, row[own], column[own], entries.value[own], len(good))
    found = []
    for rows in alike.values():
        part = slice(start[rows[0]], start[rows[0] + 1])
        steps = np.floor(problem.column_upper[columns[part]] - problem.column_lower[columns[part]] + 1e-9)
        values = _values(coefficients[part], steps)
        if values is not None:
            cost = _cost(pieces, np.array(rows), room, values)
            found.append(_Group(np.array(rows), columns[part], coefficients[part], values, cost))
    return found


def _values(coefficients: FloatArray, steps: FloatArray) -> FloatArray | None:
    """Return what t can be, from the smallest to the largest; None where that is too much to list."""
    found = np.zeros(1)
    for one, most in zip(coefficients, steps, strict=True):
        if most >= MOST_VALUES:
            return None
        found = np.unique(np.round(found[:, None] + one * np.arange(most + 1), ALIKE))
        if len(found) > MOST_VALUES:
            return None
    return found


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What φ of each row is made of, row by row (`first`): where each piece starts, how long it is, and its slope."""

    first: IntArray
    start: FloatArray
    length: FloatArray
    slope: FloatArray


def _pieces(problem: Problem, row: IntArray, column: IntArray, value: FloatArray, rows: int) -> _Pieces:
    length = value * (problem.column_upper[column] - problem.column_lower[column])
    slope = problem.cost[column] / value
    order = np.lexsort((slope, row))
    row, length, slope = row[order], length[order], slope[order]
    first = np.searchsorted(row, np.arange(rows + 1))
    before = np.cumsum(length) - length
    return _Pieces(first, before - before[np.minimum(first[row], len(row) - 1)], length, slope)


def _cost(pieces: _Pieces, rows: IntArray, room: FloatArray, values: FloatArray) -> FloatArray:
    """Return Σ φ over some rows at each value of t."""
    count = pieces.first[rows + 1] - pieces.first[rows]
    at = np.concatenate([np.arange(pieces.first[one], pieces.first[one + 1]) for one in rows])
    past = np.repeat(room[rows], count) - pieces.start[at]
    used = np.clip(past[:, None] + values, 0.0, pieces.length[at][:, None])
    return np.asarray(pieces.slope[at] @ used)


def _assembled(problem: Problem, kept: IntArray, dropped: BoolArray, groups: list[_Group]) -> Folded:
    """Put the problem together: columns that stay, then one for each stretch of each group's cost."""
    columns = np.flatnonzero(~dropped)
    offset = problem.offset + sum(float(group.cost[0]) for group in groups)
    offset += float(problem.cost[dropped] @ problem.column_lower[dropped])
    varying = [group for group in groups if len(group.values) > 1]
    width = np.concatenate([np.zeros(0), *(np.diff(group.values) for group in varying)])
    rise = np.concatenate([np.zeros(0), *(np.diff(group.cost) for group in varying)])
    total, new = len(columns) + len(width), len(width)
    rows = sparse.csr_array(problem.matrix)[kept][:, columns]
    stay = replace(
        problem, offset=offset,
        cost=np.concatenate([problem.cost[columns], rise / width]),
        column_lower=np.concatenate([problem.column_lower[columns], np.zeros(new)]),
        column_upper=np.concatenate([problem.column_upper[columns], width]),
        integer=np.concatenate([problem.integer[columns], np.zeros(new, bool)]),
        stage=np.concatenate([problem.stage[columns], np.full(new, -1)]),
        matrix=sparse.csc_array(sparse.hstack([rows, sparse.csr_array((len(kept), new))])),
        row_lower=problem.row_lower[kept], row_upper=problem.row_upper[kept], soft=problem.soft[kept],
    )  # fmt: skip
    if not varying:
        return Folded(stay, columns)
    lines, upper = _lines(problem, varying, np.cumsum(~dropped) - 1, len(columns), total)
    return Folded(with_rows(stay, lines, upper), columns)


def _lines(
    problem: Problem, groups: list[_Group], place: IntArray, first: int, total: int
) -> tuple[sparse.csr_array, FloatArray]:
    """Rows by which each group's stretches, from the smallest t on, add up to t at most; t counts from lower limits."""
    new = [len(group.values) - 1 for group in groups]
    row = np.concatenate([np.repeat(np.arange(len(groups)), new),
                          *(np.full(len(group.columns), i) for i, group in enumerate(groups))])  # fmt: skip
    column = np.concatenate([first + np.arange(sum(new)), *(place[group.columns] for group in groups)])
    value = np.concatenate([np.ones(sum(new)), *(-group.coefficients for group in groups)])
    upper = [
        -float(group.coefficients @ problem.column_lower[group.columns]) - float(group.values[0]) for group in groups
    ]
    return sparse.csr_array((value, (row, column)), shape=(len(groups), total)), np.array(upper)
