"""What stays after the present form ends, and how long mission and actor work side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bluehelm.adaptation.transition_file import Leaving
from bluehelm.adaptation.transition_handover import share_at
from bluehelm.adaptation.transition_months import Months
from bluehelm.mission.mandate import Handover
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import COMPONENTS


@dataclass(frozen=True, slots=True)
class Presence:
    """What is there in a month: open bases, persons by component, cost of the month without and with the fixed part,
    and the share of all harm that the mission's own presence protects."""

    month: str
    sites: tuple[str, ...]
    persons: Mapping[str, int]
    running_usd: float
    fixed_usd: float
    protected_share: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """A handover in the plan.

    overlap: months in which the actor has begun and the mission still has units in the zones. wanted: as the file asks.
    persons: of the mission in those zones when the actor begins. cost_usd: of these units and bases in the months of
    overlap. month_usd: of one more month of what is there at last. alone_from: first month without units of the mission
    there, blank where it stays. share_alone: what the actor holds then. gap_months: months in which the mission is gone
    and the actor has not its full share.
    """

    handover_id: str
    actor: str
    from_month: str
    full_month: str
    overlap: int
    wanted: int
    persons: int
    cost_usd: float
    month_usd: float
    alone_from: str
    share_alone: float
    gap_months: int


def presence(months: Months, index: int) -> Presence:
    """Say what is there in one of the months, by its place."""
    month = months.all[index]
    areas = months.mission.areas
    had = [months.protected[months.node_of[month], area.area_id] for area in areas]
    weight = [area.fatalities_per_month for area in areas]
    total = sum(weight)
    mean = sum(w * share for w, (share, _) in zip(weight, had, strict=True)) / total if total else 0.0
    return Presence(
        month=str(month),
        sites=tuple(sorted(months.open_in(month))),
        persons={component: months.persons(month, component=component) for component in COMPONENTS},
        running_usd=months.running_cost_usd(month),
        fixed_usd=float(months.mission.setting.fixed_cost_usd_per_month),
        protected_share=mean,
    )


def presence_today(months: Months) -> Presence:
    """Say what is there on the day before the plan; protection is that of the first month."""
    mission, norms = months.mission, months.norms
    here = [unit for unit in mission.units if mission.stands_today(unit)]
    types = norms.unit_types()
    sites = tuple(sorted(site.site_id for site in mission.sites if site.open_at_start and site.site_id in months.bases))
    units = sum(
        int(str(row["units_at_start"])) * months.unit_cost_usd(class_id) for class_id, row in months.classes.items()
    )
    return Presence(
        month="",
        sites=sites,
        persons={c: sum(u.persons for u in here if types[u.unit_type].component == c) for c in COMPONENTS},
        running_usd=units + sum(months.site_price("site_run_usd_per_month", site_id) for site_id in sites),
        fixed_usd=float(mission.setting.fixed_cost_usd_per_month),
        protected_share=presence(months, 0).protected_share,
    )


def bridges(months: Months, head: Leaving) -> tuple[Bridge, ...]:
    """Measure the overlap of every handover."""
    return tuple(_bridge(months, one, head.overlap_months) for one in months.mission.mandate.handover)


def sites_in(mission: Mission, zones: tuple[str, ...]) -> frozenset[str]:
    """Sites in some zones; blank for all."""
    return frozenset(site.site_id for site in mission.sites if not zones or site.zone in zones)


def _bridge(months: Months, one: Handover, wanted: int) -> Bridge:
    sites = sites_in(months.mission, one.zones)
    begun = [m for m in months.all if m >= one.from_month and months.holds(one.when, m)]
    there = [month for month in begun if months.persons(month, sites=sites)]
    gone = [month for month in begun if not months.persons(month, sites=sites)]
    last = there[-1] if there else None
    return Bridge(
        handover_id=one.handover_id,
        actor=one.actor,
        from_month=str(one.from_month),
        full_month=str(one.full_month),
        overlap=len(there),
        wanted=wanted,
        persons=months.persons(begun[0], sites=sites) if begun else 0,
        cost_usd=sum(months.running_cost_usd(month, sites=sites) for month in there),
        month_usd=months.running_cost_usd(last, sites=sites) if last else 0.0,
        alone_from=str(gone[0]) if gone else "",
        share_alone=share_at(one, gone[0]) if gone else 0.0,
        gap_months=sum(share_at(one, month) < one.share_full for month in gone),
    )
