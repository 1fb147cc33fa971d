"""The ways to plan that `bluehelm value` compares: each planned, on the tree or future by future, and measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bluehelm.adaptation.futures import Future, alone
from bluehelm.adaptation.value import ADAPTIVE, CLAIRVOYANT, RIGID, Arm, expected
from bluehelm.errors import InfeasibleMissionError, InvalidRecordError
from bluehelm.mission.information import NOTHING, NOTHING_LEARNED, Information, Knows
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.columns import leaf_ids
from bluehelm.planning.families.protection import harm_of_task, on_futures
from bluehelm.planning.gather import PlanData, gather
from bluehelm.planning.make import Options, data_of, make_plan
from bluehelm.solve.model import FloatArray, IntArray

NOT_LEARNED = Knows(knows=NOTHING)
# Recourse taken away one kind at a time; in the last, only where units stand may follow what is learned.
ABLATION = {
    "without_orders": Information(orders=NOT_LEARNED),
    "without_exits": Information(exits=NOT_LEARNED),
    "without_sites": Information(sites=NOT_LEARNED),
    "only_moves": Information(orders=NOT_LEARNED, exits=NOT_LEARNED, sites=NOT_LEARNED),
}
# A minimum share is met if no more than this is lacking.
MET = 1e-6
AS_TOLD, HEDGED = "as_told", "hedged"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a plan leaves unanswered and costs in each of its futures, by the name of the future's last node.

    expected_least, least_cost_usd: proven by its bounds; None where nothing is, as where protection is not alone in
    the first priority. fits: whether the minimum shares of tasks are met. conflict: why there is no plan at all; then
    nothing else is known.
    """

    unanswered: dict[str, float]
    cost_usd: dict[str, float]
    expected_least: float | None = None
    least_cost_usd: float | None = None
    gap: float = 0.0
    status: str = ""
    fits: bool = True
    conflict: tuple[str, ...] = ()


def protection_task(mission: Mission, norms: Norms) -> tuple[int, bool]:
    """Return the first task that presence answers, and whether it is alone in the mandate's first priority.

    Raises
    ------
    InvalidRecordError
        If no task is one of protection by presence.
    """
    kinds = norms.task_kinds()
    tasks = mission.mandate.task
    protecting = [m for m, task in enumerate(tasks) if kinds[task.kind].answered_by == "presence"]
    if not protecting:
        raise InvalidRecordError(
            "The mandate of {name} has no task of protection, so there is no harm by which plans could be compared. "
            "Add one in mandate.toml, such as protection_of_civilians.",
            name=mission.setting.name,
        )
    first = min(protecting, key=lambda m: tasks[m].priority)
    priorities = [task.priority for task in tasks]
    return first, tasks[first].priority == min(priorities) and priorities.count(min(priorities)) == 1


def asks_minimums(mission: Mission) -> bool:
    """Say whether a task has a minimum share, which comes before every priority and holds on average over futures.

    Whoever knows the future, or plans step by step, meets it in each future or for a mean, and no longer on average
    over the tree: then only plans that are made on the tree as a whole bound each other.
    """
    return any(task.minimum_share > 0 for task in mission.mandate.task)


def protection_first(mission: Mission, norms: Norms) -> Mission:
    """Put the task of protection by which plans are measured before the other tasks of its priority.

    Where it then stands first, the bound of the first goal is one on deaths.
    """
    m, _ = protection_task(mission, norms)
    own = mission.mandate.task[m].priority
    tasks = tuple(
        replace(task, priority=task.priority + 1) if i != m and task.priority >= own else task
        for i, task in enumerate(mission.mandate.task)
    )
    shares_it = sum(task.priority == own for task in mission.mandate.task) > 1
    return replace(mission, mandate=replace(mission.mandate, task=tasks)) if shares_it else mission


def plan_measured(
    mission: Mission, norms: Norms, options: Options, start: Plan | None = None, tree: Mission | None = None
) -> Measured:
    """Plan a mission, its units without names, and measure it future by future.

    start: where the search begins. tree: the plan is followed in all futures of this mission.
    """
    try:
        made = make_plan(mission, norms, options, named=False, incumbent=start)
    except InfeasibleMissionError as impossible:
        return Measured({}, {}, conflict=impossible.conflict or (str(impossible),))
    return measure(made, norms, tree)


def measure(made: Plan, norms: Norms, tree: Mission | None = None) -> Measured:
    """Measure a plan by the deaths of its first task of protection; the last node counts some months longer.

    tree: a mission whose nodes all follow what the plan, of one future, does in their month.
    """
    own = data_of(made, norms)
    data = own if tree is None else gather(tree, norms, steps=own.steps)
    follows = _followed(data, own)
    m, first_alone = protection_task(made.mission, norms)
    harm, chance = harm_of_task(data, m), data.timeline.probability[data.timeline.leaf]
    everything = float(chance @ on_futures(data, harm.sum(axis=0)))
    protected = _protected(made, own)[:, follows]
    spent = made.tables["cash"]["cumulative_usd"].to_numpy()[follows]
    tier = next(tier for tier in made.tiers if tier.name == f"priority_{data.demand.tasks[m].priority}")
    # What is held before protection is held at least as loosely as "nothing lacks", so the bound covers all plans that
    # meet every minimum share.
    fits = all(one.objective <= MET for one in made.tiers if one.name == "minimum_shares")
    proven = first_alone and fits and data.tail == 0
    return Measured(
        unanswered=_by_future(data, on_futures(data, (harm * (1 - protected)).sum(axis=0))),
        cost_usd=_by_future(data, spent[data.timeline.leaf]),
        expected_least=everything * max(1 - tier.bound, 0.0) if proven else None,
        least_cost_usd=next((1e6 * tier.bound for tier in made.tiers if tier.name == "cost" and tier.bound > 0), None),
        gap=tier.gap,
        status=made.status,
        fits=fits,
    )


def harm_if_nobody_answered(mission: Mission, norms: Norms, options: Options) -> dict[str, float]:
    """Deaths of the first task of protection in each future if nobody answered them."""
    data = gather(mission, norms, steps=options.steps)
    harm = harm_of_task(data, protection_task(mission, norms)[0])
    return _by_future(data, on_futures(data, harm.sum(axis=0)))


def _by_future(data: PlanData, values: FloatArray) -> dict[str, float]:
    return dict(zip(leaf_ids(data), np.asarray(values, float).tolist(), strict=True))


def _followed(data: PlanData, own: PlanData) -> IntArray:
    """Say, for each node of a tree, which node of a plan it follows: itself, or that of its month."""
    if data is own:
        return np.arange(len(data.timeline))
    at = {month: n for n, month in enumerate(own.timeline.first_month)}
    return np.array([at[month] for month in data.timeline.first_month])


def _protected(made: Plan, data: PlanData) -> FloatArray:
    """Share of harm protected, (areas, nodes); the table lists all areas of one node after the other."""
    shares = made.tables["protection"]["protected_share"].to_numpy()
    return np.asarray(shares.reshape(len(data.timeline), len(data.area_ids)).T)


def ways_of(options: Options, alpha: float, *, ablation: bool, told: Information | None) -> dict[str, Options]:
    """List the ways to plan the tree: nothing is learned, everything, or in between; and for the worst futures."""
    ways = {RIGID: replace(options, information=NOTHING_LEARNED), ADAPTIVE: options}
    if ablation:
        ways |= {name: replace(options, information=knows) for name, knows in ABLATION.items()}
        ways |= {HEDGED: replace(options, tail=alpha)} if alpha > 0 else {}
    return ways if told is None else ways | {AS_TOLD: replace(options, information=told)}


def arm_on_tree(name: str, found: Measured, futures: Sequence[Future]) -> Arm:
    """Read an arm off the plan of the tree."""
    return Arm(
        name=name,
        unanswered=tuple(found.unanswered[future.name] for future in futures),
        cost_usd=tuple(found.cost_usd[future.name] for future in futures),
        least_unanswered=found.expected_least,
        least_cost_usd=found.least_cost_usd,
        gap=found.gap,
        status=found.status,
        fits=found.fits,
    )


def arm_of_futures(name: str, found: Sequence[Measured], futures: Sequence[Future]) -> Arm:
    """Put an arm together from plans for one future each, in the order of the futures."""
    chances = [future.probability for future in futures]
    return Arm(
        name=name,
        unanswered=tuple(one.unanswered[future.name] for one, future in zip(found, futures, strict=True)),
        cost_usd=tuple(one.cost_usd[future.name] for one, future in zip(found, futures, strict=True)),
        least_unanswered=_expected_if_known([one.expected_least for one in found], chances),
        least_cost_usd=_expected_if_known([one.least_cost_usd for one in found], chances),
        gap=max(one.gap for one in found),
        status="within_gap" if all(one.status == "within_gap" for one in found) else "stopped",
    )


def _expected_if_known(values: Sequence[float | None], chances: Sequence[float]) -> float | None:
    known = [value for value in values if value is not None]
    return expected(known, chances) if len(known) == len(values) else None


# A plan that is measured has so many times the seconds per node of a step of rolling planning, which only begins one.
WEIGHT = 3
Work = tuple[Mission, Norms, Options, Plan | None, Mission | None]


def works_of(
    mission: Mission, norms: Norms, futures: Sequence[Future], ways: Mapping[str, Options], seconds_per_node: float,
    starts: Mapping[str, Plan], once: Mission | None,
) -> list[tuple[str, Work]]:  # fmt: skip
    """List every plan to make at once, by arm: one for each arm on the tree, one for each future alone.

    Each has the same seconds per node of its own tree. starts: where searches begin, by arm or future. once: the tree
    as one future that has the same rigid plans, where there is one; it has as much time as the tree would have.
    """
    own_node = seconds_per_node * WEIGHT
    whole = max(own_node * len(mission.nodes), 1.0)
    works: list[tuple[str, Work]] = []
    for name, options in ways.items():
        asked = replace(options, seconds=whole)
        if name == RIGID and once is not None:
            works.append((name, (once, norms, replace(asked, information=None), starts.get(name), mission)))
        else:
            works.append((name, (mission, norms, asked, starts.get(name), None)))
    for future in futures:
        own = replace(ways[ADAPTIVE], seconds=max(own_node * len(future.nodes), 1.0))
        works.append((CLAIRVOYANT, (alone(mission, future), norms, own, starts.get(future.name), None)))
    return works
