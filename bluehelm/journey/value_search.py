"""How the plans of a study of value are made: where each search begins, and how time and cores are shared out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bluehelm.adaptation.futures import Future
from bluehelm.adaptation.value import ADAPTIVE, RIGID
from bluehelm.journey.parallel import run_all
from bluehelm.journey.value_arms import HEDGED, WEIGHT, Measured, Work, plan_measured
from bluehelm.journey.value_order import ValueOrder
from bluehelm.journey.value_rolling import Rolled, as_one, everywhere
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan

# Starting processes and writing take the rest.
PLANNING_SHARE = 0.85


def starts_of(mission: Mission, rolled: Rolled, ways: Iterable[str], once: Mission | None) -> dict[str, Plan]:
    """Let searches begin at the plan for the mean, or where rolling planning came out, so that none ends worse.

    Where rolling planning came to a dead end, the plan for the mean is no place to begin.
    """
    if not rolled.plans or rolled.stuck_at:
        return {}
    first = next(iter(rolled.plans.values()))
    starts = dict(rolled.plans) | dict.fromkeys(ways, everywhere(mission, first))
    if rolled.measured:
        starts |= dict.fromkeys((ADAPTIVE, HEDGED), as_one(rolled.plans))
    return starts if once is None else starts | {RIGID: first}


def all_made(works: Sequence[tuple[str, Work]], order: ValueOrder) -> list[Measured]:
    """Make every plan: trees one after the other on all cores of this machine, then single futures side by side.

    A large tree gains more from two cores than two of them do from one each. Where work is counted, or shared out to
    other machines, each plan has one core.
    """
    spread = order.work is not None or order.engine == "dask"
    alone = [not spread and _branches(work[0]) for _, work in works]
    trees = [_on_cores(work, order.at_once) for (_, work), whole in zip(works, alone, strict=True) if whole]
    beside = [work for (_, work), whole in zip(works, alone, strict=True) if not whole]
    others = run_all(plan_measured, beside, engine=order.engine, workers=order.workers)
    found = {True: iter(trees), False: iter(others)}
    return [next(found[whole]) for whole in alone]


def _branches(mission: Mission) -> bool:
    return len({node.first_month for node in mission.nodes}) < len(mission.nodes)


def _on_cores(work: Work, cores: int) -> Measured:
    mission, norms, options, start, tree = work
    return plan_measured(mission, norms, replace(options, seconds=options.seconds / cores, threads=cores), start, tree)


def seconds_per_node(mission: Mission, order: ValueOrder, futures: Sequence[Future], whole: int) -> float:
    """Share the seconds out by the number of nodes that each plan has; plans measured weigh more than rolling steps."""
    longest = max(len(future.nodes) for future in futures)
    nodes = WEIGHT * (whole * len(mission.nodes) + sum(len(future.nodes) for future in futures))
    nodes += (len(mission.nodes) if order.rolling else 1) * longest
    return math.inf if order.work else PLANNING_SHARE * order.seconds * order.at_once / nodes
