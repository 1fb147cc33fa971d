"""Good sites for maximal covering: the best one by one, swaps while they gain, and new starts from the best known."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
LEAST_GAIN_SHARE = 1e-12
CYCLE, WORSE_SHARE = 100, 0.002
FEWEST_CHANGED, MOST_CHANGED, NEIGHBOURS_SHARE = 2, 6, 0.7


@dataclass(frozen=True, slots=True)
class Choice:
    """Sites in order and the weight that they cover."""

    sites: IntArray
    covered: float


class Search:
    """Looks for `units` sites that reach the most weight. reach: 0 and 1, shape (sites, areas)."""

    def __init__(self, reach: sparse.csr_array, weight: FloatArray, units: int) -> None:
        self._reach, self._weight, self._units = reach, weight, units
        self._back = sparse.csr_array(reach.T)
        weighted = sparse.csr_array((reach.data * weight[reach.indices], reach.indices, reach.indptr), reach.shape)
        self._common = (weighted @ self._back).toarray()
        self._least_gain = LEAST_GAIN_SHARE * float(weight.sum())

    def one_by_one(self) -> Choice:
        """Take the site that adds most, again and again, then swap."""
        return self.swapped(self._refilled(np.zeros(0, np.int64), None))

    def swapped(self, sites: IntArray) -> Choice:
        """Exchange one site for another, the best exchange first, until none gains.

        gain of j instead of i = what j reaches and no one else - what only i reaches + what only i reaches and j too
        """
        chosen = sites.copy()
        while True:
            held = self._reach[chosen]
            times = held.sum(axis=0)
            only = np.where(times == 1, self._weight, 0.0)
            shared = sparse.csr_array((held.data * only[held.indices], held.indices, held.indptr), held.shape)
            gain = (shared @ self._back).toarray()
            gain += self._reach @ np.where(times == 0, self._weight, 0.0)
            gain -= (held @ only)[:, None]
            gain[:, chosen] = 0.0
            leaves, comes = np.unravel_index(int(gain.argmax()), gain.shape)
            if gain[leaves, comes] <= self._least_gain:
                return Choice(np.sort(chosen), float(self._weight[times > 0].sum()))
            chosen[leaves] = comes

    def again(
        self, best: Choice, enough: float, cycles: int, until: float, draw: np.random.Generator, turns: int = CYCLE
    ) -> Choice:
        """Take away a few sites, refill one by one with some chance, swap, and go on from there; keep the best.

        A cycle begins at the best known and accepts what is a little worse, less and less. Ends with `enough` covered,
        after `cycles` in a row that found nothing better, or at `until` (monotonic clock).
        """
        failed, now = 0, best
        spare = self._reach.shape[0] - self._units
        while spare and failed < cycles:
            before, now = best, best
            for turn in range(turns):
                if best.covered >= enough or time.monotonic() > until:
                    return best
                found = self.swapped(self._refilled(self._without_some(now.sites, draw), draw))
                worse = WORSE_SHARE * (1 - turn / turns) * best.covered * draw.random()
                now = found if found.covered > now.covered - worse else now
                best = found if found.covered > best.covered + self._least_gain else best
            failed = failed + 1 if best is before else 0
        return best

    def _without_some(self, sites: IntArray, draw: np.random.Generator) -> IntArray:
        """Take away a few sites: mostly some that reach much in common, else any."""
        count = min(int(draw.integers(FEWEST_CHANGED, MOST_CHANGED + 1)), len(sites))
        if draw.random() < NEIGHBOURS_SHARE:
            centre = sites[draw.integers(len(sites))]
            alike = self._common[centre, sites] * draw.uniform(0.5, 1.5, len(sites))
            return np.delete(sites, np.argsort(-alike, kind="stable")[:count])
        return np.sort(draw.permutation(sites)[count:])

    def _refilled(self, sites: IntArray, draw: np.random.Generator | None) -> IntArray:
        """Add the sites that seem best one by one, with `draw` each gain seen up to 30 % too low."""
        left = self._weight.copy()
        left[self._reach[sites].indices] = 0.0
        free, taken = np.ones(self._reach.shape[0], bool), list(sites)
        free[sites] = False
        while len(taken) < self._units:
            seen = self._reach @ left
            if draw is not None:
                seen *= draw.uniform(0.7, 1.0, len(free))
            site = int(np.where(free, seen, -1.0).argmax())
            taken.append(site)
            free[site] = False
            left[self._reach.indices[self._reach.indptr[site] : self._reach.indptr[site + 1]]] = 0.0
        return np.array(taken, np.int64)
