"""Benchmarks met later, planned again: on missions small enough that a plan takes moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bluehelm.adaptation.benchmarks import Benchmark, Delay, later_by
from bluehelm.errors import InfeasibleMissionError, StoppedError
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.make import Options, make_plan
from bluehelm.reports.reading import Reading

# Models up to this size are solved as they are, in moments (docs/solve.md); larger ones are held.
MOST_NON_ZEROS = 20_000
SECONDS = 4.0


def planned_again(listed: tuple[Benchmark, ...], plan: Plan, norms: Norms, options: Options) -> tuple[Benchmark, ...]:
    """Plan the mission again with each benchmark met later; where the model is large, leave the plan held."""
    if int(str(plan.provenance["non_zeros"])) > MOST_NON_ZEROS or plan.mission.nodes:
        return listed
    return tuple(replace(one, delays=tuple(_again(one, plan, norms, options))) for one in listed)


def _again(one: Benchmark, plan: Plan, norms: Norms, options: Options) -> Iterator[Delay]:
    for delay in one.delays:
        if not one.waiting:
            yield delay
            continue
        # Stopped by work, a plan has no clock, so that it is the same each time.
        limits = options if options.work else replace(options, seconds=min(options.seconds, SECONDS))
        try:
            made = make_plan(met_later(plan.mission, one.condition_id, delay.months), norms, limits, named=False)
        except (InfeasibleMissionError, StoppedError):
            yield delay
            continue
        again, before = Reading(made), Reading(plan)
        yield replace(
            delay,
            how="planned again",
            cost_usd=again.cost_usd - before.cost_usd,
            protected_share=again.protected_share,
        )


def met_later(mission: Mission, condition_id: str, months: int) -> Mission:
    """Return a mission in which a benchmark is met some months later."""
    conditions = tuple(later_by(mission, condition_id, months).values())
    return replace(mission, mandate=replace(mission.mandate, condition=conditions))
