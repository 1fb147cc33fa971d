"""Aiming a model at one goal, and holding goals that were reached before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Outcome
from bluehelm.solve.model import FloatArray, Problem
from bluehelm.solve.relevance import felt_softly

# A share near 1 made of thousands of tiny terms: rows are scaled so that the solver's tolerance stays well below them.
HOLD_SCALE = 1000.0
WHISPER, WHISPER_OF_GAP = 2e-4, 0.02
# Weight of each later goal while whole plans are sought.
ASIDE = 0.05
# Held any tighter, a goal drowns in the solver's tolerance, and a wrong optimum was once claimed.
LEAST_GIVEN_UP = 1e-6


@dataclass(frozen=True, slots=True)
class Reached:
    """What one goal reached: objective and proven bound in its unit, relative gap, and where it is then held.

    apart: bounded by each future by itself, with no goal before it held.
    """

    goal: Goal
    objective: float
    bound: float
    gap: float
    held_at: float
    status: str
    apart: bool = False


def relative_gap(objective: float, bound: float) -> float:
    """Distance between the best found and the best possible, relative to the best found; at most 1: nothing is proven.

    An objective of 0 that is not proven the best has a gap of 1.
    """
    apart = abs(bound - objective)
    return min(apart / max(abs(objective), 1e-9), 1.0) if apart > 1e-9 else 0.0


def aim(problem: Problem, goal: Goal, later: Sequence[Goal], gap: float) -> Problem:
    """Set the goal as the objective, minimised, with a whisper of the shares that come later.

    The whisper chooses among equals what later goals can use. It only ever lowers the minimum, since a share is
    at least 0, so that a bound on the whole is a bound on the goal; it loosens that bound by at most `WHISPER` each,
    and by nothing where the best is asked (gap 0). Small models need none: there each goal is solved to its gap.
    """
    whisper = min(WHISPER, gap * WHISPER_OF_GAP)
    size = len(problem.column_lower)
    cost, offset = goal.sign * goal.vector(size), goal.sign * goal.constant
    for other in later:
        if goal.unit == other.unit == "share" and other.sense == "max" and felt_softly(problem, other.columns):
            cost = cost - whisper * other.vector(size)
            offset -= whisper * other.constant
    return replace(problem, cost=cost, offset=offset)


def blend(problem: Problem, goals: Sequence[Goal], at: FloatArray | None) -> Problem:
    """Set all goals as the objective, minimised, the first counting 1 and each later one `ASIDE`.

    A goal that is no share counts relative to its value at `at`, a known solution or one near it; without one nothing
    is known of its size, and it is left out. Nothing is proven by a blend: it is where whole plans are sought, so that
    a goal is not reached at a ruinous price for those after it.
    """
    size = len(problem.column_lower)
    cost, offset = np.zeros(size), 0.0
    for place, goal in enumerate(goals):
        if goal.unit == "share":
            scale = 1.0
        elif at is not None:
            scale = max(abs(goal.of(at)), 1.0)
        else:
            continue
        weight = goal.sign * (1.0 if place == 0 else ASIDE) / scale
        cost, offset = cost + weight * goal.vector(size), offset + weight * goal.constant
    return replace(problem, cost=cost, offset=offset)


def reached(problem: Problem, goal: Goal, outcome: Outcome, values: FloatArray, gap: float) -> Reached:
    """State what a goal reached, and where it is held: later goals never push it past the gap that was asked."""
    objective = goal.of(values)
    bound = goal.sign * max(outcome.bound, best_of_columns(problem, goal))
    # A bound worse than the plan itself is the solver's rounding; the plan then is its own bound.
    bound = min(bound, objective) if goal.sense == "min" else max(bound, objective)
    given_up = max(goal.tolerance * abs(objective), abs(bound - objective))
    spare = max(abs(bound - within(goal, bound, gap)) - abs(bound - objective), 0.0)
    held_at = objective + goal.sign * max(min(given_up, spare), LEAST_GIVEN_UP)
    return Reached(goal, objective, bound, relative_gap(objective, bound), held_at, outcome.status)


def within(goal: Goal, bound: float, gap: float) -> float:
    """Return the worst value of a goal that a bound still proves to be within a gap."""
    return bound + goal.sign * gap * abs(bound) / (1 + gap)


def best_of_columns(problem: Problem, goal: Goal) -> float:
    """Bound a goal, minimised, by the limits of single columns: no share passes 1, none falls below 0."""
    cost = goal.sign * goal.vector(len(problem.column_lower))
    used = cost != 0
    at = np.where(cost > 0, problem.column_lower, problem.column_upper)[used]
    return float(goal.sign * goal.constant + cost[used] @ at)


def at_its_best(problem: Problem, goal: Goal, values: FloatArray) -> bool:
    """Say whether a solution reaches what single columns allow, so that nothing more needs proof."""
    return goal.sign * goal.of(values) - best_of_columns(problem, goal) <= LEAST_GIVEN_UP


def hold(problem: Problem, goal: Goal, at: float) -> Problem:
    """Add one row that keeps a goal at a value or better."""
    size = len(problem.column_lower)
    row = sparse.csc_array(goal.vector(size)[None, :] * HOLD_SCALE)
    limit = (at - goal.constant) * HOLD_SCALE
    lower, upper = (-np.inf, limit) if goal.sense == "min" else (limit, np.inf)
    return replace(
        problem,
        matrix=sparse.csc_array(sparse.vstack([problem.matrix, row])),
        row_lower=np.append(problem.row_lower, lower),
        row_upper=np.append(problem.row_upper, upper),
        soft=np.append(problem.soft, False),
        holds=problem.holds + 1,
    )
