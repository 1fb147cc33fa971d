"""A plan read back with its model, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import read_plan
from bluehelm.norms import Norms, load_norms
from bluehelm.planning.build import PlanModel, build
from bluehelm.planning.from_tables import whole_columns
from bluehelm.planning.gather import PlanData
from bluehelm.planning.goals import goals_of
from bluehelm.planning.make import data_of
from bluehelm.reports.reading import Reading
from bluehelm.solve.dive import complete
from bluehelm.solve.goal import Goal
from bluehelm.solve.model import BoolArray, FloatArray, IntArray

LAST = ("cost", "moves")
# Where something must be lost, a goal counts this share of the goal before it.
NEXT = 0.2


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

    @cached_property
    def solution(self) -> FloatArray | None:
        """The plan as a solution: what its whole decisions leave open is set for the goals, the first most."""
        problem = self.built.problem
        cost = np.zeros(problem.matrix.shape[1])
        for place, goal in enumerate(self.shares):
            cost += (1.0 if goal.sense == "min" else -1.0) * NEXT**place * goal.vector(len(cost))
        return complete(replace(problem, cost=cost, offset=0.0), self.columns, self.whole)

    def reached(self, goal: Goal) -> float:
        """What the plan reaches in a goal; what it states where its decisions no longer fit the model."""
        if self.solution is None or goal.name in LAST:
            return next(tier.objective for tier in self.plan.tiers if tier.name == goal.name)
        return goal.of(self.solution)

    @property
    def shares(self) -> list[Goal]:
        """Goals of the mandate, without cost and moves."""
        return [goal for goal in self.goals if goal.name not in LAST]

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
    data = data_of(plan, norms)
    built = build(data)
    tolerance = norms.number("tier_tolerance_share", plan.mission.setting.first_month.first_day)
    goals = goals_of(data, built.columns, tolerance=tolerance, order=options["order"])
    known = {tier.name for tier in plan.tiers}
    return Asked(
        plan, norms, data, built, tuple(g for g in goals if g.name in known), *whole_columns(data, built, plan)
    )
