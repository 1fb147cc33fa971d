"""What restrictions take away, read anew from their rows: sites, consent, aircraft; and that no plan uses it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bluehelm.checks.evidence import Evidence, UnitClass
from bluehelm.checks.futures import FutureNode, holds
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import ALL_AIRCRAFT, Restriction
from bluehelm.words import say


def in_force(mission: Mission, node: FutureNode, kind: str) -> tuple[Restriction, ...]:
    """List the restrictions of a kind that hold in some month of a node."""
    return tuple(
        row
        for row in mission.restrictions
        if row.kind == kind
        and any(
            row.from_month <= month
            and (row.until_month is None or month <= row.until_month)
            and holds(mission, node, row.when, month)
            for month in node.all_months
        )
    )


def is_lost(e: Evidence, site_id: str, node: FutureNode) -> bool:
    """Say whether a site is lost in a node."""
    return any(row.what == site_id for row in in_force(e.mission, node, "site_lost"))


def begins_lost(e: Evidence, site_id: str, node: FutureNode) -> bool:
    """Say whether a site is lost in a node, and was not in the node before."""
    return is_lost(e, site_id, node) and not (node.parent >= 0 and is_lost(e, site_id, e.futures[node.parent]))


def was_lost(e: Evidence, site_id: str, node: FutureNode) -> bool:
    """Say whether a site was lost in some node before."""
    return any(is_lost(e, site_id, e.futures[m]) for m in node.path[:-1])


def without_consent(e: Evidence, node: FutureNode) -> list[int]:
    """List the areas, by their place, in which presence protects no one in a node."""
    named = {row.what for row in in_force(e.mission, node, "no_consent")}
    return [i for i, area in enumerate(e.mission.areas) if named & {area.area_id, area.zone}] if named else []


def zone_gives_no_consent(e: Evidence, zone: str, node: FutureNode) -> bool:
    """Say whether no effort may be given in a zone in a node; an area named alone leaves its zone open."""
    return any(row.what == zone for row in in_force(e.mission, node, "no_consent"))


def is_grounded(e: Evidence, c: UnitClass, node: FutureNode) -> bool:
    """Say whether units of a class give nothing in a node."""
    named = {row.what for row in in_force(e.mission, node, "grounded")}
    return c.unit_type.unit_type in named or (ALL_AIRCRAFT in named and c.unit_type.mobility == "air")


def lost_sites(e: Evidence) -> Iterator[str]:
    """No site is open while it is lost."""
    for j, site in enumerate(e.mission.sites):
        for n, node in enumerate(e.futures):
            if e.is_open[j, n] and is_lost(e, site.site_id, node):
                yield say("{site} is open in {node}, where it is lost.", site=site.site_id, node=node.node_id)


def restricted_effort(e: Evidence) -> Iterator[str]:
    """No effort is given in a zone without consent, nor by units that are grounded."""
    of_class, of_node = {c.class_id: c for c in e.classes}, {node.node_id: node for node in e.futures}

    @cache
    def barred(class_id: str, zone: str, node_id: str) -> str:
        node = of_node[node_id]
        if zone_gives_no_consent(e, zone, node):
            return say("zone '{zone}' gives no consent", zone=zone)
        return say("the class is grounded") if is_grounded(e, of_class[class_id], node) else ""

    for row in e.tables["effort_given"].iter_rows(named=True):
        if row["hours"] > 0 and (reason := barred(row["class_id"], row["zone"], row["node_id"])):
            where = " / ".join(str(row[key]) for key in ("node_id", "class_id", "site_id", "task_id", "zone"))
            yield say("Effort {where}: {hours} hours are given, but {reason}.", where=where, hours=row["hours"],
                      reason=reason)  # fmt: skip
