"""A plan asked again near where it stands: most whole decisions stay, a few are free, and one thing is changed.

An answer found so is a plan that exists, so what it gains is a lower bound. The relaxation of the whole changed model
gives the upper bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bluehelm.journey.why_asked import NEXT, Asked
from bluehelm.solve.aims import HOLD_SCALE
from bluehelm.solve.dive import complete
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, Outcome, relax, solve_integer
from bluehelm.solve.model import FloatArray, IntArray, Problem

Change = Callable[[Problem], Problem]
AFRESH = Limits(gap=1e-4, seconds=4.0)
NEAREST = Limits(gap=0.3, seconds=10.0)
# A solution read back from tables meets the shares of the plan up to rounding.
SPARE = 1e-5
# Beside a share that is lost: a unit or base that changes for one node, and a million USD.
CHANGED = MILLION = 1e-5


@dataclass(frozen=True, slots=True)
class Gain:
    """What a change does to one measure. now: in the plan. alone: with the same freedom but without the change.

    found: with it, so the best is at least as good. bound: with it, no plan can pass this; NaN if unknown.
    """

    measure: Goal
    now: float
    alone: float
    found: float
    bound: float


def gain_of(asked: Asked, measure: Goal, free: IntArray, change: Change) -> Gain | None:
    """Ask what a change gains in a measure while every share of the plan stays as good; None where nothing was found.

    The change widens what may be done, so that each answer is a start for the next.
    """
    problem = asked.built.problem
    now = _best(_holding(asked, held(asked, problem, asked.columns[:0])), measure)
    if now.values is None:
        return None
    alone = _best(_holding(asked, held(asked, problem, free)), measure, now.values)
    without = now.values if alone.values is None else alone.values
    found = _best(_holding(asked, change(held(asked, problem, free))), measure, without)
    whole = _aimed(_holding(asked, change(problem)), measure)
    bound = relax(whole, method=_method(whole), corner=False, seconds=AFRESH.seconds).bound
    sign = 1.0 if measure.sense == "min" else -1.0
    return Gain(
        measure,
        now=measure.of(now.values),
        alone=measure.of(without),
        found=measure.of(without if found.values is None else found.values),
        bound=sign * bound if np.isfinite(bound) else float("nan"),
    )


@dataclass(frozen=True, slots=True)
class Again:
    """A plan near the plan with one thing forced: what each goal reaches, and its solution."""

    goals: dict[str, float]
    values: FloatArray


def otherwise(asked: Asked, free: IntArray, change: Change) -> Again | None:
    """Force one thing and lose as little as can be of what the plan reaches; then change and spend little.

    None where the change is impossible while the other whole columns stay, or no plan was found in time.
    """
    problem = change(held(asked, asked.built.problem, free))
    size = problem.matrix.shape[1]
    near = _elastic(asked, problem, free)
    added = near.matrix.shape[1] - size
    goals = len(asked.shares)
    away = np.concatenate([np.zeros(size), np.ones(added - goals), np.zeros(goals)])
    repaired = solve_integer(replace(near, cost=away), NEAREST).values
    if repaired is None:
        return None
    cost = next(goal for goal in asked.goals if goal.name == "cost")
    lost = np.append(np.zeros(size + added - goals), NEXT ** np.arange(goals))
    aimed = replace(near, cost=lost + CHANGED * away + MILLION * cost.vector(size + added))
    start = complete(aimed, np.arange(size, dtype=np.int32), repaired[:size])
    found = solve_integer(aimed, AFRESH, start=start).values
    best = next(values for values in (found, start, repaired) if values is not None)[:size]
    return Again({goal.name: goal.of(best) for goal in asked.goals}, best)


def _elastic(asked: Asked, problem: Problem, free: IntArray) -> Problem:
    """Add two kinds of columns: how far each free whole column is from the plan, and what each share lacks to it."""
    mine = np.isin(asked.columns, free)
    columns, target = asked.columns[mine], asked.whole[mine]
    size, count, goals = problem.matrix.shape[1], int(mine.sum()), len(asked.shares)
    pick = sparse.csc_array((np.ones(count), (np.arange(count), columns)), shape=(count, size))
    away = sparse.csc_array(sparse.eye_array(count))
    signs = np.array([1.0 if goal.sense == "max" else -1.0 for goal in asked.shares])
    shares = np.array([sign * goal.vector(size) for sign, goal in zip(signs, asked.shares, strict=True)])
    least = signs * np.array([asked.reached(goal) - goal.constant for goal in asked.shares])
    unbounded, more = np.full(count, -np.inf), count + goals
    lacks = sparse.csc_array(HOLD_SCALE * sparse.eye_array(goals))
    rows = [
        sparse.hstack([problem.matrix, sparse.csc_array((problem.matrix.shape[0], more))]),
        sparse.hstack([pick, -away, sparse.csc_array((count, goals))]),
        sparse.hstack([-pick, -away, sparse.csc_array((count, goals))]),
        sparse.hstack([sparse.csc_array(shares * HOLD_SCALE), sparse.csc_array((goals, count)), lacks]),
    ]
    return replace(
        problem,
        cost=np.zeros(size + more),
        offset=0.0,
        column_lower=np.append(problem.column_lower, np.zeros(more)),
        column_upper=np.append(problem.column_upper, np.full(more, np.inf)),
        row_lower=np.concatenate([problem.row_lower, unbounded, unbounded, least * HOLD_SCALE]),
        row_upper=np.concatenate([problem.row_upper, target, -target, np.full(goals, np.inf)]),
        matrix=sparse.csc_array(sparse.vstack(rows)),
        integer=np.append(problem.integer, np.zeros(more, bool)),
    )


def held(asked: Asked, problem: Problem, free: IntArray) -> Problem:
    """Hold every whole column at the plan's value but the free ones."""
    keep = ~np.isin(asked.columns, free)
    columns, values = asked.columns[keep], asked.whole[keep]
    lower, upper = problem.column_lower.copy(), problem.column_upper.copy()
    lower[columns] = upper[columns] = values
    return replace(problem, column_lower=lower, column_upper=upper)


def with_row(problem: Problem, columns: IntArray, values: FloatArray, lower: float, upper: float) -> Problem:
    """Add one row to a problem."""
    dense = np.bincount(columns, weights=values, minlength=problem.matrix.shape[1])
    return replace(
        problem,
        matrix=sparse.csc_array(sparse.vstack([problem.matrix, sparse.csc_array(dense[None, :])])),
        row_lower=np.append(problem.row_lower, lower),
        row_upper=np.append(problem.row_upper, upper),
        soft=np.append(problem.soft, False),
    )


def _holding(asked: Asked, problem: Problem) -> Problem:
    """Keep every share at what the plan states; cost and moves are free."""
    for goal in asked.shares:
        problem = _kept(problem, goal, asked.reached(goal))
    return problem


def _kept(problem: Problem, goal: Goal, value: float) -> Problem:
    """Keep a goal at a value or better, but for rounding."""
    limit = (value - goal.constant) * HOLD_SCALE
    spare = SPARE * max(abs(value), 1.0) * HOLD_SCALE
    row = (-np.inf, limit + spare) if goal.sense == "min" else (limit - spare, np.inf)
    return with_row(problem, goal.columns, goal.values * HOLD_SCALE, *row)


def _aimed(problem: Problem, goal: Goal) -> Problem:
    sign = 1.0 if goal.sense == "min" else -1.0
    return replace(problem, cost=sign * goal.vector(problem.matrix.shape[1]), offset=sign * goal.constant)


def _best(problem: Problem, measure: Goal, start: FloatArray | None = None) -> Outcome:
    return solve_integer(_aimed(problem, measure), AFRESH, start=start)


def _method(problem: Problem) -> str:
    """Name the quicker way to solve a relaxation."""
    return "ipx" if problem.matrix.nnz > 50_000 else "simplex"
