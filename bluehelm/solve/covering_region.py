"""One neighbourhood of maximal covering: what whole sites can cover there at most, when each site costs a toll.

    most Σ_a w[a] y[a] - Σ_j toll[j] x[j]    y[a] <= Σ_j x[j] over sites j that reach a, x whole, y <= 1

The question is split into leaves: in each, some sites are used and some are not. A leaf has prices u[a] of its own, and
for *any* such prices, with what its used sites cover taken out,

    Σ w of what is covered - Σ toll of what is used + Σ_a (w[a] - u[a]) + Σ_j max(0, Σ_a u[a] - toll[j]) over free j

is a bound on it; the dearest leaf bounds the neighbourhood. Prices are found by the first-order method of
`covering_bound.py`, many leaves at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
AT_ONCE, LEAF_ROUNDS, LOOK_EVERY_ROUNDS = 4, 60, 20
# A leaf whose whole sites come this close to its bound, as a share of the weight, is not split.
EXACT_SHARE = 1e-5


@dataclass(slots=True)
class Leaves:
    """Columns are leaves. used, free, share: of sites. price: of areas, as a share of their weight.

    part: of the solution that lies in each leaf. whole: whole sites reach the bound. left: weight of areas that used
    sites do not cover.
    """

    used: BoolArray
    free: BoolArray
    share: SingleArray
    price: SingleArray
    part: FloatArray
    value: FloatArray
    whole: BoolArray
    left: SingleArray

    def __len__(self) -> int:
        return len(self.value)

    def without(self, columns: IntArray, others: Leaves) -> Leaves:
        """Put `others` in the place of some."""
        kept = np.setdiff1d(np.arange(len(self)), columns)
        mine = [getattr(self, name) for name in Leaves.__slots__]
        theirs = [getattr(others, name) for name in Leaves.__slots__]
        return Leaves(*(np.concatenate([a[..., kept], b], axis=-1) for a, b in zip(mine, theirs, strict=True)))


class Region:
    """Some areas, the sites that reach them, their tolls, and leaves that bound what can be covered.

    reach : shape (all sites, all areas), areas : those of this neighbourhood, toll : of the sites that reach one
    """

    def __init__(
        self, reach: sparse.csr_array, weight: FloatArray, areas: IntArray, share: FloatArray, price: FloatArray
    ) -> None:
        table = sparse.csr_array(reach[:, areas])
        self.sites = np.flatnonzero(np.diff(table.indptr))
        self.reach, self.weight = sparse.csr_array(table[self.sites]), weight[areas]
        self.back = sparse.csr_array(self.reach.T)
        self.light, self.light_back = self.reach.astype(np.float32), self.back.astype(np.float32)
        self.held, self.ways = self.reach @ self.weight, np.diff(self.back.indptr).astype(np.float32)
        self.toll = np.zeros(len(self.sites))
        shape = (len(self.sites), 1)
        self.leaves = Leaves(
            used=np.zeros(shape, bool), free=np.ones(shape, bool), share=share[self.sites, None].astype(np.float32),
            price=np.clip(price[areas] / self.weight, 0, 1)[:, None].astype(np.float32), part=np.ones(1),
            value=np.array([self.weight.sum()]), whole=np.zeros(1, bool), left=self.weight[:, None].astype(np.float32),
        )  # fmt: skip

    def values(self, leaves: Leaves, price: NDArray[np.floating], toll: FloatArray) -> FloatArray:
        """Return the bound of each leaf that these prices (shares of weights, 0..1) and tolls prove."""
        left = np.where(self.back @ leaves.used.astype(float) > 0, 0.0, self.weight[:, None])
        worth = left * price
        gain = np.maximum(self.reach @ worth - toll[:, None], 0.0)
        covered = self.weight.sum() - left.sum(axis=0) - toll @ leaves.used
        return np.asarray(covered + (left - worth).sum(axis=0) + np.where(leaves.free, gain, 0.0).sum(axis=0))

    def grow(self, most: int, until: float) -> None:
        """Split the dearest leaves, up to `most`, until whole sites reach the bound of the dearest or time is over."""
        while len(self.leaves) < most and time.monotonic() < until:
            dearest = np.argsort(-self.leaves.value, kind="stable")[:AT_ONCE]
            if self.leaves.whole[dearest[0]]:
                return
            split = dearest[~self.leaves.whole[dearest]]
            self.leaves = self.leaves.without(split, self._children(split))

    def _children(self, columns: IntArray) -> Leaves:
        """Split each leaf by the free site of most share and weight: used, or not."""
        old, count = self.leaves, len(columns)
        wanted = np.where(old.free[:, columns], old.share[:, columns] * self.held[:, None], -1.0)
        site, twice = np.tile(wanted.argmax(axis=0), 2), np.tile(columns, 2)
        used, free, here = old.used[:, twice].copy(), old.free[:, twice].copy(), np.arange(2 * count)
        used[site[:count], here[:count]] = True
        free[site, here] = False
        share = np.clip(old.share[site[:count], columns], 0.05, 0.95)
        left = np.where(self.back @ used.astype(np.float32) > 0, 0, self.weight[:, None]).astype(np.float32)
        new = Leaves(
            used, free, np.where(free, old.share[:, twice], 0), old.price[:, twice],
            old.part[twice] * np.concatenate([share, 1 - share]), old.value[twice], np.zeros(2 * count, bool), left,
        )  # fmt: skip
        self._relax(new)
        return new

    def _relax(self, leaves: Leaves) -> None:
        """Find prices of leaves at the tolls as they are."""
        pace, toll = (1 / self.held)[:, None].astype(np.float32), self.toll[:, None].astype(np.float32)
        ways, share, price, free = self.ways[:, None], leaves.share, leaves.price, leaves.free
        shares, prices, since = np.zeros_like(share), np.zeros_like(price), 0
        for rounds in range(1, LEAF_ROUNDS + 1):
            worth = self.light @ (leaves.left * price) - toll
            after = np.where(free, np.clip(share + pace * worth, 0, 1), 0)
            price = np.clip(price - (self.light_back @ (2 * after - share) - 1) / ways, 0, 1)
            share, since = after, since + 1
            shares += share
            prices += price
            if rounds % LOOK_EVERY_ROUNDS == 0:
                for found in (price, np.minimum(prices / np.float32(since), 1)):
                    self._keep(leaves, found)
                if rounds in (LOOK_EVERY_ROUNDS, LEAF_ROUNDS):
                    share, price = shares / np.float32(since), prices / np.float32(since)
                    shares, prices, since = np.zeros_like(share), np.zeros_like(price), 0
        leaves.share = share
        taken = leaves.used | (share > 0.5)
        reached = self.weight @ np.minimum(1.0, self.back @ taken.astype(float)) - self.toll @ taken
        leaves.whole = (leaves.value - reached <= EXACT_SHARE * self.weight.sum()) | ~free.any(axis=0)

    def _keep(self, leaves: Leaves, price: SingleArray) -> None:
        value = self.values(leaves, price, self.toll)
        better = value < leaves.value
        leaves.value[better] = value[better]
        leaves.price[:, better] = price[:, better]
