"""A plan that goes on where a site is lost: its units go to the nearest base with beds, and nothing else changes.

Where no base has beds left they crowd the nearest one: people do not vanish, and the plan is seen to break that limit.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bluehelm.geo.distance import distance_km
from bluehelm.planning.from_tables import Carried
from bluehelm.planning.gather import PlanData
from bluehelm.planning.ground import coordinates
from bluehelm.solve.model import BoolArray, FloatArray, IntArray


def rehoused(data: PlanData, carried: Carried) -> Carried:
    """Return decisions with the units of lost sites at the nearest open base that has beds for them and may hold them.

    A site that is lost stays closed, unless it may open again and the plan opens it later. Units for which no bed is
    left crowd the nearest of them; only where no open base may hold a unit is it left out.
    """
    lost = data.restricted.lost | data.restricted.was_lost
    if not (lost & (carried.opened > 0)).any():
        return carried
    x, opened = carried.x.copy(), np.where(lost, 0.0, carried.opened)
    places = coordinates(data.mission.sites)
    nearest = np.argsort(distance_km(*places, *places), axis=1, kind="stable")
    for n in range(len(data.timeline)):
        for j in np.flatnonzero(lost[:, n] & (x[:, :, n].sum(axis=0) > 0)):
            _find_beds(data, x[:, :, n], int(j), opened[:, n] > 0, nearest[j])
    return replace(carried, x=x, opened=opened, opens=np.where(lost, 0.0, carried.opens))


def crowd(data: PlanData, here: IntArray, opened: BoolArray, nearest: IntArray) -> None:
    """Move units that stand where no base is open to the nearest that may hold them, beds or none, in place."""
    for j in np.flatnonzero(~opened & (here.sum(axis=0) > 0)):
        _find_beds(data, here, int(j), opened, nearest[j])


def _find_beds(data: PlanData, here: FloatArray | IntArray, j: int, opened: BoolArray, nearest: IntArray) -> None:
    """Move the units of a site to open sites with beds, or else to the nearest, in place; the largest first."""
    for k in sorted(np.flatnonzero(here[:, j]), key=lambda k: -data.persons[k]):
        while here[k, j] > 0:
            room = np.where(opened, data.capacity, 0.0) - data.persons @ here >= data.persons[k]
            able = [t for t in nearest if t != j and opened[t] and data.allowed[k, t]]
            fit = [t for t in able if room[t]] or able
            here[k, j] -= 1
            if fit:
                here[k, fit[0]] += 1
