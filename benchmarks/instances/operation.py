"""Data of the full family: what stands today, what is on its way, what is asked, and the money that comes.

All figures are made up for comparison of solvers; none describes a real operation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.instances.ground import COST, DEPLOY_SHARE, MOVE_SHARE, SIDE_KM, SUPPLY, Ground
from benchmarks.instances.tree import FloatArray, IntArray, Tree

TYPES = len(SUPPLY)
# One number for each type: people in a unit, hours of effort in a node, nodes from an order to the arrival, what is
# already ordered today, and the part of the operation under whose ceiling it counts.
PERSONS = np.array([150.0, 120, 200, 100, 140, 20, 40, 60])
EFFORT_HOURS = np.array([10.0, 8, 10, 6, 10, 5, 6, 8])
LEAD_NODES = np.array([1, 1, 2, 2, 1, 1, 2, 1])
ORDERED = np.array([1, 0, 0, 1, 1, 0, 1, 0])
PART = np.array([0, 0, 0, 0, 1, 1, 2, 2])
GUARDS = np.array([0, 2, 4])
# Four tasks (rows) and who can do them; 9 zones of 200 km by 200 km.
CAN = np.array([[1, 1, 1, 1, 0, 0, 0, 0], [1, 0, 1, 0, 1, 0, 0, 0], [0, 0, 0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 0, 0, 1, 1]])
TASKS, ZONES_A_SIDE = len(CAN), 3
ZONES = ZONES_A_SIDE**2
EFFORT_KM = 160.0
RUN_COST, OPEN_COST, CLOSE_COST, FIXED_SHARE = 2.0, 8.0, 3.0, 0.2
EXTRA_SHARE, BORROW_SHARE, CEILING_SHARE, DEMAND_SHARE, FLOOR_AREAS = 0.4, 0.05, 0.25, 0.9, 0.05
CEILING_FACTORS = (1.0, 0.9)
FLOOR, STEPS = 0.6, 4


@dataclass(frozen=True, slots=True)
class Operation:
    """Data of the full family beside the ground.

    in_place (types, sites): whole units that stand today. home (types,): site to which what is ordered will go.
    arriving (nodes, types): of what was ordered before the root. open_today (sites,). room (sites,): beds [persons].
    links: (type, site, task, zone) of effort that can be given, shape (4, links). demand (nodes, tasks, zones) [hours].
    floors: areas that have a floor. ceiling (nodes, parts) [persons]. receipts (nodes,): money that comes.
    fixed_cost: spent in each node whatever is decided. borrow: how far cash may fall below nothing.
    """

    in_place: FloatArray
    home: IntArray
    supply: FloatArray
    arriving: FloatArray
    under_way: FloatArray
    open_today: FloatArray
    room: FloatArray
    links: IntArray
    demand: FloatArray
    floors: IntArray
    ceiling: FloatArray
    receipts: FloatArray
    fixed_cost: float
    borrow: float


def draw_operation(tree: Tree, ground: Ground, seed: int) -> Operation:
    """Draw an operation that can always stay as it is: beds, ceilings and money hold for what stands and comes."""
    draw = np.random.default_rng([seed, 1])
    sites = len(ground.site_xy)
    supply = np.ceil(SUPPLY * max(sites, 10) / 40)
    in_place, home, bases = _deal(supply, sites)
    arrives_in = LEAD_NODES - 1
    arriving = ORDERED * (tree.stage[:, None] == arrives_in)
    present = in_place.sum(axis=1) + ORDERED * (tree.stage[:, None] >= arrives_in)
    beds = in_place.copy()
    beds[np.arange(TYPES), home] += ORDERED
    spare = draw.choice([0.0, 150, 300], sites)
    room = np.where(np.arange(sites) < bases, PERSONS @ beds + spare, draw.choice([250.0, 400, 600], sites))
    level = tree.along_paths(np.concatenate([[1.0], draw.choice(CEILING_FACTORS, tree.nodes - 1)]))
    strength = (present * PERSONS) @ (PART[:, None] == np.arange(PART.max() + 1))
    spends = present @ COST + arriving @ ((DEPLOY_SHARE + MOVE_SHARE) * COST) + RUN_COST * bases
    fixed = float(FIXED_SHARE * spends[0])
    return Operation(
        in_place=in_place,
        home=home,
        supply=supply,
        arriving=arriving.astype(float),
        under_way=ORDERED * (tree.stage[:, None] < arrives_in).astype(float),
        open_today=(np.arange(sites) < bases).astype(float),
        room=room,
        links=_links(ground.site_xy),
        demand=_demand(tree, ground, supply, draw),
        floors=np.argsort(-ground.risk[0], kind="stable")[: max(1, round(FLOOR_AREAS * ground.risk.shape[1]))],
        # What stands is never above a ceiling; what may be added shrinks along a path. Money likewise.
        ceiling=np.floor(strength + CEILING_SHARE * strength[0] * level[:, None]),
        receipts=spends + fixed + EXTRA_SHARE * spends[0] * ground.money,
        fixed_cost=fixed,
        borrow=float(BORROW_SHARE * spends[0]),
    )


def _deal(supply: FloatArray, sites: int) -> tuple[FloatArray, IntArray, int]:
    """Give half of each type to the first sites in turn, guards first, so that every open site has one."""
    half = (supply // 2).astype(int)
    bases = int(min(max(2, sites // 4), half[GUARDS].sum(), sites))
    kinds = np.concatenate([GUARDS, np.setdiff1d(np.arange(TYPES), GUARDS)])
    dealt = np.repeat(kinds, half[kinds])
    in_place = np.zeros((TYPES, sites))
    np.add.at(in_place, (dealt, np.arange(len(dealt)) % bases), 1.0)
    return in_place, np.arange(TYPES) % bases, bases


def _zone(xy: FloatArray) -> IntArray:
    cell = np.minimum((xy * ZONES_A_SIDE / SIDE_KM).astype(int), ZONES_A_SIDE - 1)
    return np.asarray(cell[:, 0] * ZONES_A_SIDE + cell[:, 1])


def _links(site_xy: FloatArray) -> IntArray:
    """List who can give effort where: a site reaches its own zone and those whose centre lies within EFFORT_KM."""
    side = np.arange(ZONES_A_SIDE)
    centre = (np.array([(x, y) for x in side for y in side]) + 0.5) * SIDE_KM / ZONES_A_SIDE
    near = np.linalg.norm(site_xy[:, None] - centre[None], axis=2) <= EFFORT_KM
    near[np.arange(len(site_xy)), _zone(site_xy)] = True
    table = (CAN.T[:, None, :, None] > 0) & near[None, :, None, :]
    return np.array(np.nonzero(table))


def _demand(tree: Tree, ground: Ground, supply: FloatArray, draw: np.random.Generator) -> FloatArray:
    """Spread what the whole supply could give, shared between its tasks, over zones; it grows with the root of risk."""
    given = CAN * EFFORT_HOURS * supply / CAN.sum(axis=0)
    spread = draw.dirichlet(np.ones(ZONES), TASKS)
    zone: NDArray[np.bool_] = _zone(ground.area_xy)[:, None] == np.arange(ZONES)
    risk = ground.risk @ zone
    growth = np.sqrt(np.divide(risk, risk[0], out=np.ones_like(risk), where=risk[0] > 0))
    demand = DEMAND_SHARE * given.sum(axis=1)[:, None] * spread * growth[:, None, :]
    return np.asarray(demand.round(3))
