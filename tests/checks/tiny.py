"""A tiny mission and its plan, worked out by hand: three months, two bases and one that opens, two areas.

In May two infantry companies stand at each base. One is told to leave the south, one pledge is called. In June the
one that was on its way and the pledged one arrive in the north; the one told to leave stops. In July, in the rains,
the base in the south closes and its last company moves to a temporary base at the well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import log, nan
from typing import Any, Literal

import polars as pl

from bluehelm.mission.folder import mission_hash
from bluehelm.mission.mandate import Ceiling, Floor, Mandate, SiteLimit, Task
from bluehelm.mission.mission import Mission, Setting
from bluehelm.mission.months import Month
from bluehelm.mission.plan import TABLES, Plan, Tier
from bluehelm.mission.plan_folder import table_schema
from bluehelm.mission.records import Area, BudgetLine, Pledge, Route, Site, Unit
from bluehelm.norms.norms import Norms, load_norms

MAY, JUNE, JULY = Month(2017, 5), Month(2017, 6), Month(2017, 7)
NODES = ("2017-05", "2017-06", "2017-07")
KNOWN: dict[str, Any] = {"source": "hand", "status": "assumed"}

AMENDMENTS: Mapping[str, object] = {
    "protection_q": 0.5,
    "road_speed_dry_km_per_hour": 35,
    "road_speed_wet_km_per_hour": 15,
    "road_detour_ratio": 1.4,
    "road_reaction_hours": 0.5,
    "road_full_reach_hours": 2,
    "road_zero_reach_hours": 4,
    "air_speed_km_per_hour": 200,
    "air_reaction_hours": 0.75,
    "air_full_reach_hours": 1.0,
    "air_zero_reach_hours": 1.5,
    "evacuation_launch_hours": 0.5,
    "patrol_radius_km": 10,
    "guard_persons_per_base": 60,
    "effort_hours_per_person_month": 40,
    "move_days": 3,
    "exit_notice_months": 1,
    "exit_lag_months": 2,
    "lead_months.rapid": 1,
    "beyond_horizon_months": 2,
    "site_open_lead_months.temporary_base": 1,
    "site_capacity_persons.company_base": 300,
    "site_run_usd_per_month.mission_headquarters": "100000",
    "site_run_usd_per_month.company_base": "20000",
    "site_run_usd_per_month.temporary_base": "10000",
    "site_open_usd.temporary_base": "30000",
    "site_close_usd.company_base": "50000",
    "personnel_reimbursement_usd_per_person_month": "1000",
    "equipment_usd_per_person_month": "500",
    "rations_usd_per_person_month": "300",
    "fuel_usd_per_person_month": "200",
    "aircraft_usd_per_month": "100000",
    "civilian_usd_per_person_month": "10000",
    "deployment_usd_per_person": "1000",
    "repatriation_usd_per_person": "1000",
    "move_usd_per_person": "100",
    "individual_travel_usd_per_person": "400",
}


def tiny_norms() -> Norms:
    """Return the shipped norms with round numbers laid over those that matter here."""
    return load_norms(AMENDMENTS)


def _site(site_id: str, kind: str, zone: str, place: tuple[float, float], **more: Any) -> Site:
    given: dict[str, Any] = {"open_at_start": True, "may_close": False, **KNOWN, **more}
    return Site(
        site_id=site_id, name=site_id, kind=kind, zone=zone, latitude_deg=place[0], longitude_deg=place[1], **given
    )


def _unit(unit_id: str, unit_type: str, contributor: str, site_id: str, persons: int, **more: Any) -> Unit:
    return Unit(
        unit_id=unit_id, unit_type=unit_type, contributor=contributor, site_id=site_id, persons=persons, **KNOWN, **more
    )


def tiny_mission() -> Mission:
    """Return the mission."""
    return Mission(
        setting=Setting(
            name="Tiny", operation="UNTINY", countries=("SDN",), first_month=MAY, months=3, wet_months=(7,),
            mission_model="protection", fixed_cost_usd_per_month=Decimal(1_000_000), fixed_cost_source="hand",
            fixed_cost_status="assumed",
        ),
        mandate=Mandate(
            resolution="S/RES/0000", adopted_on=date(2017, 4, 1), valid_until=date(2017, 7, 31), **KNOWN,
            ceiling=(
                Ceiling(component="military", persons=710, from_month=MAY, **KNOWN),
                Ceiling(component="military", persons=610, from_month=JULY, **KNOWN),
            ),
            site_limit=(SiteLimit(at_most=2, from_month=MAY, **KNOWN),),
            task=(
                Task(task_id="protect", title="Protect", kind="protection_of_civilians", priority=1, starts=MAY,
                     **KNOWN),
                Task(task_id="mediate", title="Mediate", kind="mediation_good_offices", priority=2, starts=MAY,
                     zones=("n",), demand_hours_per_zone_month=150.0, minimum_share=0.95, **KNOWN),
                Task(task_id="escort", title="Escort", kind="humanitarian_escort", priority=2, starts=JUNE, weight=3.0,
                     zones=("s",), demand_hours_per_zone_month=1000.0, **KNOWN),
            ),
            floor=(Floor(share=0.4, from_month=MAY, areas=("south_town",), **KNOWN),),
        ),
        areas=(
            Area(area_id="north_town", name="North", zone="n", latitude_deg=13.0, longitude_deg=25.0,
                 population_persons=1000, fatalities_per_month=10.0, **KNOWN),
            Area(area_id="south_town", name="South", zone="s", latitude_deg=11.0, longitude_deg=25.0,
                 population_persons=1000, fatalities_per_month=4.0, **KNOWN),
        ),
        sites=(
            _site("north", "mission_headquarters", "n", (13.0, 25.0), airfield=True, capacity_persons=600),
            _site("south", "company_base", "s", (11.0, 25.0), may_close=True),
            _site("well", "temporary_base", "s", (11.0, 25.5), open_at_start=False, opens_from=JUNE,
                  capacity_persons=120),
            _site("clinic", "partner_hospital", "s", (11.0, 25.0), hospital_level=2),
        ),
        units=(
            _unit("i1", "infantry_company", "Aland", "north", 100),
            _unit("i2", "infantry_company", "Aland", "north", 100),
            _unit("i3", "infantry_company", "Bland", "south", 100),
            _unit("i4", "infantry_company", "Bland", "south", 100),
            _unit("i5", "infantry_company", "Bland", "north", 100, arrives=JUNE),
            _unit("h1", "utility_helicopter_unit", "Cland", "north", 50),
            _unit("m1", "level_2_hospital", "Dland", "north", 60, may_move=False, may_leave=False),
            _unit("c1", "mediation_team", "", "north", 5, only_zones=("n",)),
        ),
        pledges=(
            Pledge(pledge_id="p1", unit_type="infantry_company", contributor="Aland", persons=100,
                   readiness_level="rapid", available_from=MAY, expires_on=date(2017, 6, 30), **KNOWN),
        ),
        budget=(
            BudgetLine(kind="opening_cash", first_month=MAY, last_month=MAY, amount_usd=Decimal(4_000_000), **KNOWN),
            BudgetLine(kind="receipt", first_month=MAY, last_month=JULY, amount_usd=Decimal(2_500_000), **KNOWN),
            BudgetLine(kind="owed_limit", first_month=JUNE, last_month=JULY, amount_usd=Decimal(500_000), **KNOWN),
            BudgetLine(kind="appropriation", first_month=Month(2016, 7), last_month=JUNE,
                       amount_usd=Decimal(6_500_000), **KNOWN),
            BudgetLine(kind="appropriation", first_month=JULY, last_month=Month(2018, 6),
                       amount_usd=Decimal(9_000_000), **KNOWN),
        ),
        routes=(Route(from_site="well", to_place="south_town", mode="road", dry_hours=1.5, wet_hours=2.5, **KNOWN),),
        risk=pl.DataFrame(
            {"area_id": ["south_town"], "month": ["2017-06"], "fatalities_per_month": [6.0], "node_id": [""],
             "source": ["hand"], "status": ["assumed"], "note": ["hand"]}
        ),
        sources={"hand": "made up by hand"},
        amendments=AMENDMENTS,
    )  # fmt: skip


# One company in full reach is a whole step; the helicopters count a tenth of a reach, the rains leave half of one.
HELICOPTER = log(1 - 0.5 * 0.1) / log(0.5)
IN_THE_RAINS = log(1 - 0.5 * 0.5) / log(0.5) * (1 - 3 / 30.4375)
PRESENCE = (2 + HELICOPTER, 2.0, 4 + HELICOPTER, 1.0, 4 + HELICOPTER, IN_THE_RAINS)
# Steps of the curve at 0, 1, 2 ...: 0, 1/2, 3/4, 7/8, 15/16.
PROTECTED = (0.75 + 0.125 * HELICOPTER, 0.75, 0.9375, 0.5, 0.9375, 0.5 * IN_THE_RAINS)
CURVE = (1 - 0.5 ** PRESENCE[0], 0.75, 0.9375, 0.5, 0.9375, 1 - 0.5**IN_THE_RAINS)
DEATHS = (10.0, 4.0, 10.0, 6.0, 10.0, 4.0)

# Thousand USD. A company costs 200 a month, the hospital 120, the team 50, the helicopters 100 and their hire.
HELICOPTER_PRICE = 100 + 100 * load_norms().unit_types()["utility_helicopter_unit"].aircraft
OTHERS = 120 + 50 + HELICOPTER_PRICE
UNITS = (4 * 200 + OTHERS, 5 * 200 + OTHERS, 5 * 200 + OTHERS)
LEAVING = (0, 200, 200)
TRANSPORT = (0, 2 * 100 + 100, 10)
SITES = (100 + 20, 100 + 20, 100 + 10 + 30 + 50)
SPENT = tuple(sum(parts) + 1000 for parts in zip(UNITS, LEAVING, TRANSPORT, SITES, strict=True))

FOUND = {
    "priority_1": (10 * PROTECTED[0] + 4 * 0.75 + 9.375 + 6 * 0.5 + 3 * (9.375 + 4 * PROTECTED[5]))
    / (14 + 16 + 3 * 14),
    "priority_2": (1 * 420 / 450 + 3 * 1.0) / 4,
    "minimum_shares": 0.95 - 420 / 450,
    "floors": 1 - (0.4 - PROTECTED[5]) / (3 * 0.4),
    "care": 1 - 1 / (2 * 4 * 3),
    "cost": sum(SPENT) / 1000,
    "moves": 1 - (10 / 30.4375) / 90,
}


def _frame(name: str, rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=table_schema(name), orient="row")


CLASSES = {
    "infantry_company": ("military", 100),
    "utility_helicopter_unit": ("military", 50),
    "level_2_hospital": ("military", 60),
    "mediation_team": ("civilian", 5),
}


def _deployments() -> Iterable[tuple[object, ...]]:
    infantry = (("north", 2), ("south", 2)), (("north", 4), ("south", 1)), (("north", 4), ("well", 1))
    for node, stand in zip(NODES, infantry, strict=True):
        for site, units in stand:
            yield node, node, "infantry_company", "infantry_company", "military", site, units, 100 * units
        for name in list(CLASSES)[1:]:
            yield node, node, name, name, CLASSES[name][0], "north", 1, CLASSES[name][1]


def _movements() -> Iterable[tuple[object, ...]]:
    for node, deed, site, pledge, units in (
        ("2017-05", "order", "", "pledges.1", 1),
        ("2017-05", "exit_order", "", "", 1),
        ("2017-06", "arrive", "north", "", 2),
        ("2017-06", "stop", "south", "", 1),
        ("2017-07", "move_out", "south", "", 1),
        ("2017-07", "move_in", "well", "", 1),
    ):
        yield node, node, "infantry_company", "infantry_company", deed, site, pledge, units


def _names() -> Iterable[tuple[object, ...]]:
    kind = {"i": "infantry_company", "p": "infantry_company", "h": "utility_helicopter_unit", "m": "level_2_hospital",
            "c": "mediation_team"}  # fmt: skip
    of = {"i1": "Aland", "i2": "Aland", "p1": "Aland", "h1": "Cland", "m1": "Dland", "c1": ""}
    at = {
        "2017-05": {"i1": "north", "i2": "north", "i3": "south", "i4": "south"},
        "2017-06": {"i1": "north", "i2": "north", "i5": "north", "p1": "north", "i3": "south", "i4": "leaving"},
        "2017-07": {"i1": "north", "i2": "north", "i5": "north", "p1": "north", "i3": "well", "i4": "leaving"},
    }
    for node in NODES:
        for unit, site in sorted({**at[node], "h1": "north", "m1": "north", "c1": "north"}.items()):
            away = site == "leaving"
            type_ = kind[unit[0]]
            yield (node, node, unit, of.get(unit, "Bland"), type_, type_, "south" if away else site,
                   "leaving" if away else "at_site")  # fmt: skip


def tiny_tables() -> dict[str, pl.DataFrame]:
    """Return the tables of the plan, every number worked out by hand."""
    of_type = "infantry_company", "utility_helicopter_unit", "level_2_hospital", "mediation_team"
    price = (200_000.0, 1000.0 * HELICOPTER_PRICE, 120_000.0, 50_000.0)
    in_place = (4, 1, 1, 1)
    n_s = [(node, node, area) for node in NODES for area in ("north_town", "south_town")]
    short = [max(0.0, 0.4 - share) for share in PROTECTED]
    tables: dict[str, Iterable[tuple[object, ...]]] = {
        "nodes": [("2017-05", "", "2017-05", 1, 1.0, False), ("2017-06", "2017-05", "2017-06", 1, 1.0, True),
                  ("2017-07", "2017-06", "2017-07", 1, 1.0, True)],
        "classes": [
            (name, name, *CLASSES[name], "n" if name == "mediation_team" else "", "", name != "level_2_hospital",
             name != "level_2_hospital", in_place[k], price[k])
            for k, name in enumerate(of_type)
        ],
        "deployments": _deployments(),
        "movements": _movements(),
        "sites": [
            ("2017-05", "2017-05", "north", True, False, False, 200 + 115, 600),
            ("2017-05", "2017-05", "south", True, False, False, 200, 300),
            ("2017-05", "2017-05", "well", False, False, False, 0, 120),
            ("2017-06", "2017-06", "north", True, False, False, 400 + 115, 600),
            ("2017-06", "2017-06", "south", True, False, False, 100, 300),
            ("2017-06", "2017-06", "well", False, False, False, 0, 120),
            ("2017-07", "2017-07", "north", True, False, False, 400 + 115, 600),
            ("2017-07", "2017-07", "south", False, False, True, 0, 300),
            ("2017-07", "2017-07", "well", True, True, False, 100, 120),
        ],
        "protection": [
            (*where, deaths, s, share, curve, 0.4 if where[2] == "south_town" else nan,
             lacking if where[2] == "south_town" else 0.0)
            for where, deaths, s, share, curve, lacking in zip(
                n_s, DEATHS, PRESENCE, PROTECTED, CURVE, short, strict=True
            )
        ],
        "effort": [
            ("2017-05", "2017-05", "mediate", "n", 150.0, 120.0, 30.0),
            ("2017-06", "2017-06", "mediate", "n", 150.0, 150.0, 0.0),
            ("2017-06", "2017-06", "escort", "s", 1000.0, 1000.0, 0.0),
            ("2017-07", "2017-07", "mediate", "n", 150.0, 150.0, 0.0),
            ("2017-07", "2017-07", "escort", "s", 1000.0, 1000.0, 0.0),
        ],
        "effort_given": [
            ("2017-05", "mediation_team", "north", "mediate", "n", 120.0),
            ("2017-06", "mediation_team", "north", "mediate", "n", 150.0),
            ("2017-06", "infantry_company", "south", "escort", "s", 1000.0),
            ("2017-07", "mediation_team", "north", "mediate", "n", 150.0),
            ("2017-07", "infantry_company", "well", "escort", "s", 1000.0),
        ],
        # At the well in the rains care on board is 1.7 hours away; surgery at the clinic by air just under 2.
        "care": [
            ("2017-05", "2017-05", "north", 1.0, 1.0), ("2017-05", "2017-05", "south", 1.0, 1.0),
            ("2017-06", "2017-06", "north", 1.0, 1.0), ("2017-06", "2017-06", "south", 1.0, 1.0),
            ("2017-07", "2017-07", "north", 1.0, 1.0), ("2017-07", "2017-07", "well", 0.0, 1.0),
        ],
        # In June a company that stopped is still there on the last day; in July it is out.
        "ceilings": [
            ("2017-05", "2017-05", "military", 510, 710.0), ("2017-05", "2017-05", "civilian", 5, nan),
            ("2017-06", "2017-06", "military", 710, 710.0), ("2017-06", "2017-06", "civilian", 5, nan),
            ("2017-07", "2017-07", "military", 610, 610.0), ("2017-07", "2017-07", "civilian", 5, nan),
        ],
        "cash": [
            (node, node, year,
             *(1000.0 * part for part in (UNITS[n], LEAVING[n], TRANSPORT[n], SITES[n], 1000, SPENT[n])),
             1000.0 * sum(SPENT[: n + 1]), limit, 1000.0 * run, approved)
            for n, (node, year, limit, run, approved) in enumerate(zip(
                NODES, ("2016/17", "2016/17", "2017/18"), (6_500_000.0, 9_500_000.0, 12_000_000.0),
                (SPENT[0], SPENT[0] + SPENT[1], SPENT[2]), (6_500_000.0, 6_500_000.0, 9_000_000.0), strict=True,
            ))
        ],
        "shortfalls": [], "binding": [], "names": _names(),
    }  # fmt: skip
    return {name: _frame(name, tables[name]) for name in TABLES}


def tiny_tiers() -> tuple[Tier, ...]:
    """Return the tiers, each with a bound a little beyond what was reached."""
    least = ("minimum_shares", "cost")
    tiers = []
    for name, reached in FOUND.items():
        sense: Literal["min", "max"] = "min" if name in least else "max"
        bound = reached * 0.999 if sense == "min" else min(1.0, reached * 1.001)
        gap = abs(bound - reached) / reached
        tiers.append(
            Tier(
                name=name,
                title=name,
                sense=sense,
                unit="share",
                objective=reached,
                bound=bound,
                gap=gap,
                held_at=reached,
            )
        )
    return tuple(tiers)


def tiny_plan() -> Plan:
    """Return the plan."""
    mission = tiny_mission()
    return Plan(
        mission=mission, status="within_gap", tiers=tiny_tiers(), checked=True, input_hash=mission_hash(mission),
        provenance={"seed": 0, "norms_hash": tiny_norms().digest(), "share": 1 / 3}, tables=tiny_tables(),
        run={"seconds": 1.5, "peak_mb": 100.0, "threads": 2},
    )  # fmt: skip


def with_table(plan: Plan, name: str, frame: pl.DataFrame) -> Plan:
    """Return the plan with another table in place of one of its own."""
    return replace(plan, tables={**plan.tables, name: frame})
