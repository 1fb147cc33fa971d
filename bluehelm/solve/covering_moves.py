"""Moves of one neighbourhood of maximal covering: sites and parts of its leaves against prices of areas and tolls.

The saddle point, for leaves l with parts that add up to 1 and sites x[j, l] in proportion to the part:

    Σ_l ( (what used sites cover - tolls of used) part[l] + Σ_a w[a] ((1 - p[a, l]) part[l] + p[a, l] Σ_j x[j, l]) )
    + Σ_j toll[j] (sites[j] - Σ_l x[j, l])    most over x, part; least over prices p in 0..1 and tolls >= 0

Steps are scaled by the sums of rows and columns (Pock and Chambolle 2011), tolls by the weight that a site reaches.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bluehelm.solve.covering_bound import onto_units
from bluehelm.solve.covering_region import Region

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
LEAST_PART = 1e-6


class State(NamedTuple):
    """share: of sites in each leaf, times its part. price: of areas, as a share of weight. toll: of sites."""

    share: SingleArray
    price: SingleArray
    part: FloatArray
    toll: FloatArray


class Mover:
    """Moves one neighbourhood, with averages since a restart."""

    def __init__(self, region: Region) -> None:
        self.region, leaves = region, region.leaves
        part = leaves.part / leaves.part.sum()
        share = np.where(leaves.free, leaves.share, 0) * part.astype(np.float32)
        self.state = State(share, leaves.price, part, region.toll)
        held, left = region.held, leaves.left.sum(axis=0, dtype=np.float64)
        self._left, self._covered = left, region.weight.sum() - left
        self._used, self._pace = leaves.used.astype(float), (0.5 / held)[:, None].astype(np.float32)
        self._part_pace = 1 / (region.weight.sum() + held @ self._used)
        self._price_pace = 1 / (region.ways + 1)[:, None]
        self._toll_pace = held / (1 + len(leaves))
        self.restart(self.state)

    def restart(self, state: State) -> None:
        """Go on from here."""
        self.state, self._since = state, 0
        share, price, part, toll = state
        self._sums = State(np.zeros_like(share), np.zeros_like(price), np.zeros_like(part), np.zeros_like(toll))

    def mean(self) -> State:
        """Return averages since the restart."""
        sums, since = self._sums, max(self._since, 1)
        price = np.minimum(sums.price / np.float32(since), 1)
        return State(sums.share / np.float32(since), price, sums.part / since, sums.toll / since)

    def step(self, sites: FloatArray) -> None:
        """Move shares and parts by prices and tolls, then prices and tolls by them; sites: of this neighbourhood."""
        region, leaves, (share, price, part, toll) = self.region, self.region.leaves, self.state
        worth = leaves.left * price
        pull = region.light @ worth - toll[:, None].astype(np.float32)
        moved = np.where(leaves.free, np.maximum(share + self._pace * pull, 0), 0)
        gain = self._covered + self._left - worth.sum(axis=0, dtype=np.float64) - toll @ self._used
        parts = onto_units(part + self._part_pace * gain, self._part_pace, 1)
        ahead, parts_ahead = 2 * moved - share, 2 * parts - part
        missing = region.light_back @ ahead - parts_ahead.astype(np.float32)
        taken = ahead.sum(axis=1, dtype=np.float64) + self._used @ parts_ahead
        self.state = State(
            moved, np.clip(price - self._price_pace * missing, 0, 1), parts,
            np.maximum(toll - self._toll_pace * (sites - taken), 0.0),
        )  # fmt: skip
        self._since += 1
        sums, now = self._sums, self.state
        self._sums = State(
            sums.share + now.share, sums.price + now.price, sums.part + now.part, sums.toll + now.toll
        )  # fmt: skip

    def hand_over(self, price: SingleArray) -> None:
        """Give leaves the prices that prove most, and parts and shares as they stand."""
        leaves, (share, _, part, _) = self.region.leaves, self.state
        leaves.price, leaves.part = price, np.maximum(part, LEAST_PART)
        shown = np.minimum(share / leaves.part.astype(np.float32), 1)
        leaves.share = np.where(leaves.free, np.where(part > LEAST_PART, shown, leaves.share), 0)
