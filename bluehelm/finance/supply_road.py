"""How far fuel is hauled to each site: by road from the nearest place where the supply line of the mission begins.

A mission has no table of supply routes (its routes say hours, between sites and areas), so the road is the straight
line times the norm for detours, and the supply line begins at the headquarters of the mission unless sites are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.geo.distance import distance_km
from bluehelm.mission.mission import Mission
from bluehelm.norms.norms import Norms


def road_km_to_sites(mission: Mission, norms: Norms, hubs: Sequence[str] = ()) -> dict[str, Decimal]:
    """Return the kilometres of road from the nearest hub to each site, whole kilometres.

    hubs: ids of sites where fuel arrives; none: the mission's headquarters.

    Raises
    ------
    InvalidRecordError
        If a hub is not a site, or none is named and the mission has no headquarters.
    """
    known = {site.site_id: site for site in mission.sites}
    for hub in hubs:
        if hub not in known:
            raise InvalidRecordError(
                "Fuel cannot come from '{hub}', which is not in sites ({count} rows). Nearest name: '{near}'.",
                hub=hub,
                count=len(known),
                near=nearest(hub, known) or next(iter(known), ""),
            )
    origins = [known[hub] for hub in hubs] or [s for s in mission.sites if s.kind == "mission_headquarters"]
    if not origins:
        raise InvalidRecordError(
            "The mission has no site of kind mission_headquarters from which fuel could come. Name the site where it "
            "arrives with --supply-from."
        )
    straight = distance_km(
        [site.latitude_deg for site in origins],
        [site.longitude_deg for site in origins],
        [site.latitude_deg for site in mission.sites],
        [site.longitude_deg for site in mission.sites],
    ).min(axis=0)
    detour = norms.number("road_detour_ratio", mission.setting.first_month.first_day)
    return {site.site_id: Decimal(round(float(km) * detour)) for site, km in zip(mission.sites, straight, strict=True)}
