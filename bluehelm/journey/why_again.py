"""A plan asked again near where it stands: most whole decisions stay, a few are free, and one thing is changed.

An answer found so is a plan that exists, so what it gains is a lower bound. The relaxation of the whole changed model
gives the upper bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bluehelm.journey.why_asked import Asked
from bluehelm.solve.dive import complete
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, Outcome, relax, solve_integer
from bluehelm.solve.in_order import HOLD_SCALE
from bluehelm.solve.model import FloatArray, IntArray, Problem

Change = Callable[[Problem], Problem]
AFRESH = Limits(gap=1e-4, seconds=4.0)
NEAREST = Limits(gap=0.3, seconds=10.0)
# A solution read back from tables meets the shares of the plan up to rounding.
SPARE = 1e-5
# Where something must be lost, a goal counts this share of the goal before it.
NEXT = 0.2


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
    """A plan near the plan with one thing forced. goals: what each reaches.

    cost_alone: what the plan would cost (million USD) with the same freedom, nothing forced and no goal worse.
    """

    goals: dict[str, float]
    values: FloatArray
    cost_alone: float


def otherwise(asked: Asked, free: IntArray, change: Change) -> Again | None:
    """Force one thing, lose as little as can be of what the plan reaches, the first goals first, and then spend least.

    None where the change is impossible while the other whole columns stay, or no plan was found in time.
    """
    unforced = held(asked, asked.built.problem, free)
    problem = change(unforced)
    start = _repaired(asked, problem, free)
    if start is None:
        return None
    values = _least_lost(asked, problem, start)
    kept = problem
    for goal in asked.shares:
        better = min if goal.sense == "max" else max
        kept = _kept(kept, goal, better(asked.stated(goal.name), goal.of(values)))
    cost = next(goal for goal in asked.goals if goal.name == "cost")
    cheapest = _best(kept, cost, values).values
    values = values if cheapest is None else cheapest
    alone = _best(_holding(asked, unforced), cost, _evaluated(asked)).values
    cost_alone = asked.stated("cost") if alone is None else cost.of(alone)
    return Again({goal.name: goal.of(values) for goal in asked.goals}, values, cost_alone)


def _least_lost(asked: Asked, problem: Problem, start: FloatArray) -> FloatArray:
    """Minimise what the goals fall short of the plan; each counts `NEXT` times the one before it."""
    goals = asked.shares
    size, count = problem.matrix.shape[1], len(goals)
    signs = np.array([1.0 if goal.sense == "max" else -1.0 for goal in goals])
    least = np.array([asked.stated(goal.name) - goal.constant for goal in goals])
    rows = sparse.csr_array(np.array([goal.vector(size) for goal in goals]))
    elastic = replace(
        problem,
        cost=np.append(np.zeros(size), NEXT ** np.arange(count)),
        offset=0.0,
        column_lower=np.append(problem.column_lower, np.zeros(count)),
        column_upper=np.append(problem.column_upper, np.full(count, np.inf)),
        row_lower=np.append(problem.row_lower, signs * least * HOLD_SCALE),
        row_upper=np.append(problem.row_upper, np.full(count, np.inf)),
        matrix=sparse.csc_array(
            sparse.block_array(
                [
                    [problem.matrix, None],
                    [rows.multiply(signs[:, None] * HOLD_SCALE), HOLD_SCALE * sparse.identity(count)],
                ],
                format="csc",
            )
        ),
        integer=np.append(problem.integer, np.zeros(count, bool)),
    )
    first = complete(elastic, np.arange(size, dtype=np.int32), start)
    found = solve_integer(elastic, AFRESH, start=first).values
    best = first if found is None else found
    return start if best is None else best[:size]


def _evaluated(asked: Asked) -> FloatArray | None:
    """Return a solution with the plan's own whole columns in which every goal is as good as stated."""
    return _best(_holding(asked, held(asked, asked.built.problem, asked.columns[:0])), asked.goals[0]).values


def _repaired(asked: Asked, problem: Problem, free: IntArray) -> FloatArray | None:
    """Return a solution of a changed problem whose whole columns differ from the plan as little as can be."""
    mine = np.isin(asked.columns, free)
    columns, target = asked.columns[mine], asked.whole[mine]
    size = problem.matrix.shape[1]
    count = len(columns)
    pick = sparse.csc_array((np.ones(count), (np.arange(count), columns)), shape=(count, size))
    away = sparse.identity(count, format="csc")
    none = np.full(count, -np.inf)
    near = replace(
        problem,
        cost=np.concatenate([np.zeros(size), np.ones(count)]),
        offset=0.0,
        column_lower=np.append(problem.column_lower, np.zeros(count)),
        column_upper=np.append(problem.column_upper, np.full(count, np.inf)),
        row_lower=np.concatenate([problem.row_lower, none, none]),
        row_upper=np.concatenate([problem.row_upper, target, -target]),
        matrix=sparse.csc_array(
            sparse.block_array([[problem.matrix, None], [pick, -away], [-pick, -away]], format="csc")
        ),
        integer=np.append(problem.integer, np.zeros(count, bool)),
    )
    found = solve_integer(near, NEAREST).values
    return None if found is None else found[:size]


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
        problem = _kept(problem, goal, asked.stated(goal.name))
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

