"""A plan as large as a real one is checked while its reader waits."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import product

import polars as pl

from bluehelm.checks.plan_check import check_plan
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import table_schema
from tests.checks.tiny import MAY, tiny_norms, tiny_plan

MONTHS, SITES, AREAS, UNITS = 18, 40, 90, 120
# On two quiet cores it takes half a second; the limit leaves room for a machine that does other things.
MOST_SECONDS = 10.0


def large_plan() -> Plan:
    """Let 120 units of 15 classes stand still for 18 months; what its tables state is not worked out."""
    plan = tiny_plan()
    mission = plan.mission
    types = [name for name, kind in tiny_norms().unit_types().items() if not kind.needs_airfield][:15]
    kinds = tiny_norms().unit_types()
    sites = tuple(
        replace(mission.sites[1], site_id=f"s{j}", latitude_deg=10 + j / 10, longitude_deg=25.0) for j in range(SITES)
    )
    areas = tuple(
        replace(mission.areas[0], area_id=f"a{i}", latitude_deg=10 + i / 20, longitude_deg=25.2) for i in range(AREAS)
    )
    units = tuple(
        replace(mission.units[0], unit_id=f"u{i}", unit_type=types[i % 15], site_id=f"s{i % SITES}")
        for i in range(UNITS)
    )
    setting = replace(mission.setting, months=MONTHS)
    mission = replace(mission, setting=setting, sites=sites, areas=areas, units=units, pledges=(), routes=(), risk=None)
    nodes = [str(MAY + n) for n in range(MONTHS)]
    stand = sorted({(types[i % 15], f"s{i % SITES}"): 1 for i in range(UNITS)}.items())
    rows: dict[str, list[tuple[object, ...]]] = {
        "nodes": [(node, nodes[n - 1] if n else "", node, 1, 1.0, False) for n, node in enumerate(nodes)],
        "classes": [(t, t, kinds[t].component, 100, "", "", True, True, UNITS // 15, 1.0) for t in types],
        "deployments": [(n, n, t, t, kinds[t].component, j, c, 100 * c) for n in nodes for (t, j), c in stand],
        "movements": [],
        "sites": [(n, n, s.site_id, True, False, False, 300, 300) for n, s in product(nodes, sites)],
        "protection": [(n, n, a.area_id, 10.0, 0.5, 0.25, 0.29, None, 0.0) for n, a in product(nodes, areas)],
        "effort": [], "effort_given": [],
        "care": [(n, n, s.site_id, 1.0, 1.0) for n, s in product(nodes, sites)],
        "ceilings": [], "cash": [], "shortfalls": [], "binding": [], "names": [],
    }  # fmt: skip
    tables = {name: pl.DataFrame(listed, schema=table_schema(name), orient="row") for name, listed in rows.items()}
    return replace(plan, mission=mission, tables=tables)


def test_a_large_plan_is_checked_in_seconds() -> None:
    plan, norms = large_plan(), tiny_norms()
    began = time.perf_counter()
    result = check_plan(plan, norms)
    seconds = time.perf_counter() - began
    assert any("presence" in sentence for sentence in result.sentences), result.sentences
    assert seconds < MOST_SECONDS
