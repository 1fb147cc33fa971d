"""The facts of a mission, one record per row of its tables.

Every record says where it comes from: `source` is a key of `[sources]` in `mission.toml`, and `status` is
verified (read in its source), recalled (an unverified figure from practice) or assumed (our planning
assumption; `note` gives the reason). What is not verified is flagged wherever it appears.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from bluehelm.mission.columns import Column
from bluehelm.mission.months import Month

STATUSES = ("verified", "recalled", "assumed")
COMPONENTS = ("military", "police", "civilian")
SITE_KINDS = ("mission_headquarters", "sector_headquarters", "company_base", "temporary_base", "partner_hospital")
READINESS_LEVELS = ("1", "2", "3", "rapid")
BUDGET_KINDS = ("opening_cash", "receipt", "borrowing_limit", "owed_limit", "appropriation")
ROUTE_MODES = ("road", "air")
RESTRICTION_KINDS = ("site_lost", "no_consent", "grounded")
# In a restriction of kind grounded, stands for every unit type that moves by air.
ALL_AIRCRAFT = "air"

Source = Annotated[str, Column("key", "key of [sources] in mission.toml")]
Status = Annotated[str, Column("text", "how well the row is known", choices=STATUSES)]
Note = Annotated[str, Column("text", "reason, where the row is assumed; otherwise a remark")]
Latitude = Annotated[float, Column("° north, WGS 84", "latitude", low=-90, high=90)]
Longitude = Annotated[float, Column("° east, WGS 84", "longitude", low=-180, high=180)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """People who can be harmed, and how much violence is expected there."""

    area_id: Annotated[str, Column("key", "name of the area in all tables")]
    name: Annotated[str, Column("text", "name as people say it")]
    zone: Annotated[str, Column("key", "group of areas (a sector or state) over which tasks are asked")]
    latitude_deg: Latitude
    longitude_deg: Longitude
    population_persons: Annotated[int, Column("person", "people who live or shelter there", low=0)]
    fatalities_per_month: Annotated[float, Column("person/month", "civilian deaths expected, before any plan", low=0)]
    source: Source
    status: Status
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where units can be based, or a named hospital of a partner."""

    site_id: Annotated[str, Column("key", "name of the site in all tables")]
    name: Annotated[str, Column("text", "name as people say it")]
    kind: Annotated[str, Column("text", "what the site is", choices=SITE_KINDS)]
    zone: Annotated[str, Column("key", "zone in which the site lies")]
    latitude_deg: Latitude
    longitude_deg: Longitude
    open_at_start: Annotated[bool, Column("yes/no", "open on the day before the first month")]
    may_close: Annotated[bool, Column("yes/no", "the plan may close it; headquarters that stay say no")]
    source: Source
    status: Status
    opens_from: Annotated[Month | None, Column("month", "first month in which it may open; blank = cannot open")] = None
    capacity_persons: Annotated[
        int | None, Column("person", "beds in every season; blank = norm of its kind", low=0)
    ] = None
    airfield: Annotated[bool, Column("yes/no", "aircraft units can be based here")] = False
    hospital_level: Annotated[
        int, Column("level", "0 none; 1–4 a host-nation or partner hospital that takes casualties", low=0, high=4)
    ] = 0
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One block in place, or on its way to the site when `arrives` is given."""

    unit_id: Annotated[str, Column("key", "name of the unit")]
    unit_type: Annotated[str, Column("key", "building block, a key of the unit types in the norms")]
    contributor: Annotated[str, Column("text", "contributing country; blank = unknown", may_be_blank=True)]
    site_id: Annotated[str, Column("key", "site where it stands or will arrive")]
    persons: Annotated[int, Column("person", "strength", low=1)]
    source: Source
    status: Status
    arrives: Annotated[Month | None, Column("month", "month of arrival if it is on its way; blank = in place")] = None
    only_zones: Annotated[tuple[str, ...], Column("list", "caveat: zones where it may be based; blank = all")] = ()
    not_tasks: Annotated[tuple[str, ...], Column("list", "caveat: kinds of task it will not do")] = ()
    may_move: Annotated[bool, Column("yes/no", "may be moved to another site")] = True
    may_leave: Annotated[bool, Column("yes/no", "may be sent home")] = True
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """A conditional promise of one unit: it comes only if ordered, one lead time later."""

    pledge_id: Annotated[str, Column("key", "name of the pledge")]
    unit_type: Annotated[str, Column("key", "building block, a key of the unit types in the norms")]
    contributor: Annotated[str, Column("text", "contributing country; blank = unknown", may_be_blank=True)]
    persons: Annotated[int, Column("person", "strength", low=1)]
    readiness_level: Annotated[str, Column("text", "level of readiness; sets the lead time", choices=READINESS_LEVELS)]
    available_from: Annotated[Month, Column("month", "first month in which it may be ordered")]
    expires_on: Annotated[date, Column("date", "last day on which the unit may arrive")]
    source: Source
    status: Status
    only_zones: Annotated[tuple[str, ...], Column("list", "caveat: zones where it may be based; blank = all")] = ()
    not_tasks: Annotated[tuple[str, ...], Column("list", "caveat: kinds of task it will not do")] = ()
    may_move: Annotated[bool, Column("yes/no", "may be moved once deployed")] = True
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """Money of one kind for a run of months: what comes in each month, or a limit that holds in them.

    opening_cash, one line: cash on the day before the first month. receipt: comes in each month of the run.
    borrowing_limit, owed_limit: what may be borrowed, and owed to contributors, at any time in the run.
    appropriation: approved for spending over the whole run (usually a fiscal year).
    """

    kind: Annotated[str, Column("text", "what the money is", choices=BUDGET_KINDS)]
    first_month: Annotated[Month, Column("month", "first month of the run")]
    last_month: Annotated[Month, Column("month", "last month of the run")]
    amount_usd: Annotated[Decimal, Column("USD", "amount: per month for receipt, otherwise for the run", low=0)]
    source: Source
    status: Status
    when: Annotated[str, Column("key", "condition on which it hangs; blank = none")] = ""
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A travel time that someone measured, used in place of the one computed from distance."""

    from_site: Annotated[str, Column("key", "site from which one travels")]
    to_place: Annotated[str, Column("key", "site or area to which one travels")]
    mode: Annotated[str, Column("text", "how one travels", choices=ROUTE_MODES)]
    dry_hours: Annotated[float, Column("hour", "door to door in the dry season; inf = no route", low=0, infinite=True)]
    wet_hours: Annotated[float, Column("hour", "door to door in the wet season; inf = no route", low=0, infinite=True)]
    source: Source
    status: Status
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A stretch of months in one future. Without nodes, a mission has one future, month by month."""

    node_id: Annotated[str, Column("key", "name of the node")]
    parent_id: Annotated[str, Column("key", "node before it; blank for the first", may_be_blank=True)]
    first_month: Annotated[Month, Column("month", "first month of the node")]
    months: Annotated[int, Column("month", "number of months", low=1, high=120)]
    probability: Annotated[float, Column("share", "chance of this node given its parent", low=0, high=1)]
    source: Source
    status: Status
    risk_scale: Annotated[float, Column("ratio", "risk in all areas is multiplied by it", low=0)] = 1.0
    receipts_scale: Annotated[float, Column("ratio", "receipts in the node are multiplied by it", low=0)] = 1.0
    conditions: Annotated[tuple[str, ...], Column("list", "conditions of the mandate that hold here")] = ()
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What the mission may not use for a while: a site that is lost, an area without consent, grounded aircraft.

    site_lost: the site cannot be open; its units go elsewhere or home, whatever may_close and may_move say.
    no_consent: presence protects no one in the area (in a zone: in all its areas), and no effort is given in the zone.
    grounded: units of the type give no presence, no effort and no lift for casualties.
    """

    kind: Annotated[str, Column("text", "what happens", choices=RESTRICTION_KINDS)]
    what: Annotated[str, Column("key", "what it befalls: a site, an area, a zone, a unit type, or air: all aircraft")]
    from_month: Annotated[Month, Column("month", "first month in which it holds")]
    source: Source
    status: Status
    until_month: Annotated[Month | None, Column("month", "last month in which it holds; blank = to the end")] = None
    when: Annotated[str, Column("key", "condition on which it hangs; blank = none")] = ""
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What the mission itself did later with a site: a yardstick in the report, never read by the planner."""

    site_id: Annotated[str, Column("key", "site closed or opened")]
    deed: Annotated[str, Column("text", "what was done", choices=("closed", "opened"))]
    done_on: Annotated[date, Column("date", "day by which it was done")]
    source: Source
    status: Status
    note: Note = ""
