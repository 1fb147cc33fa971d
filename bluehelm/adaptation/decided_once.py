"""A tree whose plans are decided once and for all, as a mission of one future that has the same plans.

Where nodes of a month decide alike, units stand alike, and what they protect is alike too: only the harm differs, and
what is left of it is linear in it. So the best rigid plan of a tree is the best plan for the mean harm, within the
limits of every future. That is a model as small as one future, and its bound holds for all rigid plans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bluehelm.adaptation.futures import mean_ahead
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import Node


def decided_once(mission: Mission) -> Mission | None:
    """Return the mission of one future; None where nodes of a month differ in a condition on which more hangs than
    how much may be spent.

    Harm is the mean over the nodes of a month. A rigid plan spends alike in all futures, so receipts are such that what
    has come in by the end of each month is the least of any of them, and an amount approved on a condition is a limit
    in each month in which the condition holds in any of them.
    """
    stages: dict[Month, list[Node]] = defaultdict(list)
    for node in mission.nodes:
        stages[node.first_month].append(node)
    in_order = [stages[month] for month in sorted(stages)]
    holding = [set[str]().union(*(node.conditions for node in nodes)) for nodes in in_order]
    differing = {
        one for nodes, any_of in zip(in_order, holding, strict=True) for node in nodes
        for one in any_of.difference(node.conditions)
    }  # fmt: skip
    if differing & _more_than_approved(mission):
        return None
    root = next(node for node in mission.nodes if not node.parent_id)
    once = mean_ahead(mission, root.node_id)
    nodes = tuple(
        replace(node, receipts_scale=scale, conditions=tuple(sorted(any_of)))
        for node, scale, any_of in zip(once.nodes, _least_received(mission, in_order), holding, strict=True)
    )
    return replace(once, nodes=nodes)


def _more_than_approved(mission: Mission) -> set[str]:
    """List the conditions on which anything hangs but amounts approved, which only ever limit."""
    mandate = mission.mandate
    asked = {one.when for one in mandate.ceiling} | {one.when for one in mandate.site_limit}
    asked |= {one.when for one in mandate.task}
    taken = {one.when for one in mandate.handover} | {one.when for one in mission.restrictions}
    return asked | taken | {line.when for line in mission.budget if line.kind != "appropriation"}


def _least_received(mission: Mission, stages: Sequence[Sequence[Node]]) -> list[float]:
    """Scale the receipts of each stage so that their sums are the least of any path.

    The least never falls, since no receipt is below 0. Where all scales of a stage and before are alike, it is they.
    """
    received = {"": 0.0}
    least, scales = 0.0, []
    for nodes in stages:
        amount = _receipts(mission, nodes[0])
        received |= {node.node_id: received[node.parent_id] + node.receipts_scale * amount for node in nodes}
        now = min(received[node.node_id] for node in nodes)
        given = {node.receipts_scale for node in nodes}
        alike = len(given) == 1 and now == max(received[node.node_id] for node in nodes)
        scales.append(given.pop() if alike or not amount else (now - least) / amount)
        least = now
    return scales


def _receipts(mission: Mission, node: Node) -> float:
    """Add up what the budget says comes in during a node, unscaled [USD]."""
    months = [node.first_month + i for i in range(node.months)]
    return sum(
        float(line.amount_usd) * sum(line.first_month <= month <= line.last_month for month in months)
        for line in mission.budget
        if line.kind == "receipt" and (not line.when or line.when in node.conditions)
    )
