"""Bounds worked out ahead of the plans: relaxations of goals to come, on a core of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from bluehelm.solve.aims import LEAST_GIVEN_UP, Reached, aim, at_its_best, best_of_columns, hold, within
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, Outcome, relax
from bluehelm.solve.model import FloatArray, Problem

# A bound is worth going past the time for: without it a plan cannot say how good it is.
GRACE_SECONDS = 8.0
# Before a plan is known, this many goals are bounded; more would hold the goals before them at what no plan reaches.
WITHOUT_A_PLAN = 2
Found = TypeVar("Found")
Given = ParamSpec("Given")


@dataclass(frozen=True, slots=True)
class Ahead:
    """A relaxation of one goal with the goals before it held at `levels`: a bound wherever they are held as strictly.

    outcome: None where the limits of single columns say as much.
    """

    outcome: Outcome | None
    levels: tuple[float, ...]

    def bounds(self, goals: Sequence[Goal], levels: Sequence[float]) -> bool:
        """Say whether this is a bound too where the goals before are held at other levels."""
        pairs = zip(goals, self.levels, levels, strict=False)
        return all(goal.sign * theirs <= goal.sign * mine + 1e-12 for goal, mine, theirs in pairs)


class Bounds:
    """Works out relaxations one after the other; what comes out does not hang on how long anything takes.

    Before any plan is known, the first goals that single columns do not decide are bounded, with those before them
    held where their bounds allow. Once a plan is known, so are the others, with every goal before held as loosely as
    that plan lets it be.
    """

    def __init__(self, problem: Problem, goals: Sequence[Goal], limits: Limits, pool: ThreadPoolExecutor) -> None:
        self._problem, self._goals, self._limits, self._pool = problem, goals, limits, pool
        self._until = time.perf_counter() + limits.seconds + GRACE_SECONDS
        self._levels: list[float] = []
        self._known: list[Future[Ahead]] = []
        self._first = self._submit(self._without_plan)

    def plan_known(self, values: FloatArray) -> None:
        """Go on to all other goals, given a plan."""
        first = self._first.result()
        self._levels = []
        for place in range(len(self._goals)):
            self._known.append(self._submit(self._with_plan, place, values, first.get(place)))

    def of(self, place: int, before: Sequence[Reached]) -> Outcome | None:
        """Return the relaxation of a goal, once it is known; None where it is no bound for goals held as they are."""
        if not self._known:
            return None
        ahead = self._known[place].result()
        return ahead.outcome if ahead.bounds(self._goals, [one.held_at for one in before]) else None

    def _submit(self, work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Future[Found]:
        """Work beside the caller where there is a second core, and before it goes on where there is none."""
        future = self._pool.submit(work, *given, **named)
        if self._limits.threads < 2:
            future.result()
        return future

    def _without_plan(self) -> dict[int, Ahead]:
        found: dict[int, Ahead] = {}
        values: FloatArray | None = None
        for place, goal in enumerate(self._goals):
            bound = best_of_columns(self._problem, goal)
            if values is None or not at_its_best(self._problem, goal, values):
                outcome = self._relaxed(place)
                found[place] = Ahead(outcome, tuple(self._levels))
                values, bound = outcome.values, outcome.bound
                if values is None or len(found) == WITHOUT_A_PLAN:
                    break
            self._note(goal, goal.sign * within(goal, goal.sign * bound, self._limits.gap))
        return found

    def _with_plan(self, place: int, values: FloatArray, known: Ahead | None) -> Ahead:
        goal, levels = self._goals[place], tuple(self._levels)
        ahead = known if known is not None and known.bounds(self._goals, levels) else Ahead(None, levels)
        if ahead.outcome is None and not at_its_best(self._problem, goal, values):
            ahead = Ahead(self._relaxed(place), levels)
        bound = best_of_columns(self._problem, goal)
        if ahead.outcome is not None:
            bound = max(bound, ahead.outcome.bound)
        loosest = max(goal.sign * goal.of(values), goal.sign * within(goal, goal.sign * bound, self._limits.gap))
        self._note(goal, loosest)
        return ahead

    def _note(self, goal: Goal, level: float) -> None:
        """Hold a goal from now on at a level, given as if it were minimised."""
        self._levels.append(goal.sign * (level + LEAST_GIVEN_UP))

    def _relaxed(self, place: int) -> Outcome:
        """Relax one goal with those before it held at the levels noted."""
        problem = self._problem
        for goal, level in zip(self._goals, self._levels, strict=False):
            problem = hold(problem, goal, level)
        aimed = aim(problem, self._goals[place], self._goals[place + 1 :], self._limits.gap)
        return relax(aimed, seconds=max(self._until - time.perf_counter(), 0.0), threads=1)
