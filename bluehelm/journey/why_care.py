"""How far the nearest care is from a base that lacks it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from bluehelm.journey.why_asked import Asked
from bluehelm.planning.families.care import CARE_LEVELS, CARE_NAMES
from bluehelm.planning.ground import Season, road_hours
from bluehelm.reports.numbers import decimal, month_name
from bluehelm.words import say

LIMITS = ("enhanced_care_hours", "surgery_hours")


def care_in_reach(asked: Asked, rows: pl.DataFrame) -> Iterator[str]:
    """Say for the base that lacks a kind of care most often where the nearest is, by road; rows: its shortfalls."""
    for limit, name in enumerate(CARE_NAMES):
        lacking = rows.filter(pl.col("what") == name)
        if lacking.is_empty():
            continue
        worst = lacking.group_by("where").len().sort("len", "where", descending=[True, False])["where"][0]
        node_id = lacking.filter(pl.col("where") == worst)["node_id"][-1]
        yield _nearest(asked, limit, worst, asked.data.timeline.node_ids.index(node_id))


def _nearest(asked: Asked, limit: int, site_id: str, n: int) -> str:
    data, norms, mission = asked.data, asked.norms, asked.plan.mission
    on = mission.setting.first_month.first_day
    season: Season = "wet" if data.ground.wet_node[n] else "dry"
    gives = np.array([c.unit_type.medical_level >= CARE_LEVELS[limit] for c in data.classes], bool)
    partner = np.array([site.hospital_level >= CARE_LEVELS[limit] for site in mission.sites], bool)
    hospital = partner | (asked.x[gives, :, n] > 0).any(axis=0)
    patrol_km = norms.number("patrol_radius_km", on) * norms.number("road_detour_ratio", on)
    way_out = norms.number("evacuation_launch_hours", on) + patrol_km / norms.number(
        f"road_speed_{season}_km_per_hour", on
    )
    j = data.site_ids.index(site_id)
    hours = np.where(hospital, way_out + road_hours(mission, norms, season, on, to_sites=True)[:, j], np.inf)
    words = {
        "site": asked.reading.name(site_id),
        "month": month_name(str(data.timeline.first_month[n])),
        "limit": decimal(norms.number(LIMITS[limit], on)),
    }
    if not np.isfinite(hours).any():
        return (
            say("{site} in {month}: no road leads to enhanced care at all; {limit} h are allowed.", **words)
            if limit == 0
            else say("{site} in {month}: no road leads to surgery at all; {limit} h are allowed.", **words)
        )
    words |= {"hours": decimal(float(hours.min())), "hospital": asked.reading.name(data.site_ids[int(hours.argmin())])}
    if limit == 0:
        return say(
            "{site} in {month}: the nearest enhanced care by road is at {hospital}, {hours} h from the far end of a "
            "patrol, {limit} h are allowed, and no helicopter makes up for it.",
            **words,
        )
    return say(
        "{site} in {month}: the nearest surgery by road is at {hospital}, {hours} h from the far end of a patrol, "
        "{limit} h are allowed, and no helicopter makes up for it.",
        **words,
    )
