"""Limits that no plan can keep: ceilings, sites, beds and guards below what must stay; pledges that come too late."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bluehelm.checks.mission_subject import Subject, first_names
from bluehelm.mission.draft import MANDATE_FILE
from bluehelm.mission.faults import Fault, error, warning
from bluehelm.mission.mandate import Ceiling
from bluehelm.mission.months import Month
from bluehelm.mission.records import COMPONENTS, Pledge


def limit_faults(subject: Subject) -> Iterator[Fault]:
    """Find limits that cannot be kept, and promises that cannot come in time."""
    for component in COMPONENTS:
        yield from _ceiling_faults(subject, component)
    yield from _site_limit_faults(subject)
    yield from _capacity_faults(subject)
    yield from _guard_faults(subject)
    yield from _airfield_faults(subject)
    yield from _pledge_faults(subject)


def _ceiling_faults(subject: Subject, component: str) -> Iterator[Fault]:
    """Tell each ceiling once, in the first month in which it cannot be kept."""
    listed = [ceiling for ceiling in subject.mission.mandate.ceiling if ceiling.component == component]
    units = [u for u in subject.mission.units if (kind := subject.type_of(u)) and kind.component == component]
    told: set[Ceiling] = set()
    for month in subject.mission.months:
        begun = [c for c in listed if c.from_month <= month and subject.surely_holds(c, month)]
        # Of ceilings that hang on a condition, one that is sure may give way to one that is not.
        if not begun or any(c.when and c.from_month <= month and c not in begun for c in listed):
            continue
        ceiling = max(begun, key=lambda c: c.from_month)
        staying = [unit for unit in units if subject.in_theatre(unit, month)]
        persons = sum(unit.persons for unit in staying)
        if persons > ceiling.persons and ceiling not in told:
            told.add(ceiling)
            yield _ceiling_fault(subject, ceiling, month, persons, [unit.unit_id for unit in staying])


def _ceiling_fault(subject: Subject, ceiling: Ceiling, month: Month, persons: int, names: list[str]) -> Fault:
    return error(
        MANDATE_FILE,
        "The {component} ceiling of {value} cannot be kept at the end of {month}: {persons} {persons:person|persons} "
        "in {count} {count:unit|units} "
        "cannot have left by then, such as {names}.",
        "A ceiling of {persons} or more was expected for that month: leaving takes {exit_months} "
        "{exit_months:month|months}.",
        "Let the ceiling begin later, let more units leave, or correct the strengths in units.csv.",
        column="persons",
        value=ceiling.persons,
        component=ceiling.component,
        month=str(month),
        persons=persons,
        count=len(names),
        names=first_names(names),
        exit_months=f"{subject.exit_months:g}",
    )


def _site_limit_faults(subject: Subject) -> Iterator[Fault]:
    for limit in subject.mission.mandate.site_limit:
        months = [m for m in subject.mission.months if m >= limit.from_month and subject.surely_holds(limit, m)]
        staying = subject.stays_open(months[0]) if months else []
        if len(staying) > limit.at_most:
            yield error(
                MANDATE_FILE,
                "At most {value} {value:site|sites} may be open from {month} on, but {count} may not close: {names}.",
                "A limit of {count} or more was expected.",
                "Let more sites close (may_close in sites.csv), or raise the limit.",
                column="at_most",
                value=limit.at_most,
                month=str(limit.from_month),
                count=len(staying),
                names=first_names(staying),
            )


def _capacity_faults(subject: Subject) -> Iterator[Fault]:
    for line, site in subject.bases:
        here = [u for u in subject.mission.units if u.site_id == site.site_id and subject.mission.stands_today(u)]
        capacity = subject.capacity_persons(site)
        persons = sum(unit.persons for unit in here)
        fixed = sum(unit.persons for unit in here if not unit.may_move and not unit.may_leave)
        if persons <= capacity:
            continue
        tell = error if fixed > capacity else warning
        yield tell(
            "sites.csv",
            "{persons} persons stand at site '{site}', which has {capacity} beds; {fixed} of them can neither move "
            "nor leave.",
            "{persons} beds or more were expected.",
            "Correct capacity_persons of the site or persons of its units; otherwise some move in the first month.",
            line=line,
            column="capacity_persons",
            value="" if site.capacity_persons is None else site.capacity_persons,
            persons=persons,
            site=site.site_id,
            capacity=f"{capacity:g}",
            fixed=fixed,
        )


def _guard_faults(subject: Subject) -> Iterator[Fault]:
    staying = subject.stays_open(subject.first_month)
    guards = sum(u.persons for u in subject.mission.units if (kind := subject.type_of(u)) and kind.guards)
    needed = subject.norm("guard_persons_per_base") * len(staying)
    if guards < needed:
        yield error(
            "units.csv",
            "{count} {count:site|sites} may not close ({names}) and need {needed} {needed:person|persons} as guards; "
            "the units have {guards}.",
            "At least {needed} {needed:person|persons} in units that guard bases were expected.",
            "Let sites close, add the units that guard them, or amend guard_persons_per_base.",
            column="persons",
            value=guards,
            count=len(staying),
            names=first_names(staying),
            needed=f"{needed:g}",
            guards=guards,
        )


def _airfield_faults(subject: Subject) -> Iterator[Fault]:
    without = {site.site_id for site in subject.mission.sites if not site.airfield}
    for line, unit in enumerate(subject.mission.units, 2):
        kind = subject.type_of(unit)
        if kind and kind.needs_airfield and unit.site_id in without:
            yield warning(
                "units.csv",
                "Unit '{unit}' ({type}) is based at '{value}', which has no airfield.",
                "A site with airfield = yes was expected.",
                "Correct airfield of the site, or base the unit elsewhere.",
                line=line,
                column="site_id",
                value=unit.site_id,
                unit=unit.unit_id,
                type=unit.unit_type,
            )


def _pledge_faults(subject: Subject) -> Iterator[Fault]:
    last = subject.mission.months[-1]
    for line, pledge in enumerate(subject.mission.pledges, 2):
        arrives = _earliest_arrival(subject, pledge)
        too_late = Month.of(pledge.expires_on) < arrives
        if not too_late and arrives <= last:
            continue
        yield warning(
            "pledges.csv",
            "Pledge '{pledge}' expires on {value}, before its unit can arrive ({arrives})." if too_late
            else "The unit of pledge '{pledge}' cannot arrive before {arrives}, after the last month planned ({last}).",
            "A pledge whose unit can arrive in time was expected: readiness level {level} takes {lead} "
            "{lead:month|months}.",
            "Ask the contributor for more time or more readiness; as it stands, the pledge is worth nothing.",
            line=line,
            column="expires_on",
            value=pledge.expires_on,
            pledge=pledge.pledge_id,
            arrives=str(arrives),
            last=str(last),
            level=pledge.readiness_level,
            lead=f"{subject.norm(f'lead_months.{pledge.readiness_level}'):g}",
        )  # fmt: skip


def _earliest_arrival(subject: Subject, pledge: Pledge) -> Month:
    ordered = max(pledge.available_from, subject.first_month)
    return ordered + math.ceil(subject.norm(f"lead_months.{pledge.readiness_level}"))
