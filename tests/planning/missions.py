"""Random small missions that always have a plan, for the laws of planning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.planning import small
from tests.planning.small import FIRST, area, ceiling, floor, hospital, money, node, pledge, routes, site, task, unit

Drawn = tuple[small.Mission, Mapping[str, Any]]

CHAIN = (node("n0", "", 0, 2), node("n1", "n0", 2, 1), node("n2", "n1", 3, 2))
TREE = (
    node("n0", "", 0, 2),
    node("calm", "n0", 2, 3, 0.6, risk_scale=0.5),
    node("harm", "n0", 2, 3, 0.4, risk_scale=2.0, conditions=("worse",)),
)
LAGS = {
    "exit_notice_months": 1,
    "exit_lag_months": 2,
    "lead_months.rapid": 2,
    "site_open_lead_months.temporary_base": 1,
}
PRICES = {
    "move_usd_per_person": "1", "deployment_usd_per_person": "2", "repatriation_usd_per_person": "2",
    "site_run_usd_per_month.company_base": "20", "site_run_usd_per_month.temporary_base": "10",
    "site_open_usd.temporary_base": "30", "site_close_usd.company_base": "15",
}  # fmt: skip


@st.composite
def missions(draw: st.DrawFn, *, nodes: bool = True) -> Drawn:
    """Draw up to 4 sites, 5 areas, 4 units and 2 pledges of two types, over up to 3 nodes or months of its own.

    What is hard (ceilings, cash) is loose enough that staying put, or leaving in time, is always a plan.
    """
    zones = ("n", "s")
    area_count, site_count = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    areas = [area(f"a{i}", float(draw(st.integers(0, 9))), zone=zones[i % 2]) for i in range(area_count)]
    kinds = [
        "company_base",
        *(draw(st.sampled_from(["company_base", "temporary_base"])) for _ in range(site_count - 1)),
    ]
    sites = [
        site(f"s{j}", kind, zone=zones[j % 2], open_at_start=j == 0 or draw(st.booleans()),
             may_close=j > 0 and draw(st.booleans()), opens_from=draw(st.sampled_from([None, FIRST])),
             capacity_persons=draw(st.sampled_from([100, 200, 1000])) if j else 1000)
        for j, kind in enumerate(kinds)
    ]  # fmt: skip
    reach = {(s.site_id, a.area_id): draw(st.sampled_from([0.5, 1.25, 1.5, small.NEVER])) for s in sites for a in areas}
    units = [_unit(draw, i) for i in range(draw(st.integers(1, 4)))]
    pledges = [
        pledge(f"p{i}", kind=draw(st.sampled_from(["infantry_company", "formed_police_unit"])))
        for i in range(draw(st.integers(0, 2)))
    ]
    tree = draw(st.sampled_from([CHAIN, TREE, ()])) if nodes else ()
    tasks = [
        task(),
        task("escort", "humanitarian_escort", draw(st.sampled_from([1, 2])),
             demand_hours_per_zone_month=1000.0 * draw(st.integers(0, 8)), weight=draw(st.sampled_from([1.0, 2.0]))),
    ]  # fmt: skip
    changes = {
        "protection_q": draw(st.sampled_from([0.4, 0.7, 1.0])), "move_days": draw(st.sampled_from([0, 15])),
        **(LAGS if draw(st.booleans()) else {}), **(PRICES if draw(st.booleans()) else {}),
    }  # fmt: skip
    made = small.mission(
        areas=areas, sites=[*sites, hospital()], units=units, tasks=tasks, months=5, nodes=tree,
        pledges=tuple(pledges), routes=routes(reach), fixed=draw(st.sampled_from([0, 100])),
        ceilings=draw(st.sampled_from([[], [ceiling(400)], [ceiling(400), ceiling(200, after=4)]])),
        floors=draw(st.sampled_from([[], [floor(0.3)]])),
        budget=draw(st.sampled_from([(), (money("opening_cash", 6000),), (money("appropriation", 7000),)])),
    )  # fmt: skip
    return made, changes


def _unit(draw: st.DrawFn, i: int) -> small.Unit:
    kind = draw(st.sampled_from(["infantry_company", "infantry_company", "formed_police_unit"]))
    return unit(f"u{i}", "s0", kind=kind, only_zones=draw(st.sampled_from([(), (), ("n",)])))


def more_pledges(mission: small.Mission) -> small.Mission:
    """Return the mission with one more promise."""
    extra = pledge("extra", expires_on=date(2029, 1, 1))
    return small.replace(mission, pledges=(*mission.pledges, extra))
