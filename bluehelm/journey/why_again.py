"""A plan asked again near where it stands: most whole decisions stay, a few are free, and one thing is changed.

An answer found so is a plan that exists, so what it gains is a lower bound. The relaxation of the whole changed model
gives the upper bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy import sparse

from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import read_plan
from bluehelm.norms import Norms, load_norms
from bluehelm.planning.build import PlanModel, build
from bluehelm.planning.from_tables import whole_columns
from bluehelm.planning.gather import PlanData, gather
from bluehelm.planning.goals import goals_of
from bluehelm.reports.reading import Reading
from bluehelm.solve.dive import complete
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, Outcome, relax, solve_integer
from bluehelm.solve.in_order import HOLD_SCALE, solve_in_order
from bluehelm.solve.model import BoolArray, FloatArray, IntArray, Problem

Change = Callable[[Problem], Problem]
AFRESH = Limits(gap=1e-4, seconds=5.0)
IN_ORDER = Limits(gap=0.002, seconds=15.0)
NEAREST = Limits(gap=0.3, seconds=10.0)
# A solution read back from tables meets the shares of the plan up to rounding.
SPARE = 1e-5
LAST = ("cost", "moves")


@dataclass(frozen=True)
class Asked:
    """A plan with its model and its goals. columns, whole: its whole decisions."""

    plan: Plan
    norms: Norms
    data: PlanData
    built: PlanModel
    goals: tuple[Goal, ...]
    columns: IntArray
    whole: FloatArray

    @cached_property
    def reading(self) -> Reading:
        """The plan, read for people."""
        return Reading(self.plan)

    @cached_property
    def path(self) -> list[int]:
        """Nodes of the most likely future."""
        return [self.data.timeline.node_ids.index(node_id) for node_id in self.reading.path]

    @cached_property
    def x(self) -> IntArray:
        """Units of each class at each site and node."""
        return self._laid(self.built.columns.x)

    @cached_property
    def opened(self) -> BoolArray:
        """Whether each site is open at each node."""
        return self._laid(self.built.columns.opened) > 0

    @cached_property
    def present(self) -> FloatArray:
        """Presence over each area at each node."""
        table = self.plan.tables["protection"]
        return table["presence"].to_numpy().reshape(len(self.data.timeline), -1).T

    def stated(self, goal: str) -> float:
        """What the plan states it reached in a goal."""
        return next(tier.objective for tier in self.plan.tiers if tier.name == goal)

    def _laid(self, columns: IntArray) -> IntArray:
        values = np.zeros(self.built.problem.matrix.shape[1], np.int32)
        values[self.columns] = np.rint(self.whole)
        return values[columns]


def read_asked(plan_dir: Path | str) -> Asked:
    """Read a plan folder and build its model again."""
    plan = read_plan(plan_dir)
    norms = load_norms(plan.mission.amendments)
    options = plan.provenance["options"]
    assert isinstance(options, dict)
    data = gather(plan.mission, norms, steps=int(options["steps"]))
    built = build(data)
    tolerance = norms.number("tier_tolerance_share", plan.mission.setting.first_month.first_day)
    goals = goals_of(data, built.columns, tolerance=tolerance, reverse_order=bool(options["reverse_order"]))
    known = {tier.name for tier in plan.tiers}
    return Asked(
        plan, norms, data, built, tuple(g for g in goals if g.name in known), *whole_columns(data, built, plan)
    )


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
    now = _best(_holding(asked, held(asked, problem, free[:0])), measure)
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


def otherwise(asked: Asked, free: IntArray, change: Change) -> tuple[dict[str, float], FloatArray] | None:
    """Plan again in the Council's order with one thing forced; return what each goal reaches, and the solution.

    None where no plan was found: the change is impossible while the whole columns that are not free stay.
    """
    problem = change(held(asked, asked.built.problem, free))
    start = _repaired(asked, problem, free)
    if start is None:
        return None
    _, values = solve_in_order(problem, asked.goals, IN_ORDER, _search, start=start)
    if values is None:
        return None
    return {goal.name: goal.of(values) for goal in asked.goals}, values


def _repaired(asked: Asked, problem: Problem, free: IntArray) -> FloatArray | None:
    """Return a solution of a changed problem in which as few as can be of the free whole columns differ from the plan."""
    mine = np.isin(asked.columns, free)
    columns, target = asked.columns[mine], asked.whole[mine]
    rows, size = problem.matrix.shape
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
    if found is None:
        return None
    return complete(_aimed(problem, asked.goals[0]), np.arange(size, dtype=np.int32), found[:size])


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
    for goal in asked.goals:
        if goal.name not in LAST:
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


def _search(
    problem: Problem, limits: Limits, start: FloatArray | None, progress: Callable[[float, float], None]
) -> Outcome:
    return solve_integer(problem, limits, start=start, progress=progress)


def _method(problem: Problem) -> str:
    """Name the quicker way to solve a relaxation."""
    return "ipx" if problem.matrix.nnz > 50_000 else "simplex"

