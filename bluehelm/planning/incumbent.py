"""A plan that is running: its decisions up to a month stand, and a new plan changes no more than it gains by.

The distance from the incumbent is counted in unit-months and base-months,

    D = Σ_n months · chance · ( Σ_kj |x[k,j,n] - x°[k,j,n]| + Σ_j |open[j,n] - open°[j,n]| )

over the nodes that are still free; it is made least after cost, so that nothing moves among equals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan, Tier
from bluehelm.planning.build import PlanModel
from bluehelm.planning.classes import class_key, classes_of
from bluehelm.planning.fixed import TIER_RATIO
from bluehelm.planning.from_tables import Carried, carried_of
from bluehelm.planning.gather import PlanData
from bluehelm.planning.rehoused import rehoused
from bluehelm.solve.dive import complete
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, relax, solve_integer
from bluehelm.solve.method import is_small
from bluehelm.solve.model import BoolArray, FloatArray, IntArray, Problem

# A plan near the incumbent is only a start: it need not be the nearest, nor be sought for long.
NEAR = Limits(gap=0.3, seconds=8.0, nodes=300, threads=1)
# A relaxed value this close above a whole number is that number.
WHOLE = 1e-6
# Differences below this are rounding.
SAME = 1e-6
# A goal that is worth what it was, but for the finer calendar.
UNTOUCHED = 1e-3
# Goals that hang on how hours are shared out, and not on whole decisions alone.
BY_WORK = ("minimum_shares", "priority_", "weighted")
TITLE = "Unit-months and base-months that differ from the plan that is adapted"


@dataclass(frozen=True, slots=True)
class Near:
    """A model with an incumbent in it.

    held: the model with what is decided held; problem: the same with columns for D. changes: D as a goal. columns,
    whole: the incumbent's whole decisions. cells, cell_values: columns of x where the incumbent has units, and x°.
    """

    held: Problem
    problem: Problem
    changes: Goal
    columns: IntArray
    whole: FloatArray
    cells: IntArray
    cell_values: FloatArray
    tiers: tuple[Tier, ...]
    carried: Carried

    def start(self, goals: Sequence[Goal], rule: FloatArray | None, *, by_clock: bool = True) -> FloatArray | None:
        """Return the incumbent where it still fits; else a plan near it, or what a rule decides if that is better.

        rule: values of the whole columns. by_clock: the search for a plan near it ends by the clock, else by its work
        alone, so that the same inputs give the same start. None where neither was found soon.
        """
        held = self._completed(self.whole, goals)
        if held is not None:
            return held
        limits = NEAR if by_clock else replace(NEAR, seconds=float("inf"))
        near, ruled = self._nearest(limits), None if rule is None else self._completed(rule, goals)
        near = near if near is None else self._completed(near[self.columns], goals)
        if near is None or ruled is None:
            return ruled if near is None else near
        return self.better(goals, near, ruled)

    def _completed(self, whole: FloatArray, goals: Sequence[Goal]) -> FloatArray | None:
        """Complete whole decisions; work is shared out for the goals that hang on it, the first far above the next.

        Without that, a plan would be worth less than it is beside one that was searched for.
        """
        low, high = self.problem.column_lower[self.columns], self.problem.column_upper[self.columns]
        if not ((whole >= low) & (whole <= high)).all():
            return None
        cost = np.zeros(len(self.problem.cost))
        for place, goal in enumerate([goal for goal in goals if goal.name.startswith(BY_WORK)]):
            cost += goal.sign * goal.vector(len(cost)) / TIER_RATIO**place
        return complete(replace(self.problem, cost=cost, offset=0.0), self.columns, whole)

    def _nearest(self, limits: Limits) -> FloatArray | None:
        """Seek a plan near the incumbent: among whole columns no larger than the relaxation has them, then anywhere."""
        aimed = replace(self.problem, cost=self.changes.vector(len(self.problem.cost)), offset=self.changes.constant)
        if not is_small(aimed):
            relaxed = relax(aimed, method="simplex", seconds=limits.seconds).values
            if relaxed is not None:
                most = np.where(aimed.integer, np.ceil(relaxed - WHOLE), np.inf)
                upper = np.maximum(np.minimum(aimed.column_upper, most), aimed.column_lower)
                found = solve_integer(replace(aimed, column_upper=upper), limits).values
                if found is not None:
                    return found
        return solve_integer(aimed, limits).values

    def better(self, goals: Sequence[Goal], values: FloatArray, start: FloatArray | None) -> FloatArray:
        """Return the start where it is better at the first goal in which the two differ by more than its tolerance.

        Where nothing that befell the incumbent touches it, a difference within its own proven gap is none.
        """
        if start is None:
            return values
        gaps = self._own_gaps(goals, start)
        for goal in goals:
            gain = -goal.sign * (goal.of(values) - goal.of(start))
            alike = max(goal.tolerance, gaps.get(goal.name, 0.0)) * abs(goal.of(start))
            if abs(gain) > max(alike, SAME):
                return values if gain > 0 else start
        return start if gaps else values

    def _own_gaps(self, goals: Sequence[Goal], start: FloatArray) -> Mapping[str, float]:
        """Return the incumbent's gap of each goal, where it stands as it was and is worth what it was; else nothing."""
        own = {tier.name: tier for tier in self.tiers}
        known = [goal for goal in goals if goal.name in own]
        stands = bool((np.abs(start[self.columns] - self.whole) < 0.5).all())
        worth = all(
            abs(goal.of(start) - own[goal.name].objective) <= UNTOUCHED * max(abs(own[goal.name].objective), SAME)
            for goal in known
        )
        return {goal.name: own[goal.name].gap for goal in known} if stands and worth else {}

    def differs(self, values: FloatArray) -> float:
        """Measure D of a solution, its own columns set anew."""
        size = len(self.problem.cost) - len(self.cells)
        short = np.maximum(self.cell_values - values[self.cells], 0.0)
        return self.changes.of(np.concatenate([values[:size], short]))


def near_incumbent(
    data: PlanData, built: PlanModel, plan: Plan, fixed_before: Month | None, called_home: Sequence[tuple[str, Month]]
) -> Near:
    """Lay an incumbent over a model: what begins before a month is held, and the distance from it becomes a goal.

    plan: its tables name nodes, classes and sites as the model does. called_home: units told to leave, and when.
    """
    carried = rehoused(data, carried_of(plan, data))
    fixed = np.array([fixed_before is not None and month < fixed_before for month in data.timeline.first_month])
    problem = _held(data, built, carried, fixed)
    problem = _sent_home(data, built, problem, called_home)
    weight = np.where(fixed, 0.0, data.timeline.probability * data.timeline.months)
    at = built.columns
    cells, x0 = at.x[carried.x > 0], carried.x[carried.x > 0]
    cell_weight = np.broadcast_to(weight, at.x.shape)[carried.x > 0]
    # |x - x0| = (x - x0) + 2 max(x0 - x, 0); where x0 = 0 the last part is 0, and open is 0 or 1.
    size = len(problem.cost)
    short = np.arange(size, size + len(cells), dtype=np.int32)
    open_sign = 1.0 - 2.0 * carried.opened
    changes = Goal(
        "changes",
        TITLE,
        "min",
        "unit-month",
        np.concatenate([at.x.ravel(), short, at.opened.ravel()]),
        np.concatenate([np.broadcast_to(weight, at.x.shape).ravel(), 2.0 * cell_weight, (open_sign * weight).ravel()]),
        float((carried.opened * weight).sum() - (carried.x * weight).sum()),
    )
    return Near(
        held=problem,
        problem=_extended(problem, cells, x0),
        changes=changes,
        columns=np.concatenate([at.x.ravel(), at.opened.ravel(), at.order.ravel()]),
        whole=np.concatenate([carried.x.ravel(), carried.opened.ravel(), carried.order.ravel()]),
        cells=cells,
        cell_values=x0,
        tiers=plan.tiers,
        carried=carried,
    )


def _held(data: PlanData, built: PlanModel, carried: Carried, fixed: BoolArray) -> Problem:
    """Hold units, open sites, orders and orders to leave in the nodes given; sites ordered to open may be cancelled."""
    at, problem = built.columns, built.problem
    lower, upper = problem.column_lower.copy(), problem.column_upper.copy()
    for block, values in (
        (at.x, carried.x), (at.opened, carried.opened), (at.order, carried.order), (at.exit_order, carried.exit_order),
    ):  # fmt: skip
        lower[block[..., fixed]] = upper[block[..., fixed]] = values[..., fixed]
    upper[at.open_order[:, fixed]] = np.minimum(upper[at.open_order], _openings_ordered(data, carried.opens))[:, fixed]
    return replace(problem, column_lower=lower, column_upper=upper)


def _openings_ordered(data: PlanData, opens: FloatArray) -> FloatArray:
    """Say for each site and node whether what opens later was ordered there."""
    ordered = np.zeros_like(opens)
    for lead in np.unique(data.opening_lead):
        here = np.flatnonzero(data.opening_lead == lead)
        told, lands = data.timeline.landing(float(lead))
        for m, n in zip(told, lands, strict=True):
            ordered[here, m] = np.maximum(ordered[here, m], opens[here, n])
    return ordered


def _sent_home(data: PlanData, built: PlanModel, problem: Problem, called_home: Sequence[tuple[str, Month]]) -> Problem:
    """Tell units to leave in the node that holds the month in which they are called home."""
    if not called_home:
        return problem
    told = np.zeros(built.columns.exit_order.shape)
    by_key = classes_of(data.mission, {c.unit_type.unit_type: c.unit_type for c in data.classes})
    units = {unit.unit_id: unit for unit in data.mission.units}
    for unit_id, month in called_home:
        k = data.class_ids.index(by_key[class_key(units[unit_id])].class_id)
        for n in range(len(data.timeline)):
            if month in data.timeline.months_of(n):
                told[k, n] += 1
    # Nodes that look alike share a column: each asks it for its own units, not for those of all together.
    at, lower = built.columns.exit_order, problem.column_lower.copy()
    np.maximum.at(lower, at, problem.column_lower[at] + told)
    return replace(problem, column_lower=lower)


def _extended(problem: Problem, cells: IntArray, values: FloatArray) -> Problem:
    """Add a column for each cell, at least what the cell falls short of its value."""
    count, size = len(cells), len(problem.cost)
    pick = sparse.csc_array((np.ones(count), (np.arange(count), cells)), shape=(count, size))
    rows = sparse.hstack([pick, sparse.eye_array(count)])
    none = sparse.csc_array((problem.matrix.shape[0], count))
    return replace(
        problem,
        cost=np.append(problem.cost, np.zeros(count)),
        column_lower=np.append(problem.column_lower, np.zeros(count)),
        column_upper=np.append(problem.column_upper, np.maximum(values, 0.0)),
        row_lower=np.append(problem.row_lower, values),
        row_upper=np.append(problem.row_upper, np.full(count, np.inf)),
        matrix=sparse.csc_array(sparse.vstack([sparse.hstack([problem.matrix, none]), rows])),
        integer=np.append(problem.integer, np.zeros(count, bool)),
        stage=np.append(problem.stage, problem.stage[cells]),
        soft=np.append(problem.soft, np.ones(count, bool)),
    )
