"""The futures of a mission as the check sees them: nodes, paths, when a condition holds, where a delay ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from bluehelm.checks.compare import Key, compare, differ, number, stated_numbers
from bluehelm.mission.mandate import Ceiling, SiteLimit
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import Node
from bluehelm.words import say

Dated = TypeVar("Dated", Ceiling, SiteLimit)


@dataclass(frozen=True, slots=True)
class FutureNode:
    """One node with what hangs on its place in the tree.

    start: months from the first month of the mission. probability: of coming here, seen from today.
    path: positions of the nodes from the root to this one. conditions: None where holds_from decides.
    """

    node_id: str
    parent_id: str
    parent: int
    first_month: Month
    start: int
    months: int
    probability: float
    risk_scale: float
    receipts_scale: float
    conditions: tuple[str, ...] | None
    path: tuple[int, ...]
    is_leaf: bool

    @property
    def end(self) -> int:
        """Months from the first month of the mission to the end of the node."""
        return self.start + self.months

    @property
    def last_month(self) -> Month:
        """Last month of the node."""
        return self.first_month + (self.months - 1)

    @property
    def all_months(self) -> tuple[Month, ...]:
        """Every month of the node."""
        return tuple(self.first_month + i for i in range(self.months))


Futures = tuple[FutureNode, ...]


def read_futures(mission: Mission, stated: pl.DataFrame) -> Futures:
    """Lay out the nodes of the mission, parents first; without nodes, the one chain that the plan names."""
    rows = mission.nodes or _chain(mission, stated)
    waiting, laid = list(rows), dict[str, FutureNode]()
    parents = {row.parent_id for row in rows}
    while waiting:
        ready = [row for row in waiting if not row.parent_id or row.parent_id in laid]
        if not ready:
            break
        for row in ready:
            laid[row.node_id] = _lay(row, laid, mission, row.node_id not in parents)
        waiting = [row for row in waiting if row.node_id not in laid]
    return tuple(laid.values())


def _chain(mission: Mission, stated: pl.DataFrame) -> tuple[Node, ...]:
    rows, month, before = [], mission.setting.first_month, ""
    for node_id, months in stated.sort("month").select("node_id", "months").iter_rows():
        row = Node(
            node_id=node_id,
            parent_id=before,
            first_month=month,
            months=months,
            probability=1.0,
            source="",
            status="assumed",
        )
        rows.append(row)
        month, before = month + months, node_id
    return tuple(rows)


def _lay(row: Node, laid: dict[str, FutureNode], mission: Mission, is_leaf: bool) -> FutureNode:
    parent = laid.get(row.parent_id)
    return FutureNode(
        node_id=row.node_id,
        parent_id=row.parent_id,
        parent=list(laid).index(row.parent_id) if parent else -1,
        first_month=row.first_month,
        start=row.first_month - mission.setting.first_month,
        months=row.months,
        probability=row.probability * (parent.probability if parent else 1.0),
        risk_scale=row.risk_scale,
        receipts_scale=row.receipts_scale,
        conditions=row.conditions if mission.nodes else None,
        path=(*(parent.path if parent else ()), len(laid)),
        is_leaf=is_leaf,
    )


def node_faults(mission: Mission, stated: pl.DataFrame, futures: Futures) -> Iterator[str]:
    """Say where the plan's nodes are not the mission's."""
    rows = {row["node_id"]: row for row in stated.iter_rows(named=True)}
    for node in futures:
        row = rows.get(node.node_id)
        if row is None:
            yield say("Node '{node}' of the mission is not in the plan.", node=node.node_id)
        elif (row["parent_id"] or "", row["month"]) != (node.parent_id, str(node.first_month)):
            yield say(
                "Node '{node}' is stated in {month} after '{parent}'; {right_month} after '{right_parent}' is right.",
                node=node.node_id, month=row["month"], parent=row["parent_id"] or "", right_month=node.first_month,
                right_parent=node.parent_id,
            )  # fmt: skip
        elif differ(row["probability"], node.probability):
            yield say(
                "Node '{node}' is stated with probability {stated}; {found} was found.",
                node=node.node_id, stated=number(row["probability"]), found=number(node.probability),
            )  # fmt: skip
    months: dict[Key, float] = {(node.node_id,): node.months for node in futures}
    yield from compare("nodes", "months", stated_numbers(stated, ("node_id",), "months"), months)
    if not mission.nodes and sum(node.months for node in futures) != mission.setting.months:
        yield say(
            "The plan's nodes cover {stated} months; the mission has {months}.",
            stated=sum(node.months for node in futures), months=mission.setting.months,
        )  # fmt: skip


def lands_at(futures: Futures, m: int, delay_months: float) -> list[int]:
    """List where a decision of node m takes effect: on each path, the first node that starts after the delay."""
    due = futures[m].start + delay_months
    return [
        n
        for n, node in enumerate(futures)
        if m in node.path and node.start >= due and (n == m or futures[node.parent].start < due)
    ]


def holds(mission: Mission, node: FutureNode, condition_id: str, month: Month) -> bool:
    """Say whether a condition holds: where the node lists it, or, with one future, from its month on."""
    if not condition_id:
        return True
    if node.conditions is not None:
        return condition_id in node.conditions
    dates = {condition.condition_id: condition.holds_from for condition in mission.mandate.condition}
    since = dates.get(condition_id)
    return since is not None and since <= month


def in_force(mission: Mission, node: FutureNode, rows: Sequence[Dated], month: Month) -> Dated | None:
    """Return the latest row that has begun by a month of the node and whose condition holds then."""
    begun = [row for row in rows if row.from_month <= month and holds(mission, node, row.when, month)]
    return sorted(begun, key=lambda row: row.from_month)[-1] if begun else None
