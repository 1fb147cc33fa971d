"""Which figures that are not verified enter a table or a figure: said in one line under each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from bluehelm.reports.extras import NormUse, ReportExtras
from bluehelm.reports.names import status_name
from bluehelm.reports.numbers import listing
from bluehelm.reports.reading import Reading
from bluehelm.words import say


class Known(Protocol):
    """Anything that says how well it is known."""

    @property
    def status(self) -> str:
        """verified, recalled or assumed."""


MOST_NAMED = 4
TRAVEL = ("road_", "air_", "static_reach_km")
PRESENCE = ("protection_q", "presence_share", "risk_", "beyond_horizon_months", "guard_persons_per_base", *TRAVEL)
EFFORT = ("effort_hours", "demand_hours", *TRAVEL)
PRICES = ("personnel_", "equipment_", "rations_", "fuel_usd_per_person", "individual_", "civilian_", "aircraft_",
          "fixed_cost_usd", "rotation_", "paid_as", "site_open_usd", "site_run_usd", "site_close_usd", "move_usd",
          "deployment_usd", "repatriation_usd")  # fmt: skip
LAGS = ("move_days", "exit_", "lead_months", "site_open_lead")
CARE = ("enhanced_care_hours", "surgery_hours", "patrol_radius_km", "evacuation_launch_hours", *TRAVEL)


def records_of(reading: Reading) -> dict[str, tuple[str, tuple[Known, ...]]]:
    """Return the rows of the mission by table, with the name of the table in words."""
    mission, mandate = reading.mission, reading.mission.mandate
    return {
        "areas": (say("areas"), mission.areas),
        "sites": (say("sites"), mission.sites),
        "units": (say("units"), mission.units),
        "pledges": (say("pledges"), mission.pledges),
        "budget": (say("budget lines"), mission.budget),
        "ceilings": (say("ceilings"), mandate.ceiling),
        "site_limits": (say("limits on sites"), mandate.site_limit),
        "tasks": (say("tasks"), mandate.task),
        "floors": (say("floors"), mandate.floor),
        "handovers": (say("handovers"), mandate.handover),
        "restrictions": (say("restrictions"), mission.restrictions),
        "nodes": (say("futures"), mission.nodes),
    }


def unverified(rows: Iterable[Known]) -> int:
    """Count what is not verified."""
    return sum(row.status != "verified" for row in rows)


def norms_under(extras: ReportExtras, prefixes: tuple[str, ...]) -> list[NormUse]:
    """List the norms not verified whose key starts with one of the prefixes, in the order of these."""
    doubted = [norm for norm in extras.norms_used if norm.status != "verified" and norm.key.startswith(prefixes)]
    return sorted(doubted, key=lambda norm: next(i for i, start in enumerate(prefixes) if norm.key.startswith(start)))


def flag(reading: Reading, extras: ReportExtras, *, tables: tuple[str, ...], norms: tuple[str, ...] = ()) -> str:
    """Say which unverified rows and norms enter here; blank where every figure is verified."""
    known = records_of(reading)
    rows = []
    for table in tables:
        name, listed = known[table]
        if count := unverified(listed):
            rows.append(say("{table} {count} of {total}", table=name, count=count, total=len(listed)))
    parts = []
    if rows:
        parts.append(say("rows of the mission ({tables})", tables=listing(rows)))
    if norms and not extras.norms_used:
        parts.append(say("norms, which were not listed for this report"))
    elif found := norms_under(extras, norms):
        families = dict.fromkeys((re.sub(r"\..*", ".*", norm.key), norm.status) for norm in found)
        named = [f"{family} {status_name(status)}" for family, status in families]
        parts.append(say("norms ({norms})", norms=listing(named, MOST_NAMED)))
    return say("● ▲ Not verified, and used here: {parts}.", parts=say("; ").join(parts)) if parts else ""
