"""Small missions for tests of the planner: everything is free, quick and in reach unless a test says otherwise.

Travel times are given as routes, so that a test says outright who reaches whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace as replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from bluehelm.mission.mandate import Ceiling, Condition, Floor, Handover, Mandate, SiteLimit, Task
from bluehelm.mission.mission import Mission, Setting
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan, Tier
from bluehelm.mission.records import Area, BudgetLine, Node, Pledge, Restriction, Route, Site, Unit
from bluehelm.norms.norms import Norms, load_norms
from bluehelm.planning.make import Options, make_plan

FIRST = Month(2020, 1)
KNOWN: dict[str, Any] = {"source": "hand", "status": "assumed"}
BASE_KINDS = ("mission_headquarters", "sector_headquarters", "company_base", "temporary_base")
NEVER = float("inf")
EXACT = Options(gap=0.0, seconds=60.0, threads=1)

# A unit at work costs 1 USD per person and month, and nothing else costs anything.
FREE: Mapping[str, object] = {
    "protection_q": 1.0,
    "road_reaction_hours": 0.0,
    "road_full_reach_hours": 1.0,
    "road_zero_reach_hours": 2.0,
    "enhanced_care_hours": 1e6,
    "surgery_hours": 2e6,
    "guard_persons_per_base": 0,
    "move_days": 0,
    "exit_notice_months": 0,
    "exit_lag_months": 0,
    "beyond_horizon_months": 0,
    "personnel_reimbursement_usd_per_person_month": "1",
    "equipment_usd_per_person_month": "0",
    "rations_usd_per_person_month": "0",
    "fuel_usd_per_person_month": "0",
    "aircraft_usd_per_month": "0",
    "civilian_usd_per_person_month": "1",
    "individual_police_usd_per_person_month": "1",
    "deployment_usd_per_person": "0",
    "repatriation_usd_per_person": "0",
    "individual_travel_usd_per_person": "0",
    "move_usd_per_person": "0",
    **{f"lead_months.{level}": 0 for level in ("1", "2", "3", "rapid")},
    **{f"site_{deed}.{kind}": "0" for deed in ("open_usd", "run_usd_per_month", "close_usd") for kind in BASE_KINDS},
    **{f"site_open_lead_months.{kind}": 0 for kind in BASE_KINDS},
    **{f"site_capacity_persons.{kind}": 100_000 for kind in BASE_KINDS},
}

_SHIPPED = load_norms()


def norms(changes: Mapping[str, object] | None = None) -> Norms:
    """Return the shipped norms with everything free, and the changes of a test laid over them."""
    return _SHIPPED.with_amendments({**FREE, **(changes or {})})


def area(area_id: str, deaths: float = 1.0, *, zone: str = "z", place: tuple[float, float] = (13.0, 25.0)) -> Area:
    return Area(
        area_id=area_id, name=area_id, zone=zone, latitude_deg=place[0], longitude_deg=place[1],
        population_persons=1000, fatalities_per_month=deaths, **KNOWN,
    )  # fmt: skip


def site(
    site_id: str, kind: str = "company_base", *, zone: str = "z", place: tuple[float, float] = (13.0, 25.0), **more: Any
) -> Site:
    given: dict[str, Any] = {"open_at_start": True, "may_close": False, "airfield": True, **KNOWN, **more}
    return Site(
        site_id=site_id, name=site_id, kind=kind, zone=zone, latitude_deg=place[0], longitude_deg=place[1], **given
    )


def hospital(level: int = 2) -> Site:
    """Return a partner's hospital, in whose reach everything lies while care has a million hours."""
    return site("clinic", "partner_hospital", hospital_level=level)


def unit(
    unit_id: str, at: str, *, kind: str = "infantry_company", persons: int = 100, contributor: str = "", **more: Any
) -> Unit:
    return Unit(unit_id=unit_id, unit_type=kind, contributor=contributor, site_id=at, persons=persons, **KNOWN, **more)


def pledge(pledge_id: str, *, kind: str = "infantry_company", persons: int = 100, **more: Any) -> Pledge:
    given: dict[str, Any] = {
        "contributor": "", "readiness_level": "rapid", "available_from": FIRST, "expires_on": date(2030, 1, 1),
        **KNOWN, **more,
    }  # fmt: skip
    return Pledge(pledge_id=pledge_id, unit_type=kind, persons=persons, **given)


def task(task_id: str = "protect", kind: str = "protection_of_civilians", priority: int = 1, **more: Any) -> Task:
    return Task(task_id=task_id, title=task_id, kind=kind, priority=priority, **{"starts": FIRST, **KNOWN, **more})


def ceiling(persons: int, *, component: str = "military", after: int = 0, when: str = "") -> Ceiling:
    return Ceiling(component=component, persons=persons, from_month=FIRST + after, when=when, **KNOWN)


def site_limit(at_most: int, *, after: int = 0) -> SiteLimit:
    return SiteLimit(at_most=at_most, from_month=FIRST + after, **KNOWN)


def floor(share: float, *areas: str, after: int = 0, **more: Any) -> Floor:
    return Floor(share=share, from_month=FIRST + after, areas=areas, **KNOWN, **more)


def money(kind: str, usd: int, *, after: int = 0, last: int = 119, when: str = "") -> BudgetLine:
    return BudgetLine(
        kind=kind, first_month=FIRST + after, last_month=FIRST + last, amount_usd=Decimal(usd), when=when, **KNOWN
    )


def condition(condition_id: str, **more: Any) -> Condition:
    return Condition(condition_id=condition_id, text=condition_id, **KNOWN, **more)


def restriction(kind: str, what: str, *, after: int = 0, until: int | None = None, when: str = "") -> Restriction:
    """Return a restriction from month `after` to month `until`, both counted from the first month."""
    last = None if until is None else FIRST + until
    return Restriction(kind=kind, what=what, from_month=FIRST + after, until_month=last, when=when, **KNOWN)


def handover(share: float, *tasks: str, after: int = 0, months: int = 0, start: float = 0.0, **more: Any) -> Handover:
    """Return a handover that rises from `start` to `share` over so many months."""
    given: dict[str, Any] = {
        "handover_id": "h",
        "actor": "the police",
        "actor_kind": "national_police",
        **KNOWN,
        **more,
    }
    return Handover(
        tasks=tasks or ("protect",), from_month=FIRST + after, full_month=FIRST + after + months, share_start=start,
        share_full=share, share_low=share, share_high=share, **given,
    )  # fmt: skip


def node(node_id: str, parent_id: str, after: int, months: int, probability: float = 1.0, **more: Any) -> Node:
    return Node(
        node_id=node_id, parent_id=parent_id, first_month=FIRST + after, months=months, probability=probability,
        **KNOWN, **more,
    )  # fmt: skip


def routes(hours: Mapping[tuple[str, str], float], *, mode: str = "road") -> tuple[Route, ...]:
    """Return measured times, the same in all seasons."""
    return tuple(
        Route(from_site=a, to_place=b, mode=mode, dry_hours=value, wet_hours=value, **KNOWN)
        for (a, b), value in hours.items()
    )


def covering(covers: Mapping[str, Iterable[str]], areas: Sequence[Area]) -> tuple[Route, ...]:
    """Return routes by which each site reaches just the areas it covers."""
    found = {site_id: set(names) for site_id, names in covers.items()}
    return routes({(s, a.area_id): 0.5 if a.area_id in found[s] else NEVER for s in found for a in areas})


def mission(
    *,
    areas: Sequence[Area],
    sites: Sequence[Site],
    units: Sequence[Unit],
    tasks: Sequence[Task] | None = None,
    ceilings: Sequence[Ceiling] = (),
    site_limits: Sequence[SiteLimit] = (),
    floors: Sequence[Floor] = (),
    conditions: Sequence[Any] = (),
    handovers: Sequence[Handover] = (),
    months: int = 1,
    wet_months: tuple[int, ...] = (),
    fixed: int = 0,
    **more: Any,
) -> Mission:
    """Return a mission; one task of protection where none is given."""
    return Mission(
        setting=Setting(
            name="Small", operation="UNSMALL", countries=("SDN",), first_month=FIRST, months=months,
            wet_months=wet_months, mission_model="protection", fixed_cost_usd_per_month=Decimal(fixed),
            fixed_cost_source="hand", fixed_cost_status="assumed",
        ),
        mandate=Mandate(
            resolution="S/RES/0000", adopted_on=date(2019, 12, 1), valid_until=date(2031, 1, 1), **KNOWN,
            condition=tuple(conditions), ceiling=tuple(ceilings), site_limit=tuple(site_limits),
            task=(task(),) if tasks is None else tuple(tasks), floor=tuple(floors),
            handover=tuple(handovers),
        ),
        areas=tuple(areas), sites=tuple(sites), units=tuple(units), sources={"hand": "made up by hand"}, **more,
    )  # fmt: skip


def plan(given: Mission, changes: Mapping[str, object] | None = None, options: Options = EXACT, **more: Any) -> Plan:
    """Plan a small mission exactly; the re-check is part of it."""
    return make_plan(given, norms(changes), options, **more)


def tier(made: Plan, name: str) -> Tier:
    return next(tier for tier in made.tiers if tier.name == name)


def reached(made: Plan, name: str = "priority_1") -> float:
    return tier(made, name).objective


def units_at(made: Plan, class_id: str = "infantry_company") -> dict[str, dict[str, int]]:
    """Return where units of a class stand: node, site, number."""
    found: dict[str, dict[str, int]] = {name: {} for name in made.tables["nodes"]["node_id"]}
    for row in made.tables["deployments"].filter(pl.col("class_id") == class_id).iter_rows(named=True):
        found[row["node_id"]][row["site_id"]] = row["units"]
    return found


def deeds(made: Plan, deed: str) -> dict[str, int]:
    """Return how many units a deed moves, by node; nodes without it are left out."""
    rows = made.tables["movements"].filter(pl.col("deed") == deed)
    return dict(rows.group_by("node_id", maintain_order=True).agg(pl.col("units").sum()).iter_rows())


def cell(made: Plan, table: str, column: str, **where: object) -> Any:
    """Return one number of a table."""
    return made.tables[table].filter(*(pl.col(name) == value for name, value in where.items())).item(0, column)


def monthly(months: int, **more: Any) -> tuple[Node, ...]:
    """Return one future with a node for every month: m0, m1 ..."""
    return tuple(node(f"m{i}", f"m{i - 1}" if i else "", i, 1, **more) for i in range(months))


def column(made: Plan, table: str, name: str, **where: object) -> list[Any]:
    """Return a column of a table, row by row as the plan lists them."""
    return made.tables[table].filter(*(pl.col(key) == value for key, value in where.items()))[name].to_list()
