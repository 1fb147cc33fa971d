"""Distances and travel times worked out anew from coordinates and measured routes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np
from pyproj import Geod

from bluehelm.checks.evidence import Evidence, FloatArray
from bluehelm.mission.months import Month
from bluehelm.mission.records import Area, Route, Site
from bluehelm.mission.unit_type import UnitType

# Formulas for the ellipsoid that are in use agree within this share of a distance (1.2 m in 850 km).
DISTANCE_TOLERANCE = 2e-6

Season = Literal["dry", "wet"]
SEASONS: tuple[Season, Season] = ("dry", "wet")


@cache
def _ellipsoid() -> Geod:
    return Geod(ellps="WGS84")


def kilometres(places: Sequence[Site], targets: Sequence[Site] | Sequence[Area]) -> FloatArray:
    """Distance along the ellipsoid [km], shape (places, targets)."""
    lon, lat = (np.array([getattr(p, axis) for p in places]) for axis in ("longitude_deg", "latitude_deg"))
    to_lon, to_lat = (np.array([getattr(t, axis) for t in targets]) for axis in ("longitude_deg", "latitude_deg"))
    shape = (len(places), len(targets))
    start_lon, start_lat = (np.broadcast_to(axis[:, None], shape).ravel() for axis in (lon, lat))
    end_lon, end_lat = (np.broadcast_to(axis[None], shape).ravel() for axis in (to_lon, to_lat))
    metres = _ellipsoid().inv(start_lon, start_lat, end_lon, end_lat)[2]
    return np.asarray(metres, dtype=np.float64).reshape(shape) / 1000.0


def season_of(e: Evidence, month: Month) -> Season:
    """Say whether roads are wet in a month."""
    return "wet" if month.month in e.mission.setting.wet_months else "dry"


def leg_hours(
    e: Evidence, km: FloatArray, targets: Sequence[Site] | Sequence[Area], mode: str, season: Season
) -> FloatArray:
    """Hours under way from each site to each target; a measured route stands in place of the computed time."""
    if mode == "road":
        hours = km * e.norm("road_detour_ratio") / e.norm(f"road_speed_{season}_km_per_hour")
    else:
        hours = km / e.norm("air_speed_km_per_hour")
    row = {site.site_id: j for j, site in enumerate(e.mission.sites)}
    column = {getattr(target, "area_id", None) or getattr(target, "site_id", ""): i for i, target in enumerate(targets)}
    routes = [route for route in e.mission.routes if route.mode == mode]
    for route in routes:  # between two sites a route holds both ways, unless the way back has its own
        if route.to_place in row and route.from_site in column:
            hours[row[route.to_place], column[route.from_site]] = _route_hours(route, season)
    for route in routes:
        if route.to_place in column:
            hours[row[route.from_site], column[route.to_place]] = _route_hours(route, season)
    return hours


def _route_hours(route: Route, season: Season) -> float:
    return route.dry_hours if season == "dry" else route.wet_hours


def reach(e: Evidence, unit_type: UnitType, km: FloatArray, season: Season) -> FloatArray:
    """Share of an area that a unit at a site answers by its travel time, before its presence share; (sites, areas)."""
    if unit_type.mobility == "static":
        return (km <= e.norm("static_reach_km")).astype(np.float64)
    mode = unit_type.mobility
    hours = e.norm(f"{mode}_reaction_hours") + leg_hours(e, km, e.mission.areas, mode, season)
    full, zero = e.norm(f"{mode}_full_reach_hours"), e.norm(f"{mode}_zero_reach_hours")
    if zero <= full:
        return (hours <= full).astype(np.float64)
    return np.clip((zero - hours) / (zero - full), 0.0, 1.0)
