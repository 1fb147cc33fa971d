"""Maximal covering (Church and ReVelle 1974): which sites, at most so many, reach the most weight, and how sure it is.

    most Σ_a w[a] y[a]    y[a] <= Σ_j x[j] over sites j that reach a    Σ_j x[j] = units    x whole, 0 <= y <= 1

1. Areas that the same sites reach are one area with the sum of their weights. On a plane 100,000 areas are some 10,000.
2. Sites are taken one by one, the best first, then swapped one for one while that gains; then a few are taken away and
   filled in again, many times over, from the best known.
3. Prices of the areas bound what any choice can cover (`covering_bound.py`).
4. While the two are further apart than asked: on a small table prices also tell which sites no better choice can use or
   leave out, and HiGHS takes what is left; on a large one neighbourhoods solved on their own lower the bound
   (`covering_regions.py`), and the sites that they agree on begin another search.

docs/solve.md says what else was measured.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bluehelm.errors import InvalidRecordError
from bluehelm.solve.covering_bound import relax_covering
from bluehelm.solve.covering_exact import branch_and_bound, settle
from bluehelm.solve.covering_regions import Regions
from bluehelm.solve.covering_search import Choice, Search
from bluehelm.solve.highs import Limits

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Table = sparse.csr_array | sparse.csc_array
# Entries in the table of reach up to which one branch and bound closes more than neighbourhoods do.
MOST_BRANCHED = 30_000
# Neighbourhoods move prices on; branch and bound needs them close.
RELAXED_TO, RELAXED_TO_ON_LARGE = 1e-4, 5e-4
CYCLES, TURNS_BETWEEN = 1, 20


@dataclass(frozen=True, slots=True)
class Covering:
    """Sites chosen, in order; the weight that they cover; a proven bound on what any choice covers."""

    sites: IntArray
    covered: float
    bound: float

    @property
    def gap(self) -> float:
        """Distance of the bound from what is covered, as a share of what is covered; 1 where nothing is proven."""
        if self.bound <= self.covered:
            return 0.0
        return min(1.0, (self.bound - self.covered) / self.covered) if self.covered > 0 else 1.0


def most_covered(
    reach: Table,
    weight: FloatArray,
    units: int,
    *,
    gap: float = 0.005,
    seconds: float = 60.0,
    seed: int = 0,
    threads: int = 2,
) -> Covering:
    """Choose at most `units` sites that reach the most weight, to within `gap` of the best or for `seconds`.

    Parameters
    ----------
    reach : sparse array (csr or csc), shape (sites, areas)
        An area is reached where the entry is not 0.
    weight : float array, shape (areas,)
        0 or more, in any unit.
    gap : float
        Accepted distance of the proven bound, as a share of what is covered.

    Returns
    -------
    Covering
        As many sites as units, or fewer where further ones would add nothing.

    Raises
    ------
    InvalidRecordError
        If shapes do not match, a weight is negative or missing, or there are fewer than 0 units.

    Examples
    --------
    >>> reach = sparse.csr_array(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]]))
    >>> found = most_covered(reach, np.array([1.0, 2.0, 3.0, 4.0]), units=1)
    >>> found.sites.tolist(), found.covered, found.gap
    ([2], 7.0, 0.0)
    """
    until = time.monotonic() + seconds
    _refuse(reach, weight, units)
    table, harm = merge_areas(reach, weight)
    useful = np.flatnonzero(np.diff(table.indptr))
    if len(useful) <= units or not units:
        chosen = useful if units else useful[:0]
        covered = float(harm.sum()) if units else 0.0
        return Covering(chosen, covered, covered)
    found = _search(table[useful], harm, units, gap=gap, until=until, seed=seed, threads=threads)
    sites = useful[found.sites]
    # What is given out is added up from the areas as they came.
    covered = float(weight[sparse.csr_array(reach)[sites].astype(bool).sum(axis=0) > 0].sum())
    return Covering(sites, covered, max(found.bound, covered))


def merge_areas(reach: Table, weight: FloatArray) -> tuple[sparse.csr_array, FloatArray]:
    """Make one area of all that the same sites reach; areas without weight or without a site fall away.

    Examples
    --------
    >>> reach = sparse.csr_array(np.array([[1, 1, 0, 0], [1, 1, 1, 0]]))
    >>> table, weights = merge_areas(reach, np.array([1.0, 2.0, 4.0, 8.0]))
    >>> sorted(zip(table.sum(axis=0).tolist(), weights.tolist()))
    [(1.0, 4.0), (2.0, 3.0)]
    """
    table = sparse.csc_array(reach).astype(np.float64)
    table.eliminate_zeros()
    table.sort_indices()
    table.data[:] = 1.0
    felt = np.flatnonzero((weight > 0) & (np.diff(table.indptr) > 0))
    table, harm = table[:, felt], weight[felt]
    draw = np.random.default_rng(0)
    while True:
        first, group = _alike(table, draw)
        if _same(table, first[group]):
            return sparse.csr_array(table[:, first]), np.bincount(group, harm, len(first)).astype(np.float64)


def _alike(table: sparse.csc_array, draw: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Group areas by the sum of random numbers that their sites bear: first area of each group, group of each area."""
    keys = draw.integers(0, 2**64, table.shape[0], dtype=np.uint64)
    marks = sparse.csc_array((np.ones(table.nnz, np.uint64), table.indices, table.indptr), table.shape).T @ keys
    _, first, group = np.unique(np.asarray(marks), return_index=True, return_inverse=True)
    return first, group


def _same(table: sparse.csc_array, other: IntArray) -> bool:
    """Say whether each area is reached by the same sites as its `other`: sums of random numbers could deceive."""
    start, length = table.indptr[:-1], np.diff(table.indptr)
    if not np.array_equal(length, length[other]):
        return False
    shift = np.repeat(start[other] - start, length)
    return np.array_equal(table.indices, table.indices[np.arange(table.nnz) + shift])


def _search(
    table: sparse.csr_array, harm: FloatArray, units: int, *, gap: float, until: float, seed: int, threads: int
) -> Covering:
    """Search, bound, and close what is still open."""
    search, draw = Search(table, harm, units), np.random.default_rng(seed)
    best = search.one_by_one()
    close = min(gap, RELAXED_TO if table.nnz <= MOST_BRANCHED else RELAXED_TO_ON_LARGE)
    relaxed = relax_covering(table, harm, units, gap=close, seconds=(until - time.monotonic()) / 2)
    from_shares = search.swapped(np.sort(np.argsort(-relaxed.share, kind="stable")[:units]))
    best = max(best, from_shares, key=lambda choice: choice.covered)
    bound, enough = relaxed.bound, relaxed.bound / (1 + gap)
    best = search.again(best, enough, CYCLES, until, draw)
    if bound > best.covered * (1 + gap) and table.nnz > MOST_BRANCHED:
        best, bound = _by_regions(search, Regions(table, harm, units, relaxed, threads=threads), best, gap, until, draw)
    elif bound > best.covered * (1 + gap) and time.monotonic() < until:
        left = settle(table, units, relaxed, best.covered)
        limits = Limits(gap=gap, seconds=until - time.monotonic(), threads=threads)
        best, proven = branch_and_bound(table, harm, units, left, best, limits)
        bound = min(bound, proven)
    return Covering(best.sites, best.covered, bound)


def _by_regions(
    search: Search, regions: Regions, best: Choice, gap: float, until: float, draw: np.random.Generator
) -> tuple[Choice, float]:
    """Tighten the bound and search from where neighbourhoods agree, in turn, until close enough or until then."""
    while regions.bound > best.covered * (1 + gap) and time.monotonic() < until:
        regions.tighten(until)
        agreed = search.swapped(np.sort(np.argsort(-regions.share, kind="stable")[: len(best.sites)]))
        best = max(best, agreed, key=lambda choice: choice.covered)
        best = search.again(best, regions.bound / (1 + gap), CYCLES, until, draw, TURNS_BETWEEN)
    return best, regions.bound


def _refuse(reach: Table, weight: FloatArray, units: int) -> None:
    if reach.shape[1:] != weight.shape or not (weight >= 0).all() or units < 0:
        raise InvalidRecordError(
            "Reach of {sites} sites and {areas} areas, {weights} weights (smallest {least}) and {units} units; a "
            "weight of 0 or more for each area and 0 or more units were expected.",
            sites=reach.shape[0],
            areas=reach.shape[1],
            weights=len(weight),
            least=weight.min(initial=0.0),
            units=units,
        )
