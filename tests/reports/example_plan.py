"""A small made-up mission and a plan of it, consistent enough to be told: for the tests of the report only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import inf, nan
from typing import Any

import polars as pl

from bluehelm.mission.mandate import Ceiling, Condition, Floor, Mandate, SiteLimit, Task
from bluehelm.mission.mission import Mission, Setting
from bluehelm.mission.months import Month
from bluehelm.mission.plan import TABLES, Plan, Tier
from bluehelm.mission.records import Area, BudgetLine, Node, Pledge, Site, Unit

FIRST = Month(2017, 1)
MONTHS = 12
SITES = (
    ("north_hq", "North Town", "mission_headquarters", "north", 13.62, 25.35),
    ("south_hq", "South Town", "sector_headquarters", "south", 12.05, 24.88),
    ("west_hq", "West Town", "sector_headquarters", "west", 13.45, 22.45),
    ("dune", "Dune Wells", "company_base", "north", 15.06, 26.22),
    ("acacia", "Acacia", "company_base", "north", 14.13, 25.90),
    ("river", "River Crossing", "company_base", "west", 12.90, 22.10),
    ("market", "Market Hill", "company_base", "south", 11.60, 25.60),
    ("gate", "Mountain Gate", "company_base", "west", 13.10, 23.90),
    ("spring", "Upper Spring", "temporary_base", "west", 12.98, 24.25),
    ("clinic", "Government Hospital", "partner_hospital", "south", 12.06, 24.90),
)
AREAS = (
    ("north_camp", "North Camp", "north", 13.70, 25.30, 120_000, 9.0),
    ("dune_villages", "Dune Villages", "north", 15.00, 26.00, 18_000, 1.2),
    ("acacia_market", "Acacia Market", "north", 14.20, 25.85, 40_000, 3.1),
    ("south_camp", "South Camp", "south", 12.00, 24.90, 150_000, 11.5),
    ("market_villages", "Market Villages", "south", 11.50, 25.70, 52_000, 6.4),
    ("west_camp", "West Camp", "west", 13.40, 22.50, 80_000, 4.0),
    ("river_villages", "River Villages", "west", 12.85, 22.00, 25_000, 1.9),
    ("mountain", "High Mountain", "west", 12.95, 24.20, 70_000, 14.2),
    ("far_plain", "Far Plain", "south", 10.90, 26.40, 22_000, 3.8),
)
UNITS = (  # type, component, persons, site, count, kUSD/month
    ("infantry_company", "military", 150, "north_hq", 4),
    ("infantry_company", "military", 150, "south_hq", 4),
    ("infantry_company", "military", 150, "west_hq", 3),
    ("infantry_company", "military", 150, "dune", 1),
    ("infantry_company", "military", 150, "acacia", 2),
    ("infantry_company", "military", 150, "river", 1),
    ("infantry_company", "military", 150, "market", 2),
    ("infantry_company", "military", 150, "gate", 2),
    ("level_2_hospital", "military", 60, "north_hq", 1),
    ("formed_police_unit", "police", 140, "north_hq", 2),
    ("formed_police_unit", "police", 140, "south_hq", 2),
    ("formed_police_unit", "police", 140, "west_hq", 1),
    ("mediation_team", "civilian", 8, "north_hq", 2),
)
PRICE_USD = {
    "infantry_company": 620_000.0,
    "level_2_hospital": 410_000.0,
    "formed_police_unit": 560_000.0,
    "mediation_team": 160_000.0,
}
# unit type, site left, month of the plan, site reached ("" = home)
DEEDS = (
    ("infantry_company", "dune", 2, "acacia"),
    ("infantry_company", "river", 4, "gate"),
    ("infantry_company", "north_hq", 3, "spring"),
    ("infantry_company", "west_hq", 5, ""),
    ("infantry_company", "market", 5, "south_hq"),
    ("infantry_company", "market", 5, "south_hq"),
    ("infantry_company", "acacia", 8, ""),
    ("infantry_company", "acacia", 8, ""),
    ("infantry_company", "acacia", 8, "north_hq"),
    ("formed_police_unit", "south_hq", 6, ""),
)
CLOSES = {"dune": 3, "river": 5, "market": 6, "acacia": 9}
OPENS = {"spring": 3}


@dataclass
class _Block:
    unit_type: str
    component: str
    persons: int
    site: str


def example_mission(branches: int = 1) -> Mission:
    """Return a made-up mission with nine sites, a hospital and nine areas."""
    nodes = _nodes() if branches > 1 else ()
    return Mission(
        setting=Setting(
            name="Example land 2017", operation="UNEXA", countries=("SDN",), first_month=FIRST, months=MONTHS,
            wet_months=(6, 7, 8, 9), mission_model="protection",
            fixed_cost_usd_per_month=Decimal(21_000_000), fixed_cost_source="made_up", fixed_cost_status="assumed",
            title="A made-up drawdown in two steps while protection stays first.",
            licence_note="Made up for tests; no licence is needed.",
        ),
        mandate=_mandate(),
        areas=tuple(
            Area(area_id=i, name=n, zone=z, latitude_deg=lat, longitude_deg=lon, population_persons=people,
                 fatalities_per_month=deaths, source="made_up", status="assumed", note="made up")
            for i, n, z, lat, lon, people, deaths in AREAS
        ),
        sites=tuple(
            Site(site_id=i, name=n, kind=k, zone=z, latitude_deg=lat, longitude_deg=lon, source="made_up",
                 open_at_start=i != "spring", may_close=k == "company_base", status="verified",
                 opens_from=FIRST if i == "spring" else None, hospital_level=2 if i == "clinic" else 0)
            for i, n, k, z, lat, lon in SITES
        ),
        units=tuple(
            Unit(unit_id=f"{kind}-{site}-{i + 1}", unit_type=kind, contributor="Exampleland", site_id=site,
                 persons=persons, source="made_up", status="verified" if kind == "infantry_company" else "assumed")
            for kind, _, persons, site, count in UNITS for i in range(count)
        ),
        pledges=(
            Pledge(pledge_id="p1", unit_type="utility_helicopter_unit", contributor="Exampleland", persons=90,
                   readiness_level="2", available_from=FIRST, expires_on=date(2017, 9, 30), source="made_up",
                   status="recalled"),
        ),
        budget=(
            BudgetLine(kind="opening_cash", first_month=FIRST, last_month=FIRST, amount_usd=Decimal(90_000_000),
                       source="made_up", status="assumed"),
            BudgetLine(kind="appropriation", first_month=FIRST, last_month=Month(2017, 6),
                       amount_usd=Decimal(265_000_000), source="made_up", status="verified"),
        ),
        nodes=nodes,
        sources={"made_up": "Made up for the tests of this project, 2017", "res": "S/RES/0000 (2017), made up"},
        amendments={"protection_q": "0.5"},
    )  # fmt: skip


def _nodes() -> tuple[Node, ...]:
    source: Any = {"source": "made_up", "status": "assumed"}
    root = Node(node_id="now", parent_id="", first_month=FIRST, months=6, probability=1.0, **source)
    calm = Node(node_id="calm", parent_id="now", first_month=FIRST + 6, months=6, probability=0.7, **source)
    worse = Node(node_id="worse", parent_id="now", first_month=FIRST + 6, months=6, probability=0.3,
                 risk_scale=2.0, **source)  # fmt: skip
    return (root, calm, worse)


def _mandate() -> Mandate:
    source: Any = {"source": "res", "status": "verified"}
    return Mandate(
        resolution="S/RES/0000 (2017)", adopted_on=date(2016, 12, 20), valid_until=date(2017, 12, 31), **source,
        condition=(Condition(condition_id="calm", text="No harm to people in areas that were left",
                             holds_from=Month(2017, 7), **source),),
        ceiling=(
            Ceiling(component="military", persons=2950, from_month=FIRST, **source),
            Ceiling(component="military", persons=2500, from_month=Month(2017, 7), **source),
            Ceiling(component="police", persons=700, from_month=FIRST, **source),
            Ceiling(component="police", persons=600, from_month=Month(2017, 9), when="calm", **source),
        ),
        site_limit=(SiteLimit(at_most=5, from_month=Month(2017, 10), **source),),
        task=(
            Task(task_id="protect", title="Protection of civilians", kind="protection", priority=1, starts=FIRST,
                 **source),
            Task(task_id="mediate", title="Support to mediation", kind="mediation", priority=2, starts=FIRST,
                 **source),
            Task(task_id="escort", title="Escort of humanitarian convoys", kind="escort", priority=3, starts=FIRST,
                 **source),
        ),
        floor=(Floor(share=0.35, from_month=FIRST, areas=("dune_villages",), **source),),
    )  # fmt: skip


def example_plan(branches: int = 1) -> Plan:
    """Return a plan of the made-up mission: one future, or two with probabilities 0.7 and 0.3."""
    mission = example_mission(branches)
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    stretches = _stretches(branches)
    for kind, component, persons in dict.fromkeys((u[0], u[1], u[2]) for u in UNITS):
        rows["classes"].append(
            {"class_id": kind, "unit_type": kind, "component": component, "persons": persons, "only_zones": "",
             "not_tasks": "", "may_move": True, "may_leave": True, "monthly_cost_usd": PRICE_USD[kind],
             "units_at_start": sum(u[4] for u in UNITS if u[0] == kind)}
        )  # fmt: skip
    for node_id, parent_id, first, length, chance, scale in stretches:
        _tell_node(rows, node_id, parent_id, first, length, chance, scale)
    _tell_cumulated(rows, {node_id: parent for node_id, parent, *_ in stretches})
    _tell_rest(rows)
    return Plan(
        mission=mission, status="within_gap", checked=True, input_hash="0123456789abcdef" * 4,
        tiers=(
            Tier(name="priority_1", title="Protection of civilians", sense="max", unit="share", objective=0.4412,
                 bound=0.4437, gap=0.0057, held_at=0.4387),
            Tier(name="priority_2", title="Support to mediation", sense="max", unit="share", objective=0.82,
                 bound=0.824, gap=0.0049, held_at=0.815),
            Tier(name="priority_3", title="Escort of humanitarian convoys", sense="max", unit="share",
                 objective=0.61, bound=0.616, gap=0.0098, held_at=0.60),
            Tier(name="cost", title="Least cost", sense="min", unit="USD", objective=521_000_000.0,
                 bound=517_900_000.0, gap=0.006, held_at=526_000_000.0),
        ),
        provenance={"bluehelm": "0.1.0", "highspy": "1.15.1", "seed": 0, "gap_asked": 0.01, "norms": "feedbeef" * 8,
                    "options": {"order": "council", "risk": "expectation"}},
        tables={name: pl.DataFrame(rows[name], schema=_schema(name), strict=False) for name in TABLES},
        run={"seconds": 12.3, "peak_mb": 410},
    )  # fmt: skip


def _stretches(branches: int) -> list[tuple[str, str, int, int, float, float]]:
    """Node, parent, first month of the plan, months, chance, scale of risk."""
    if branches > 1:
        return [("now", "", 0, 6, 1.0, 1.0), ("calm", "now", 6, 6, 0.7, 1.0), ("worse", "now", 6, 6, 0.3, 2.0)]
    names = [str(FIRST + i) for i in range(MONTHS)]
    return [(name, names[i - 1] if i else "", i, 1, 1.0, 1.0) for i, name in enumerate(names)]


def _blocks_at(month: int) -> tuple[list[_Block], list[_Block]]:
    """Return units at a site, and units leaving or on the move, in a month of the plan."""
    standing = [_Block(u[0], u[1], u[2], u[3]) for u in UNITS for _ in range(u[4])]
    away = []
    for kind, site, when, to in DEEDS:
        if month < when:
            continue
        block = next(b for b in standing if b.unit_type == kind and b.site == site)
        standing.remove(block)
        if to:
            standing.append(_Block(kind, block.component, block.persons, to))
        elif month < when + 2:
            away.append(block)
    return standing, away


def _tell_node(
    rows: dict[str, list[dict[str, object]]],
    node: str,
    parent: str,
    first: int,
    length: int,
    chance: float,
    scale: float,
) -> None:
    month, last = str(FIRST + first), first + length - 1
    here: dict[str, object] = {"node_id": node, "month": month}
    standing, away = _blocks_at(last)
    rows["nodes"].append({**here, "parent_id": parent, "months": length, "probability": chance,
                          "indicative": last >= MONTHS - 2})  # fmt: skip
    for (site, kind, component, persons), count in _count(standing).items():
        rows["deployments"].append({**here, "class_id": kind, "unit_type": kind, "component": component,
                                    "site_id": site, "units": count, "persons": count * persons})  # fmt: skip
        if component == "civilian":
            rows["effort_given"].append({"node_id": node, "class_id": kind, "site_id": site, "task_id": "mediate",
                                         "zone": "north", "hours": 900.0 * length})  # fmt: skip
    for kind, site, when, to in DEEDS:
        if first <= when <= last:
            deeds = (("move_out", site), ("move_in", to)) if to else (("exit_order", ""), ("stop", site))
            for deed, at in deeds:
                rows["movements"].append({**here, "class_id": kind, "unit_type": kind, "deed": deed, "site_id": at,
                                          "pledge_class": "", "units": 1})  # fmt: skip
    for site, _, kind, *_ in SITES:
        opens, closes = OPENS.get(site, inf), CLOSES.get(site, inf)
        is_open = (site != "spring" or last >= opens) and last < closes
        rows["sites"].append({**here, "site_id": site, "open": is_open, "opens": first <= opens <= last,
                              "closes": first <= closes <= last, "capacity_persons": 900,
                              "persons": sum(b.persons for b in standing if b.site == site)})  # fmt: skip
        if is_open and kind != "partner_hospital":
            rows["care"].append({**here, "site_id": site, "enhanced_care_covered": 1.0,
                                 "surgery_covered": 0.0 if site in ("dune", "acacia", "river") else 1.0})  # fmt: skip
    _tell_protection(rows, here, length, scale, standing)
    _tell_money(rows, here, length, first, standing + away)
    for component in ("military", "police", "civilian"):
        ceiling = {"military": 2950 if last < 6 else 2500, "police": 700 if last < 8 else 600}.get(component, inf)
        rows["ceilings"].append({**here, "component": component, "ceiling_persons": ceiling,
                                 "persons": _strength(standing + away, component)})  # fmt: skip


def _strength(blocks: Iterable[_Block], component: str) -> int:
    return sum(b.persons for b in blocks if b.component == component)


def _count(blocks: Iterable[_Block]) -> dict[tuple[str, str, str, int], int]:
    counted: dict[tuple[str, str, str, int], int] = {}
    for b in blocks:
        key = (b.site, b.unit_type, b.component, b.persons)
        counted[key] = counted.get(key, 0) + 1
    return counted


def _tell_protection(
    rows: dict[str, list[dict[str, object]]], here: dict[str, object], length: int, scale: float, standing: list[_Block]
) -> None:
    places = {s[0]: (s[4], s[5]) for s in SITES}
    for area, _, _, lat, lon, _, deaths in AREAS:
        presence = 0.0
        for b in standing:
            south, west = places[b.site]
            reach = max(0.0, 1 - ((lat - south) ** 2 + (lon - west) ** 2) ** 0.5)
            presence += 0.35 * reach * (b.component != "civilian")
        share = min(0.9, 1 - 0.6**presence)
        floor = 0.35 if area == "dune_villages" else nan
        short = max(0.0, 0.35 - share) if area == "dune_villages" else 0.0
        rows["protection"].append({**here, "area_id": area, "fatalities": deaths * length * scale,
                                   "presence": presence, "protected_share": share, "curve_share": share,
                                   "floor_share": floor,
                                   "floor_shortfall": short})  # fmt: skip


def _tell_money(
    rows: dict[str, list[dict[str, object]]], here: dict[str, object], length: int, first: int, paid: list[_Block]
) -> None:
    parts = {
        "units_usd": sum(PRICE_USD[b.unit_type] for b in paid) * length,
        "leaving_usd": 400_000.0 * (first in (5, 6, 8)),
        "transport_usd": 350_000.0 * (first in (2, 3, 4, 5, 8)),
        "sites_usd": 1_900_000.0 * length,
        "fixed_usd": 21_000_000.0 * length,
    }
    rows["cash"].append({**here, "fiscal_year": "2016-17" if first < 6 else "2017-18", **parts,
                         "spent_usd": sum(parts.values()), "approved_usd": 265_000_000.0 if first < 6 else nan,
                         "cash_limit_usd": 90_000_000.0 + 42_000_000.0 * (first + length)})  # fmt: skip


def _tell_cumulated(rows: dict[str, list[dict[str, object]]], parents: dict[str, str]) -> None:
    total: dict[str, float] = {}
    year: dict[str, tuple[object, float]] = {}
    for row in rows["cash"]:
        node, parent, spent = str(row["node_id"]), parents[str(row["node_id"])], float(str(row["spent_usd"]))
        total[node] = total.get(parent, 0.0) + spent
        same = parent in year and year[parent][0] == row["fiscal_year"]
        year[node] = (row["fiscal_year"], (year[parent][1] if same else 0.0) + spent)
        row["cumulative_usd"], row["fiscal_year_spent_usd"] = total[node], year[node][1]


def _tell_rest(rows: dict[str, list[dict[str, object]]]) -> None:
    for n in rows["nodes"]:
        here, length = {"node_id": n["node_id"], "month": n["month"]}, int(str(n["months"]))
        for task, zone, demand, given in (("mediate", "north", 1100.0, 900.0), ("escort", "west", 2000.0, 1220.0)):
            unmet = (demand - given) * length
            rows["effort"].append({**here, "task_id": task, "zone": zone, "demand_hours": demand * length,
                                   "given_hours": given * length, "unmet_hours": unmet})  # fmt: skip
            rows["shortfalls"].append({**here, "kind": "effort", "what": task, "where": zone, "amount": unmet,
                                       "unit": "hour", "share_unmet": (demand - given) / demand,
                                       "priority": 2 if task == "mediate" else 3})  # fmt: skip
        rows["binding"].append({"family": "ceilings", "row": f"ceilings[military, {n['node_id']}]",
                                "node_id": n["node_id"], "slack": 0.0,
                                "sentence": f"the military ceiling is full at {n['node_id']}"})  # fmt: skip
    for row in rows["protection"]:
        if float(str(row["floor_shortfall"])) > 0:
            rows["shortfalls"].append({"node_id": row["node_id"], "month": row["month"], "kind": "floor",
                                       "what": "dune_villages", "where": "dune_villages", "unit": "share",
                                       "amount": row["floor_shortfall"], "share_unmet": row["floor_shortfall"],
                                       "priority": 1})  # fmt: skip


def _schema(table: str) -> dict[str, type[pl.DataType]]:
    kinds: dict[str, type[pl.DataType]] = {"yes/no": pl.Boolean, "text": pl.String, "list": pl.String, "rank": pl.Int64}
    schema: dict[str, type[pl.DataType]] = {c: kinds.get(unit, pl.Float64) for c, unit in TABLES[table].items()}
    if "month" in schema:
        schema["month"] = pl.String
    return schema | ({"months": pl.Int64} if "months" in schema else {})
