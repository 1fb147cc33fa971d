"""The futures of a plan as arrays: nodes in time order, their parents, and where a lag lands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.solve.model import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Timeline:
    """Nodes of a scenario tree, parents before children.

    parent: -1 for the root, whose parent is today. start: months after the first month planned. months: length.
    probability: chance of reaching the node. conditions: those of the mandate that hold there.
    """

    node_ids: tuple[str, ...]
    first_month: tuple[Month, ...]
    parent: IntArray
    start: IntArray
    months: IntArray
    probability: FloatArray
    conditions: tuple[frozenset[str], ...]
    risk_scale: FloatArray
    receipts_scale: FloatArray

    def __len__(self) -> int:
        return len(self.node_ids)

    @property
    def end(self) -> IntArray:
        """Months after the first month planned at which each node is over."""
        return self.start + self.months

    @property
    def leaf(self) -> BoolArray:
        """Whether a future ends at each node."""
        is_parent = np.zeros(len(self), bool)
        is_parent[self.parent[self.parent >= 0]] = True
        return ~is_parent

    def path(self, node: int) -> list[int]:
        """List the nodes from the root to `node`, both included."""
        listed: list[int] = []
        while node >= 0:
            listed.append(node)
            node = int(self.parent[node])
        return listed[::-1]

    def landing(self, lag_months: float) -> tuple[IntArray, IntArray]:
        """Pair each node where something is ordered with the nodes where it takes effect, one lag later.

        On every path, what is ordered in m lands in the first node that starts at or after the start of m plus the
        lag. Returns (ordered, lands), two arrays of node indices of the same length.
        """
        ordered, lands = [], []
        for n in range(len(self)):
            since = self.start[self.parent[n]] if self.parent[n] >= 0 else -np.inf
            for m in self.path(n):
                due = self.start[m] + lag_months
                if since < due <= self.start[n]:
                    ordered.append(m)
                    lands.append(n)
        return np.array(ordered, np.int32), np.array(lands, np.int32)

    def months_of(self, node: int) -> list[Month]:
        """List the calendar months that a node covers."""
        return [self.first_month[node] + i for i in range(int(self.months[node]))]

    def previous(self, columns: IntArray) -> tuple[IntArray, IntArray]:
        """Split the last axis (nodes) of a block: columns of nodes that have a parent, and of their parents."""
        child = np.flatnonzero(self.parent >= 0)
        return columns[..., child], columns[..., self.parent[child]]


def timeline_of(
    mission: Mission, *, longest_months: int = 3, lags: Sequence[float] = (), notice: float = 0
) -> Timeline:
    """Lay out the nodes of a mission; without any, one future cut wherever something changes.

    longest_months: no node is longer; 1 gives one node a month. lags: months before a ceiling or limit by which a
    decision must take effect (the time units need to be out). notice: months before the first exit can take effect.
    """
    if mission.nodes:
        return _from_nodes(mission, mission.setting.first_month)
    starts = _cuts(mission, longest_months, lags, notice)
    first = [mission.setting.first_month + start for start in starts]
    count = len(starts)
    lengths = np.diff([*starts, mission.setting.months])
    holding = [
        frozenset(
            condition.condition_id
            for condition in mission.mandate.condition
            if condition.holds_from is not None and condition.holds_from <= month
        )
        for month in first
    ]
    return Timeline(
        node_ids=tuple(str(month) for month in first),
        first_month=tuple(first),
        parent=np.arange(-1, count - 1),
        start=np.array(starts),
        months=lengths,
        probability=np.ones(count),
        conditions=tuple(holding),
        risk_scale=np.ones(count),
        receipts_scale=np.ones(count),
    )


def _cuts(mission: Mission, longest_months: int, lags: Sequence[float], notice: float) -> list[int]:
    """Months at which a node begins: where the mandate, the season or the money changes, and at most so far apart.

    A ceiling is counted at the end of its first month, so a node ends there; units that must be out by then stop one
    lag earlier, so a node begins there too.
    """
    first, total = mission.setting.first_month, mission.setting.months
    mandate, wet = mission.mandate, mission.setting.wet_months
    changes = {0, math.ceil(notice)}
    for ceiling in mandate.ceiling:
        counted = ceiling.from_month - first + 1
        changes |= {counted, *(counted - math.ceil(lag) for lag in lags)}
    dated = [
        *(limit.from_month for limit in mandate.site_limit),
        *(condition.holds_from for condition in mandate.condition),
        *(task.starts for task in mandate.task),
        *(task.ends + 1 for task in mandate.task if task.ends),
        *(floor.from_month for floor in mandate.floor),
        *(floor.taken_over_from for floor in mandate.floor),
        *(month for handover in mandate.handover for month in (handover.from_month, handover.full_month)),
        *(row.from_month for row in mission.restrictions),
        *(row.until_month + 1 for row in mission.restrictions if row.until_month),
        *(line.first_month for line in mission.budget if line.kind == "appropriation"),
        *(site.opens_from for site in mission.sites),
        *(unit.arrives for unit in mission.units),
        *(pledge.available_from for pledge in mission.pledges),
    ]
    changes |= {month - first for month in dated if month is not None}
    seasons = [month.month in wet for month in mission.months]
    changes |= {i for i in range(1, total) if seasons[i] != seasons[i - 1]}
    starts = sorted(change for change in changes if 0 <= change < total)
    filled: list[int] = []
    for start, end in zip(starts, [*starts[1:], total], strict=True):
        parts = math.ceil((end - start) / longest_months)
        filled += [start + round(i * (end - start) / parts) for i in range(parts)]
    return filled


def _from_nodes(mission: Mission, first: Month) -> Timeline:
    nodes = sorted(mission.nodes, key=lambda node: (node.first_month, node.node_id))
    place = {node.node_id: i for i, node in enumerate(nodes)}
    parent = np.array([place[node.parent_id] if node.parent_id else -1 for node in nodes], np.int32)
    probability = np.ones(len(nodes))
    for n, node in enumerate(nodes):
        probability[n] = node.probability * (probability[parent[n]] if parent[n] >= 0 else 1.0)
    return Timeline(
        node_ids=tuple(node.node_id for node in nodes),
        first_month=tuple(node.first_month for node in nodes),
        parent=parent,
        start=np.array([node.first_month - first for node in nodes], np.int32),
        months=np.array([node.months for node in nodes], np.int32),
        probability=probability,
        conditions=tuple(frozenset(node.conditions) for node in nodes),
        risk_scale=np.array([node.risk_scale for node in nodes]),
        receipts_scale=np.array([node.receipts_scale for node in nodes]),
    )
