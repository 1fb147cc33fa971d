"""How one goal is solved: relaxation for the bound, then whole plans made of what the relaxation uses."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from bluehelm.solve.dive import complete, dive
from bluehelm.solve.highs import Limits, Outcome, Progress, relax, solve_integer
from bluehelm.solve.model import FloatArray, Problem

# Below this many non-zeros branch and bound on the whole model is quicker than any roundabout way.
SMALL_NON_ZEROS = 20_000
ROUNDS = 8
# Nodes of branch and bound in one round; where the clock does not stop it, the root, which most of a plan comes from.
NODES_A_ROUND, ROOT = 100, 1
# Each round is solved to this share of the asked gap: the rest is what the restriction itself may lose.
OF_THE_GAP = 0.3
# What a plan may lose of a goal, relative, while it gains in those that come later.
NO_WORSE = 1e-9
# Rounds that allow what relaxation and plan use, and then one more of each.
WIDENING_ROUNDS = 2
UNUSED = 1e-6
# Share of the decisions that later rounds set free, growing from round to round.
FREED_A_ROUND = 0.15
# A decision is left as it is where the relaxation comes this near to it.
AGREES = 0.25


def is_small(problem: Problem) -> bool:
    """Say whether the solver takes the whole problem as it is."""
    return problem.matrix.nnz <= SMALL_NON_ZEROS


def relax_and_restrict(
    problem: Problem,
    limits: Limits,
    start: FloatArray | None,
    progress: Progress | None,
    relaxed: Outcome | None = None,
    sought: Problem | None = None,
) -> Outcome:
    """Minimise a problem to the asked gap, or as near as the limits allow; the bound is always proven.

    A start that is already within the gap of the best that single columns allow is returned as it is. relaxed: the
    relaxation of these rows, or of looser ones, where it is known already. sought: the same rows with the objective by
    which whole plans are sought, if it is another one.
    """
    began = time.perf_counter()
    if is_small(problem):
        nodes = limits.work * NODES_A_ROUND if limits.work else limits.nodes
        return _whole(problem, replace(limits, nodes=nodes), start, progress)
    best = None if start is None else _polished(problem, start)
    if best is not None and _within(best, limits.gap):
        return replace(best, status="solved")
    if relaxed is None:
        relaxed = relax(problem, seconds=limits.bound_seconds, threads=limits.threads)
    if relaxed.status == "infeasible" and best is None:
        return relaxed
    if best is not None:
        best = replace(best, bound=max(best.bound, relaxed.bound))
    if relaxed.values is not None:
        best = improve(problem, _left(limits, began), best, relaxed, progress, sought=sought)
        if best.values is None:
            best = _dived(problem, _left(limits, began), relaxed, progress)
    elif best is None:
        best = solve_integer(problem, _left(limits, began), progress=progress)
    return best


def _whole(problem: Problem, limits: Limits, start: FloatArray | None, progress: Progress | None) -> Outcome:
    """Solve the whole; that there is no solution is believed only where the problem was not simplified first."""
    found = solve_integer(problem, limits, start=start, progress=progress)
    if found.status == "infeasible" and limits.presolve:
        return solve_integer(problem, replace(limits, presolve=False), start=start, progress=progress)
    return found


def improve(
    problem: Problem,
    limits: Limits,
    best: Outcome | None,
    relaxed: Outcome,
    progress: Progress | None = None,
    rounds: int = ROUNDS,
    sought: Problem | None = None,
) -> Outcome:
    """Solve parts of the problem again and again, and keep what is better; no values where nothing was found.

    First with what the relaxation uses, rounded up, and what the plan uses; then with one more of each of these; then
    with most whole columns held at the plan where the relaxation agrees, and more and more of these set free.
    """
    began = time.perf_counter()
    assert relaxed.values is not None
    best = Outcome("stopped", None, np.inf, relaxed.bound) if best is None else best
    random = np.random.default_rng(limits.seed)
    for round_ in range(min(rounds, limits.work or rounds)):
        if progress is not None:
            progress(best.objective, best.bound)
        left = _left(limits, began)
        if _within(best, limits.gap) or left.seconds <= 0 or best.interrupted:
            break
        if best.values is None and round_ >= WIDENING_ROUNDS:
            break
        part = _part(sought or problem, relaxed.values, best.values, round_, random)
        within = replace(left, gap=limits.gap * OF_THE_GAP, nodes=ROOT if limits.work else NODES_A_ROUND)
        found = solve_integer(part, within, start=best.values)
        best = replace(best, interrupted=found.interrupted)
        best = _better(problem, best, found, part)
    return replace(best, status="solved" if _within(best, limits.gap) else "stopped")


def _better(problem: Problem, best: Outcome, found: Outcome, sought: Problem) -> Outcome:
    """Take what was found if it is better by the objective it was sought by, and no worse by the problem's own."""
    if found.values is None:
        return best
    objective = float(problem.cost @ found.values + problem.offset)
    if best.values is not None:
        gained = float(sought.cost @ (best.values - found.values))
        if gained <= 0 or objective > best.objective + NO_WORSE * abs(best.objective):
            return best
    return replace(best, values=found.values, objective=objective)


def _part(
    problem: Problem,
    relaxed: FloatArray,
    best: FloatArray | None,
    round_: int,
    random: np.random.Generator,
) -> Problem:
    """Narrow the whole columns of a problem around its relaxation and the best plan, less so from round to round."""
    lower, upper, whole = problem.column_lower, problem.column_upper, problem.integer
    plan = lower if best is None else np.rint(best)
    if round_ < WIDENING_ROUNDS:
        most = np.maximum(np.ceil(relaxed - UNUSED), plan)
        most = np.where(most > 0, most + round_, 0)
        return replace(problem, column_upper=np.where(whole, np.clip(most, lower, upper), upper))
    free = random.random(len(plan)) < FREED_A_ROUND * (1 + (round_ - WIDENING_ROUNDS) % 4)
    held = whole & (np.abs(plan - relaxed) < AGREES) & ~free
    return replace(problem, column_lower=np.where(held, plan, lower), column_upper=np.where(held, plan, upper))


def _polished(problem: Problem, start: FloatArray) -> Outcome:
    """Set anew what other goals left open, with the same whole decisions; with what single columns prove."""
    again = complete(problem, np.arange(len(start)), start)
    values = start if again is None else again
    cost = problem.cost
    used = cost != 0
    at = np.where(cost > 0, problem.column_lower, problem.column_upper)
    bound = float(problem.offset + cost[used] @ at[used])
    return Outcome("stopped", values, float(cost @ values + problem.offset), bound)


def _dived(problem: Problem, limits: Limits, relaxed: Outcome, progress: Progress | None) -> Outcome:
    """Find a first plan node by node, and improve it; where that ends nowhere, branch and bound on the whole."""
    began = time.perf_counter()
    assert relaxed.values is not None
    start = dive(problem, relaxed.values, replace(limits, nodes=NODES_A_ROUND))
    if start is None:
        return solve_integer(problem, _left(limits, began), progress=progress)
    best = Outcome("stopped", start, float(problem.cost @ start + problem.offset), relaxed.bound)
    return improve(problem, _left(limits, began), best, relaxed, progress)


def _within(outcome: Outcome, gap: float) -> bool:
    if outcome.values is None:
        return False
    return outcome.objective - outcome.bound <= gap * max(abs(outcome.objective), 1e-9)


def _left(limits: Limits, began: float) -> Limits:
    return replace(limits, seconds=limits.seconds - (time.perf_counter() - began))
