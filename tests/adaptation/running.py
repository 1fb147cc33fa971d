"""Small plans that run, to be shocked: two areas, a base for each, monthly nodes, everything free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bluehelm.adaptation.shocks import KINDS, Shock
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.norms import load_norms
from bluehelm.planning.make import Options, make_plan
from tests.planning import small

OPTIONS = Options(gap=0.0, seconds=30.0, threads=1)


def month(after: int) -> Month:
    return small.FIRST + after


def shock(kind: str, after: int, **more: Any) -> Shock:
    """Return a shock that begins so many months after the first."""
    for name in ("until_month", "known_from"):
        if name in more:
            more[name] = month(more[name])
    return KINDS[kind](kind=kind, from_month=month(after), **more)


def mission(changes: Mapping[str, object] | None = None, **more: Any) -> Mission:
    """Return six months with a calm and a harmed area, a base and a company at each, and a headquarters with beds."""
    areas = [small.area("calm", 1.0, zone="west"), small.area("harmed", 4.0, zone="east", place=(13.0, 27.0))]
    sites = [
        small.site("hq", "mission_headquarters", zone="west", place=(13.0, 26.0)),
        small.site("calm_base", zone="west", may_close=True),
        small.site("harmed_base", zone="east", may_close=True, place=(13.0, 27.0)),
    ]
    given: dict[str, Any] = {
        "areas": areas, "sites": [*sites, small.hospital()], "months": 6, "nodes": small.monthly(6),
        "units": [small.unit("one", "calm_base"), small.unit("two", "harmed_base")],
        "routes": small.covering({"hq": [], "calm_base": ["calm"], "harmed_base": ["harmed"]}, areas),
        **more,
    }  # fmt: skip
    return amended(small.mission(**given), changes or {})


def amended(given: Mission, changes: Mapping[str, object]) -> Mission:
    """Lay what is free, and changes, over the norms of a mission itself, so that a plan of it brings them along."""
    setting = replace(given.setting, mission_model="protection_of_civilians")
    return replace(given, setting=setting, amendments={**small.FREE, **changes})


def plan_of(given: Mission, **more: Any) -> Plan:
    return make_plan(given, load_norms(given.amendments), OPTIONS, **more)


def at_site(made: Plan, site_id: str, class_id: str = "infantry_company") -> list[int]:
    """Return how many units of a class stand at a site in each node."""
    return [here.get(site_id, 0) for here in small.units_at(made, class_id).values()]
