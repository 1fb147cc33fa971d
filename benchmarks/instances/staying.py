"""The solution in which nothing is decided: each instance of the full family holds it, to be begun from."""

from __future__ import annotations

import numpy as np

from benchmarks.instances.ground import COST, DEPLOY_SHARE, MOVE_SHARE, Ground
from benchmarks.instances.operation import FLOOR, RUN_COST, STEPS, TASKS, TYPES, ZONES, Operation
from benchmarks.instances.tree import FloatArray, Tree


def staying(tree: Tree, ground: Ground, today: Operation) -> FloatArray:
    """Return the values of all columns where units stay, what was ordered comes, and nobody is said to be protected."""
    sites, areas = ground.distance_km.shape[::-1]
    nodes, k = tree.nodes, np.arange(TYPES)
    arrive = np.zeros((nodes, TYPES, sites))
    arrive[:, k, today.home] = today.arriving
    units = np.broadcast_to(today.in_place, arrive.shape).copy()
    cash = np.zeros(nodes)
    for node in range(nodes):
        above = tree.parent[node]
        units[node] = (units[above] if above >= 0 else today.in_place) + arrive[node]
        spent = units[node].sum(axis=1) @ COST + today.arriving[node] @ ((DEPLOY_SHARE + MOVE_SHARE) * COST)
        left = today.receipts[node] - today.fixed_cost - spent - RUN_COST * today.open_today.sum()
        cash[node] = left + (cash[above] if above >= 0 else 0.0)
    nothing = np.zeros(nodes * TYPES)
    return np.concatenate(
        [
            units.ravel(), arrive.ravel(), np.zeros(units.size), nothing, nothing,
            np.tile(today.open_today, nodes), np.zeros(2 * nodes * sites),
            np.zeros(nodes * today.links.shape[1]), today.demand.reshape(nodes, TASKS * ZONES).ravel(),
            np.zeros(nodes * areas * STEPS), np.full(nodes * len(today.floors), FLOOR), cash,
        ]
    )  # fmt: skip
