"""What every future has in common: sites that stay open, and units that stay, up to a month or to the end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from bluehelm.adaptation.policy_tree import PlanTree
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan

FEW_PAYMENTS = 6
"""A month is told as a payment only where payments are few enough to be counted."""


@dataclass(frozen=True, slots=True)
class Keep:
    """What stays at a site in every future until a month, or to the end (blank).

    open: the site itself is kept, though it may be closed. units: unit type and the least number that stays. payment:
    number of the payment that comes in that month; 0 if none does.
    """

    site_id: str
    until: str
    open: bool
    units: tuple[tuple[str, int], ...]
    payment: int = 0


def keeps_of(plan: Plan, tree: PlanTree) -> tuple[Keep, ...]:
    """List what every future keeps, to the end first, then by month from the last, then by site."""
    sites = _sites(plan, tree)
    units = _units(plan, tree)
    payments = payment_months(plan.mission)
    found = []
    for site_id, until in sorted({*sites, *((site, until) for site, _, until in units)}):
        here = tuple((kind, units[site_id, kind, until]) for site, kind, when in sorted(units)
                     if (site, when) == (site_id, until))  # fmt: skip
        number = payments.index(until) + 1 if until in payments else 0
        found.append(Keep(site_id, until, (site_id, until) in sites, here, number))
    to_the_end = [keep for keep in found if not keep.until]
    return (*to_the_end, *sorted((k for k in found if k.until), key=lambda k: k.until, reverse=True))


def _sites(plan: Plan, tree: PlanTree) -> set[tuple[str, str]]:
    """Sites that may close and are open at first, with the month in which the first future closes them."""
    may_close = {site.site_id for site in plan.mission.sites if site.may_close and site.kind != "partner_hospital"}
    first, closed = _begins(tree), defaultdict(list)
    listed: set[str] = set()
    for row in plan.tables["sites"].iter_rows(named=True):
        if row["site_id"] in may_close:
            if row["open"] and row["month"] == first:
                listed.add(row["site_id"])
            if not row["open"]:
                closed[row["site_id"]].append(str(row["month"]))
    return {(site, min(closed[site], default="")) for site in listed}


def _units(plan: Plan, tree: PlanTree) -> dict[tuple[str, str, str], int]:
    """Least number of units of a type that stays at a site, with the month in which a future first has none."""
    standing: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in plan.tables["deployments"].iter_rows(named=True):
        standing[row["site_id"], row["unit_type"]][row["node_id"]] += int(row["units"])
    root = tree.node_ids[0]
    found = {}
    for (site, kind), at in standing.items():
        gone = [str(tree.first_month[n]) for n, node_id in enumerate(tree.node_ids) if not at.get(node_id, 0)]
        until = min(gone, default="")
        if at.get(root, 0) and until != _begins(tree):
            held = [at[node_id] for n, node_id in enumerate(tree.node_ids)
                    if not until or str(tree.first_month[n]) < until]  # fmt: skip
            found[site, kind, until] = min(held)
    return found


def _begins(tree: PlanTree) -> str:
    return str(tree.first_month[0])


def payment_months(mission: Mission) -> list[str]:
    """Months in which receipts come, in order; empty where there are too many to be counted by people."""
    planned = set(mission.months)
    months: set[Month] = set()
    for line in mission.budget:
        if line.kind == "receipt":
            months |= {line.first_month + i for i in range(line.last_month - line.first_month + 1)} & planned
    return sorted(str(month) for month in months) if len(months) <= FEW_PAYMENTS else []
