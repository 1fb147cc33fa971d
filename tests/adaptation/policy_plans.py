"""Plans over made-up trees, table by table, so that a test says outright what is known and done at each node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from bluehelm.mission.plan import TABLES, Plan, Tier
from bluehelm.mission.plan_folder import table_schema
from tests.planning import small

Deaths = Mapping[str, Mapping[str, float]]
"""Deaths of each node over its months, by area."""

TIER = Tier(name="priority_1", title="protect", sense="max", unit="share", objective=0.5, bound=0.5, gap=0.0,
            held_at=0.5)  # fmt: skip


def tree_plan(
    nodes: Sequence[small.Node],
    *,
    deaths: Deaths | None = None,
    movements: Iterable[Mapping[str, object]] = (),
    closed: Mapping[str, Iterable[str]] | None = None,
    standing: Mapping[str, Mapping[str, int]] | None = None,
    ceilings: Mapping[str, float] | None = None,
    zones: Mapping[str, str] | None = None,
    tail: float = 0.0,
    **mission,
) -> Plan:
    """Return a plan of a mission with areas a, b, c and sites s, t, of which t may close; one company stands at s.

    deaths: by node and area, 0 where not named. closed: sites not open, by node. standing: units by node and site;
    {"s": 1} where not named. ceilings: of the military, by node.
    """
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    chance: dict[str, float] = {}
    closed = {node: set(sites) for node, sites in (closed or {}).items()}
    for node in nodes:
        chance[node.node_id] = chance.get(node.parent_id, 1.0) * node.probability
        here = {"node_id": node.node_id, "month": str(node.first_month)}
        rows["nodes"].append({**here, "parent_id": node.parent_id, "months": node.months, "indicative": False,
                              "probability": chance[node.node_id]})  # fmt: skip
        for area in ("a", "b", "c"):
            number = (deaths or {}).get(node.node_id, {}).get(area, 0.0)
            rows["protection"].append({**here, "area_id": area, "fatalities": number, "protected_share": 0.5})
        for site in ("s", "t"):
            shut = site in closed.get(node.node_id, set())
            before = site in closed.get(node.parent_id, set())
            rows["sites"].append({**here, "site_id": site, "open": not shut, "closes": shut and not before,
                                  "opens": before and not shut, "persons": 0, "capacity_persons": 0})  # fmt: skip
        for site, units in (standing or {}).get(node.node_id, {"s": 1}).items():
            rows["deployments"].append({**here, "class_id": "infantry_company", "unit_type": "infantry_company",
                                        "component": "military", "site_id": site, "units": units,
                                        "persons": 100 * units})  # fmt: skip
        rows["cash"].append({**here, "spent_usd": 10.0 * chance[node.node_id]})
        limit = (ceilings or {}).get(node.node_id)
        rows["ceilings"].append({**here, "component": "military", "persons": 100, "ceiling_persons": limit})
    rows["movements"] = [dict(row) for row in movements]
    areas = [small.area(name, zone=(zones or {}).get(name, "z")) for name in ("a", "b", "c")]
    made = small.mission(
        areas=areas, sites=[small.site("s"), small.site("t", may_close=True), small.hospital()],
        units=[small.unit("u", "s")], nodes=tuple(nodes), months=12, **mission,
    )  # fmt: skip
    tables = {name: pl.DataFrame(rows[name], schema=table_schema(name), strict=False) for name in TABLES}
    return Plan(
        mission=made, status="within_gap", tiers=(TIER,), checked=True, input_hash="0" * 64,
        provenance={"options": {"tail": tail, "gap": 0.01}}, tables=tables,
    )  # fmt: skip


def move(node: str, origin: str = "s", target: str = "t", units: int = 1) -> list[dict[str, object]]:
    """Return the two rows of a move of companies at a node."""
    given = {"node_id": node, "class_id": "infantry_company", "unit_type": "infantry_company", "pledge_class": "",
             "units": units}  # fmt: skip
    return [{**given, "deed": "move_out", "site_id": origin}, {**given, "deed": "move_in", "site_id": target}]


def deed(node: str, name: str, units: int = 1, pledge_class: str = "") -> dict[str, object]:
    """Return the row of an order or an exit order at a node."""
    return {"node_id": node, "class_id": "infantry_company", "unit_type": "infantry_company", "deed": name,
            "site_id": "", "pledge_class": pledge_class, "units": units}  # fmt: skip


def fan(*chances: float, months: int = 3, **more) -> list[small.Node]:
    """Return a first node and as many nodes after it as there are chances: n0, n1 ..."""
    after = [small.node(f"n{i}", "root", months, 12 - months, chance) for i, chance in enumerate(chances)]
    return [small.node("root", "", 0, months), *after]
