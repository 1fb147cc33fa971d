"""Sites open and close by their rules, hold no more than their beds, keep their guard, and stay within the limit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bluehelm.checks.compare import exceeds
from bluehelm.checks.evidence import BoolArray, Evidence
from bluehelm.checks.futures import FutureNode, in_force, lands_at
from bluehelm.checks.restrictions import begins_lost, is_lost, was_lost
from bluehelm.mission.records import Site
from bluehelm.words import say


def is_ours(site: Site) -> bool:
    """Say whether a site is a base of the mission, not a partner's hospital."""
    return site.kind != "partner_hospital"


def beds(e: Evidence, site: Site) -> int:
    """Capacity of a site for units; a partner's hospital houses none."""
    if not is_ours(site):
        return 0
    if site.capacity_persons is not None:
        return site.capacity_persons
    return int(e.norm(f"site_capacity_persons.{site.kind}"))


def open_before(e: Evidence, node: FutureNode) -> BoolArray:
    """Say which sites were open just before a node."""
    if node.parent >= 0:
        return e.is_open[:, node.parent]
    return np.array([site.open_at_start for site in e.mission.sites], dtype=np.bool_)


def least_guard(e: Evidence, site: Site) -> float:
    """Guard that a base must keep: the norm, or what guards it today where that is less."""
    norm = e.norm("guard_persons_per_base")
    if not site.open_at_start:
        return norm
    types = {c.unit_type.unit_type: c.unit_type for c in e.classes}
    standing = sum(
        unit.persons
        for unit in e.mission.units
        if unit.site_id == site.site_id and e.mission.stands_today(unit) and types[unit.unit_type].guards
    )
    return min(norm, float(standing))


def capacity_and_guard(e: Evidence) -> Iterator[str]:
    """Units are at open sites only, within their beds; a base open has its guard."""
    persons = np.einsum("k,kjn->jn", e.persons, e.units)
    guards = np.array([c.persons if c.unit_type.guards else 0 for c in e.classes])
    guard = np.einsum("k,kjn->jn", guards, e.units)
    for j, site in enumerate(e.mission.sites):
        least = least_guard(e, site)
        for n, node in enumerate(e.futures):
            most = beds(e, site) if e.is_open[j, n] else 0
            if persons[j, n] > most:
                yield say(
                    "{site} in {node}: {persons} persons in {beds} beds; {over} too many.",
                    site=site.site_id, node=node.node_id, persons=persons[j, n], beds=most, over=persons[j, n] - most,
                )  # fmt: skip
            if is_ours(site) and e.is_open[j, n] and exceeds(least, float(guard[j, n])):
                yield say(
                    "{site} in {node}: {guard} persons guard the base; {least} are needed.",
                    site=site.site_id, node=node.node_id, guard=guard[j, n], least=least,
                )  # fmt: skip


def placement(e: Evidence) -> Iterator[str]:
    """Nobody comes to a zone that its caveat bars, and aircraft units only to airfields; who is there may stay."""
    coming = e.deeds["move_in"] + e.deeds["arrive"]
    for k, c in enumerate(e.classes):
        for j, site in enumerate(e.mission.sites):
            barred = bool(c.only_zones) and site.zone not in c.only_zones
            grounded = c.unit_type.needs_airfield and not site.airfield
            for n in np.flatnonzero(coming[k, j]) if barred or grounded else ():
                reason = say("its caveat bars zone '{zone}'", zone=site.zone) if barred else say("it has no airfield")
                yield say(
                    "{class_id} comes to {site} in {node}: {units} units, but {reason}.",
                    class_id=c.class_id, site=site.site_id, node=e.futures[n].node_id, units=coming[k, j, n],
                    reason=reason,
                )  # fmt: skip


def lifecycle(e: Evidence) -> Iterator[str]:
    """A base closes only where it may; it opens when its month and lead time have come; only temporary ones reopen.

    A base that is lost closes whatever it may, and may open again afterwards.
    """
    for n, node in enumerate(e.futures):
        before = open_before(e, node)
        for j, site in enumerate(e.mission.sites):
            if not is_ours(site) or before[j] == e.is_open[j, n]:
                continue
            if before[j] and not site.may_close and not is_lost(e, site.site_id, node):
                yield say("{site} closes in {node}; it must stay open.", site=site.site_id, node=node.node_id)
            elif not before[j]:
                yield from _opening(e, j, n)


def _opening(e: Evidence, j: int, n: int) -> Iterator[str]:
    site, node = e.mission.sites[j], e.futures[n]
    returns = site.open_at_start and was_lost(e, site.site_id, node)
    if _openings_left(e, j, node) < 1 and site.kind != "temporary_base":
        yield say("{site} opens again in {node}; only a temporary base may.", site=site.site_id, node=node.node_id)
    lead_months = e.norm(f"site_open_lead_months.{site.kind}")
    in_time = returns or (site.opens_from is not None and node.first_month >= site.opens_from)
    if not in_time or node.start < lead_months:
        yield say(
            "{site} opens in {node}, {month}; it may from {opens_from} and {lead} months after the start.",
            site=site.site_id, node=node.node_id, month=node.first_month, opens_from=site.opens_from or say("never"),
            lead=lead_months,
        )  # fmt: skip
    elif not any(_opens_in(e, j, lands_at(e.futures, m, lead_months), n) for m in node.path):
        yield say(
            "{site} opens in {node}, but not in the futures that cannot be told apart when it is ordered.",
            site=site.site_id, node=node.node_id,
        )  # fmt: skip


def _openings_left(e: Evidence, j: int, node: FutureNode) -> int:
    """Times that a permanent base may open in a node: once in all, and once more for each loss that closed it."""
    site, path = e.mission.sites[j], [e.futures[m] for m in node.path]
    may = 0 if site.open_at_start else 1
    for at in path:
        was_open, is_open = bool(open_before(e, at)[j]), bool(e.is_open[j, at.path[-1]])
        may += was_open and not is_open and begins_lost(e, site.site_id, at)
        may -= is_open and not was_open and at is not node
    return may


def _opens_in(e: Evidence, j: int, landing: list[int], n: int) -> bool:
    """Say whether one order explains that a site opens at node n: it then opens wherever that order lands."""
    return n in landing and all(e.is_open[j, i] and not open_before(e, e.futures[i])[j] for i in landing)


def site_limits(e: Evidence) -> Iterator[str]:
    """No more sites are open than the limit in force."""
    ours = np.array([is_ours(site) for site in e.mission.sites])
    for n, node in enumerate(e.futures):
        limit = in_force(e.mission, node, e.mission.mandate.site_limit, node.last_month)
        count = int((e.is_open[:, n] & ours).sum())
        if limit is not None and count > limit.at_most:
            yield say(
                "{count} sites are open in {node}; at most {most} are allowed; {over} too many.",
                count=count, node=node.node_id, most=limit.at_most, over=count - limit.at_most,
            )  # fmt: skip


def stated_sites(e: Evidence) -> Iterator[str]:
    """Table sites states every base at every node as it is."""
    persons = np.einsum("k,kjn->jn", e.persons, e.units)
    rows = {(row["node_id"], row["site_id"]): row for row in e.tables["sites"].iter_rows(named=True)}
    for n, node in enumerate(e.futures):
        before = open_before(e, node)
        for j, site in enumerate(e.mission.sites):
            if not is_ours(site):
                continue
            row = rows.get((node.node_id, site.site_id))
            is_open, was_open = bool(e.is_open[j, n]), bool(before[j])
            right = (is_open and not was_open, was_open and not is_open, int(persons[j, n]), beds(e, site))
            stated = (row["opens"], row["closes"], row["persons"], row["capacity_persons"]) if row else None
            # A closed site may be listed with its beds or with none.
            if stated != right and (is_open or stated != (*right[:3], 0)):
                yield say(
                    "Table sites, {node} / {site}: opens, closes, persons and beds are stated as {stated}; {right} was "
                    "found.",
                    node=node.node_id, site=site.site_id, stated=stated, right=right,
                )  # fmt: skip
