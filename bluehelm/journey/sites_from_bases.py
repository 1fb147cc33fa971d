"""Sites from the bases that maps show, and places where a temporary base would stand nearer to violence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bluehelm.foresight.nearest import Points
from bluehelm.geo import extracts
from bluehelm.geo.distance import distance_km
from bluehelm.journey.supply_from_bases import Supply, persons_by_site
from bluehelm.mission.importers.base import Base
from bluehelm.mission.importers.reading import unique_slugs
from bluehelm.mission.months import Month
from bluehelm.mission.records import Area, Site
from bluehelm.norms import Norms
from bluehelm.words import say

BoolArray = NDArray[np.bool_]
KIND_OF_LEVEL = {3: "mission_headquarters", 2: "sector_headquarters", 1: "company_base", 0: "company_base"}
TAKEN_AS_HEADQUARTERS = "No headquarters is on the maps: the base with most troops is taken as such"
ROUND_BEDS_PERSONS = 50


@dataclass(frozen=True, slots=True)
class SiteRules:
    """Planning assumptions on sites. candidates: temporary bases offered, each at least apart_km from every base."""

    airfield_km: float = 10.0
    candidates: int = 10
    apart_km: float = 25.0


def leading_bases(bases: Sequence[Base]) -> list[int]:
    """Rows of the mission and sector headquarters; where there are none, of the base with most troops."""
    found = [i for i, base in enumerate(bases) if base.hq_level >= 2]
    return found or [max(range(len(bases)), key=lambda i: (bases[i].troops_persons or 0, -i))]


def headquarters_of(bases: Sequence[Base], site_ids: Sequence[str]) -> Points:
    """Return the headquarters whose site ids name the zones."""
    rows = leading_bases(bases)
    return Points(
        tuple(site_ids[i] for i in rows),
        np.array([bases[i].latitude_deg for i in rows]),
        np.array([bases[i].longitude_deg for i in rows]),
    )


def sites_of(
    bases: Sequence[Base],
    site_ids: Sequence[str],
    headquarters: Points,
    supply: Supply,
    countries: Sequence[str],
    norms: Norms,
    first_month: Month,
    rules: SiteRules,
) -> tuple[Site, ...]:
    """Make a site of each base; headquarters stay, the others may close."""
    latitude, longitude = [base.latitude_deg for base in bases], [base.longitude_deg for base in bases]
    zone = distance_km(latitude, longitude, headquarters.latitude_deg, headquarters.longitude_deg).argmin(axis=1)
    near_airfield = _near_airfield(latitude, longitude, countries, rules.airfield_km)
    persons = persons_by_site(supply.units)
    leading = set(leading_bases(bases))
    sites = []
    for i, (base, site_id) in enumerate(zip(bases, site_ids, strict=True)):
        kind = KIND_OF_LEVEL[base.hq_level]
        taken = i in leading and base.hq_level < 2
        kind = "mission_headquarters" if taken else kind
        beds = norms.number(f"site_capacity_persons.{kind}", first_month.first_day)
        standing = persons.get(site_id, 0)
        sites.append(
            Site(
                site_id=site_id,
                name=base.location,
                kind=kind,
                zone=headquarters.names[zone[i]],
                latitude_deg=round(base.latitude_deg, 5),
                longitude_deg=round(base.longitude_deg, 5),
                open_at_start=True,
                may_close=i not in leading,
                capacity_persons=-(-standing // ROUND_BEDS_PERSONS) * ROUND_BEDS_PERSONS if standing > beds else None,
                airfield=site_id in supply.airfields or bool(near_airfield[i]),
                source="geopko",
                status="assumed" if taken else "verified",
                note=TAKEN_AS_HEADQUARTERS if taken else "Strength unknown" if base.troops_persons is None else "",
            )
        )
    return tuple(sites)


def site_notes(sites: Sequence[Site]) -> tuple[str, ...]:
    """Say what was assumed on sites."""
    offered = [site for site in sites if not site.open_at_start]
    notes = [
        say(
            "{sites} {sites:site|sites}; headquarters stay open and the others may close; {airfields} have an "
            "airfield.",
            sites=len(sites) - len(offered),
            airfields=sum(site.airfield for site in sites),
        )
    ]
    if any(site.note == TAKEN_AS_HEADQUARTERS for site in sites):
        taken = next(site.name for site in sites if site.note == TAKEN_AS_HEADQUARTERS)
        notes.append(say("No headquarters is on the maps: {site} is taken as such.", site=taken))
    if offered:
        notes.append(
            say(
                "{count} temporary {count:base|bases} may open, at the areas with most expected violence that lie "
                "far from a base: "
                "{names}.",
                count=len(offered),
                names=", ".join(site.name for site in offered),
            )
        )
    return tuple(notes)


def candidate_sites(
    areas: Sequence[Area], sites: Sequence[Site], first_month: Month, rules: SiteRules
) -> tuple[Site, ...]:
    """Offer temporary bases at the areas with most expected violence that lie far from every base and each other."""
    taken = [(site.latitude_deg, site.longitude_deg) for site in sites]
    chosen: list[Area] = []
    for area in sorted(areas, key=lambda area: (-area.fatalities_per_month, area.area_id)):
        if len(chosen) == rules.candidates:
            break
        latitudes, longitudes = zip(*taken, strict=True)
        if distance_km([area.latitude_deg], [area.longitude_deg], latitudes, longitudes).min() >= rules.apart_km:
            chosen.append(area)
            taken.append((area.latitude_deg, area.longitude_deg))
    ids = unique_slugs((f"temporary-{area.area_id}" for area in chosen), taken=(site.site_id for site in sites))
    return tuple(
        Site(
            site_id=site_id,
            name=area.name,
            kind="temporary_base",
            zone=area.zone,
            latitude_deg=area.latitude_deg,
            longitude_deg=area.longitude_deg,
            open_at_start=False,
            may_close=True,
            opens_from=first_month,
            source="assumed",
            status="assumed",
            note=f"Offered to the plan: among the most violent areas farther than {rules.apart_km:g} km from a base",
        )
        for site_id, area in zip(ids, chosen, strict=True)
    )


def _near_airfield(
    latitude_deg: Sequence[float], longitude_deg: Sequence[float], countries: Sequence[str], within_km: float
) -> BoolArray:
    known = [code for code in countries if code in extracts.mission_countries()]
    if not known:
        return np.zeros(len(latitude_deg), bool)
    fields = extracts.airfields(known)
    if fields.is_empty():
        return np.zeros(len(latitude_deg), bool)
    to = (fields.get_column("latitude_deg").to_numpy(), fields.get_column("longitude_deg").to_numpy())
    close = distance_km(latitude_deg, longitude_deg, *to, limit_km=within_km) <= within_km
    return np.asarray(close.any(axis=1), bool)
