"""Shocks in words, kept until they are read in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

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
from bluehelm.journey.sentences import joined, listed, month_told, named
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import ALL_AIRCRAFT
from bluehelm.norms import load_norms
from bluehelm.reports.extras import Text, Told, tell
from bluehelm.reports.numbers import percent, plain, whole


def shock_told(shock: Shock, mission: Mission) -> Text:
    """Tell what a shock is, from when to when, since when it is known, and how well."""
    return joined([_what(shock, mission), _known(shock), _status(shock)])


def _when(shock: Shock) -> Told:
    first = month_told(str(shock.from_month))
    if shock.last is None:
        return tell("from {first} on", first=first)
    return tell("{first} to {last}", first=first, last=month_told(str(shock.last)))


def _known(shock: Shock) -> Text:
    if shock.known == shock.from_month:
        return ""
    return tell("Known from {month}.", month=month_told(str(shock.known)))


def _status(shock: Shock) -> Text:
    return {"verified": tell("(✓ verified)"), "recalled": tell("(▲ recalled)")}.get(shock.status, tell("(● assumed)"))


def _what(shock: Shock, mission: Mission) -> Text:
    when = _when(shock)
    match shock:
        case FundingCut():
            return tell("Money falls by {share}, {when}.", share=percent(shock.share), when=when)
        case PledgeLate():
            return tell("Pledge {pledge} can be ordered later, by {months} month(s).", pledge=shock.pledge_id,
                        months=shock.months)  # fmt: skip
        case PledgeWithdrawn():
            return tell("Pledge {pledge} is withdrawn in {month}.", pledge=shock.pledge_id,
                        month=month_told(str(shock.from_month)))  # fmt: skip
        case UnitLate():
            return tell("Unit {unit} arrives later, by {months} month(s).", unit=shock.unit_id, months=shock.months)
        case UnitWithdrawn():
            return tell("Unit {unit} is called home in {month}.", unit=shock.unit_id,
                        month=month_told(str(shock.from_month)))  # fmt: skip
        case SiteLost():
            return tell("{site} is lost, {when}.", site=_site(mission, shock.site_id), when=when)
        case ConsentWithdrawn():
            return tell("Consent is withdrawn in {where}, {when}.", where=_places(mission, shock.where), when=when)
        case ViolenceSurge():
            return tell("Expected deaths are {factor} {factor:time|times} as many in {where}, {when}.",
                        factor=plain(shock.factor),
                        where=_places(mission, shock.where), when=when)  # fmt: skip
        case HelicoptersGrounded():
            return tell("{what} cannot fly, {when}.", what=_aircraft(shock.unit_type), when=when)
        case CeilingLowered():
            return tell("At most {persons} {persons:person|persons} ({component}) may be in theatre, {when}.",
                        persons=whole(shock.persons), component=named(shock.component.capitalize()),
                        when=when)  # fmt: skip
        case NewTask():
            return tell("New task of priority {priority}: {title}, {when}.", priority=shock.task.priority,
                        title=named(shock.task.title), when=when)  # fmt: skip
        case _:
            return named(shock.kind)


def _site(mission: Mission, site_id: str) -> Told:
    return named(next(site.name for site in mission.sites if site.site_id == site_id))


def _places(mission: Mission, names: Sequence[str]) -> Text:
    areas = {area.area_id: area.name for area in mission.areas}
    return listed([named(areas.get(name, name.replace("_", " ").title())) for name in names])


def _aircraft(unit_type: str) -> Told:
    if unit_type == ALL_AIRCRAFT:
        return tell("Everything that flies")
    return named(load_norms().unit_types()[unit_type].title)
