"""How one goal is solved: relaxation for the bound, a dive for a first plan, then improvement near the relaxation."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from bluehelm.solve.dive import complete, dive
from bluehelm.solve.highs import Limits, Outcome, Progress, relax, solve_integer
from bluehelm.solve.model import BoolArray, FloatArray, Problem

# Below this many non-zeros branch and bound on the whole model is quicker than any roundabout way.
SMALL_NON_ZEROS = 20_000
ROUNDS = 12
NODES_A_ROUND = 200


def relax_and_restrict(
    problem: Problem, limits: Limits, start: FloatArray | None, progress: Progress | None
) -> Outcome:
    """Minimise a problem to the asked gap, or as near as the limits allow; the bound is always proven.

    A start that is already within the gap of the best that single columns allow is returned as it is.
    """
    began = time.perf_counter()
    if problem.matrix.nnz <= SMALL_NON_ZEROS:
        return solve_integer(problem, limits, start=start, progress=progress)
    if start is not None:
        # What other goals left open is set anew for this one, with the same whole decisions.
        start = complete(problem, np.arange(len(start)), start)
    best = Outcome("stopped", start, _value(problem, start), _best_of_columns(problem))
    if _within(best, limits.gap):
        return replace(best, status="solved")
    relaxed = relax(problem, seconds=limits.seconds, threads=limits.threads)
    if relaxed.status == "infeasible" or relaxed.values is None:
        return replace(best, status=relaxed.status if start is None else "stopped")
    best = replace(best, bound=max(best.bound, relaxed.bound))
    if start is None:
        start = dive(problem, relaxed.values, replace(limits, nodes=NODES_A_ROUND))
        if start is None:
            return solve_integer(problem, replace(limits, seconds=_left(limits, began)), progress=progress)
        best = replace(best, values=start, objective=_value(problem, start))
    return _improve(problem, limits, best, relaxed.values, began, progress)


def _improve(
    problem: Problem, limits: Limits, best: Outcome, relaxed: FloatArray, began: float, progress: Progress | None
) -> Outcome:
    """Solve again and again with most whole columns held where plan and relaxation agree, others free by turns."""
    random = np.random.default_rng(limits.seed)
    free_share = 0.0
    for _ in range(ROUNDS):
        if progress is not None:
            progress(best.objective, best.bound)
        if _within(best, limits.gap) or _left(limits, began) <= 0 or best.values is None:
            break
        agree = np.abs(best.values - relaxed) < 1e-6
        held = problem.integer & agree & (random.random(len(agree)) >= free_share)
        found = _solve_part(problem, limits, best, held, began)
        gained = best.objective - found.objective
        if found.values is not None and gained > 0:
            best = replace(best, values=found.values, objective=found.objective)
        # The part around the relaxation is exhausted: look a little further afield each time.
        if gained < 1e-4 * abs(best.objective):
            free_share = min(0.6, free_share + 0.15)
        if found.interrupted:
            return replace(best, interrupted=True)
    return replace(best, status="solved" if _within(best, limits.gap) else "stopped")


def _solve_part(problem: Problem, limits: Limits, best: Outcome, held: BoolArray, began: float) -> Outcome:
    values = best.values
    assert values is not None
    whole = np.rint(values)
    part = replace(
        problem,
        column_lower=np.where(held, whole, problem.column_lower),
        column_upper=np.where(held, whole, problem.column_upper),
    )
    within = replace(limits, gap=limits.gap / 4, seconds=_left(limits, began), nodes=limits.nodes or NODES_A_ROUND)
    return solve_integer(part, within, start=values)


def _value(problem: Problem, values: FloatArray | None) -> float:
    return np.inf if values is None else float(problem.cost @ values + problem.offset)


def _best_of_columns(problem: Problem) -> float:
    """Bound from the limits of single columns alone."""
    cost = problem.cost
    used = cost != 0
    at = np.where(cost > 0, problem.column_lower, problem.column_upper)
    return float(problem.offset + cost[used] @ at[used])


def _within(outcome: Outcome, gap: float) -> bool:
    if outcome.values is None:
        return False
    return outcome.objective - outcome.bound <= gap * max(abs(outcome.objective), 1e-9)


def _left(limits: Limits, began: float) -> float:
    return limits.seconds - (time.perf_counter() - began)
