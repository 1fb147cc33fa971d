"""Faults of the tree of futures: nodes without a parent, gaps in time, chances that do not add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bluehelm.mission.draft import Draft, unknown_name
from bluehelm.mission.faults import Fault
from bluehelm.mission.mission import Setting
from bluehelm.mission.months import Month
from bluehelm.mission.records import Node
from bluehelm.mission.tables import Row

PROBABILITY_TOLERANCE = 1e-6


def tree_faults(draft: Draft) -> Iterator[Fault]:
    """Find what keeps nodes.csv from being one tree that covers the months planned."""
    rows = draft.nodes.rows
    known = draft.nodes.names_in("node_id")
    # With a row that is no record, every sum and gap beyond it would be a fault too.
    if not rows or known is None or len(rows) != len({row.record.node_id for row in rows} | known):
        return
    nodes = {row.record.node_id: row for row in rows}
    children: dict[str, list[Row[Node]]] = {}
    for row in rows:
        children.setdefault(row.record.parent_id, []).append(row)
    yield from _roots(rows, children.get("", []))
    yield from _orphans(nodes)
    yield from _circles(nodes)
    yield from _steps(nodes)
    yield from _chances(nodes, children)
    if draft.mission_toml.setting is not None:
        yield from _horizon(rows, children, draft.mission_toml.setting.record)


def _roots(rows: tuple[Row[Node], ...], roots: list[Row[Node]]) -> Iterator[Fault]:
    if not roots:
        yield rows[0].error(
            "parent_id",
            "No node is the first: every node names a parent.",
            "One node with a blank parent_id was expected.",
            "Leave parent_id of the first node blank.",
        )
    for row in roots[1:]:
        yield row.error(
            "parent_id",
            "Node '{node}' has no parent, and neither has '{first}' in line {line_first}.",
            "One node with a blank parent_id was expected.",
            "Name the parent of one of them.",
            node=row.record.node_id,
            first=roots[0].record.node_id,
            line_first=roots[0].line,
        )


def _orphans(nodes: Mapping[str, Row[Node]]) -> Iterator[Fault]:
    for row in nodes.values():
        if row.record.parent_id and row.record.parent_id not in nodes:
            yield unknown_name(row, "parent_id", row.record.parent_id, nodes, "nodes.csv")


def _circles(nodes: Mapping[str, Row[Node]]) -> Iterator[Fault]:
    reaches_start: set[str] = set()
    for name, row in nodes.items():
        path: dict[str, None] = {}
        while name in nodes and name not in path and name not in reaches_start:
            path[name] = None
            name = nodes[name].record.parent_id
        if name in path:
            yield row.error(
                "parent_id",
                "Following the parents of node '{node}' leads round in a circle through '{again}'.",
                "A path of parents that ends at the first node was expected.",
                "Correct parent_id of one of the nodes on the circle.",
                node=row.record.node_id,
                again=name,
            )
        # A circle is told once, at the first node that leads into it.
        reaches_start.update(path)


def _steps(nodes: Mapping[str, Row[Node]]) -> Iterator[Fault]:
    for row in nodes.values():
        parent = nodes.get(row.record.parent_id)
        if parent is None:
            continue
        expected = parent.record.first_month + parent.record.months
        if row.record.first_month != expected:
            yield row.error(
                "first_month",
                "Node '{node}' begins in {value}; its parent '{parent}' ends before {expected_month}.",
                "{expected_month} was expected, so that no month is left out or counted twice.",
                "Correct first_month here, or months of the parent.",
                node=row.record.node_id,
                parent=parent.record.node_id,
                expected_month=str(expected),
            )


def _chances(nodes: Mapping[str, Row[Node]], children: Mapping[str, list[Row[Node]]]) -> Iterator[Fault]:
    for parent, rows in children.items():
        total = sum(row.record.probability for row in rows)
        if (parent and parent not in nodes) or abs(total - 1) <= PROBABILITY_TOLERANCE:
            continue
        yield rows[0].error(
            "probability",
            "The chances of the {count} nodes after '{parent}' add up to {total}." if parent
            else "The chance of the first node is {total}.",
            "A sum of 1 was expected.",
            "Correct the chances: each is given its parent, not from today.",
            count=len(rows),
            parent=parent,
            total=f"{total:.6g}",
        )  # fmt: skip


def _horizon(rows: tuple[Row[Node], ...], children: Mapping[str, list[Row[Node]]], setting: Setting) -> Iterator[Fault]:
    end: Month = setting.first_month + setting.months
    for row in rows:
        node = row.record
        if not node.parent_id and node.first_month != setting.first_month:
            yield row.error(
                "first_month",
                "The first node begins in {value}; the first month planned is {first}.",
                "{first} was expected.",
                "Correct first_month here or in mission.toml.",
                first=str(setting.first_month),
            )
        if node.node_id not in children and node.first_month + node.months != end:
            yield row.error(
                "months",
                "The future that ends with node '{node}' reaches up to {ends}; the months before {end} are planned.",
                "Futures that all end with the last month planned were expected.",
                "Correct months of the node, add the nodes that are missing, or correct months in mission.toml.",
                node=node.node_id,
                ends=str(node.first_month + node.months),
                end=str(end),
            )
