"""The plan that a planner without tools would make: cut everywhere alike, close where least harm is in reach."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.by_rule import by_rule
from bluehelm.planning.gather import PlanData
from bluehelm.planning.leaving import closing_node
from bluehelm.planning.spending import overspent, spending_by_rule
from bluehelm.solve.model import BoolArray, FloatArray, IntArray

HALVINGS = 10


def proportional(data: PlanData) -> tuple[IntArray, BoolArray] | None:
    """Cut units in proportion over the sites, and close sites with the least harm in reach.

    Returns units (classes, sites, nodes) and open sites (sites, nodes), or None where the rule ends in a dead end.
    """
    opened = close_least(data, harm_in_reach(data))
    if opened is None:
        return None
    x = within_money(data, opened, closing_first=False)
    return None if x is None else (x, opened)


def within_money(data: PlanData, opened: BoolArray, *, closing_first: bool) -> IntArray | None:
    """Follow the rule, with ceilings lowered alike for all just so far that the money suffices.

    Where no cut makes it suffice, the plan of the mandate's own ceilings is returned: it breaks the money.
    """
    best = by_rule(data, opened, closing_first=closing_first)
    if best is None:
        return None
    tight = _over(data, best, opened) > 0
    if not tight.any():
        return best
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        share = (low + high) / 2
        found = by_rule(_shrunk(data, share, tight), opened, closing_first=closing_first)
        if found is None or _over(data, found, opened).any():
            high = share
        else:
            low, best = share, found
    return best


def _over(data: PlanData, x: IntArray, opened: BoolArray) -> FloatArray:
    return overspent(data, spending_by_rule(data, x, opened), x.sum(axis=1))


def _shrunk(data: PlanData, share: float, tight: BoolArray) -> PlanData:
    """Lower the ceilings to a share of who is there today, in all nodes spent from what is overspent."""
    runs = data.prices.appropriation
    nodes = runs[(runs & tight).any(axis=1)].any(axis=0) | tight
    today = np.array([c.persons for c in data.classes]) * data.at_start.sum(axis=1)
    here = np.array([today[[c.unit_type.component == name for c in data.classes]].sum() for name in COMPONENTS])
    lower = np.minimum(data.demand.ceilings, share * here[:, None])
    return replace(data, demand=replace(data.demand, ceilings=np.where(nodes, lower, data.demand.ceilings)))


def close_least(data: PlanData, worth: FloatArray) -> BoolArray | None:
    """Close just the sites that a limit asks for, those of least worth first; None where too few may close.

    A site closes one exit lag before the limit is counted, so that its units can be out. worth: (sites,).
    """
    line = data.timeline
    opened = open_today(data) & ~(data.restricted.lost | data.restricted.was_lost)
    may_close = _closable(data)
    for n in range(len(line)):
        count = opened[:, n].sum() - data.demand.site_limit[n]
        if not count > 0:
            continue
        at = closing_node(data, n)
        choice = [j for j in np.argsort(worth, kind="stable") if opened[j, n] and may_close[j]][: int(np.ceil(count))]
        if len(choice) < count:
            return None
        after = [m for m in range(len(line)) if at in line.path(m)]
        opened[np.ix_(choice, after)] = False
    return opened


def open_today(data: PlanData) -> BoolArray:
    """Bases that are open on the day before the plan, as if they stayed so; shape (sites, nodes)."""
    today = np.array([site.open_at_start for site in data.mission.sites], bool) & data.base
    return np.repeat(today[:, None], len(data.timeline), axis=1)


def _closable(data: PlanData) -> BoolArray:
    """Sites that may close, and hold nobody who can neither move nor leave."""
    may_close = np.array([site.may_close for site in data.mission.sites], bool)
    stuck = np.array([not (c.may_move or c.may_leave) for c in data.classes], bool)
    return np.asarray(may_close & ~(data.at_start[stuck] > 0).any(axis=0))


def harm_in_reach(data: PlanData) -> FloatArray:
    """Expected harm over the whole plan in reach of one unit at each site, of those that reach most; shape (sites,)."""
    harm = data.demand.harm * data.timeline.probability
    total = np.zeros(len(data.site_ids))
    for pattern in range(len(data.ground.sigma)):
        total += reach_of_one(data, pattern) @ harm[:, data.ground.pattern == pattern].sum(axis=1)
    return total


def reach_of_one(data: PlanData, pattern: int) -> FloatArray:
    """Reach of one unit, of the kind that may stand at the site and reaches most; shape (sites, areas)."""
    reach = np.zeros((len(data.site_ids), len(data.area_ids)))
    for group, sigma in enumerate(data.ground.sigma[pattern]):
        may_stand = data.allowed[data.ground.group == group].any(axis=0)
        reach = np.maximum(reach, sigma.toarray() * may_stand[:, None])
    return np.minimum(reach, 1.0)
