"""Shocks that cannot be: on what is not there, in months outside the plan, or in contradiction with each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

import polars as pl

from bluehelm.adaptation.called_pledges import as_units, called_before
from bluehelm.adaptation.shocks import (
    CeilingLowered,
    ConsentWithdrawn,
    FundingCut,
    HelicoptersGrounded,
    NewTask,
    PledgeLate,
    PledgeWithdrawn,
    Shock,
    SiteLost,
    UnitLate,
    UnitWithdrawn,
    ViolenceSurge,
)
from bluehelm.errors import BluehelmError, InvalidRecordError, nearest
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.mission.records import ALL_AIRCRAFT
from bluehelm.norms.norms import Norms
from bluehelm.words import say

SHOWN = 5


def refuse(plan: Plan, shocks: Sequence[Shock], norms: Norms) -> None:
    """Raise one error that tells what is wrong with the shocks, each fault in a sentence.

    Raises
    ------
    InvalidRecordError
        If a shock names what is not there, lies outside the plan, changes nothing that it could change, or
        contradicts another.
    """
    plan, shocks = as_units(plan, shocks, norms)
    found = [str(fault) for shock in shocks for fault in faults_of(plan, shock, norms)]
    found += [str(fault) for fault in _contradictions(shocks)]
    if found:
        raise InvalidRecordError(
            "Nothing was adapted: faults found in the shocks: {count}. {first}",
            count=len(found),
            first=" ".join(found[:SHOWN]),
        )


def faults_of(plan: Plan, shock: Shock, norms: Norms) -> Iterator[BluehelmError]:
    """Find the faults of one shock."""
    yield from _months(plan.mission, shock)
    match shock:
        case FundingCut():
            if not 0 <= shock.share <= 1:
                yield _fault(shock, say("share is {value}; a share from 0 to 1 was expected.", value=shock.share))
        case SiteLost():
            yield from _site(plan, shock)
        case UnitWithdrawn():
            yield from _unit(plan, shock)
        case PledgeWithdrawn():
            yield from _pledge(plan, shock, norms)
        case ConsentWithdrawn() | ViolenceSurge():
            yield from _where(plan.mission, shock)
        case HelicoptersGrounded():
            yield from _aircraft(plan.mission, shock, norms)
        case CeilingLowered():
            yield from _ceiling(plan, shock)
        case NewTask():
            yield from _task(plan.mission, shock, norms)


def _fault(shock: Shock, told: str) -> BluehelmError:
    """Make a fault that says first which shock it is about."""
    return BluehelmError("Shock {kind} from {month}: {fault}", kind=shock.kind, month=shock.from_month, fault=told)


def _unknown(shock: Shock, name: str, known: Collection[str]) -> BluehelmError:
    near = nearest(name, known)
    if near:
        return _fault(shock, say("'{name}' is not in the mission. Nearest name: '{near}'.", name=name, near=near))
    listed = ", ".join(list(known)[:SHOWN]) or say("none")
    return _fault(shock, say("'{name}' is not in the mission; there are {known}.", name=name, known=listed))


def _months(mission: Mission, shock: Shock) -> Iterator[BluehelmError]:
    first, last = mission.months[0], mission.months[-1]
    for name, month in (("from_month", shock.from_month), ("known_from", shock.known)):
        if not first <= month <= last:
            yield _fault(
                shock,
                say(
                    "{name} is {month}; {first} to {last} are planned. Correct the month.",
                    name=name,
                    month=month,
                    first=first,
                    last=last,
                ),
            )
            return
    if shock.last is not None and shock.last < shock.from_month:
        yield _fault(shock, say("until_month is {month}, before from_month. Correct one of the two.", month=shock.last))


def _site(plan: Plan, shock: SiteLost) -> Iterator[BluehelmError]:
    bases = [site.site_id for site in plan.mission.sites if site.kind != "partner_hospital"]
    if shock.site_id in {site.site_id for site in plan.mission.sites} - set(bases):
        yield _fault(
            shock,
            say("'{site}' is a hospital of a partner; a base of the mission was expected.", site=shock.site_id),
        )
        return
    if shock.site_id not in bases:
        yield _unknown(shock, shock.site_id, bases)
        return
    nodes = _from(plan, shock.from_month)
    later = plan.tables["sites"].filter((pl.col("site_id") == shock.site_id) & pl.col("node_id").is_in(nodes))
    if not later["open"].any():
        yield _fault(
            shock,
            say(
                "'{site}' is closed in the plan from then on, so it cannot be lost. Leave the shock out.",
                site=shock.site_id,
            ),
        )


def _from(plan: Plan, month: Month) -> list[str]:
    """List the nodes that end in a month or later."""
    nodes = plan.tables["nodes"]
    return [
        node_id
        for node_id, begins, months in nodes.select("node_id", "month", "months").iter_rows()
        if Month.parse(begins) + months > month
    ]


def _unit(plan: Plan, shock: UnitWithdrawn) -> Iterator[BluehelmError]:
    units = {unit.unit_id: unit for unit in plan.mission.units}
    if shock.unit_id not in units:
        yield _unknown(shock, shock.unit_id, units)
        return
    unit = units[shock.unit_id]
    if isinstance(shock, UnitLate):
        if shock.months < 1:
            yield _fault(shock, say("months is {value}; 1 or more was expected.", value=shock.months))
        if unit.arrives is None or unit.arrives <= shock.known:
            yield _fault(
                shock,
                say("'{unit}' has arrived by then, so it cannot be late. Leave the shock out.", unit=shock.unit_id),
            )
        return
    named = plan.tables["names"].filter(
        (pl.col("unit_id") == shock.unit_id) & pl.col("node_id").is_in(_from(plan, shock.from_month))
    )
    comes_later = unit.arrives is not None and unit.arrives >= shock.known
    if not comes_later and len(plan.tables["names"]) and "at_site" not in named["state"].to_list():
        yield _fault(
            shock,
            say(
                "'{unit}' has left by then in the plan, so it cannot be called home. Leave the shock out.",
                unit=shock.unit_id,
            ),
        )


def _pledge(plan: Plan, shock: PledgeWithdrawn, norms: Norms) -> Iterator[BluehelmError]:
    pledges = {pledge.pledge_id: pledge for pledge in plan.mission.pledges}
    if shock.pledge_id not in pledges:
        yield _unknown(shock, shock.pledge_id, pledges)
        return
    pledge = pledges[shock.pledge_id]
    if called_before(plan, shock.pledge_id, shock.known, norms):
        yield _fault(
            shock,
            say(
                "'{pledge}' was called before {month}, but only in some futures, or to arrive in different months. "
                "Correct known_from, or adapt a plan with one future.",
                pledge=shock.pledge_id,
                month=shock.known,
            ),
        )
    if isinstance(shock, PledgeLate):
        if shock.months < 1:
            yield _fault(shock, say("months is {value}; 1 or more was expected.", value=shock.months))
        opens = max(pledge.available_from, shock.from_month) + max(shock.months, 0)
        if opens > Month.of(pledge.expires_on):
            yield _fault(
                shock,
                say(
                    "'{pledge}' expires on {day}, before it could be ordered. Write pledge_withdrawn.",
                    pledge=shock.pledge_id,
                    day=pledge.expires_on,
                ),
            )


def _where(mission: Mission, shock: ConsentWithdrawn | ViolenceSurge) -> Iterator[BluehelmError]:
    known = [*(area.area_id for area in mission.areas), *mission.zones]
    if not shock.where:
        yield _fault(shock, say("where is empty; one area or zone or more was expected."))
    for name in shock.where:
        if name not in known:
            yield _unknown(shock, name, known)
    if isinstance(shock, ViolenceSurge) and shock.factor < 1:
        yield _fault(shock, say("factor is {value}; 1 or more was expected.", value=shock.factor))


def _aircraft(mission: Mission, shock: HelicoptersGrounded, norms: Norms) -> Iterator[BluehelmError]:
    kinds = norms.unit_types()
    there = list(dict.fromkeys([*(u.unit_type for u in mission.units), *(p.unit_type for p in mission.pledges)]))
    flying = [key for key in there if kinds[key].mobility == "air"]
    if not flying:
        yield _fault(shock, say("Nothing in this mission flies. Leave the shock out."))
    elif shock.unit_type != ALL_AIRCRAFT and shock.unit_type not in there:
        yield _unknown(shock, shock.unit_type, [ALL_AIRCRAFT, *flying])
    elif shock.unit_type != ALL_AIRCRAFT and shock.unit_type not in flying:
        yield _fault(
            shock,
            say(
                "'{unit}' does not fly, so it cannot be grounded; there are {known}.",
                unit=shock.unit_type,
                known=", ".join([ALL_AIRCRAFT, *flying]),
            ),
        )


def _ceiling(plan: Plan, shock: CeilingLowered) -> Iterator[BluehelmError]:
    nodes = _from(plan, shock.from_month)
    rows = plan.tables["ceilings"].filter(
        (pl.col("component") == shock.component) & pl.col("node_id").is_in(nodes[:1])
    )["ceiling_persons"]
    if len(rows) and rows[0] is not None and rows[0] <= shock.persons:
        yield _fault(
            shock,
            say(
                "the ceiling for {component} personnel is {now} then, and {persons} is not lower. Correct persons.",
                component=shock.component,
                now=f"{rows[0]:,.0f}",
                persons=f"{shock.persons:,}",
            ),
        )


def _task(mission: Mission, shock: NewTask, norms: Norms) -> Iterator[BluehelmError]:
    task, kinds = shock.task, norms.task_kinds()
    if task.task_id in [other.task_id for other in mission.mandate.task]:
        yield _fault(
            shock, say("task '{task}' is in the mandate already. Give the new one another task_id.", task=task.task_id)
        )
    if task.kind not in kinds:
        near = nearest(task.kind, kinds) or next(iter(kinds))
        yield _fault(
            shock,
            say("'{name}' is not a kind of task of the norms. Nearest name: '{near}'.", name=task.kind, near=near),
        )
    for zone in task.zones:
        if zone not in mission.zones:
            yield _unknown(shock, zone, mission.zones)
    if task.when and task.when not in [c.condition_id for c in mission.mandate.condition]:
        yield _unknown(shock, task.when, [c.condition_id for c in mission.mandate.condition])


def _contradictions(shocks: Sequence[Shock]) -> Iterator[BluehelmError]:
    for one, other in combinations(shocks, 2):
        shared = sorted(set(one.subjects) & set(other.subjects))
        apart = (one.last is not None and one.last < other.from_month) or (
            other.last is not None and other.last < one.from_month
        )
        steps = isinstance(one, CeilingLowered) and isinstance(other, CeilingLowered) and _in_steps(one, other)
        if shared and not apart and not steps:
            yield BluehelmError(
                "Shocks {one} from {first} and {other} from {second} both speak of '{subject}' at one time, so they "
                "contradict each other. Write them as one, or in months that do not overlap.",
                one=one.kind,
                first=one.from_month,
                other=other.kind,
                second=other.from_month,
                subject=shared[0],
            )


def _in_steps(one: CeilingLowered, other: CeilingLowered) -> bool:
    """Say whether the later of two ceilings is the lower."""
    first, second = sorted((one, other), key=lambda shock: shock.from_month)
    return first.from_month < second.from_month and first.persons > second.persons
