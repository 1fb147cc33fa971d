"""Adapt a plan that is running to shocks: what is decided stands, and from then on the least harm is sought."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bluehelm.adaptation.calendar import Calendar, calendar_of, information_on, nodes_of, on_calendar, whole
from bluehelm.adaptation.called_pledges import as_units
from bluehelm.adaptation.refused import refuse
from bluehelm.adaptation.shocked import shocked
from bluehelm.adaptation.shocks import Shock, by_known_month
from bluehelm.checks.mission_check import check_mission
from bluehelm.errors import InvalidRecordError, MissionFilesError
from bluehelm.journey.adapt_arms import area_losses, measured_arms
from bluehelm.journey.adapt_carry import carried
from bluehelm.journey.adapt_deeds import deeds_since
from bluehelm.journey.adapt_words import shock_told
from bluehelm.journey.norm_use import norms_used
from bluehelm.mission.information import information_of
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.norms import Norms, load_norms
from bluehelm.planning.incumbent import SAME, UNTOUCHED
from bluehelm.planning.make import Options, make_plan
from bluehelm.reports.adapt.reading import Adaptation
from bluehelm.solve.in_order import Watch

Home = tuple[tuple[str, Month], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A plan on its way through shocks: the plan now, the nodes of the first plan it is made of, and who goes home."""

    plan: Plan
    part_of: Mapping[str, str]
    called_home: Home


def adapt(
    plan: Plan, shocks: Sequence[Shock], *, gap: float = 0.01, seconds: float = 45.0, seed: int = 0,
    work: int | None = None, progress: Watch | None = None,
) -> Adaptation:  # fmt: skip
    """Adapt a plan to shocks.

    What the plan decides before a shock is known stands. Shocks that are known in different months are answered one
    after the other: nobody answers what is not known yet. gap, seconds, seed, work: as for a plan; seconds are for all
    of the planning.

    Raises
    ------
    InvalidRecordError
        If a shock cannot be, or contradicts another.
    InfeasibleMissionError
        If no plan is left; `conflict` says which demands clash.
    """
    if work is not None and work < 1:
        raise InvalidRecordError("work is {work}; 1 round or more was expected.", work=work)
    norms = load_norms(plan.mission.amendments)
    groups = by_known_month(shocks)
    asked = Options(gap, math.inf if work else seconds / max(len(groups), 1), work=work, seed=seed)
    refuse(plan, shocks, norms)
    step = Step(plan, whole(plan).part_of, ())
    if not groups:
        made = make_plan(plan.mission, norms, _as_made(plan, asked), incumbent=plan, watch=progress)
        step = replace(step, plan=_unless_same(plan, made))
    for month, group in groups:
        step = _answered(step, month, group, norms, _as_made(step.plan, asked), progress)
    return _told(plan, step, groups[0][0] if groups else None, shocks, norms)


def _as_made(plan: Plan, asked: Options) -> Options:
    """Keep the measures of the plan that is adapted, and who knows what when: order of priorities, tail, steps."""
    given = plan.provenance["options"]
    assert isinstance(given, dict)
    return replace(asked, order=given.get("order", "mandate"), tail=float(given.get("tail", 0.0)),
                   steps=int(given.get("steps", asked.steps)),
                   information=information_of(given.get("information")))  # fmt: skip


def _answered(
    step: Step, month: Month, group: Sequence[Shock], norms: Norms, asked: Options, progress: Watch | None
) -> Step:
    """Answer the shocks that become known in a month."""
    plan = step.plan
    # Who was called home before has been told, and that stands.
    told_yet = tuple((unit_id, called) for unit_id, called in step.called_home if called >= month)
    refuse(plan, group, norms)
    # A pledge that was called is a unit on its way or in place by now.
    now, group = as_units(plan, group, norms)
    laid = shocked(now.mission, group, norms)
    if not laid.called_home and replace(laid.mission, sources=plan.mission.sources) == plan.mission:
        asked = replace(asked, information=information_on(asked.information, whole(plan), month))
        made = make_plan(plan.mission, norms, asked, incumbent=plan, fixed_before=month, called_home=told_yet,
                         watch=progress)  # fmt: skip
        return replace(step, plan=_unless_same(plan, made))
    calendar = calendar_of(now, group, norms)
    mission = on_calendar(laid.mission, now, calendar)
    _refuse_errors(mission, norms)
    running = carried(plan, mission, calendar, laid.called_home, norms)
    home = (*told_yet, *laid.called_home)
    asked = replace(asked, information=information_on(asked.information, calendar, month))
    made = make_plan(mission, norms, asked, incumbent=running, fixed_before=month, called_home=home, watch=progress)
    part_of = {name: step.part_of[node_id] for name, node_id in calendar.part_of.items()}
    return Step(made, part_of, (*step.called_home, *laid.called_home))


def _unless_same(plan: Plan, made: Plan) -> Plan:
    """Give the plan itself back where the new one decides the same and shares the hours of work out no better."""
    alike = not _better(plan, made) and all(
        made.tables[name].select(columns).sort(columns).equals(plan.tables[name].select(columns).sort(columns))
        for name, columns in (
            ("deployments", ["node_id", "class_id", "site_id", "units"]),
            ("sites", ["node_id", "site_id", "open"]),
        )
    )
    return plan if alike else made


def _better(plan: Plan, made: Plan) -> bool:
    """Say whether a plan is better at the first goal in which it differs from another by more than rounding."""
    before = {tier.name: tier.objective for tier in plan.tiers}
    for tier in made.tiers:
        least = before.get(tier.name, tier.objective)
        gain = (tier.objective - least) * (1.0 if tier.sense == "max" else -1.0)
        if abs(gain) > max(UNTOUCHED * abs(least), SAME):
            return gain > 0
    return False


def _refuse_errors(mission: Mission, norms: Norms) -> None:
    faults = tuple(fault for fault in check_mission(mission, norms) if fault.grade == "error")
    if faults:
        raise MissionFilesError(
            "With these shocks mission '{name}' has {count} {count:error|errors} and was not planned.", faults,
            name=mission.setting.name, count=len(faults),
        )  # fmt: skip


def _told(before: Plan, step: Step, month: Month | None, shocks: Sequence[Shock], norms: Norms) -> Adaptation:
    """Work out what the report tells."""
    made = step.plan
    first = month or made.mission.setting.first_month
    nodes = nodes_of(made)
    running = carried(before, made.mission, Calendar(nodes, step.part_of), step.called_home, norms)
    measured = measured_arms(before, running, made, month, step.called_home, norms)
    deeds = deeds_since(made, running, first, norms)
    changed = made.provenance.get("adapted", {})
    numbers = changed if isinstance(changed, dict) and made is not before else {}
    return Adaptation(
        plan=made,
        incumbent_hash=before.input_hash,
        from_month=str(first),
        shocks=tuple(shock_told(shock, made.mission) for shock in shocks),
        kept=made is before,
        now=tuple(deed for deed in deeds if deed.month == str(first) and deed.units),
        dropped=tuple(deed for deed in deeds if deed.month == str(first) and deed.units < deed.before),
        later=tuple(deed for deed in deeds if deed.month > str(first)),
        arms=measured.arms,
        areas=area_losses(measured, made.mission, first),
        changed_unit_months=float(numbers.get("changed_unit_months", 0.0)),
        changed_bound=float(numbers.get("changed_bound", 0.0)),
        missing=measured.missing,
        norms_used=norms_used(made.mission, norms),
    )
