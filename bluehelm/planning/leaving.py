"""How many persons must be told to leave at each node, so that every ceiling ahead is met in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.families.units import months_leaving
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Leaving:
    """What telling units to leave does, and by when it must be done.

    lands[m]: nodes in which units told to leave in m stop work. before: (N, N) whether node s is n or before it on its
    path. counted: (N, N) whether units that stop in s still count on the last day of n. last_call: (N,) last node in
    which telling helps the ceiling of n; -1 where none is early enough. component: (K,) place in COMPONENTS.
    """

    data: PlanData
    lands: tuple[tuple[int, ...], ...]
    before: BoolArray
    counted: BoolArray
    last_call: IntArray
    component: IntArray

    @property
    def helps(self) -> BoolArray:
        """(N, N) whether units that stop in s are out by the last day of n."""
        return np.asarray(self.before & ~self.counted)

    def excess(self, told: IntArray) -> FloatArray:
        """Persons over each ceiling on the last day of each node, with units told so far; shape (components, nodes)."""
        data = self.data
        stops = told.sum(axis=1)
        came = data.at_start.sum(axis=1)[:, None] + data.arriving @ self.before.T
        present = came - stops @ self.helps.T
        persons = np.zeros((len(COMPONENTS), len(data.timeline)))
        np.add.at(persons, self.component, present * data.persons[:, None])
        return np.where(np.isfinite(data.demand.ceilings), persons - data.demand.ceilings, -np.inf)


def leaving_of(data: PlanData) -> Leaving:
    """Lay notice and exit lag over the nodes."""
    line = data.timeline
    count = len(line)
    later, stopped, _, still = months_leaving(data)
    before, counted = np.zeros((count, count), bool), np.zeros((count, count), bool)
    before[later, stopped] = True
    counted[later, stopped] = still > 0
    ordered, landed = line.landing(data.exit_notice_months)
    lands = tuple(tuple(landed[ordered == m].tolist()) for m in range(count))
    last_call = np.full(count, -1)
    for m in range(count):
        for s in lands[m]:
            last_call[before[:, s] & ~counted[:, s]] = m
    component = np.array([COMPONENTS.index(c.unit_type.component) for c in data.classes], int)
    return Leaving(data, lands, before, counted, last_call, component)


def closing_node(data: PlanData, n: int) -> int:
    """Node on the path to n in which a site must close so that its units are out by the last day of n."""
    line = data.timeline
    early = [s for s in line.path(n) if line.start[s] + data.exit_lag_months <= line.end[n]]
    return early[-1] if early else n
