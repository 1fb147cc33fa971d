"""Goals solved in order: each is solved with those before it held at what they reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from bluehelm.solve.aims import Reached, aim, at_its_best, best_of_columns, blend, hold, reached, relative_gap
from bluehelm.solve.bounds import GRACE_SECONDS, Bounds
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, relax
from bluehelm.solve.method import improve, is_small, relax_and_restrict
from bluehelm.solve.model import FloatArray, Problem
from bluehelm.solve.over_futures import Shape, solve_over_futures

Watch = Callable[[str, float, float], None]
"""Called with the goal's title, the best value and the bound, in the goal's own sense and unit."""

# Most of the time while a plan is sought for all goals at once.
TOGETHER = 0.6
# A goal may use this many times its even share of what time is left; what it does not need goes to those after it.
GENEROUS = 1.5
# A plan better than a bound by more than this disproves it.
PASSED = 1e-6


def solve_in_order(
    problem: Problem,
    goals: Sequence[Goal],
    limits: Limits,
    *,
    start: FloatArray | None = None,
    watch: Watch | None = None,
    shape: Shape | None = None,
) -> tuple[list[Reached], FloatArray | None]:
    """Solve the goals one after the other; return what each reached and the last solution.

    Each goal is held at its objective less the larger of its tolerance and the gap reached, so that later goals
    choose only among plans that are as good as proven. None where no plan is known: the first goal is infeasible,
    or time ran out before a plan was found. start: a solution, where one is known. shape: the tree of a problem with
    several futures; a large one is then solved future by future, with no goal held.
    """
    began = time.perf_counter()
    if shape is not None and shape.is_large(problem) and limits.work is None:
        found = solve_over_futures(problem, goals, limits, shape, start=start, watch=watch)
        if found is not None:
            return [_honest(problem, one, found[1]) for one in found[0]], found[1]
        limits = replace(limits, seconds=max(limits.seconds - (time.perf_counter() - began), 1.0))
    if is_small(problem) or len(goals) == 1:
        done, best = _one_by_one(problem, goals, limits, began, start, None, watch)
        if best is not None and limits.presolve and any(_passed(one, best) for one in done):
            return solve_in_order(problem, goals, replace(limits, presolve=False), start=start, watch=watch)
        return done, best
    with ThreadPoolExecutor(1) as pool:
        bounds = Bounds(problem, goals, limits, pool)
        best = _together(problem, goals, replace(limits, seconds=limits.seconds * TOGETHER, threads=1), start)
        if best is not None:
            bounds.plan_known(best)
        done, best = _one_by_one(problem, goals, limits, began, best, bounds, watch)
    return [_honest(problem, one, best) for one in done], best


def _passed(one: Reached, values: FloatArray) -> bool:
    """Say whether a plan is better than what was proven to be the best: the solver was wrong, as it rarely is."""
    return one.goal.sign * (one.bound - one.goal.of(values)) > PASSED


def _honest(problem: Problem, one: Reached, values: FloatArray | None) -> Reached:
    """Give up a bound that the plan itself disproves; what single columns prove is left."""
    if values is None or not _passed(one, values):
        return one
    bound = one.goal.sign * best_of_columns(problem, one.goal)
    return replace(one, bound=bound, gap=relative_gap(one.objective, bound), status="stopped")


def _one_by_one(
    problem: Problem,
    goals: Sequence[Goal],
    limits: Limits,
    began: float,
    best: FloatArray | None,
    bounds: Bounds | None,
    watch: Watch | None,
) -> tuple[list[Reached], FloatArray | None]:
    done: list[Reached] = []
    complete_already = best is not None and bounds is not None
    for place, goal in enumerate(goals):
        left = max(limits.seconds - (time.perf_counter() - began), 0.0)
        hard = sum(best is None or not at_its_best(problem, later, best) for later in goals[place + 1 :])
        share = min(left, left / (1 + hard) * GENEROUS)
        outcome = relax_and_restrict(
            aim(problem, goal, goals[place + 1 :] if bounds else (), limits.gap),
            replace(limits, seconds=share, bound_seconds=left + GRACE_SECONDS),
            best,
            _watching(goal, watch),
            None if bounds is None else bounds.of(place, done),
            None if bounds is None else blend(problem, goals[place:], best),
        )
        if outcome.values is None and (place or complete_already):
            # Stopped before it found anything: the plan known so far stands, with what single columns prove.
            outcome = replace(outcome, values=best, bound=-np.inf)
        if outcome.values is None:
            return done, None
        best = outcome.values
        done.append(reached(problem, goal, outcome, best, limits.gap))
        problem = hold(problem, goal, done[-1].held_at)
    return done, best


def _together(problem: Problem, goals: Sequence[Goal], limits: Limits, start: FloatArray | None) -> FloatArray | None:
    """Seek a plan for all goals at once, the first counting most: a start from which each is nearly reached.

    Nothing is proven here; every goal is then solved and bounded in its turn. Where nothing better is found, the start.
    """
    began = time.perf_counter()
    blended = blend(problem, goals, start)
    relaxed = relax(blended, seconds=limits.seconds, threads=1)
    if relaxed.values is None:
        return start
    left = limits.seconds - (time.perf_counter() - began)
    found = improve(blended, replace(limits, seconds=left), None, relaxed, rounds=1).values
    if found is None or (start is not None and blended.cost @ start < blended.cost @ found):
        return start
    return found


def _watching(goal: Goal, watch: Watch | None) -> Callable[[float, float], None]:
    def say_progress(best: float, bound: float) -> None:
        if watch is not None:
            watch(goal.title, goal.sign * best, goal.sign * bound)

    return say_progress
