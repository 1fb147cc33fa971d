"""Goals solved in order: each is solved with those before it held at what they reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bluehelm.solve.dive import complete
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, Outcome, relax
from bluehelm.solve.model import FloatArray, Problem
from bluehelm.solve.relevance import felt_softly

Method = Callable[
    [Problem, Limits, FloatArray | None, Callable[[float, float], None], Outcome | None, FloatArray | None], Outcome
]
Watch = Callable[[str, float, float], None]
"""Called with the goal's name, the best value and the bound, in the goal's own sense and unit."""

# A share near 1 made of thousands of tiny terms: rows are scaled so that the solver's tolerance stays well below them.
HOLD_SCALE = 1000.0
WHISPER, WHISPER_OF_GAP = 2e-4, 0.02
# Each goal is solved to this share of the asked gap; what is left of it is room for the goals that follow.
NEARER = 0.6
# Held any tighter, a goal drowns in the solver's tolerance, and a wrong optimum was once claimed.
LEAST_GIVEN_UP = 1e-6
# A bound is worth going past the time for: without it a plan cannot say how good it is.
LEAST_FOR_A_BOUND = 8.0
# Weight of each later goal, and share of the time, while a first plan is improved for all goals at once.
ASIDE = 0.05
TOGETHER = 0.45


@dataclass(frozen=True, slots=True)
class Reached:
    """What one goal reached: objective and proven bound in its unit, relative gap, and where it is then held."""

    goal: Goal
    objective: float
    bound: float
    gap: float
    held_at: float
    status: str


def relative_gap(objective: float, bound: float) -> float:
    """Distance between the best found and the best possible, relative to the best found."""
    return abs(bound - objective) / max(abs(objective), 1e-9) if abs(bound - objective) > 1e-9 else 0.0


def solve_in_order(
    problem: Problem,
    goals: Sequence[Goal],
    limits: Limits,
    method: Method,
    *,
    start: FloatArray | None = None,
    watch: Watch | None = None,
) -> tuple[list[Reached], FloatArray | None]:
    """Solve the goals one after the other; return what each reached and the last solution.

    Each goal is held at its objective less the larger of its tolerance and the gap reached, so that later goals
    choose only among plans that are as good as proven. None where no plan is known: the first goal is infeasible,
    or time ran out before a plan was found.
    """
    began = time.perf_counter()
    reached: list[Reached] = []
    best, near, relaxed, stopped = start, None, None, False
    if start is not None and len(goals) > 1:
        together, relaxed = _together_and_bound(problem, goals, limits, method, start)
        best, near, stopped = together.values, together.relaxed, together.interrupted
    complete_already = best is not None and len(goals) > 1
    for place, goal in enumerate(goals):
        # After Ctrl-C the goals that are left are measured, not solved.
        left = 0.0 if stopped else max(limits.seconds - (time.perf_counter() - began), 0.0)
        share = left / (len(goals) - place) * 1.5 if place < len(goals) - 1 else left
        aimed = _aim(problem, goal, goals[place + 1 :], limits.gap)
        outcome = method(
            aimed,
            replace(
                limits,
                gap=limits.gap * NEARER,
                seconds=min(share, left),
                bound_seconds=0.0 if stopped else max(left, LEAST_FOR_A_BOUND),
            ),
            best,
            _watching(goal, watch),
            relaxed if place == 0 else None,
            near,
        )
        if outcome.values is None and (place or complete_already):
            # Stopped before it found anything: the plan known so far stands, with what single columns prove.
            outcome = replace(outcome, values=best, bound=-np.inf)
        if outcome.values is None:
            return reached, None
        best, stopped = outcome.values, stopped or outcome.interrupted
        result = _reached(problem, goal, outcome, best, limits.gap)
        reached.append(result)
        problem = _hold(problem, result)
    return reached, best


def _together_and_bound(
    problem: Problem,
    goals: Sequence[Goal],
    limits: Limits,
    method: Method,
    start: FloatArray,
) -> tuple[Outcome, Outcome | None]:
    """Improve a first plan on one core while the other bounds the first goal; neither looks at the other's result."""
    if limits.threads < 2:
        return _together(problem, goals, limits, method, start), None
    aimed = _aim(problem, goals[0], goals[1:], limits.gap)
    with ThreadPoolExecutor(1) as pool:
        bound = pool.submit(relax, aimed, corner=False, seconds=limits.seconds / 2, threads=1)
        best = _together(problem, goals, replace(limits, threads=1), method, start)
        return best, bound.result()


def _together(
    problem: Problem,
    goals: Sequence[Goal],
    limits: Limits,
    method: Method,
    start: FloatArray,
) -> Outcome:
    """Improve a first plan for all goals at once, the first counting most: a start from which each is nearly reached.

    Nothing is proven here; every goal is then solved and bounded in its turn. No values where the start cannot be kept.
    """
    size = len(problem.column_lower)
    whole = complete(_aim(problem, goals[0], goals[1:], limits.gap), np.arange(size), start)
    if whole is None:
        return Outcome("stopped", None, np.inf, -np.inf)
    cost = np.zeros(size)
    for place, goal in enumerate(goals):
        sign = 1.0 if goal.sense == "min" else -1.0
        scale = 1.0 if goal.unit == "share" else max(abs(goal.of(whole)), 1.0)
        cost += sign * (1.0 if place == 0 else ASIDE) / scale * goal.vector(size)
    blend = replace(problem, cost=cost)
    some = replace(limits, seconds=limits.seconds * TOGETHER, bound_seconds=limits.seconds / 2, gap=limits.gap / 2)
    found = method(blend, some, whole, _silent, None, None)
    return found if found.values is not None else replace(found, values=whole)


def _silent(best: float, bound: float) -> None:
    """A blend of goals has no unit that a reader would know."""


def _aim(problem: Problem, goal: Goal, later: Sequence[Goal], gap: float) -> Problem:
    """Set the goal as the objective, minimised, with a whisper of the shares that come later.

    The whisper chooses among equals what later goals can use. It only ever lowers the minimum, since a share is
    at least 0, so that a bound on the whole is a bound on the goal; it loosens that bound by at most `WHISPER` each,
    and by nothing where the best is asked (gap 0).
    """
    whisper = min(WHISPER, gap * WHISPER_OF_GAP)
    size = len(problem.column_lower)
    sign = 1.0 if goal.sense == "min" else -1.0
    cost, offset = sign * goal.vector(size), sign * goal.constant
    for other in later:
        if goal.unit == other.unit == "share" and other.sense == "max" and felt_softly(problem, other.columns):
            cost = cost - whisper * other.vector(size)
            offset -= whisper * other.constant
    return replace(problem, cost=cost, offset=offset)


def _single_columns(problem: Problem, goal: Goal, sign: float) -> float:
    """Bound a goal, minimised, by the limits of single columns: no share passes 1, none falls below 0."""
    cost = sign * goal.vector(len(problem.column_lower))
    used = cost != 0
    at = np.where(cost > 0, problem.column_lower, problem.column_upper)[used]
    return float(sign * goal.constant + cost[used] @ at)


def _reached(problem: Problem, goal: Goal, outcome: Outcome, values: FloatArray, gap: float) -> Reached:
    """State what a goal reached, and hold it: later goals never push it past the gap that was asked."""
    sign = 1.0 if goal.sense == "min" else -1.0
    objective = goal.of(values)
    bound = sign * max(outcome.bound, _single_columns(problem, goal, sign))
    # A bound worse than the plan itself is the solver's rounding; the plan then is its own bound.
    bound = min(bound, objective) if goal.sense == "min" else max(bound, objective)
    given_up = max(goal.tolerance * abs(objective), abs(bound - objective))
    spare = max(gap * abs(bound) / (1 + gap) - abs(bound - objective), 0.0)
    given_up = max(min(given_up, spare), LEAST_GIVEN_UP)
    return Reached(goal, objective, bound, relative_gap(objective, bound), objective + sign * given_up, outcome.status)


def _hold(problem: Problem, reached: Reached) -> Problem:
    """Add one row that keeps a goal at what it reached."""
    goal = reached.goal
    size = len(problem.column_lower)
    row = sparse.csc_array(goal.vector(size)[None, :] * HOLD_SCALE)
    limit = (reached.held_at - goal.constant) * HOLD_SCALE
    lower, upper = (-np.inf, limit) if goal.sense == "min" else (limit, np.inf)
    return replace(
        problem,
        matrix=sparse.csc_array(sparse.vstack([problem.matrix, row])),
        row_lower=np.append(problem.row_lower, lower),
        row_upper=np.append(problem.row_upper, upper),
        soft=np.append(problem.soft, False),
        holds=problem.holds + 1,
    )


def _watching(goal: Goal, watch: Watch | None) -> Callable[[float, float], None]:
    sign = 1.0 if goal.sense == "min" else -1.0

    def say_progress(best: float, bound: float) -> None:
        if watch is not None:
            watch(goal.name, sign * best, sign * bound)

    return say_progress
