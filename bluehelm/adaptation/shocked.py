"""The mission as it is after shocks: a new mission, made from the old one and the shocks alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bluehelm.adaptation.shocked_harm import surged
from bluehelm.adaptation.shocked_money import Cut, cut_budget
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
from bluehelm.mission.mandate import Ceiling
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import Pledge, Restriction, Unit
from bluehelm.norms.norms import Norms


@dataclass(frozen=True, slots=True)
class Shocked:
    """A mission after shocks, and what no table of a mission holds: units that are told to leave, and when."""

    mission: Mission
    called_home: tuple[tuple[str, Month], ...] = ()


def shocked(mission: Mission, shocks: Sequence[Shock], norms: Norms) -> Shocked:
    """Lay shocks over a mission, one after the other; the mission itself stays as it is.

    norms: those of the mission; they say how long it takes until units that are told to leave are out.
    """
    on = mission.setting.first_month.first_day
    leaving = math.ceil(norms.number("exit_notice_months", on) + norms.number("exit_lag_months", on))
    called_home: list[tuple[str, Month]] = []
    for shock in shocks:
        if isinstance(shock, UnitWithdrawn) and not isinstance(shock, UnitLate) and _in_theatre(mission, shock):
            called_home.append((shock.unit_id, max(shock.from_month, shock.known)))
        mission, source = _with_source(mission, shock)
        if isinstance(shock, FundingCut):
            mission = _funding(mission, shock, source, leaving)
        else:
            mission = LAID[type(shock)](mission, shock, source)
    return Shocked(mission, tuple(called_home))


def _with_source(mission: Mission, shock: Shock) -> tuple[Mission, str]:
    """Name the shock among the sources, so that every row it makes says where it comes from."""
    if shock.source in mission.sources:
        return mission, shock.source
    number = 1 + sum(key.startswith("shock_") for key in mission.sources)
    key = f"shock_{number}"
    text = shock.source or shock.reason or f"Shock {shock.kind} from {shock.from_month}"
    return replace(mission, sources={**mission.sources, key: text}), key


def _row(shock: Shock, source: str) -> dict[str, Any]:
    """What every row of a mission says of its origin."""
    return {"source": source, "status": shock.status, "note": shock.reason}


def _in_theatre(mission: Mission, shock: UnitWithdrawn) -> bool:
    unit = next(unit for unit in mission.units if unit.unit_id == shock.unit_id)
    return unit.arrives is None or unit.arrives < shock.known


def _funding(mission: Mission, shock: FundingCut, source: str, leaving_months: int) -> Mission:
    felt = shock.from_month if shock.at_once else shock.known + leaving_months
    last = shock.until_month or mission.months[-1]
    cut = Cut(Decimal(repr(shock.share)), shock.from_month, last, felt)
    return replace(mission, budget=cut_budget(mission.budget, cut, source))


def _pledge_withdrawn(mission: Mission, shock: PledgeWithdrawn, source: str) -> Mission:
    return replace(mission, pledges=tuple(p for p in mission.pledges if p.pledge_id != shock.pledge_id))


def _pledge_late(mission: Mission, shock: PledgeLate, source: str) -> Mission:
    def late(pledge: Pledge) -> Pledge:
        since = max(pledge.available_from, shock.from_month)
        return replace(pledge, available_from=since + shock.months, **_row(shock, source))

    return replace(mission, pledges=tuple(late(p) if p.pledge_id == shock.pledge_id else p for p in mission.pledges))


def _unit_late(mission: Mission, shock: UnitLate, source: str) -> Mission:
    def late(unit: Unit) -> Unit:
        assert unit.arrives is not None, "refused before: only a unit on its way is late"
        return replace(unit, arrives=unit.arrives + shock.months, **_row(shock, source))

    return replace(mission, units=tuple(late(u) if u.unit_id == shock.unit_id else u for u in mission.units))


def _unit_withdrawn(mission: Mission, shock: UnitWithdrawn, source: str) -> Mission:
    """A unit on its way never comes; one in place may leave, and is told apart from others of its kind."""
    units = []
    for unit in mission.units:
        if unit.unit_id != shock.unit_id:
            units.append(unit)
        elif _in_theatre(mission, shock):
            units.append(replace(unit, may_leave=True, only_zones=_apart(mission, unit), **_row(shock, source)))
    return replace(mission, units=tuple(units))


def _apart(mission: Mission, unit: Unit) -> tuple[str, ...]:
    """Write the zones of a unit so that it is a class of its own: all zones by name, or its zones in another order.

    Nothing is allowed or forbidden by it. A unit bound to one zone cannot be written so and stays among its like.
    """
    if unit.only_zones:
        return unit.only_zones[::-1]
    return tuple(sorted({site.zone for site in mission.sites if site.kind != "partner_hospital"}))


def _restricted(kind: str, names: Callable[[Any], tuple[str, ...]]) -> Callable[[Mission, Any, str], Mission]:
    def lay(mission: Mission, shock: Any, source: str) -> Mission:
        rows = tuple(
            Restriction(
                kind=kind, what=name, from_month=shock.from_month, until_month=shock.until_month, **_row(shock, source)
            )
            for name in names(shock)
        )
        return replace(mission, restrictions=(*mission.restrictions, *rows))

    return lay


def _surge(mission: Mission, shock: ViolenceSurge, source: str) -> Mission:
    return replace(mission, risk=surged(mission, shock, source))


def _ceiling(mission: Mission, shock: CeilingLowered, source: str) -> Mission:
    """Add the ceiling, and lower those that would begin later."""
    later = tuple(
        replace(c, persons=min(c.persons, shock.persons))
        if c.component == shock.component and c.from_month >= shock.from_month
        else c
        for c in mission.mandate.ceiling
    )
    lowered = Ceiling(
        component=shock.component, persons=shock.persons, from_month=shock.from_month, **_row(shock, source)
    )
    return replace(mission, mandate=replace(mission.mandate, ceiling=(*later, lowered)))


def _task(mission: Mission, shock: NewTask, source: str) -> Mission:
    task = shock.task if shock.task.source in mission.sources else replace(shock.task, source=source)
    return replace(mission, mandate=replace(mission.mandate, task=(*mission.mandate.task, task)))


LAID: Mapping[type[Shock], Callable[[Mission, Any, str], Mission]] = {
    PledgeWithdrawn: _pledge_withdrawn,
    PledgeLate: _pledge_late,
    UnitLate: _unit_late,
    UnitWithdrawn: _unit_withdrawn,
    SiteLost: _restricted("site_lost", lambda shock: (shock.site_id,)),
    ConsentWithdrawn: _restricted("no_consent", lambda shock: shock.where),
    ViolenceSurge: _surge,
    HelicoptersGrounded: _restricted("grounded", lambda shock: (shock.unit_type,)),
    CeilingLowered: _ceiling,
    NewTask: _task,
}
