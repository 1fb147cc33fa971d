"""The smallest set of demands that cannot all be met: an elastic filter gathers a set, a deletion filter thins it.

A demand is a group of rows that stands or falls as one. Each gets one column by which it may give way, relative to its
size; rows that belong to no demand are facts and never give way.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bluehelm.solve.highs import Limits, Outcome, relax, solve_integer
from bluehelm.solve.model import FloatArray, IntArray, Problem

# Below this share of its size a demand counts as met.
MET = 1e-7


@dataclass(frozen=True, slots=True)
class Demand:
    """Rows that stand or fall together; of a row with two limits, `lower` and `upper` say which of them can fall."""

    rows: IntArray
    lower: bool = True
    upper: bool = True


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands (by place in the list) that cannot all be met; empty where the search found none.

    gives_way: for each, by how much its limits would have to move if all others of the conflict stay as they are, in
    the unit of its first row. irreducible: without any one of them the others can be met, as far as parts of units
    count. whole: the conflict is there only because units are whole. more: the other demands are in conflict too.
    impossible: the facts alone cannot hold. undecided: time ran out before it was known whether all can be met.
    """

    demands: tuple[int, ...] = ()
    gives_way: tuple[float, ...] = ()
    irreducible: bool = True
    whole: bool = False
    more: bool = False
    impossible: bool = False
    undecided: bool = False


def find_conflict(problem: Problem, demands: Sequence[Demand], *, seconds: float = 15.0) -> Conflict:
    """Find a smallest set of demands in conflict: first with parts of units allowed, then with whole units."""
    until = time.perf_counter() + seconds
    for whole in (False, True):
        search = _Search(_Elastic(problem, demands, whole=whole), len(demands), until)
        gathered = search.gather()
        if gathered is not None:
            return replace(search.thin(gathered), whole=whole) if gathered else Conflict(impossible=True)
        if search.undecided:
            return Conflict(irreducible=False, undecided=True)
    return Conflict()


class _Elastic:
    """The hard part of a problem with one more column per demand, by which its limits give way."""

    def __init__(self, problem: Problem, demands: Sequence[Demand], *, whole: bool) -> None:
        self.whole = whole
        self.first = problem.matrix.shape[1]
        size = np.abs(np.where(np.isfinite(problem.row_upper), problem.row_upper, problem.row_lower))
        size = np.where(np.isfinite(size) & (size > 0), size, abs(problem.matrix).max(axis=1).toarray().ravel())
        self.scale = np.array([max(float(size[d.rows[0]]), MET) for d in demands])
        terms = [self._terms(problem, d, place, size) for place, d in enumerate(demands)]
        row, column, value = (np.concatenate(part) for part in zip(*terms, strict=True))
        gives = sparse.csc_array((value, (row, column)), shape=(problem.matrix.shape[0], 2 * len(demands)))
        hard = np.flatnonzero(~problem.soft)
        count = 2 * len(demands)
        self.problem = replace(
            problem,
            matrix=sparse.csc_array(sparse.csr_array(sparse.hstack([problem.matrix, gives]))[hard]),
            row_lower=problem.row_lower[hard],
            row_upper=problem.row_upper[hard],
            soft=problem.soft[hard],
            integer=np.append(problem.integer, np.zeros(count, bool)),
            stage=np.append(problem.stage, np.full(count, -1)),
        )

    @staticmethod
    def _terms(problem: Problem, demand: Demand, place: int, size: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
        """Say where the two columns of a demand stand: one lets its upper limits rise, one its lower limits fall."""
        up = demand.rows[np.isfinite(problem.row_upper[demand.rows])] if demand.upper else demand.rows[:0]
        down = demand.rows[np.isfinite(problem.row_lower[demand.rows])] if demand.lower else demand.rows[:0]
        columns = np.concatenate([np.full(len(up), 2 * place), np.full(len(down), 2 * place + 1)])
        return np.concatenate([up, down]), columns, np.concatenate([-size[up], size[down]])

    def solve(self, held: Collection[int], priced: Collection[int], seconds: float) -> Outcome:
        """Hold some demands; let the others give way, as little as can be where they have a price."""
        at = np.arange(len(self.scale)).repeat(2)
        upper = np.where(np.isin(at, list(held)), 0.0, np.inf)
        cost = np.isin(at, list(priced)).astype(float)
        problem = replace(
            self.problem,
            cost=np.append(np.zeros(self.first), cost),
            column_lower=np.append(self.problem.column_lower[: self.first], np.zeros(len(at))),
            column_upper=np.append(self.problem.column_upper[: self.first], upper),
        )
        if self.whole:
            return solve_integer(problem, Limits(gap=0.01, seconds=seconds))
        return relax(problem, method="simplex", seconds=seconds)

    def given(self, values: FloatArray) -> FloatArray:
        """By which share of its size each demand gives way in a solution."""
        return np.asarray(values[self.first :].reshape(-1, 2).max(axis=1))


class _Search:
    """Gathers and thins demands until a moment in time."""

    def __init__(self, elastic: _Elastic, count: int, until: float) -> None:
        self.elastic, self.count, self.until = elastic, count, until
        self.undecided = False

    def _left(self) -> float:
        return max(self.until - time.perf_counter(), 0.05)

    def gather(self) -> frozenset[int] | None:
        """Hold, round by round, what gives way when all may: the set is in conflict once no answer is left.

        None where all demands can be met, or where time runs out (then `undecided`).
        """
        held: frozenset[int] = frozenset()
        while True:
            outcome = self.elastic.solve(held, range(self.count), self._left())
            if outcome.status == "infeasible":
                return held
            if outcome.values is None:
                self.undecided = True
                return None
            gave = frozenset(np.flatnonzero(self.elastic.given(outcome.values) > MET).tolist()) - held
            if not gave:
                return None
            held |= gave

    def thin(self, gathered: frozenset[int]) -> Conflict:
        """Leave out, last listed first, each demand without which the others still cannot be met."""
        kept, proven = gathered, True
        for demand in sorted(gathered, reverse=True):
            outcome = self.elastic.solve(kept - {demand}, (), self._left())
            if outcome.status == "infeasible":
                kept = kept - {demand}
            elif outcome.values is None:
                proven = False
        listed = tuple(sorted(kept))
        others = frozenset(range(self.count)) - kept
        more = self.elastic.solve(others, (), self._left()).status == "infeasible"
        return Conflict(listed, tuple(self._way(kept, demand) for demand in listed), irreducible=proven, more=more)

    def _way(self, kept: frozenset[int], demand: int) -> float:
        """How far a demand must give way for the rest of the conflict to hold; NaN where time ran out."""
        outcome = self.elastic.solve(kept - {demand}, (demand,), self._left())
        if outcome.values is None:
            return float("nan")
        return float(self.elastic.given(outcome.values)[demand] * self.elastic.scale[demand])


def bounds_as_rows(
    problem: Problem, columns: IntArray, lower: FloatArray, upper: FloatArray
) -> tuple[Problem, IntArray]:
    """Turn bounds of columns into rows, which a demand can hold; `lower` and `upper` are the bounds that stay."""
    rows, size = problem.matrix.shape
    count = len(columns)
    pick = sparse.csc_array((np.ones(count), (np.arange(count), columns)), shape=(count, size))
    column_lower, column_upper = problem.column_lower.copy(), problem.column_upper.copy()
    tight_below, tight_above = column_lower[columns] > lower, column_upper[columns] < upper
    column_lower[columns], column_upper[columns] = lower, upper
    changed = replace(
        problem,
        matrix=sparse.csc_array(sparse.vstack([problem.matrix, pick])),
        row_lower=np.append(problem.row_lower, np.where(tight_below, problem.column_lower[columns], -np.inf)),
        row_upper=np.append(problem.row_upper, np.where(tight_above, problem.column_upper[columns], np.inf)),
        column_lower=column_lower,
        column_upper=column_upper,
        soft=np.append(problem.soft, np.zeros(count, bool)),
    )
    return changed, np.arange(rows, rows + count, dtype=np.int32)
