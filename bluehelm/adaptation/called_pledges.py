"""Pledges that a plan called before a shock is known: units on their way or in place, and treated as such.

A pledge that was called can no longer be left out or opened later. Withdrawn or late, it is a unit that never comes,
comes later, or is called home.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from bluehelm.adaptation.shocks import PledgeLate, PledgeWithdrawn, Shock, UnitLate, UnitWithdrawn
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.mission.records import Pledge, Unit
from bluehelm.norms.norms import Norms


@dataclass(frozen=True, slots=True)
class Call:
    """A pledge called in a node, and where and when it first stands: node_id and month of the call, of the landing."""

    node_id: str
    month: Month
    lands_in: str
    lands: Month
    site_id: str


def calls_of(plan: Plan, pledge_id: str, norms: Norms) -> Iterator[Call]:
    """List in which nodes a plan calls a pledge, by where it first names the pledge at a site."""
    pledge = next(p for p in plan.mission.pledges if p.pledge_id == pledge_id)
    first = plan.mission.setting.first_month
    lead = norms.number(f"lead_months.{pledge.readiness_level}", first.first_day)
    nodes = {row["node_id"]: row for row in plan.tables["nodes"].iter_rows(named=True)}
    begins = {node_id: Month.parse(row["month"]) - first for node_id, row in nodes.items()}
    rows = plan.tables["names"].filter(pl.col("unit_id") == pledge_id)
    named = dict(rows.select("node_id", "site_id").iter_rows())
    for node_id, site_id in named.items():
        parent = nodes[node_id]["parent_id"]
        since = begins[parent] if parent else float("-inf")
        ordered = node_id if parent not in named else ""
        while ordered:
            if since < begins[ordered] + lead <= begins[node_id]:
                yield Call(ordered, first + begins[ordered], node_id, first + begins[node_id], site_id)
            ordered = nodes[ordered]["parent_id"]


def called_before(plan: Plan, pledge_id: str, month: Month, norms: Norms) -> list[Call]:
    """List the calls of a pledge that were made before a month."""
    return [call for call in calls_of(plan, pledge_id, norms) if call.month < month]


def in_every_future(plan: Plan, calls: Sequence[Call], month: Month) -> bool:
    """Say whether a pledge was called in all futures that are left in a month, and lands in one month in all."""
    nodes = {row["node_id"]: row for row in plan.tables["nodes"].iter_rows(named=True)}
    called = {call.node_id for call in calls}
    for row in nodes.values():
        begins = Month.parse(row["month"])
        node_id = row["node_id"] if begins <= month < begins + row["months"] else ""
        path = set()
        while node_id:
            path.add(node_id)
            node_id = nodes[node_id]["parent_id"]
        if path and not path & called:
            return False
    return len({call.lands for call in calls}) == 1


def as_units(plan: Plan, shocks: Sequence[Shock], norms: Norms) -> tuple[Plan, tuple[Shock, ...]]:
    """Return the plan with called pledges among the units of its mission, and the shocks that speak of them as units.

    Only pledges that a shock speaks of are changed; those called in some futures only stay pledges, and are refused.
    The tables stay as they are: a unit bears the name of its pledge.
    """
    pledges = {pledge.pledge_id: pledge for pledge in plan.mission.pledges}
    mission, spoken = plan.mission, []
    for shock in shocks:
        name = _subject(shock)
        calls = called_before(plan, name, shock.known, norms) if name in pledges else []
        if calls and in_every_future(plan, calls, shock.known):
            mission = _with_unit(mission, pledges[name], calls[0])
            shock = _of_unit(shock, name)
        spoken.append(shock)
    return replace(plan, mission=mission), tuple(spoken)


def _subject(shock: Shock) -> str:
    if isinstance(shock, PledgeWithdrawn):
        return shock.pledge_id
    return shock.unit_id if isinstance(shock, UnitWithdrawn) else ""


def _of_unit(shock: Shock, name: str) -> Shock:
    said = {key: getattr(shock, key) for key in ("kind", "from_month", "known_from", "reason", "source", "status")}
    match shock:
        case PledgeLate():
            return UnitLate(unit_id=name, months=shock.months, **said)
        case PledgeWithdrawn():
            return UnitWithdrawn(unit_id=name, **said)
        case _:
            return shock


def _with_unit(mission: Mission, pledge: Pledge, call: Call) -> Mission:
    if all(one.pledge_id != pledge.pledge_id for one in mission.pledges):
        return mission
    unit = Unit(
        unit_id=pledge.pledge_id, unit_type=pledge.unit_type, contributor=pledge.contributor, site_id=call.site_id,
        persons=pledge.persons, source=pledge.source, status=pledge.status, arrives=call.lands,
        only_zones=pledge.only_zones, not_tasks=pledge.not_tasks, may_move=pledge.may_move, may_leave=True,
        note=pledge.note,
    )  # fmt: skip
    left = tuple(one for one in mission.pledges if one.pledge_id != pledge.pledge_id)
    return replace(mission, units=(*mission.units, unit), pledges=left)
