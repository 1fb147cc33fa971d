"""A mission planned again quickly: few steps of time, the first priority only, still with whole units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bluehelm.mission.mission import Mission
from bluehelm.mission.records import Node
from bluehelm.norms.norms import Norms
from bluehelm.planning.build import PlanModel, build
from bluehelm.planning.families.protection import step_worth
from bluehelm.planning.fixed import stand_of
from bluehelm.planning.from_tables import start_of_rule
from bluehelm.planning.gather import PlanData, gather
from bluehelm.planning.goals import goals_of
from bluehelm.planning.proportional import open_today, proportional
from bluehelm.solve.dive import complete
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, relax, solve_integer
from bluehelm.solve.model import BoolArray, FloatArray, Problem

# Among plans that protect alike the cheaper is taken: a million USD counts as this share of the first priority.
SHARE_PER_MILLION = 1e-5
GAP = 0.01
# A work limit, so that the same question has the same answer on every machine.
NODES = 20
UNUSED = 0.02
# How near a whole decision must be to the relaxation to be held: first tightly, then less so.
AGREES = (0.25, 0.05)


@dataclass(frozen=True, slots=True)
class Question:
    """A model with few steps, and its one objective: the first priority, less a little for money."""

    data: PlanData
    built: PlanModel
    problem: Problem


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan of whole units: all columns, share of harm protected, cost and closed sites."""

    values: FloatArray
    protected_share: float
    cost_usd: float
    closed: frozenset[str]


def coarse_mission(mission: Mission) -> Mission:
    """Cut time only where a ceiling, a limit on sites, an appropriation or a restriction changes.

    A mission with nodes keeps them.
    """
    if mission.nodes:
        return mission
    first, mandate = mission.setting.first_month, mission.mandate
    holds = {c.condition_id: c.holds_from for c in mandate.condition}
    begins = [line.first_month for line in mission.budget if line.kind == "appropriation"]
    limits = [(limit.when, limit.from_month) for limit in mandate.ceiling]
    limits += [(limit.when, limit.from_month) for limit in mandate.site_limit]
    limits += [(row.when, row.from_month) for row in mission.restrictions]
    begins += [row.until_month + 1 for row in mission.restrictions if row.until_month is not None]
    for when, from_month in limits:
        since = holds.get(when) if when else from_month
        begins += [max(from_month, since)] if since is not None else []
    starts = sorted({0} | {month - first for month in begins if 0 < month - first < mission.setting.months})
    nodes: list[Node] = []
    for start, end in zip(starts, [*starts[1:], mission.setting.months], strict=True):
        month = first + start
        nodes.append(
            Node(
                node_id=str(month),
                parent_id=nodes[-1].node_id if nodes else "",
                first_month=month,
                months=end - start,
                probability=1.0,
                source=mandate.source,
                status="assumed",
                conditions=tuple(name for name, since in holds.items() if since is not None and since <= month),
            )
        )
    return replace(mission, nodes=tuple(nodes))


def ask(mission: Mission, norms: Norms) -> Question:
    """Build the model of a coarse mission under some norms."""
    data = gather(mission, norms)
    built = build(data)
    size = len(built.problem.column_lower)
    goals = {goal.name: goal for goal in goals_of(data, built.columns, tolerance=0.0)}
    cost = SHARE_PER_MILLION * goals["cost"].vector(size)
    first = first_priority(list(goals.values()))
    if first is not None:
        cost = cost - first.vector(size)
    return Question(data, built, replace(built.problem, cost=cost))


def first_priority(goals: list[Goal]) -> Goal | None:
    """Return the goal of the first priority, if the mandate names a task."""
    return next((goal for goal in goals if goal.name.startswith("priority_")), None)


def answer(question: Question, before: FloatArray | None = None) -> Answer | None:
    """Plan with whole units, near earlier values of all columns if there are any; None where no plan was found."""
    problem = question.problem
    relaxed = relax(problem, method="simplex", threads=1).values
    if relaxed is None:
        return None
    values = None if before is None else _near(problem, relaxed, before)
    if values is None:
        values = _from_rule(question, relaxed)
    return None if values is None else _read(question, values)


def _near(problem: Problem, relaxed: FloatArray, before: FloatArray) -> FloatArray | None:
    """Hold the whole columns in which earlier values and the relaxation agree; if that is too tight, hold fewer."""
    whole = np.flatnonzero(problem.integer)
    start = complete(problem, whole, before[whole])
    values = np.zeros(len(relaxed))
    values[whole] = np.clip(np.rint(before[whole]), problem.column_lower[whole], problem.column_upper[whole])
    for agrees in AGREES:
        found = _solve(problem, problem.integer & (np.abs(values - relaxed) < agrees), values, start)
        if found is not None:
            return found
    return start


def _from_rule(question: Question, relaxed: FloatArray) -> FloatArray | None:
    """Begin with a simple rule, and leave out what neither it nor the relaxation uses."""
    problem, at = question.problem, question.built.columns
    rule = proportional(question.data)
    if rule is None:
        return _solve(problem, np.zeros(len(relaxed), bool), relaxed, None)
    values = np.zeros(len(relaxed))
    values[at.x], values[at.opened] = rule
    start = start_of_rule(replace(question.built, problem=problem), *rule)
    used = np.rint(values if start is None else start) > 0
    found = _solve(problem, problem.integer & (relaxed < UNUSED) & ~used, values, start)
    return start if found is None else found


def _solve(problem: Problem, held: BoolArray, values: FloatArray, start: FloatArray | None) -> FloatArray | None:
    part = replace(
        problem,
        column_lower=np.where(held, values, problem.column_lower),
        column_upper=np.where(held, values, problem.column_upper),
    )
    return solve_integer(part, Limits(gap=GAP, nodes=NODES, threads=1), start=start).values


def as_it_stands(question: Question, tables: Mapping[str, pl.DataFrame], finer: PlanData) -> FloatArray:
    """Lay the whole decisions of a plan over the steps of a question: what stands at the end of each step.

    finer: data of the plan's own calendar. Pledges called are left out.
    """
    line, stand = question.data.timeline, stand_of(finer, tables)
    if line.node_ids == finer.timeline.node_ids:
        last = list(range(len(line)))
    else:
        last = [int(np.flatnonzero(finer.timeline.start < end)[-1]) for end in line.end]
    values = np.zeros(len(question.problem.cost))
    values[question.built.columns.x] = stand.x[:, :, last]
    values[question.built.columns.opened] = stand.opened[:, last]
    return values


def _read(question: Question, values: FloatArray) -> Answer:
    data, at = question.data, question.built.columns
    chance = data.timeline.probability
    harm = data.demand.harm * chance
    share = np.einsum("aln,l->an", values[at.y], step_worth(data))
    still_open = (values[at.opened] > 0.5) & data.timeline.leaf
    closed = open_today(data)[:, 0] & ~still_open.any(axis=1)
    return Answer(
        values=values,
        protected_share=float((harm * share).sum() / harm.sum()) if harm.sum() else 0.0,
        cost_usd=float(chance @ values[at.spent]) * 1000.0,
        closed=frozenset(np.array(data.site_ids)[closed].tolist()),
    )
