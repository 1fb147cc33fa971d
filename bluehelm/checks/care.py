"""Casualties: enhanced care and surgery in time from every open base, by road or by an air link with both ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bluehelm.checks.compare import Key, compare, stated_numbers
from bluehelm.checks.evidence import BoolArray, Evidence, FloatArray
from bluehelm.checks.ground import DISTANCE_TOLERANCE, SEASONS, Season, kilometres, leg_hours, season_of
from bluehelm.checks.restrictions import is_grounded, is_lost
from bluehelm.checks.sites import is_ours


@dataclass(frozen=True, slots=True)
class Legs:
    """Hours between sites: road by season, air; and from a base to its patrols."""

    road: dict[Season, FloatArray]
    patrol_road: dict[Season, float]
    air: FloatArray
    patrol_air: float
    launch: float


def _legs(e: Evidence) -> Legs:
    km = kilometres(e.mission.sites, e.mission.sites)
    patrol_km = e.norm("patrol_radius_km")
    detour_km = patrol_km * e.norm("road_detour_ratio")
    return Legs(
        road={season: leg_hours(e, km, e.mission.sites, "road", season) for season in SEASONS},
        patrol_road={season: detour_km / e.norm(f"road_speed_{season}_km_per_hour") for season in SEASONS},
        air=leg_hours(e, km, e.mission.sites, "air", "dry"),
        patrol_air=patrol_km / e.norm("air_speed_km_per_hour"),
        launch=e.norm("evacuation_launch_hours"),
    )


LIMITS = {"enhanced_care_covered": (1, "enhanced_care_hours"), "surgery_covered": (2, "surgery_hours")}


def care(e: Evidence) -> Iterator[str]:
    """Table care states for every open base whether care is in time, and for no other site that it is."""
    for column, hours in care_hours(e).items():
        limit = e.norm(LIMITS[column][1])
        stated = stated_numbers(e.tables["care"], ("node_id", "site_id"), column)
        found: dict[Key, float] = {}
        for where, (site_is_open, time) in hours.items():
            value = float(site_is_open and time <= limit)
            # At the limit itself, the last digits of a distance decide: both answers stand.
            at_limit = site_is_open and abs(time - limit) <= DISTANCE_TOLERANCE * limit
            if at_limit and stated.get(where) in (0.0, 1.0):
                value = float(stated[where] or 0.0)
            if site_is_open or stated.get(where) not in (None, value):
                found[where] = value
            elif where in stated:
                del stated[where]
        yield from compare("care", column, stated, found)


def care_hours(e: Evidence) -> dict[str, dict[Key, tuple[bool, float]]]:
    """Say for each limit, node and site whether it is an open base, and how long care takes from it."""
    legs = _legs(e)
    listed: dict[str, dict[Key, tuple[bool, float]]] = {}
    for column, (level, _) in LIMITS.items():
        listed[column] = {}
        for n, node in enumerate(e.futures):
            hours = _hours_to_care(e, legs, n, level)
            for j, site in enumerate(e.mission.sites):
                listed[column][node.node_id, site.site_id] = bool(is_ours(site) and e.is_open[j, n]), float(hours[j])
    return listed


def _hours_to_care(e: Evidence, legs: Legs, n: int, level: int) -> FloatArray:
    """Hours from the call to care of a level, for a casualty on patrol from each site, at node n."""
    hospitals = _sites_with(e, n, [c.unit_type.medical_level >= level for c in e.classes])
    node = e.futures[n]
    hospitals |= np.array(
        [site.hospital_level >= level and not is_lost(e, site.site_id, node) for site in e.mission.sites]
    )
    lifts = _sites_with(e, n, [c.unit_type.casualty_lift and not is_grounded(e, c, node) for c in e.classes])
    seasons = {season_of(e, month) for month in e.futures[n].all_months}
    by_air = legs.launch + legs.patrol_air + legs.air[lifts].min(axis=0, initial=np.inf)
    if level > 1:  # care on board is enhanced care; surgery also needs the way to a hospital
        by_air = by_air + legs.air[:, hospitals].min(axis=1, initial=np.inf)
    by_road = np.max(
        [
            legs.launch + legs.patrol_road[season] + legs.road[season][:, hospitals].min(axis=1, initial=np.inf)
            for season in sorted(seasons)
        ],
        axis=0,
    )
    fastest: FloatArray = np.minimum(by_air, by_road)
    return fastest


def _sites_with(e: Evidence, n: int, chosen: list[bool]) -> BoolArray:
    """Say at which sites a unit of the chosen classes works at node n."""
    at_work: BoolArray = e.units[np.array(chosen, dtype=np.bool_), :, n] > 0
    return np.asarray(at_work.any(axis=0), dtype=np.bool_)
