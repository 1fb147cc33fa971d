"""What it costs to plan for actors that stay low, beside planning for the share stated: both plans, held both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bluehelm.adaptation.transition import reaching
from bluehelm.adaptation.transition_handover import HELD, held_cases
from bluehelm.adaptation.transition_months import Months
from bluehelm.errors import InfeasibleMissionError, StoppedError
from bluehelm.journey.transition_again import MOST_NON_ZEROS, SECONDS
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.make import Options, make_plan
from bluehelm.reports.reading import Reading


@dataclass(frozen=True, slots=True)
class PlannedFor:
    """A plan made for one share of the actors. if_low, if_stated: share of harm that mission and actors answer in the
    last month if actors reach that share; broken_low: areas whose floor breaks if they stay low."""

    plan_for: str
    cost_usd: float
    if_low: float
    if_stated: float
    broken_low: int


def told_for(plan: Plan, asked: Mission) -> Plan:
    """Return a plan whose mission has the shares of actors as they are stated, whatever it was planned for."""
    mandate = replace(plan.mission.mandate, handover=asked.mandate.handover)
    return replace(plan, mission=replace(plan.mission, mandate=mandate))


def caution(plan: Plan, asked: Mission, plan_for: str, norms: Norms, options: Options) -> tuple[PlannedFor, ...]:
    """Hold the plan beside the one for the other share, where actors may stay low and the model is small.

    asked: the mission with the shares as stated. Nothing where no actor has a range, or the model is large.
    """
    ranged = any(one.share_full - one.share_low > HELD for one in asked.mandate.handover)
    if not ranged or int(str(plan.provenance["non_zeros"])) > MOST_NON_ZEROS:
        return ()
    return tuple(_both(plan, asked, plan_for, norms, options))


def _both(plan: Plan, asked: Mission, plan_for: str, norms: Norms, options: Options) -> Iterator[PlannedFor]:
    other = "stated" if plan_for == "low" else "low"
    limits = options if options.work else replace(options, seconds=min(options.seconds, SECONDS))
    yield _told(plan_for, told_for(plan, asked), norms)
    try:
        made = make_plan(reaching(asked, other), norms, limits, named=False)
    except (InfeasibleMissionError, StoppedError):
        return
    yield _told(other, told_for(made, asked), norms)


def _told(plan_for: str, plan: Plan, norms: Norms) -> PlannedFor:
    low, stated, _ = held_cases(Months(plan, norms))
    return PlannedFor(
        plan_for, Reading(plan).cost_usd, low.by_month[-1], stated.by_month[-1], len(low.broken)
    )  # fmt: skip
