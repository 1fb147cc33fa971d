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
    """Return the mission of one future; None where conditions differ within a month, since limits or tasks then may.

    Harm is the mean over the nodes of a month. Receipts are such that what has come in by the end of each month is the
    least of any future: a rigid plan spends alike in all.
    """
    stages: dict[Month, list[Node]] = defaultdict(list)
    for node in mission.nodes:
        stages[node.first_month].append(node)
    if any(set(node.conditions) != set(nodes[0].conditions) for nodes in stages.values() for node in nodes):
        return None
    root = next(node for node in mission.nodes if not node.parent_id)
    once = mean_ahead(mission, root.node_id)
    scales = _least_received(mission, [stages[month] for month in sorted(stages)])
    nodes = tuple(replace(node, receipts_scale=scale) for node, scale in zip(once.nodes, scales, strict=True))
    return replace(once, nodes=nodes)


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
