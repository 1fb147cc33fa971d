"""Cut in proportion from a month on: what a planner without tools would do when a shock comes.

Before that month the plan that runs is followed. From then on units stay where they stand, what was ordered comes, who
was told to leave leaves, and just enough whole units go, in proportion over classes and sites.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bluehelm.mission.months import Month
from bluehelm.planning import by_rule, proportional
from bluehelm.planning.classes import class_key, classes_of
from bluehelm.planning.families.units import order_landing
from bluehelm.planning.from_tables import Carried
from bluehelm.planning.gather import PlanData
from bluehelm.planning.leaving import closing_node, leaving_of
from bluehelm.planning.proportional import harm_in_reach
from bluehelm.planning.rehoused import crowd
from bluehelm.planning.spending import overspent, spending_by_rule
from bluehelm.solve.model import BoolArray, FloatArray, IntArray

# Shares of today's strength that are tried, the largest first.
SHARES = tuple(1 - step / 100 for step in range(1, 100))


@dataclass(frozen=True, slots=True)
class Given:
    """What is decided when the rule begins.

    x, opened: of the plan that runs. fixed: (N,) nodes before. told: (K, J, N) units that stop, coming: (K, J, N) units
    that arrive, whatever is decided from now on.
    """

    x: IntArray
    opened: BoolArray
    fixed: BoolArray
    told: IntArray
    coming: IntArray


def given_of(
    data: PlanData, carried: Carried, fixed_before: Month | None, called_home: Sequence[tuple[str, Month]]
) -> Given:
    """Read what is decided before a month from the decisions of the plan that runs."""
    line = data.timeline
    fixed = np.array([fixed_before is not None and month < fixed_before for month in line.first_month])
    x = np.rint(carried.x).astype(np.int32)
    told = np.zeros_like(x)
    for k, m, count in _told_to_leave(data, carried, fixed, called_home):
        for n in leaving_of(data).lands[m]:
            if not fixed[n]:
                told[k, :, n] += _from_fullest(_before(data, x, n)[k], count)
    return Given(x, carried.opened > 0, fixed, told, _coming(data, carried, fixed))


def _told_to_leave(
    data: PlanData, carried: Carried, fixed: BoolArray, called_home: Sequence[tuple[str, Month]]
) -> list[tuple[int, int, int]]:
    """List (class, node, units) of the orders to leave that stand."""
    listed = [(int(k), int(m), int(carried.exit_order[k, m])) for k, m in np.argwhere(carried.exit_order > 0)]
    listed = [one for one in listed if fixed[one[1]]]
    by_key = classes_of(data.mission, {c.unit_type.unit_type: c.unit_type for c in data.classes})
    units = {unit.unit_id: unit for unit in data.mission.units}
    for unit_id, month in called_home:
        k = data.class_ids.index(by_key[class_key(units[unit_id])].class_id)
        listed += [(k, n, 1) for n in range(len(data.timeline)) if month in data.timeline.months_of(n)]
    return listed


def _before(data: PlanData, x: IntArray, n: int) -> IntArray:
    parent = data.timeline.parent[n]
    return x[:, :, parent] if parent >= 0 else data.at_start


def _from_fullest(here: IntArray, count: int) -> IntArray:
    taken = np.zeros_like(here)
    for _ in range(min(count, int(here.sum()))):
        taken[np.argmax(here - taken)] += 1
    return taken


def _coming(data: PlanData, carried: Carried, fixed: BoolArray) -> IntArray:
    """Units on their way at the site for which they are meant; pledges called at the fullest site of their class."""
    coming = by_rule._coming(data)
    place = {class_id: k for k, class_id in enumerate(data.class_ids)}
    for c, pledge in enumerate(data.pledge_classes):
        k = place[pledge.unit_class]
        for m, n in zip(*order_landing(data, c), strict=True):
            if fixed[m] and carried.order[c, m] > 0:
                meant = np.where(data.allowed[k], carried.x[k, :, n], -1.0)
                coming[k, np.argmax(meant), n] += int(carried.order[c, m])
    return coming


def cut_since(data: PlanData, given: Given, *, crowded: bool = False) -> tuple[IntArray, BoolArray] | None:
    """Follow the rule, with ceilings lowered alike just so far that the money suffices; None in a dead end.

    Returns units (classes, sites, nodes) and open sites (sites, nodes). Where no cut makes the money suffice (who
    leaves costs a journey first), the cut that breaks it least is returned. crowded: who finds no bed crowds the
    nearest base, and a base without its guard stays open, so that only a limit on sites can end in a dead end.
    """
    data = replace(data, arriving=given.coming.sum(axis=1))
    opened = _opened(data, given)
    best = None if opened is None else _followed(data, given, opened, crowded)
    if opened is None or best is None:
        return None
    over = _over(data, best, opened)
    tight, least = over > 0, float(over.max())
    for share in SHARES if tight.any() else ():
        found = _followed(proportional._shrunk(data, share, tight), given, opened, crowded)
        left = np.inf if found is None else float(_over(data, found, opened).max())
        if found is not None and left < least:
            best, least = found, left
        if least <= 0:
            break
    return best, opened


def _over(data: PlanData, x: IntArray, opened: BoolArray) -> FloatArray:
    return overspent(data, spending_by_rule(data, x, opened), x.sum(axis=1))


def _opened(data: PlanData, given: Given) -> BoolArray | None:
    """Sites stay open as they are, but for those that are lost; a limit closes those that reach the least harm."""
    line, worth = data.timeline, harm_in_reach(data)
    opened = given.opened.copy()
    gone = data.restricted.lost | data.restricted.was_lost
    for n in np.flatnonzero(~given.fixed):
        before = opened[:, line.parent[n]] if line.parent[n] >= 0 else proportional.open_today(data)[:, n]
        opened[:, n] = before & ~gone[:, n]
    may_close = proportional._closable(data)
    for n in np.flatnonzero(~given.fixed):
        count = opened[:, n].sum() - data.demand.site_limit[n]
        if not count > 0:
            continue
        early = closing_node(data, int(n))
        at = early if not given.fixed[early] else next(m for m in line.path(int(n)) if not given.fixed[m])
        choice = [j for j in np.argsort(worth, kind="stable") if opened[j, n] and may_close[j]][: int(np.ceil(count))]
        if len(choice) < count:
            return None
        after = [m for m in range(len(line)) if at in line.path(m)]
        opened[np.ix_(choice, after)] = False
    return opened


def _followed(data: PlanData, given: Given, opened: BoolArray, crowded: bool) -> IntArray | None:
    """Say where units stand; None where one finds no bed, or a base no guard, unless bases may be crowded."""
    leaving = leaving_of(data)
    x, told = given.x.copy(), given.told.copy()
    # Who stopped before the rule begins is out of the count.
    before = np.zeros_like(x)
    for n in np.flatnonzero(given.fixed):
        gone = _before(data, x, int(n)).sum(axis=1) + data.arriving[:, n] - x[:, :, n].sum(axis=1)
        before[:, 0, n] = np.maximum(gone, 0)
    nearest = np.argsort(by_rule._between_km(data), axis=1, kind="stable")
    for n in np.flatnonzero(~given.fixed):
        here = _before(data, x, int(n)).copy()
        for s in leaving.lands[n]:
            told[:, :, s] += by_rule._told(data, leaving, told + before, here, int(n), s, opened, closing_first=False)
        here = here - by_rule._stopping(told[:, :, n], here) + given.coming[:, :, n]
        housed = by_rule._house(data, here, opened[:, n], nearest, data.restricted.lost[:, n])
        if crowded and not housed:
            crowd(data, here, opened[:, n], nearest)
        guarded = by_rule._guard(data, here, opened[:, n], nearest)
        if not (crowded or (housed and guarded)):
            return None
        x[:, :, n] = here
    return x
