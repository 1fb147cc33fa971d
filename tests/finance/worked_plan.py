"""A plan made by hand, whose cost fits on the back of an envelope, and missions for the planner.

June to September 2017, in two nodes of two months. A company has 150 persons, a police team 20.

    a company, month, June     150 x (1365 + 500 + 270 + 180) = 347,250; from July 150 x 45 more = 354,000
    the police team, month     20 x (3900 + 180) = 81,600
    node a: two companies and the team at hq               2 x (2 x 347,250 + 81,600)   = 1,552,200
            hq 2 x 1,500,000, fixed 2 x 1,000,000                                       = 5,000,000
    node b: one company moves to base, the other stops at hq (three months to be out, two of them planned)
            at work 2 x (347,250 + 81,600) = 857,700, leaving 2 x 347,250 = 694,500
            home 150 x 3,000 and move 150 x 400                            = 510,000
            base opens 3,000,000; both run 2 x 1,650,000; fixed 2,000,000  = 8,300,000
    all at the plan's prices 6,552,200 + 10,362,200; July, August and September add 2 x 6,750 each = 40,500
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl

from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import TABLES, Plan, Tier
from bluehelm.mission.plan_folder import table_schema
from bluehelm.norms import load_norms
from bluehelm.planning.make import make_plan
from tests.planning import small

PLANNED_A, PLANNED_B, RATES_ADD = Decimal(6_552_200), Decimal(10_362_200), Decimal(40_500)
JUNE = Decimal(2 * 347_250 + 81_600 + 1_500_000 + 1_000_000)
TOTAL = PLANNED_A + PLANNED_B + RATES_ADD
# Quick and in reach as small missions are, but at the prices of the norms.
QUICK = {key: value for key, value in small.FREE.items() if "usd" not in key and key != "exit_lag_months"}


def worked_mission(**more: Any) -> Mission:
    given = small.mission(
        areas=[small.area("a", 2.0), small.area("b", 2.0, place=(14.0, 25.0))],
        sites=[
            small.site("hq", "mission_headquarters"),
            small.site("base", open_at_start=False, opens_from=small.FIRST, place=(14.0, 25.0)),
            small.hospital(),
        ],
        units=[
            small.unit("c1", "hq", persons=150),
            small.unit("c2", "hq", persons=150),
            small.unit("p1", "hq", kind="individual_police_team", persons=20),
        ],
        months=4, fixed=1_000_000, **more,
    )  # fmt: skip
    return replace(given, setting=replace(given.setting, first_month=Month(2017, 6), fixed_cost_status="verified"))


def table(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """Fill a table of a plan; cells not given are blank or 0."""
    schema = table_schema(name)
    blank = {c: "" if kind == pl.String else False if kind == pl.Boolean else 0 for c, kind in schema.items()}
    return pl.DataFrame([{**blank, **row} for row in rows], schema=schema)


def worked_plan(mission: Mission | None = None, **tables: pl.DataFrame) -> Plan:
    """Return the plan; tables given replace its own."""
    a, b = {"node_id": "a", "month": "2017-06"}, {"node_id": "b", "month": "2017-08"}
    company = {"class_id": "company", "unit_type": "infantry_company", "component": "military"}
    team = {"class_id": "team", "unit_type": "individual_police_team", "component": "police"}
    made = {
        "nodes": table("nodes", {**a, "months": 2, "probability": 1.0},
                       {**b, "parent_id": "a", "months": 2, "probability": 1.0}),
        "classes": table("classes", {**company, "persons": 150}, {**team, "persons": 20}),
        "deployments": table(
            "deployments",
            {**a, **company, "site_id": "hq", "units": 2, "persons": 300},
            {**a, **team, "site_id": "hq", "units": 1, "persons": 20},
            {**b, **company, "site_id": "base", "units": 1, "persons": 150},
            {**b, **team, "site_id": "hq", "units": 1, "persons": 20},
        ),
        "movements": table(
            "movements",
            *({**b, **company, "deed": deed, "site_id": site, "units": 1}
              for deed, site in (("move_out", "hq"), ("move_in", "base"), ("stop", "hq"))),
            {**a, **company, "deed": "exit_order", "units": 1},
        ),
        "sites": table(
            "sites",
            {**a, "site_id": "hq", "open": True}, {**a, "site_id": "base"}, {**a, "site_id": "clinic", "open": True},
            {**b, "site_id": "hq", "open": True}, {**b, "site_id": "base", "open": True, "opens": True},
            {**b, "site_id": "clinic", "open": True},
        ),
        "protection": table(
            "protection",
            {**a, "area_id": "a", "fatalities": 4.0, "protected_share": 0.5},
            {**b, "area_id": "a", "fatalities": 4.0, "protected_share": 1.0},
        ),
        "cash": table(
            "cash",
            {**a, "units_usd": 1_552_200.0, "sites_usd": 3e6, "fixed_usd": 2e6, "spent_usd": float(PLANNED_A)},
            {**b, "units_usd": 857_700.0, "leaving_usd": 694_500.0, "transport_usd": 510_000.0, "sites_usd": 6.3e6,
             "fixed_usd": 2e6, "spent_usd": float(PLANNED_B)},
        ),
    }  # fmt: skip
    empty = {name: table(name) for name in TABLES}
    return Plan(
        mission=mission or worked_mission(), status="within_gap", checked=True, input_hash="0" * 64,
        tiers=(Tier(name="priority_1", title="", sense="max", unit="share", objective=1.0, bound=1.0, gap=0.0,
                    held_at=1.0),),
        provenance={"norms_hash": load_norms().digest()}, tables={**empty, **made, **tables},
    )  # fmt: skip


def planned(given: Mission, changes: dict[str, object] | None = None) -> Plan:
    """Let the planner plan a small mission at the prices of the norms, a what-if of the mission laid over them."""
    amendments = {**QUICK, **(changes or {})}
    return make_plan(replace(given, amendments=amendments), load_norms(amendments), small.EXACT)


def tree_mission() -> Mission:
    """Three futures in which the ceiling falls or not, so that units and bases come, move and go in some of them."""
    areas = [small.area("a", 3.0), small.area("b", 1.0, place=(13.0, 27.0))]
    sites = (
        small.site("hq", "mission_headquarters", place=(13.0, 26.0)),
        small.site("near_a", may_close=True),
        small.site("near_b", "temporary_base", open_at_start=False, may_close=True, opens_from=small.FIRST,
                   place=(13.0, 27.0)),
        small.hospital(),
    )  # fmt: skip
    return small.mission(
        areas=areas, sites=sites,
        units=[small.unit(f"u{i}", "near_a" if i else "hq", persons=100) for i in range(3)],
        pledges=(small.pledge("p", kind="utility_helicopter_unit", persons=90),),
        conditions=[small.condition("cut")], ceilings=[small.ceiling(400), small.ceiling(150, when="cut")],
        routes=small.covering({"hq": [], "near_a": ["a"], "near_b": ["b"], "clinic": []}, areas),
        nodes=(
            small.node("now", "", 0, 3), small.node("calm", "now", 3, 3, 0.3),
            small.node("cut", "now", 3, 3, 0.7, conditions=("cut",)),
            small.node("cut_late", "cut", 6, 4, 1.0, conditions=("cut",)),
            small.node("calm_late", "calm", 6, 4, 0.5), small.node("calm_end", "calm", 6, 4, 0.5, risk_scale=2.0),
        ),
        months=10, fixed=1_234_567,
    )  # fmt: skip
