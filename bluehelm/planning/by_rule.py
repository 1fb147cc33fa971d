"""A plan made by a simple rule: units stay where they are until a ceiling or the closing of their site moves them.

It serves as a yardstick and as a first plan. No site opens and no pledge is called.
"""

from __future__ import annotations

import numpy as np

from bluehelm.geo.distance import distance_km
from bluehelm.planning.classes import class_key
from bluehelm.planning.gather import PlanData
from bluehelm.planning.ground import coordinates
from bluehelm.planning.leaving import Leaving, leaving_of
from bluehelm.solve.model import BoolArray, FloatArray, IntArray


def by_rule(data: PlanData, opened: BoolArray, *, closing_first: bool) -> IntArray | None:
    """Say where units stand when sites are open as given; shape (classes, sites, nodes).

    When a ceiling falls, just enough whole units leave, in proportion over the sites, and the guard of every open base
    stays. closing_first: units of sites that close leave before any other. Units left at a site that closes move to
    the nearest open site with beds. None where a unit finds no bed or a base no guard.
    """
    line, leaving = data.timeline, leaving_of(data)
    x = np.zeros((*data.at_start.shape, len(line)), np.int32)
    told = np.zeros_like(x)
    coming = _coming(data)
    nearest = np.argsort(_between_km(data), axis=1, kind="stable")
    for n in range(len(line)):
        root = line.parent[n] < 0
        here = (data.at_start if root else x[:, :, line.parent[n]]).copy()
        for s in leaving.lands[n]:
            told[:, :, s] += _told(data, leaving, told, here, n, s, opened, closing_first=closing_first)
        here -= _stopping(told[:, :, n], here)
        here += coming[:, :, n]
        lost = data.restricted.lost[:, n]
        if not (_house(data, here, opened[:, n], nearest, lost) and _guard(data, here, opened[:, n], nearest)):
            return None
        x[:, :, n] = here
    return x


def _told(
    data: PlanData, leaving: Leaving, told: IntArray, here: IntArray, n: int, s: int, opened: BoolArray,
    *, closing_first: bool,
) -> IntArray:  # fmt: skip
    """Choose the units told in n to stop in s."""
    line = data.timeline
    if s != leaving.lands[n][0]:
        # One order holds on every path that follows it.
        return told[:, :, leaving.lands[n][0]]
    stays = opened[:, s] | ~opened[:, line.parent[s]] if line.parent[s] >= 0 else opened[:, s]
    may_leave = np.array([c.may_leave for c in data.classes], bool)
    may_move = np.array([c.may_move for c in data.classes], bool)
    chosen = np.where(~stays & (may_leave & ~may_move)[:, None], here, 0)
    excess = leaving.excess(told)
    for component in range(len(excess)):
        mine = (leaving.component == component) & may_leave
        due = np.max(excess[component, leaving.last_call == n], initial=0.0)
        ahead = np.max(excess[component, leaving.helps[:, s]], initial=0.0) if closing_first else 0.0
        free = np.where(mine[:, None], here - chosen, 0)
        due, ahead = (need - _persons(data, chosen[mine], mine) for need in (due, ahead))
        if closing_first:
            first = np.where(stays, 0, free)
            chosen += _spread(data, first, here - chosen, max(due, ahead), stays, at_most=due < ahead)
            due -= _persons(data, np.where(first > 0, chosen, 0)[mine], mine)
            free = np.where(stays, free, 0)
        chosen += _spread(data, free, here - chosen, due, stays)
    return chosen


def _persons(data: PlanData, units: IntArray, classes: BoolArray) -> float:
    return float(data.persons[classes] @ units.sum(axis=1))


def _spread(
    data: PlanData, free: IntArray, here: IntArray, need: float, stays: BoolArray, *, at_most: bool = False
) -> IntArray:
    """Take units with at least (or at most) so many persons, in proportion over classes and sites.

    The next unit is of the class that has given least of its share, from the site that has; guards stay.
    """
    taken = np.zeros_like(free)
    persons = data.persons.astype(float)
    total = float(persons @ free.sum(axis=1))
    if need <= 0 or total == 0:
        return taken
    share = min(need / total, 1.0)
    class_quota, site_quota = share * free.sum(axis=1), share * (persons @ free)
    guards = persons * np.array([c.unit_type.guards for c in data.classes])
    left_guard, least = guards @ here, np.where(stays, data.guard, 0.0)
    while need > 0:
        safe = (left_guard - guards[:, None] >= least) | (guards == 0)[:, None]
        able = (free > taken) & safe
        if at_most:
            able &= (persons <= need)[:, None]
        if not able.any():
            break
        k = int(np.argmax(np.where(able.any(axis=1), class_quota - taken.sum(axis=1), -np.inf)))
        j = int(np.argmax(np.where(able[k], site_quota - persons @ taken, -np.inf)))
        taken[k, j] += 1
        left_guard[j] -= guards[k]
        need -= persons[k]
    return taken


def _stopping(told: IntArray, here: IntArray) -> IntArray:
    """Take the units told to leave where they stand now: at their site, or else where most of their class are."""
    taken = np.minimum(told, here)
    for k in np.flatnonzero(told.sum(axis=1) > taken.sum(axis=1)):
        for _ in range(int(told[k].sum() - taken[k].sum())):
            taken[k, np.argmax(here[k] - taken[k])] += 1
    return taken


def _coming(data: PlanData) -> IntArray:
    """Units on their way, at the site and node of their arrival."""
    keys = [
        (c.unit_type.unit_type, c.persons, c.only_zones, c.not_tasks, c.may_move, c.may_leave) for c in data.classes
    ]
    row = {site_id: j for j, site_id in enumerate(data.site_ids)}
    coming = np.zeros((*data.at_start.shape, len(data.timeline)), np.int32)
    for unit in data.mission.units:
        for n in range(len(data.timeline)):
            if unit.arrives is not None and unit.arrives in data.timeline.months_of(n):
                coming[keys.index(class_key(unit)), row[unit.site_id], n] += 1
    return coming


def _between_km(data: PlanData) -> FloatArray:
    places = coordinates(data.mission.sites)
    return distance_km(*places, *places)


def _house(data: PlanData, here: IntArray, opened: BoolArray, nearest: IntArray, lost: BoolArray) -> bool:
    """Move units that have no bed to the nearest open site that has one, in place; say whether all found one.

    From a site that is lost even those move that otherwise may not.
    """
    beds = np.where(opened, data.capacity, 0.0)
    guards = np.array([c.unit_type.guards for c in data.classes], bool)
    for j in np.flatnonzero(data.persons @ here > beds):
        # Those who guard go last, and the largest units first.
        for k in np.lexsort((-data.persons, guards)):
            while here[k, j] and data.persons @ here[:, j] > beds[j]:
                room = beds - data.persons @ here >= data.persons[k]
                fit = [t for t in nearest[j] if room[t] and data.allowed[k, t]]
                if not fit or not (data.classes[k].may_move or lost[j]):
                    break
                here[k, j] -= 1
                here[k, fit[0]] += 1
    return bool((data.persons @ here <= beds).all())


def _guard(data: PlanData, here: IntArray, opened: BoolArray, nearest: IntArray) -> bool:
    """Bring the nearest guards that can be spared to bases that have too few, in place; say whether all are safe."""
    guards = np.array([c.persons * c.unit_type.guards for c in data.classes], float)
    may_move = np.array([c.may_move for c in data.classes], bool)
    least = np.where(opened, data.guard, 0.0)
    for j in np.flatnonzero(guards @ here < least):
        for t in nearest[j]:
            room = data.capacity[j] - data.persons @ here[:, j]
            spare = guards @ here[:, t] - least[t]
            able = (here[:, t] > 0) & (guards > 0) & (guards <= spare) & may_move & data.allowed[:, j]
            able &= data.persons <= room
            if t != j and able.any():
                k = int(np.flatnonzero(able)[np.argmin(guards[able])])
                here[k, t] -= 1
                here[k, j] += 1
            if guards @ here[:, j] >= least[j]:
                break
    return bool((guards @ here >= least).all())
