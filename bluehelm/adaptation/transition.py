"""The mission that a transition asks to plan: what stays is fixed, all else may leave, floors and handovers hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bluehelm.adaptation.transition_file import Leaving, Transition, with_rows
from bluehelm.adaptation.transition_handover import full_share
from bluehelm.mission.mandate import Ceiling, Mandate, SiteLimit
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import COMPONENTS, Site, Unit
from bluehelm.norms.norms import Norms


@dataclass(frozen=True, slots=True)
class Asked:
    """What is planned. freed: units that may leave although the mission says that they may not.

    opened_up: sites that may close although the mission says that they may not.
    """

    mission: Mission
    transition: Transition
    freed: tuple[str, ...]
    opened_up: tuple[str, ...]


def leaving_mission(mission: Mission, transition: Transition, norms: Norms) -> Asked:
    """Return the mission whose plan is the plan of leaving.

    From the month in which the present form ends, ceilings and the number of sites fall to what stays. Sites that stay
    may not close, all others may. A unit that may not leave is let go where what stays has no room for it: where its
    component keeps fewer persons than may not leave, or where it may not move and its site does not stay.
    """
    head = transition.head
    sites = tuple(_stays(site, head) for site in mission.sites)
    units = tuple(_may_go(unit, mission, head, norms) for unit in mission.units)
    mandate = _with_residual(with_rows(mission.mandate, transition), head)
    return Asked(
        replace(
            mission,
            mandate=mandate,
            sites=sites,
            units=units,
            sources={**mission.sources, **transition.sources},
        ),
        transition,
        tuple(new.unit_id for old, new in zip(mission.units, units, strict=True) if old != new),
        tuple(
            new.site_id for old, new in zip(mission.sites, sites, strict=True) if new.may_close and not old.may_close
        ),
    )


def reaching(mission: Mission, case: str) -> Mission:
    """Return the mission planned for actors that reach their low, stated or high share; their ranges stay.

    None begins with more than it ends with.
    """
    handover = tuple(
        replace(one, share_full=full_share(one, case), share_start=min(one.share_start, full_share(one, case)))
        for one in mission.mandate.handover
    )
    return replace(mission, mandate=replace(mission.mandate, handover=handover))


def residual_persons(head: Leaving, component: str) -> int | None:
    """Persons of a component that may stay; None where the file does not say."""
    value: int | None = getattr(head, f"residual_{component}_persons")
    return value


def _stays(site: Site, head: Leaving) -> Site:
    if head.residual_sites is None or site.kind == "partner_hospital":
        return site
    return replace(site, may_close=site.site_id not in head.residual_sites)


def _may_go(unit: Unit, mission: Mission, head: Leaving, norms: Norms) -> Unit:
    if unit.may_leave:
        return unit
    types = norms.unit_types()
    component = types[unit.unit_type].component
    room = residual_persons(head, component)
    held = sum(u.persons for u in mission.units if not u.may_leave and types[u.unit_type].component == component)
    no_room = room is not None and held > room
    stuck = head.residual_sites is not None and not unit.may_move and unit.site_id not in head.residual_sites
    return replace(unit, may_leave=True) if no_room or stuck else unit


def _with_residual(mandate: Mandate, head: Leaving) -> Mandate:
    note = head.note or "What stays after the transition."
    known: dict[str, Any] = {
        "source": head.source,
        "status": head.status,
        "note": note,
        "from_month": head.ends,
        "when": head.when,
    }
    ceilings = tuple(
        Ceiling(component=component, persons=persons, **known)
        for component in COMPONENTS
        if (persons := residual_persons(head, component)) is not None
    )
    limits = () if head.residual_sites is None else (SiteLimit(at_most=len(head.residual_sites), **known),)
    # A row of the mandate for the same month and condition would contradict what stays: the transition's word counts.
    kept = tuple(c for c in mandate.ceiling if not any(_same(c, new) for new in ceilings))
    kept_limits = tuple(one for one in mandate.site_limit if not any(_same(one, new) for new in limits))
    later = tuple(c for c in kept if not _loosens(c, ceilings))
    return replace(mandate, ceiling=(*later, *ceilings), site_limit=(*_before(kept_limits, limits), *limits))


def _same(one: Ceiling | SiteLimit, new: Ceiling | SiteLimit) -> bool:
    return (one.from_month, one.when, getattr(one, "component", "")) == (
        new.from_month, new.when, getattr(new, "component", ""),
    )  # fmt: skip


def _loosens(one: Ceiling, new: tuple[Ceiling, ...]) -> bool:
    """Say whether a ceiling that comes later would let back in what has left."""
    return any(one.component == n.component and one.from_month >= n.from_month and one.persons > n.persons for n in new)


def _before(old: tuple[SiteLimit, ...], new: tuple[SiteLimit, ...]) -> tuple[SiteLimit, ...]:
    return tuple(one for one in old if not any(one.from_month >= n.from_month and one.at_most > n.at_most for n in new))
