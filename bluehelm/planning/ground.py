"""Who reaches whom: presence over areas, effort over zones and care of casualties, from travel times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from scipy import sparse

from bluehelm.geo.distance import distance_km
from bluehelm.geo.reach import chance_steps, reach_share
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import Area, Site
from bluehelm.norms.norms import Norms
from bluehelm.planning.classes import UnitClass
from bluehelm.planning.restricted import Restricted
from bluehelm.planning.timeline import Timeline
from bluehelm.solve.model import BoolArray, FloatArray, IntArray

Season = Literal["dry", "wet"]


@dataclass(frozen=True, slots=True)
class Ground:
    """What travel times allow.

    group: reach group of each class (classes that reach alike). pattern: season mix of each node, and what restricts
    presence there. sigma[pattern][group]: sparse (sites, areas), weight of one unit's presence. zone_reach: (classes,
    sites, zones), restrictions left aside.
    care_road[limit][season]: (hospital, site). care_air: (limit, helicopter site, hospital, site).
    lift_alone: (helicopter site, site), enhanced care given on board. limit: 0 enhanced care, 1 surgery.
    """

    group: IntArray
    pattern: IntArray
    sigma: tuple[tuple[sparse.csr_array, ...], ...]
    zone_reach: BoolArray
    care_road: tuple[tuple[BoolArray, BoolArray], ...]
    care_air: BoolArray
    lift_alone: BoolArray
    wet_node: BoolArray


def ground_of(
    mission: Mission, norms: Norms, timeline: Timeline, classes: list[UnitClass], restricted: Restricted, on: date
) -> Ground:
    """Work out travel times once and all that follows from them."""
    wet_share = np.array(
        [
            np.mean([month.month in mission.setting.wet_months for month in timeline.months_of(n)])
            for n in range(len(timeline))
        ]
    )
    keys = list(zip(wet_share.tolist(), restricted.signature, strict=True))
    patterns = {key: p for p, key in enumerate(sorted(set(keys)))}
    reach = {mobility: _reach_by_season(mission, norms, mobility, on) for mobility in ("road", "air", "static")}
    kinds = [
        (c.unit_type.mobility, c.unit_type.presence_share, grounded.tobytes())
        for c, grounded in zip(classes, restricted.grounded, strict=True)
    ]
    groups = list(dict.fromkeys(kinds))
    q = norms.number("protection_q", on)
    alike = [(kinds.index(kind), reach[kind[0]], kind[1]) for kind in groups]
    sigma = tuple(
        tuple(_sigma(by_season, share, wet_share[n], q, _closed(restricted, k, n)) for k, by_season, share in alike)
        for n in (keys.index(key) for key in patterns)
    )
    group = np.array([groups.index(kind) for kind in kinds], np.int32)
    return Ground(
        group=group,
        pattern=np.array([patterns[key] for key in keys], np.int32),
        sigma=sigma,
        zone_reach=_zone_reach(mission, reach, classes),
        wet_node=wet_share > 0,
        care_road=_care_by_road(mission, norms, on),
        care_air=_care_by_air(mission, norms, on),
        lift_alone=_flight_out(mission, norms, on) <= norms.number("enhanced_care_hours", on),
    )


def coordinates(places: Sequence[Area] | Sequence[Site]) -> tuple[FloatArray, FloatArray]:
    """Return latitudes and longitudes of sites or areas [°]."""
    return (
        np.array([place.latitude_deg for place in places], float),
        np.array([place.longitude_deg for place in places], float),
    )


def road_hours(mission: Mission, norms: Norms, season: Season, on: date, *, to_sites: bool) -> FloatArray:
    """Travel time by road from each site to each area or site, without the time to get going [h]."""
    targets = mission.sites if to_sites else mission.areas
    km = distance_km(*coordinates(mission.sites), *coordinates(targets))
    hours = km * norms.number("road_detour_ratio", on) / norms.number(f"road_speed_{season}_km_per_hour", on)
    return _with_routes(mission, hours, "road", season, to_sites=to_sites)


def air_hours(mission: Mission, norms: Norms, season: Season, on: date, *, to_sites: bool) -> FloatArray:
    """Flight time from each site to each area or site, without the time to get going [h]."""
    targets = mission.sites if to_sites else mission.areas
    km = distance_km(*coordinates(mission.sites), *coordinates(targets))
    hours = km / norms.number("air_speed_km_per_hour", on)
    return _with_routes(mission, hours, "air", season, to_sites=to_sites)


def _with_routes(mission: Mission, hours: FloatArray, mode: str, season: Season, *, to_sites: bool) -> FloatArray:
    """Put measured routes in place of computed times; between sites they hold both ways unless both are given."""
    row = {site.site_id: i for i, site in enumerate(mission.sites)}
    target = row if to_sites else {area.area_id: i for i, area in enumerate(mission.areas)}
    routes = [route for route in mission.routes if route.mode == mode and route.to_place in target]
    if to_sites:
        for route in routes:
            hours[target[route.to_place], row[route.from_site]] = getattr(route, f"{season}_hours")
    for route in routes:
        hours[row[route.from_site], target[route.to_place]] = getattr(route, f"{season}_hours")
    return hours


def _reach_by_season(mission: Mission, norms: Norms, mobility: str, on: date) -> tuple[FloatArray, FloatArray]:
    if mobility == "static":
        km = distance_km(*coordinates(mission.sites), *coordinates(mission.areas))
        near = (km <= norms.number("static_reach_km", on)).astype(float)
        return near, near
    hours_of = road_hours if mobility == "road" else air_hours
    reaction = norms.number(f"{mobility}_reaction_hours", on)
    full, zero = (norms.number(f"{mobility}_{end}_reach_hours", on) for end in ("full", "zero"))
    dry, wet = (
        reach_share(hours_of(mission, norms, season, on, to_sites=False) + reaction, full, zero)
        for season in ("dry", "wet")
    )
    return dry, wet


def _closed(restricted: Restricted, k: int, n: int) -> BoolArray:
    """Areas in which units of a class protect no one in a node."""
    return np.asarray(restricted.no_presence[:, n] | restricted.grounded[k, n])


def _sigma(
    reach: tuple[FloatArray, FloatArray], presence_share: float, wet_share: float, q: float, closed: BoolArray
) -> sparse.csr_array:
    rho = presence_share * ((1 - wet_share) * reach[0] + wet_share * reach[1])
    rho = np.where(closed, 0.0, rho)
    return sparse.csr_array(chance_steps(rho, q))


def _zone_reach(
    mission: Mission, reach: dict[str, tuple[FloatArray, FloatArray]], classes: list[UnitClass]
) -> BoolArray:
    """Say to which zones a class can give effort from a site: its own, and those with an area in reach."""
    zones = np.array(mission.zones)
    own = np.array([site.zone for site in mission.sites])[:, None] == zones[None]
    in_zone = np.array([area.zone for area in mission.areas])[:, None] == zones[None]
    by_mobility = {
        mobility: own | ((np.maximum(dry, wet) > 0).astype(np.int32) @ in_zone.astype(np.int32) > 0)
        for mobility, (dry, wet) in reach.items()
    }
    return np.stack([by_mobility[c.unit_type.mobility] for c in classes])


def _care_by_road(mission: Mission, norms: Norms, on: date) -> tuple[tuple[BoolArray, BoolArray], ...]:
    """Say from which hospitals care is in time by road, per limit and season; shape (hospital, site).

    A casualty falls at most one patrol radius from the site; the road adds its detour to that radius.
    """
    launch = norms.number("evacuation_launch_hours", on)
    patrol_km = norms.number("patrol_radius_km", on) * norms.number("road_detour_ratio", on)
    seasons: tuple[Season, Season] = ("dry", "wet")
    hours = [
        launch
        + patrol_km / norms.number(f"road_speed_{season}_km_per_hour", on)
        + road_hours(mission, norms, season, on, to_sites=True)
        for season in seasons
    ]
    limits = [norms.number(key, on) for key in ("enhanced_care_hours", "surgery_hours")]
    return tuple((hours[0] <= limit, hours[1] <= limit) for limit in limits)


def _flight_out(mission: Mission, norms: Norms, on: date) -> FloatArray:
    """Time until a helicopter is with a casualty on patrol from a site [h]; shape (helicopter site, site)."""
    patrol_hours = norms.number("patrol_radius_km", on) / norms.number("air_speed_km_per_hour", on)
    launch = norms.number("evacuation_launch_hours", on)
    return launch + patrol_hours + air_hours(mission, norms, "dry", on, to_sites=True)


def _care_by_air(mission: Mission, norms: Norms, on: date) -> BoolArray:
    """Say which helicopter and hospital bring care in time; shape (limit, helicopter site, hospital, site)."""
    back = air_hours(mission, norms, "dry", on, to_sites=True)
    both = _flight_out(mission, norms, on)[:, None, :] + back[None, :, :]
    return np.stack([both <= norms.number(key, on) for key in ("enhanced_care_hours", "surgery_hours")])
