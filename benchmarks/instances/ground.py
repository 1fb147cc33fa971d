"""What both families draw: where areas and sites lie, how risk moves over the tree, and what each unit type can do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.instances.tree import FloatArray, IntArray, Tree

SIDE_KM = 600.0
# One number for each of the eight types.
REACH_KM = np.array([50.0, 50, 80, 150, 40, 30, 60, 100])
EFFECT = np.array([1.0, 0.8, 1.2, 0.7, 0.6, 0.3, 0.5, 0.4])
COST = np.array([6.0, 4, 7, 12, 5, 3, 4, 6])
SUPPLY = np.array([20, 12, 6, 4, 10, 6, 8, 5])
MOVE_SHARE, DEPLOY_SHARE, REPATRIATE_SHARE = 0.15, 0.5, 0.4
MONEY_FACTORS = (1.0, 0.85, 0.75)


@dataclass(frozen=True, slots=True)
class Ground:
    """Places [km], distances (areas, sites) [km], risk (nodes, areas) and money (nodes,)."""

    area_xy: FloatArray
    site_xy: FloatArray
    distance_km: FloatArray
    risk: FloatArray
    money: FloatArray


def draw_ground(tree: Tree, areas: int, sites: int, seed: int, root_money: float = 1.0) -> Ground:
    """Draw places, then risk, then money, in this order, so that a seed always gives the same ground.

    Risk is lognormal(0, 1.5) in the root and multiplied by lognormal(0, 0.6) from parent to child, area by area; money
    is its parent's times 1, 0.85 or 0.75.
    """
    draw = np.random.default_rng(seed)
    area_xy, site_xy = draw.uniform(0, SIDE_KM, (areas, 2)), draw.uniform(0, SIDE_KM, (sites, 2))
    first = draw.lognormal(0, 1.5, (1, areas))
    later = draw.lognormal(0, 0.6, (tree.nodes - 1, areas))
    factors = draw.choice(MONEY_FACTORS, tree.nodes - 1)
    return Ground(
        area_xy,
        site_xy,
        np.linalg.norm(area_xy[:, None] - site_xy[None], axis=2),
        tree.along_paths(np.concatenate([first, later])),
        tree.along_paths(np.concatenate([[root_money], factors])),
    )


def reached(distance_km: FloatArray, types: int) -> tuple[IntArray, IntArray, IntArray]:
    """List which type at which site reaches which area: three arrays (area, type, site)."""
    area, by, site = np.nonzero(distance_km[:, None, :] <= REACH_KM[:types, None])
    return area, by, site


def step_worth(q: float, steps: int) -> FloatArray:
    """Return what each further unit of presence adds, as a share of an area's risk: q(1-q)^step."""
    return np.asarray(q * (1 - q) ** np.arange(steps))
