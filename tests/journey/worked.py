"""A small mission with a choice to make, planned once: a harmless site and a harmful one, and a limit of two sites."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import polars as pl

from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.make import Options, make_plan
from tests.planning import small

CHANGES = {"protection_q": 0.5, "lead_months.2": 2}
OPTIONS = Options(gap=0.0, seconds=30.0, threads=1)


def worked_mission(**more: object) -> Mission:
    """Six months; four units; from the fourth month at most two of three sites and three units."""
    areas = [small.area("calm", 0.5), small.area("harmed", 4.0, place=(13.0, 27.0))]
    sites = (
        small.site("hq", place=(13.0, 26.0)),
        small.site("quiet", may_close=True),
        small.site("needed", may_close=True, place=(13.0, 27.0)),
    )
    units = [small.unit(f"u{i}", site) for i, site in enumerate(("hq", "quiet", "needed", "needed"))]
    given = small.mission(
        areas=areas, sites=sites, units=units, months=6, ceilings=[small.ceiling(400), small.ceiling(300, after=3)],
        site_limits=[small.site_limit(2, after=3)],
        routes=small.covering({"hq": [], "quiet": ["calm"], "needed": ["harmed"]}, areas),
        hindsight_violence=pl.DataFrame({"area_id": ["harmed"], "month": ["2020-05"], "fatalities": [7.0]}),
    )  # fmt: skip
    setting = replace(given.setting, mission_model="protection_of_civilians")
    return replace(given, setting=setting, **more)  # type: ignore[arg-type]


@cache
def worked_norms() -> Norms:
    return small.norms(CHANGES)


@cache
def worked_plan() -> Plan:
    return make_plan(worked_mission(), worked_norms(), OPTIONS)
