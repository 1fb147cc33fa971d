"""Make a plan: gather, build, solve in the Council's order, name the units, check, and return it with its proof."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from time import perf_counter

import numpy as np
import polars as pl

from bluehelm import __version__
from bluehelm.checks.plan_check import check_plan
from bluehelm.errors import InfeasibleMissionError, PlanCheckError, StoppedError
from bluehelm.mission.hashing import mission_hash
from bluehelm.mission.information import Information, information_of
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import TABLES, Plan, Tier
from bluehelm.norms.norms import Norms
from bluehelm.planning.binding import binding_rows
from bluehelm.planning.build import PlanModel, build
from bluehelm.planning.by_rule_since import cut_since, given_of
from bluehelm.planning.conflict import smallest_conflict
from bluehelm.planning.decisions import decisions_of
from bluehelm.planning.from_tables import start_of_rule
from bluehelm.planning.gather import PlanData, gather
from bluehelm.planning.goals import Order, goals_of
from bluehelm.planning.incumbent import Near, near_incumbent
from bluehelm.planning.naming import name_units
from bluehelm.planning.proportional import proportional
from bluehelm.planning.settled import settled
from bluehelm.planning.tables import tables_of
from bluehelm.solve.aims import Reached, relative_gap
from bluehelm.solve.goal import Goal
from bluehelm.solve.highs import Limits, stop_asked, stopped_by_hand
from bluehelm.solve.in_order import Watch, solve_in_order
from bluehelm.solve.model import FloatArray, IntArray
from bluehelm.solve.over_futures import Shape
from bluehelm.words import say

# Word in a plan's provenance for goals that were bounded by each future by itself.
APART = "each_future_by_itself"


@dataclass(frozen=True, slots=True)
class Options:
    """How to plan. gap: largest relative gap wanted; seconds: by the clock; work: rounds of improvement for each goal.

    order: of the priorities (see goals_of). tail: measure harm over the worst 1 - tail of the futures (CVaR); 0: over
    all. steps: whole steps of the protection curve. information: who knows what when; None: each node knows itself.
    """

    gap: float = 0.01
    seconds: float = 60.0
    work: int | None = None
    seed: int = 0
    threads: int = 2
    steps: int = 4
    order: Order = "mandate"
    tail: float = 0.0
    information: Information | None = None


def make_plan(
    mission: Mission,
    norms: Norms,
    options: Options = Options(),
    *,
    start: FloatArray | None = None,
    watch: Watch | None = None,
    named: bool = True,
    incumbent: Plan | None = None,
    fixed_before: Month | None = None,
    called_home: Sequence[tuple[str, Month]] = (),
) -> Plan:
    """Plan a mission.

    incumbent: a plan whose tables name nodes, classes and sites as this mission does; the new one starts from it and,
    after cost, differs from it as little as can be. fixed_before: its decisions in nodes that begin before this month
    stand. called_home: units that are told to leave, and in which month.

    Raises InfeasibleMissionError with the smallest conflict found, StoppedError if Ctrl-C came before any plan, or
    PlanCheckError if the plan that came out breaks the mission by the independent re-check.
    """
    data = gather(mission, norms, steps=options.steps, tail=options.tail, information=options.information)
    built = build(data)
    tolerance = norms.number("tier_tolerance_share", mission.setting.first_month.first_day)
    goals = goals_of(data, built.columns, tolerance=tolerance, order=options.order)
    limits = Limits(options.gap, options.seconds, work=options.work, threads=options.threads, seed=options.seed)
    near = None if incumbent is None else near_incumbent(data, built, incumbent, fixed_before, called_home)
    if near is not None:
        goals = [*goals[:-1], near.changes, goals[-1]]
    began = perf_counter()
    if start is None and near is None:
        start = _first_plan(data, built)
    elif start is None and near is not None:
        start = near.start(goals, _cut(data, near, fixed_before, called_home), by_clock=options.work is None)
        limits = replace(limits, seconds=max(limits.seconds - (perf_counter() - began), limits.seconds / 2))
    problem = built.problem if near is None else near.problem
    with stopped_by_hand():
        shape = Shape(data.timeline.parent, data.timeline.probability, _decided_ahead(built))
        reached, values = solve_in_order(problem, goals, limits, start=start, watch=watch, shape=shape)
        by_hand = stop_asked()
    if values is None and by_hand:
        raise StoppedError("Stopped by hand before a first plan of {name} was found.", name=mission.setting.name)
    if values is None:
        asked = built if near is None else replace(built, problem=near.held)
        raise InfeasibleMissionError(
            "No plan was found for {name}.", _conflict(asked, data, fixed_before), name=mission.setting.name
        )
    if near is None:
        return _plan(data, built, reached, goals, values, norms, options, named=named)
    values = near.better(goals, values, start)
    size = len(built.problem.cost)
    made = _plan(
        data, built, [one for one in reached if one.goal is not near.changes], goals[:-2] + goals[-1:], values[:size],
        norms, options, named=named,
    )  # fmt: skip
    return replace(made, provenance={**made.provenance, "adapted": _adapted(near, reached, values, fixed_before)})


def _decided_ahead(built: PlanModel) -> IntArray:
    """Return the columns that are decided in one node and are whole because of what they do in later ones."""
    at = built.columns
    return np.concatenate([block.ravel() for block in (at.exit_order, at.stop, at.open_order)])


def _cut(
    data: PlanData, near: Near, fixed_before: Month | None, called_home: Sequence[tuple[str, Month]]
) -> FloatArray | None:
    """Cut in proportion from a month on; the whole columns of that rule, where it finds a plan."""
    given = given_of(data, near.carried, fixed_before, called_home)
    found = cut_since(data, given)
    if found is None:
        return None
    x, opened = found
    return np.concatenate([x.ravel(), opened.ravel(), np.where(given.fixed, near.carried.order, 0.0).ravel()]).astype(
        float
    )


def _conflict(built: PlanModel, data: PlanData, fixed_before: Month | None) -> tuple[str, ...]:
    """Say what is in conflict, and that what was decided before a month is no part of what could give way."""
    found = smallest_conflict(built, data)
    if data.decided_in:
        alike = say("Nodes that cannot be told apart decide alike here. Whoever can tell them apart may find a plan.")
        found = (*found, alike)
    if fixed_before is None:
        return found
    stands = say("What was decided before {month} stands: units, sites, orders and notices.", month=str(fixed_before))
    return (*found, stands)


def _adapted(
    near: Near, reached: list[Reached], values: FloatArray, fixed_before: Month | None
) -> Mapping[str, object]:
    """State how far a plan is from its incumbent, and the least that is proven possible at what it reaches."""
    changed = near.differs(values)
    bound = min([one.bound for one in reached if one.goal is near.changes] or [0.0])
    return {
        "fixed_before": str(fixed_before or ""),
        "changed_unit_months": changed,
        "changed_bound": min(max(bound, 0.0), changed),
    }


def data_of(plan: Plan, norms: Norms) -> PlanData:
    """Gather the data of the model that a plan was made with."""
    options = plan.provenance["options"]
    assert isinstance(options, dict)
    return gather(
        plan.mission, norms, steps=int(options["steps"]), tail=float(options["tail"]),
        information=information_of(options.get("information")),
    )  # fmt: skip


def _first_plan(data: PlanData, built: PlanModel) -> FloatArray | None:
    """Start from the plan that cuts everywhere alike, where that rule finds one."""
    found = proportional(data)
    return None if found is None else start_of_rule(built, *found)


def _plan(
    data: PlanData,
    built: PlanModel,
    reached: list[Reached],
    goals: list[Goal],
    values: FloatArray,
    norms: Norms,
    options: Options,
    *,
    named: bool,
) -> Plan:
    made = decisions_of(data, built, values)
    tables = tables_of(data, built, made)
    values = settled(data, built, made, tables, values)
    tables["binding"] = binding_rows(data, built, values)
    no_names = pl.DataFrame(schema=dict.fromkeys(TABLES["names"], pl.String))
    tables["names"] = name_units(data.mission, tables, norms) if named else no_names
    tiers = tuple(_tier(result, values) for result in reached)
    done = len(reached) == len(goals) and all(tier.gap <= options.gap for tier in tiers)
    plan = Plan(
        mission=data.mission,
        status="within_gap" if done else "stopped",
        tiers=tiers,
        checked=True,
        input_hash=mission_hash(data.mission),
        provenance={**_provenance(norms, options, data, built), **_bounded_apart(reached)},
        tables={name: tables[name] for name in TABLES},
    )
    found = check_plan(plan, norms)
    if not found.ok:
        raise PlanCheckError(
            "The plan for {name} breaks its mission in {count} {count:place|places}, so it is not given out; the "
            "first: {first}",
            name=data.mission.setting.name,
            count=len(found.sentences),
            first=found.sentences[0],
        )
    return plan


def _bounded_apart(reached: Sequence[Reached]) -> Mapping[str, object]:
    """Say so where goals were bounded by each future by itself, with none before them held."""
    return {"bounds": APART} if any(one.apart for one in reached) else {}


def _tier(result: Reached, values: FloatArray) -> Tier:
    """State a goal by what the final plan is worth, not by what it was worth when the goal was solved."""
    goal = result.goal
    objective = goal.of(values)
    # A plan that was known before may pass a bound that holds only with earlier goals held where this one left them.
    passes = goal.sign * (result.bound - objective) > 0
    bound = objective if passes else result.bound
    return Tier(
        name=goal.name,
        title=goal.title,
        sense=goal.sense,
        unit=goal.unit,
        objective=objective,
        bound=bound,
        gap=relative_gap(objective, bound),
        held_at=result.held_at,
    )


def _provenance(norms: Norms, options: Options, data: PlanData, built: PlanModel) -> Mapping[str, object]:
    """Everything that decides the bytes of a plan, and nothing that does not (no clock, path or date)."""
    rows, columns = built.problem.matrix.shape
    return {
        "norms_hash": norms.digest(),
        # JSON has no infinity: without a clock, seconds are null.
        "options": {**asdict(options), "seconds": options.seconds if math.isfinite(options.seconds) else None},
        "bluehelm": __version__,
        "solver": f"HiGHS {version('highspy')}",
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "rows": rows,
        "columns": columns,
        "non_zeros": int(built.problem.matrix.nnz),
        "integers": int(np.count_nonzero(built.problem.integer)),
        "nodes": len(data.timeline),
    }
