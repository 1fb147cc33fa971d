"""A bound on maximal covering below its relaxation: neighbourhoods solved on their own, bound together by tolls.

Each neighbourhood of areas chooses sites for itself and pays a toll for each. For *any* tolls of 0 or more

    (the `units` largest of Σ_r toll[j, r]) + Σ_r (the most that whole sites cover in r, less their tolls)

is a bound on what `units` sites cover. The relaxation is the case in which parts of sites may be taken; whole sites
cover less, and a neighbourhood is small enough to show it with some dozens of leaves (`covering_region.py`). In rounds,
leaves are split and then tolls, prices and parts of leaves are moved together (primal-dual hybrid gradient) towards

    most Σ_r Σ_l (what leaf l covers)    Σ_l part[l] = 1 in each r, Σ_l (sites of l) = sites, Σ sites = units

Source
------
Guignard and Kim 1987 (Lagrangian decomposition); Balas 1979 (leaves as one linear program); Chambolle and Pock 2011.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bluehelm.solve.covering_bound import Relaxed, onto_units
from bluehelm.solve.covering_moves import Mover, State
from bluehelm.solve.covering_region import Region
from bluehelm.solve.covering_split import split_areas

FloatArray = NDArray[np.float64]
UNITS_PER_REGION, FIRST_LEAVES, MORE_LEAVES, MOST_LEAVES = 5, 32, 1.5, 400
MOVES, LOOK_EVERY_MOVES = 120, 40


class Regions:
    """Bounds what `units` sites cover, a little lower with each call of `tighten`."""

    def __init__(
        self, reach: sparse.csr_array, weight: FloatArray, units: int, relaxed: Relaxed, *, threads: int = 1
    ) -> None:
        self.units, self.bound, self.share = units, relaxed.bound, relaxed.share.copy()
        self._sites, self._leaves, self._threads = reach.shape[0], float(FIRST_LEAVES), threads
        pieces = split_areas(reach, weight, max(1, round(units / UNITS_PER_REGION)))
        self._regions = [Region(reach, weight, piece, relaxed.share, relaxed.price) for piece in pieces]
        for region, piece in zip(self._regions, pieces, strict=True):
            region.toll = region.reach @ relaxed.price[piece]
        self._settle([region.toll for region in self._regions])

    def tighten(self, until: float) -> float:
        """Split leaves, move tolls, and return the bound; a round of it, or until then (monotonic clock)."""
        most = int(min(self._leaves, MOST_LEAVES))
        with ThreadPoolExecutor(self._threads) as pool:
            list(pool.map(lambda region: region.grow(most, until), self._regions))
            self._keep()
            self._move(pool, until)
        self._leaves *= MORE_LEAVES
        return self.bound

    def _tolls(self, tolls: list[FloatArray]) -> tuple[list[FloatArray], float]:
        """Raise tolls where it is free, up to the last of the dearest sites, and add up the dearest."""
        total = np.zeros(self._sites)
        for region, toll in zip(self._regions, tolls, strict=True):
            total[region.sites] += toll
        dearest = np.sort(total)[-self.units :]
        factor = np.where(total < dearest[0], dearest[0] / np.maximum(total, 1e-9 * dearest[0] + 1e-300), 1.0)
        raised = [toll * factor[region.sites] for region, toll in zip(self._regions, tolls, strict=True)]
        total = np.zeros(self._sites)
        for region, toll in zip(self._regions, raised, strict=True):
            total[region.sites] += toll
        return raised, float(np.sort(total)[-self.units :].sum())

    def _settle(self, tolls: list[FloatArray]) -> None:
        """Take tolls, and what leaves are worth by them."""
        raised, _ = self._tolls(tolls)
        for region, toll in zip(self._regions, raised, strict=True):
            region.toll = toll
            region.leaves.value = region.values(region.leaves, region.leaves.price, toll)
        self._keep()

    def _keep(self) -> None:
        _, paid = self._tolls([region.toll for region in self._regions])
        self.bound = min(self.bound, paid + sum(float(region.leaves.value.max()) for region in self._regions))

    def _move(self, pool: ThreadPoolExecutor, until: float) -> None:
        """Move tolls, prices and parts; keep those that prove most."""
        movers, reached = [Mover(region) for region in self._regions], np.zeros(self._sites)
        for region in self._regions:
            reached[region.sites] += region.held
        share, lowest, best = self.share, np.inf, [mover.state for mover in movers]
        shares, since = np.zeros(self._sites), 0
        for moves in range(1, MOVES + 1):
            pull = np.zeros(self._sites)
            for mover in movers:
                pull[mover.region.sites] += mover.state.toll
            after = onto_units(share + pull / reached, 1 / reached, self.units)
            ahead = 2 * after - share
            list(pool.map(lambda mover, sites: mover.step(sites[mover.region.sites]), movers, repeat(ahead)))
            share, since = after, since + 1
            shares += share
            over = time.monotonic() > until
            if moves % LOOK_EVERY_MOVES and not over:
                continue
            for states in ([mover.state for mover in movers], [mover.mean() for mover in movers]):
                proven = self._proven(pool, states)
                if proven < lowest:
                    lowest, best = proven, states
            if best is states:
                share, shares, since = shares / since, np.zeros(self._sites), 0
                for mover, state in zip(movers, states, strict=True):
                    mover.restart(state)
            if over:
                break
        self.share = share
        for mover, state in zip(movers, best, strict=True):
            mover.hand_over(state.price)
        self._settle([state.toll for state in best])

    def _proven(self, pool: ThreadPoolExecutor, states: list[State]) -> float:
        """Return the bound that these prices and tolls prove."""
        tolls, paid = self._tolls([state.toll for state in states])

        def dearest(region: Region, state: State, toll: FloatArray) -> float:
            return float(region.values(region.leaves, state.price, toll).max())

        return paid + sum(pool.map(dearest, self._regions, states, tolls))
