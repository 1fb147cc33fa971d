"""How much can a number of sites cover at most? The relaxation of maximal covering, by a first-order method.

    most Σ_a w[a] min(1, Σ_j x[j] over sites j that reach a)    Σ_j x[j] = units, 0 <= x <= 1

Each area has a price u[a] between 0 and w[a]. For *any* such prices

    Σ_a (w[a] - u[a]) + (the `units` largest of Σ_a u[a] over the areas that a site reaches)

is a bound on what whole sites can cover, so the bound does not hang on how well the method has converged. Prices and
sites are moved in turn (primal-dual hybrid gradient, started anew from averages), two products with the table of
reach a round. Each site is scaled by the weight that it reaches, each area by the number of sites that reach it.

Source
------
Chambolle and Pock 2011 and Pock and Chambolle 2011 (method and scaling); Applegate and others 2021 (restarts).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
LOOK_EVERY_ROUNDS = 40
RESTART_SHARE, RESTART_ROUNDS = 0.3, 0.36


@dataclass(frozen=True, slots=True)
class Relaxed:
    """bound: on the weight covered. price: of each area, in the unit of the weights. share: of a unit at each site."""

    bound: float
    price: FloatArray
    share: FloatArray


def priced_bound(reach: sparse.csr_array, weight: FloatArray, price: FloatArray, units: int) -> float:
    """Return the bound that prices prove; any prices from 0 to the weight do.

    Examples
    --------
    >>> reach = sparse.csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]))
    >>> priced_bound(reach, np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]), units=1)
    5.0
    """
    worth = reach @ price
    return float((weight - price).sum() + np.partition(worth, len(worth) - units)[len(worth) - units :].sum())


def relax_covering(
    reach: sparse.csr_array,
    weight: FloatArray,
    units: int,
    *,
    gap: float = 1e-4,
    most_rounds: int = 4_000,
    seconds: float = float("inf"),
) -> Relaxed:
    """Bound the weight that `units` sites cover.

    Parameters
    ----------
    reach : sparse array of 0 and 1, shape (sites, areas)
        Every area is reached by a site.
    weight : float array, shape (areas,)
    gap : float
        Stop where bound and relaxation are this close, relative to the bound.

    Returns
    -------
    Relaxed
    """
    began, way = time.monotonic(), _Way(reach, weight, units)
    for rounds in range(1, most_rounds + 1):
        way.step()
        if rounds % LOOK_EVERY_ROUNDS == 0:
            way.look(rounds)
            if way.bound - way.value <= gap * way.bound or time.monotonic() - began > seconds:
                break
    return Relaxed(way.bound, way.best_price, way.best_share)


class _Way:
    """Shares of sites and prices of areas (as shares of their weights) on their way, with averages since a restart."""

    def __init__(self, reach: sparse.csr_array, weight: FloatArray, units: int) -> None:
        self.reach, self.weight, self.units = reach, weight, units
        self.back = sparse.csr_array(reach.T)
        self.ways, reached = np.diff(self.back.indptr).astype(float), reach @ weight
        self.pace = 1.0 / np.where(reached > 0, reached, float(weight.sum()) or 1.0)
        self.share = np.full(reach.shape[0], units / reach.shape[0])
        self.price = np.where(self.back @ self.share > 1, 0.0, 1.0)
        self.bound, self.best_price = float(weight.sum()), np.zeros_like(weight)
        self.value, self.best_share = 0.0, self.share
        self.last = float("inf")
        self._restart()

    def _restart(self) -> None:
        self.since, self.shares, self.prices = 0, np.zeros_like(self.share), np.zeros_like(self.price)

    def step(self) -> None:
        """Move shares towards what prices say they are worth, and prices towards what shares leave uncovered."""
        worth = self.reach @ (self.weight * self.price)
        after = onto_units(self.share + self.pace * worth, self.pace, self.units)
        reached = self.back @ (2 * after - self.share)
        self.price = np.clip(self.price - (reached - 1) / self.ways, 0.0, 1.0)
        self.share, self.since = after, self.since + 1
        self.shares += self.share
        self.prices += self.price

    def look(self, rounds: int) -> None:
        """Keep the best bound and shares seen, and begin again from the averages where they have come far enough."""
        average = self.shares / self.since, self.prices / self.since
        here, there = self._gap(self.share, self.price), self._gap(*average)
        if min(here, there) < RESTART_SHARE * self.last or self.since > RESTART_ROUNDS * rounds:
            if there < here:
                self.share, self.price = average
            self.last = min(here, there)
            self._restart()

    def _gap(self, share: FloatArray, price: FloatArray) -> float:
        bound = priced_bound(self.reach, self.weight, self.weight * price, self.units)
        value = float(self.weight @ np.minimum(1.0, self.back @ share))
        if bound < self.bound:
            self.bound, self.best_price = bound, self.weight * price
        if value > self.value:
            self.value, self.best_share = value, share.copy()
        return bound - value


def onto_units(wanted: FloatArray, pace: FloatArray, units: int) -> FloatArray:
    """Return the shares in 0..1 that add up to `units` and lie nearest to `wanted`, distances over `pace`.

    They are clip(wanted - toll * pace) for one toll; what is used falls in straight pieces as the toll rises.

    Examples
    --------
    >>> onto_units(np.array([2.0, 0.75, 0.25]), np.ones(3), units=2).tolist()
    [1.0, 0.75, 0.25]
    """
    turns = np.concatenate([(wanted - 1) / pace, wanted / pace])
    order = np.argsort(turns)
    tolls = turns[order]
    slope = np.cumsum(np.concatenate([pace, -pace])[order])
    used = len(wanted) - np.concatenate([[0.0], np.cumsum(slope[:-1] * np.diff(tolls))])
    at = int(np.searchsorted(-used, -float(units), side="left"))
    past = (used[at - 1] - units) / max(slope[at - 1], 1e-300) if at else 0.0
    toll = tolls[max(at - 1, 0)] + past
    return np.asarray(np.clip(wanted - toll * pace, 0.0, 1.0))
