"""Places that cannot be right, and sites from which no surgeon is in reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bluehelm.checks.mission_subject import Subject, first_names
from bluehelm.errors import InvalidRecordError
from bluehelm.geo.distance import distance_km
from bluehelm.geo.extracts import borders, country_of
from bluehelm.geo.travel import travel_hours
from bluehelm.mission.draft import MISSION_FILE
from bluehelm.mission.faults import Fault, error, warning
from bluehelm.mission.records import Area, Site

# A logistics base or hospital may lie in a neighbouring country; people to be protected lie in the mission's own.
FARTHEST_AREA_KM = 50.0
FARTHEST_SITE_KM = 500.0
SURGERY_LEVEL = 2

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def ground_faults(subject: Subject) -> Iterator[Fault]:
    """Find places outside the mission's countries, and bases without surgery in reach."""
    countries = subject.mission.setting.countries
    try:
        borders(countries)
    except InvalidRecordError as trouble:
        yield Fault(
            "warning", MISSION_FILE, trouble.message, "Countries whose borders are known here were expected.",
            "Check the codes; coordinates are not compared with borders.",
            column="countries", value=", ".join(countries), values=trouble.values,
        )  # fmt: skip
    else:
        yield from _outside(subject.mission.areas, countries, "areas.csv", FARTHEST_AREA_KM)
        yield from _outside(subject.mission.sites, countries, "sites.csv", FARTHEST_SITE_KM)
    yield from _no_surgery(subject)


def _outside(
    places: Sequence[Area] | Sequence[Site], countries: tuple[str, ...], file: str, farthest_km: float
) -> Iterator[Fault]:
    lat = np.array([place.latitude_deg for place in places])
    lon = np.array([place.longitude_deg for place in places])
    out = np.flatnonzero(country_of(lat, lon, among=countries) == "")
    if not len(out):
        return
    far = country_of(lat[out], lon[out], tolerance_km=farthest_km, among=countries) == ""
    for row, is_far in zip(out.tolist(), far.tolist(), strict=True):
        swapped = bool(abs(lon[row]) <= 90 and country_of([lon[row]], [lat[row]], among=countries)[0])
        tell = error if is_far or swapped else warning
        yield tell(
            file,
            "'{place}' at {lat} north, {lon} east lies outside the mission's countries, by more than {km} km." if is_far
            else "'{place}' at {lat} north, {lon} east lies outside the mission's countries.",
            "A place in {countries} was expected.",
            "Latitude and longitude look swapped: change them over." if swapped
            else "Check the coordinates and their signs, or add the country to countries in mission.toml.",
            line=row + 2,
            column="latitude_deg",
            value=lat[row],
            place=places[row].name,
            lat=f"{lat[row]:.4f}",
            lon=f"{lon[row]:.4f}",
            km=f"{farthest_km:g}",
            countries=", ".join(countries),
        )  # fmt: skip


def _no_surgery(subject: Subject) -> Iterator[Fault]:
    hours = _hours_to_surgery(subject)
    limit = subject.norm("surgery_hours")
    bases = [site for _, site in subject.bases]
    beyond = [site.site_id for site, time in zip(bases, hours, strict=True) if time > limit]
    if not beyond:
        return
    everywhere = len(beyond) == len(bases)
    yield warning(
        "sites.csv",
        "No site is within {limit} {limit:hour|hours} of surgery, even in the dry season with units as they "
        "stand." if everywhere
        else "{count} of {total} sites are not within {limit} {limit:hour|hours} of surgery, even in the dry season "
             "with units as "
        "they stand: {names}.",
        "A hospital of level {level} or above in reach of every site was expected, by road or by helicopter.",
        "Add a hospital, a partner's hospital or helicopters; otherwise the plan shows the shortfall, site by site.",
        column="site_id",
        value=", ".join(beyond[:5]),
        limit=f"{limit:g}",
        count=len(beyond),
        total=len(bases),
        names=first_names(beyond),
        level=SURGERY_LEVEL,
    )  # fmt: skip


def _hours_to_surgery(subject: Subject) -> FloatArray:
    """Hours from the call to surgery for a casualty on patrol from each base, in the dry season."""
    sites = subject.mission.sites
    is_base = np.array([site.kind != "partner_hospital" for site in sites])
    hospital = np.array([site.hospital_level >= SURGERY_LEVEL for site in sites])
    lift = np.zeros(len(sites), dtype=bool)
    position = {site.site_id: j for j, site in enumerate(sites)}
    for unit in subject.mission.units:
        kind = subject.type_of(unit)
        if kind and unit.site_id in position:
            hospital[position[unit.site_id]] |= kind.medical_level >= SURGERY_LEVEL
            lift[position[unit.site_id]] |= kind.casualty_lift
    lat, lon = (np.array([getattr(site, axis) for site in sites]) for axis in ("latitude_deg", "longitude_deg"))
    km = distance_km(lat, lon, lat, lon)
    launch, patrol_km = subject.norm("evacuation_launch_hours"), subject.norm("patrol_radius_km")
    road_speed, detour = subject.norm("road_speed_dry_km_per_hour"), subject.norm("road_detour_ratio")
    air_speed = subject.norm("air_speed_km_per_hour")
    road = _with_routes(subject, travel_hours(km, road_speed, detour, 0.0), position)
    air = travel_hours(km, air_speed, 1.0, 0.0)
    by_road = launch + patrol_km * detour / road_speed + _least(road, hospital)
    by_air = launch + patrol_km / air_speed + _least(air, lift) + _least(air, hospital)
    return np.asarray(np.minimum(by_road, by_air)[is_base])


def _with_routes(subject: Subject, road: FloatArray, position: dict[str, int]) -> FloatArray:
    road = road.copy()
    for route in subject.mission.routes:
        if route.mode == "road" and route.from_site in position and route.to_place in position:
            road[position[route.from_site], position[route.to_place]] = route.dry_hours
    return road


def _least(hours: FloatArray, chosen: BoolArray) -> FloatArray:
    """Least hours from each site to any of the chosen ones; inf where none is chosen."""
    return np.asarray(hours[:, chosen].min(axis=1, initial=np.inf))
