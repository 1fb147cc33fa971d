"""The full-structure family: sites that open and close, orders and exits with lags, tasks, floors, ceilings and cash.

One linear objective: shares weighted by priority, so that any solver can take it. README.md spells out every row.
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
    Ground,
    draw_ground,
    reached,
    step_worth,
)
from benchmarks.instances.operation import (
    CLOSE_COST,
    EFFORT_HOURS,
    FLOOR,
    GUARDS,
    LEAD_NODES,
    OPEN_COST,
    PART,
    PERSONS,
    RUN_COST,
    STEPS,
    TASKS,
    TYPES,
    ZONES,
    Operation,
    draw_operation,
)
from benchmarks.instances.staying import staying
from benchmarks.instances.tree import Tree, branching

PROTECTION_WEIGHT, TASK_WEIGHTS, FLOOR_WEIGHT = 0.5, np.array([0.2, 0.15, 0.1, 0.05]), 0.5
Q, LOST_WHEN_MOVING = 0.6, 0.2


def full(stages: int = 4, branch: int = BRANCH, areas: int = 200, sites: int = 40, seed: int = 0) -> Instance:
    """Make an instance of the full-structure family.

    Examples
    --------
    >>> full(stages=2, areas=30, sites=10).extras["row_families"].tolist()[:4]
    ['balance', 'exchange', 'supply', 'ceiling']
    """
    tree = branching(stages, branch)
    ground = draw_ground(tree, areas, sites, seed)
    operation = draw_operation(tree, ground, seed)
    return _Full(tree, ground, operation).instance()


class _Full:
    """Columns of the family, then its rows, one method a group."""

    def __init__(self, tree: Tree, ground: Ground, operation: Operation) -> None:
        self.tree, self.ground, self.operation = tree, ground, operation
        self.base = float((tree.probability[:, None] * ground.risk).sum())
        self.model = TreeModel(tree)
        self.k = np.arange(TYPES)
        self.j = np.arange(len(ground.site_xy))
        self.at = self.k[:, None] * len(self.j) + self.j
        self.first_stage = tree.stage[:, None] == 0

    def instance(self) -> Instance:
        self._columns()
        self._units()
        self._sites()
        self._effort()
        self._protection()
        self._cash()
        made = self.model.build(self.base, named=True)
        made.extras["start"] = staying(self.tree, self.ground, self.operation)
        return made

    def _columns(self) -> None:
        columns, chance, given = self.model.columns, self.tree.probability, self.operation
        demand = (chance @ given.demand.reshape(self.tree.nodes, -1)).reshape(TASKS, ZONES).sum(axis=1)
        effort_worth = self.base * TASK_WEIGHTS / demand * chance[:, None]
        short_cost = self.base * FLOOR_WEIGHT * chance / (FLOOR * len(given.floors) * chance.sum())
        worth = (chance[:, None] * self.ground.risk)[:, :, None] * step_worth(Q, STEPS)
        self.units = columns("units", self.at.size, integer=True)
        self.arrive = columns("arrive", self.at.size)
        self.depart = columns("depart", self.at.size)
        self.order = columns("order", TYPES, integer=True)
        self.leave = columns("leave", TYPES, integer=True)
        self.open = columns("open", len(self.j), upper=1.0, integer=True)
        self.start = columns("start", len(self.j), upper=1.0, integer=True)
        self.close = columns("close", len(self.j), upper=1.0)
        self.effort = columns("effort", given.links.shape[1], objective=-effort_worth[:, given.links[2]])
        self.unmet = columns("unmet", TASKS * ZONES)
        self.covered = columns(
            "covered", self.ground.risk.shape[1] * STEPS, upper=1.0,
            objective=-PROTECTION_WEIGHT * worth.reshape(self.tree.nodes, -1),
        )  # fmt: skip
        self.short = columns("short", len(given.floors), upper=FLOOR, objective=short_cost[:, None])
        self.cash = columns("cash", 1, lower=-given.borrow)

    def _units(self) -> None:
        """Where units stand, what comes and goes with its lags, how many there are, and the ceilings."""
        model, given, k = self.model, self.operation, self.k
        today = np.where(self.first_stage, given.in_place.ravel(), 0.0)
        balance = model.next_rows("balance", self.at.size, today, today)
        places = self.at.ravel()
        model.term(balance, self.units, places, 1.0)
        model.term(balance, self.units, places, -1.0, back=1)
        model.term(balance, self.arrive, places, -1.0)
        model.term(balance, self.depart, places, 1.0)

        exchange = model.next_rows("exchange", TYPES, given.arriving, given.arriving)
        model.term(exchange[:, None], self.arrive, self.at, 1.0)
        model.term(exchange[:, None], self.depart, self.at, -1.0)
        model.term(exchange, self.order, k, -1.0, back=LEAD_NODES)
        model.term(exchange, self.leave, k, 1.0, back=1)

        supply = model.next_rows("supply", TYPES, -np.inf, given.supply - given.under_way)
        model.term(supply[:, None], self.units, self.at, 1.0)
        model.term(supply, self.order, k, 1.0)
        late = LEAD_NODES == 2
        model.term(supply[late], self.order, k[late], 1.0, back=1)

        parts = np.arange(PART.max() + 1)
        ceiling = model.next_rows("ceiling", len(parts), -np.inf, given.ceiling)
        model.term(ceiling[PART][:, None], self.units, self.at, PERSONS[:, None])
        model.term(ceiling[PART], self.leave, k, PERSONS, back=1)

    def _sites(self) -> None:
        """Which sites are open: beds, a guard at each, and opening one node after it was begun."""
        model, given, j = self.model, self.operation, self.j
        room = model.next_rows("room", len(j), -np.inf, 0.0)
        model.term(room, self.units, self.at, PERSONS[:, None])
        model.term(room, self.open, j, -given.room)

        guard = model.next_rows("guard", len(j), 0.0, np.inf)
        model.term(guard, self.units, self.at[GUARDS], 1.0)
        model.term(guard, self.open, j, -1.0)

        today = np.where(self.first_stage, given.open_today, 0.0)
        lifecycle = model.next_rows("lifecycle", len(j), today, today)
        model.term(lifecycle, self.open, j, 1.0)
        model.term(lifecycle, self.open, j, -1.0, back=1)
        model.term(lifecycle, self.start, j, -1.0, back=1)
        model.term(lifecycle, self.close, j, 1.0)

    def _effort(self) -> None:
        """Hours that units give, less those lost on arrival, and what is asked in each zone."""
        model, (by, site, task, zone) = self.model, self.operation.links
        hours = model.next_rows("hours", self.at.size, -np.inf, 0.0)
        links = np.arange(len(by))
        model.term(hours[self.at[by, site]], self.effort, links, 1.0)
        model.term(hours[self.at], self.units, self.at, -EFFORT_HOURS[:, None])
        model.term(hours[self.at], self.arrive, self.at, LOST_WHEN_MOVING * EFFORT_HOURS[:, None])

        asked = self.operation.demand.reshape(self.tree.nodes, -1)
        demand = model.next_rows("demand", TASKS * ZONES, asked, asked)
        model.term(demand[task * ZONES + zone], self.effort, links, 1.0)
        model.term(demand, self.unmet, np.arange(TASKS * ZONES), 1.0)

    def _protection(self) -> None:
        """Presence by area as in the stripped family, and floors that give way at a price."""
        model, floors = self.model, self.operation.floors
        areas, steps = np.arange(self.ground.risk.shape[1]), np.arange(STEPS)
        presence = model.next_rows("presence", len(areas), -np.inf, 0.0)
        area, by, site = reached(self.ground.distance_km, TYPES)
        model.term(presence[area], self.units, self.at[by, site], -EFFECT[by])
        model.term(presence[:, None], self.covered, areas[:, None] * STEPS + steps, 1.0)

        floor = model.next_rows("floor", len(floors), FLOOR, np.inf)
        model.term(floor[:, None], self.covered, floors[:, None] * STEPS + steps, step_worth(Q, STEPS))
        model.term(floor, self.short, np.arange(len(floors)), 1.0)

    def _cash(self) -> None:
        """Cash at the end of a node: the parent's, and what comes in less what is spent."""
        model, given, k, j = self.model, self.operation, self.k, self.j
        left = given.receipts - given.fixed_cost - given.arriving @ (DEPLOY_SHARE * COST)
        cash = model.next_rows("cash", 1, left[:, None], left[:, None])
        model.term(cash, self.cash, 0, 1.0)
        model.term(cash, self.cash, 0, -1.0, back=1)
        model.term(cash, self.units, self.at, COST[:, None])
        model.term(cash, self.arrive, self.at, MOVE_SHARE * COST[:, None])
        model.term(cash, self.order, k, DEPLOY_SHARE * COST, back=LEAD_NODES)
        model.term(cash, self.leave, k, (1 + REPATRIATE_SHARE) * COST, back=1)
        model.term(cash, self.open, j, RUN_COST)
        model.term(cash, self.start, j, OPEN_COST)
        model.term(cash, self.close, j, CLOSE_COST)
