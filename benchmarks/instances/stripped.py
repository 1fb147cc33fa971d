"""The stripped family: units on a tree, supply, a budget a node, and protection with decreasing returns; nothing else.

Its arrays are those of the yardstick with which the project's solving speed has been told from the start.
"""

from __future__ import annotations

import numpy as np

from benchmarks.instances import BRANCH
from benchmarks.instances.assemble import Instance, TreeModel
from benchmarks.instances.ground import (
    COST,
    DEPLOY_SHARE,
    EFFECT,
    MOVE_SHARE,
    REPATRIATE_SHARE,
    SUPPLY,
    draw_ground,
    reached,
    step_worth,
)
from benchmarks.instances.tree import branching

ROOT_BUDGET = 300.0


def stripped(
    stages: int = 4,
    branch: int = BRANCH,
    areas: int = 200,
    sites: int = 40,
    types: int = 8,
    steps: int = 4,
    q: float = 0.6,
    seed: int = 0,
) -> Instance:
    """Make an instance of the stripped family.

    Examples
    --------
    >>> stripped().matrix.shape, int(stripped().integer.sum())
    ((21480, 71040), 12800)
    """
    tree = branching(stages, branch)
    ground = draw_ground(tree, areas, sites, seed, ROOT_BUDGET)
    model, k, j = TreeModel(tree), np.arange(types)[:, None], np.arange(sites)
    harm = tree.probability[:, None] * ground.risk
    worth = tree.probability[:, None, None] * ground.risk[:, :, None] * step_worth(q, steps)

    at = k * sites + j
    units = model.columns("units", types * sites, integer=True)
    arrive = model.columns("arrive", types * sites)
    depart = model.columns("depart", types * sites)
    deployed = model.columns("deployed", types)
    repatriated = model.columns("repatriated", types)
    covered = model.columns("covered", areas * steps, upper=1.0, objective=-worth.reshape(tree.nodes, -1))

    # Rows of a node: for each type its balances, the exchange with the outside, the supply; the budget; the areas.
    of_type = k * (sites + 2)
    balance, exchange, supply = of_type + j, of_type + sites, of_type + sites + 1
    budget = types * (sites + 2)
    model.rows("balance", balance, 0.0, 0.0)
    model.term(balance, units, at, 1.0)
    model.term(balance, units, at, -1.0, back=1)
    model.term(balance, arrive, at, -1.0)
    model.term(balance, depart, at, 1.0)

    model.rows("exchange", exchange, 0.0, 0.0)
    model.term(exchange, arrive, at, 1.0)
    model.term(exchange, depart, at, -1.0)
    model.term(exchange, deployed, k, -1.0)
    model.term(exchange, repatriated, k, 1.0)

    model.rows("supply", supply, 0.0, SUPPLY[:types])
    model.term(supply, units, at, 1.0)

    cost = COST[:types, None]
    model.rows("budget", budget, 0.0, ground.money[:, None])
    model.term(budget, units, at, cost)
    model.term(budget, arrive, at, cost * MOVE_SHARE)
    model.term(budget, deployed, k, cost * DEPLOY_SHARE)
    model.term(budget, repatriated, k, cost * REPATRIATE_SHARE)

    presence = budget + 1 + np.arange(areas)
    area, by, site = reached(ground.distance_km, types)
    model.rows("presence", presence, -np.inf, 0.0)
    model.term(presence[area], units, by * sites + site, -EFFECT[by])
    model.term(presence[:, None], covered, np.arange(areas)[:, None] * steps + np.arange(steps), 1.0)
    return model.build(float(harm.sum()), named=False)
