"""How one goal is solved: relaxation for the bound, a dive for a first plan, then improvement near the relaxation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from bluehelm.solve.dive import complete, dive
from bluehelm.solve.highs import Limits, Outcome, Progress, relax, solve_integer
from bluehelm.solve.model import BoolArray, FloatArray, Problem
from bluehelm.solve.relevance import felt_columns

# Below this many non-zeros branch and bound on the whole model is quicker than any roundabout way.
SMALL_NON_ZEROS = 20_000
ROUNDS = 8
MOST_GROUPS = 3
# A goal that feels less than this share of the whole columns is first improved in these alone.
FEW = 0.3
NODES_A_ROUND = 100
# A decision is left as it is where the relaxation comes this near to it.
AGREES = 0.25


def relax_and_restrict(
    problem: Problem,
    limits: Limits,
    start: FloatArray | None,
    progress: Progress | None,
    relaxed: Outcome | None = None,
    near: FloatArray | None = None,
) -> Outcome:
    """Minimise a problem to the asked gap, or as near as the limits allow; the bound is always proven.

    A start that is already within the gap of the best that single columns allow is returned as it is. relaxed: the
    relaxation of this very problem, where it is known already. near: a solution of some relaxation of these rows, to
    look around while the bound is being worked out.
    """
    began = time.perf_counter()
    if problem.matrix.nnz <= SMALL_NON_ZEROS:
        return solve_integer(problem, limits, start=start, progress=progress)
    if start is None:
        return _from_nothing(problem, limits, began, progress)
    # What other goals left open is set anew for this one, with the same whole decisions.
    polished = complete(problem, np.arange(len(start)), start)
    if polished is None and not problem.holds:
        return _from_nothing(problem, limits, began, progress)
    start = start if polished is None else polished
    best = Outcome("stopped", start, _value(problem, start), _best_of_columns(problem))
    felt = felt_columns(problem)
    if not _within(best, limits.gap) and felt.sum() < FEW * problem.integer.sum():
        best = _round(problem, limits, best, problem.integer & ~felt, began)
    if _within(best, limits.gap):
        return replace(best, status="solved", relaxed=near)
    if relaxed is None:
        best, relaxed = _improve_and_bound(problem, limits, best, near, began)
    if relaxed.values is None:
        return replace(best, relaxed=near)
    best = replace(best, bound=max(best.bound, relaxed.bound), relaxed=relaxed.values)
    return _improve(problem, limits, best, relaxed.values, began, progress, ROUNDS)


def _from_nothing(problem: Problem, limits: Limits, began: float, progress: Progress | None) -> Outcome:
    """Dive from a corner of the relaxation; where that ends nowhere, branch and bound on the whole."""
    relaxed = relax(problem, seconds=limits.bound_seconds, threads=limits.threads)
    if relaxed.values is None:
        return replace(relaxed, values=None, objective=np.inf)
    start = dive(problem, relaxed.values, replace(limits, nodes=NODES_A_ROUND))
    if start is None:
        return solve_integer(problem, replace(limits, seconds=_left(limits, began)), progress=progress)
    best = Outcome("stopped", start, _value(problem, start), relaxed.bound, relaxed=relaxed.values)
    return _improve(problem, limits, best, relaxed.values, began, progress, ROUNDS)


def _improve_and_bound(
    problem: Problem, limits: Limits, best: Outcome, near: FloatArray | None, began: float
) -> tuple[Outcome, Outcome]:
    """Improve around a relaxation known from before on one core while the other works out the bound.

    Neither looks at the other's result, so that what comes out does not hang on which is quicker.
    """
    if near is None or limits.threads < 2:
        return best, relax(problem, corner=False, seconds=limits.bound_seconds, threads=limits.threads)
    with ThreadPoolExecutor(1) as pool:
        bound = pool.submit(relax, problem, corner=False, seconds=limits.bound_seconds, threads=1)
        best = _improve(problem, replace(limits, threads=1), best, near, began, None, 0)
        return best, bound.result()


def _improve(
    problem: Problem,
    limits: Limits,
    best: Outcome,
    relaxed: FloatArray,
    began: float,
    progress: Progress | None,
    rounds: int,
) -> Outcome:
    """Solve parts of the problem again and again, most whole columns held at the plan, and keep what is better.

    First group by group (the classes that differ most from the relaxation first), which is quick, then around the
    relaxation, then so many rounds with more and more set free.
    """
    assert best.values is not None
    for held in _neighbourhoods(problem, limits, best.values, relaxed, rounds):
        if progress is not None:
            progress(best.objective, best.bound)
        if _within(best, limits.gap) or _left(limits, began) <= 0 or best.interrupted:
            break
        best = _round(problem, limits, best, held(best.values), began)
    return replace(best, status="solved" if _within(best, limits.gap) else "stopped")


Held = Callable[[FloatArray], BoolArray]


def _neighbourhoods(
    problem: Problem, limits: Limits, values: FloatArray, relaxed: FloatArray, rounds: int
) -> Iterator[Held]:
    """Yield which whole columns to hold, given the best plan of the moment."""
    random = np.random.default_rng(limits.seed)

    def around(free_share: float) -> Held:
        draw = random.random(len(relaxed)) >= free_share
        return lambda best: problem.integer & (np.abs(best - relaxed) < AGREES) & draw

    def all_but(group: int) -> Held:
        return lambda best: grouped & (problem.group != group)

    grouped = problem.group >= 0
    apart = np.bincount(problem.group[grouped], weights=np.abs(values - relaxed)[grouped])
    for group in np.argsort(-apart, kind="stable")[: min(MOST_GROUPS, int((apart > AGREES).sum()))]:
        yield all_but(int(group))
    yield around(0.0)
    for round_ in range(rounds):
        yield around(0.15 * (1 + round_ % 4))


def _round(problem: Problem, limits: Limits, best: Outcome, held: BoolArray, began: float) -> Outcome:
    """Solve with some whole columns held at the plan; keep what is better. The bound of the whole is not touched."""
    values = best.values
    assert values is not None
    whole = np.rint(values)
    part = replace(
        problem,
        column_lower=np.where(held, whole, problem.column_lower),
        column_upper=np.where(held, whole, problem.column_upper),
    )
    within = replace(limits, gap=limits.gap / 4, seconds=_left(limits, began), nodes=limits.nodes or NODES_A_ROUND)
    found = solve_integer(part, within, start=values)
    if found.values is None or found.objective >= best.objective:
        return replace(best, interrupted=found.interrupted)
    return replace(best, values=found.values, objective=found.objective, interrupted=found.interrupted)


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
