"""The end of maximal covering: sites settled by prices, and the rest by branch and bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bluehelm.solve.covering_bound import Relaxed
from bluehelm.solve.covering_search import Choice
from bluehelm.solve.highs import Limits, solve_integer
from bluehelm.solve.model import Problem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# A site is settled only if the other way lies this share of the bound below what is known.
MARGIN_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Left:
    """What prices leave open: sites that every better choice uses, and sites that it may use."""

    used: IntArray
    open: IntArray


def settle(reach: sparse.csr_array, units: int, relaxed: Relaxed, covered: float) -> Left:
    """Say which sites are in every choice that covers more than `covered`, and which may be.

    Without a site among the `units` dearest, the bound loses its worth and gains that of the next; with another site,
    it gains the worth of that and loses that of the last of the dearest.
    """
    worth = reach @ relaxed.price
    order = np.argsort(-worth, kind="stable")
    dearest, others = order[:units], order[units:]
    if not len(others):
        return Left(np.sort(dearest), np.zeros(0, np.int64))
    least = covered - MARGIN_SHARE * relaxed.bound
    used = dearest[relaxed.bound - worth[dearest] + worth[others[0]] < least]
    out = others[relaxed.bound + worth[others] - worth[dearest[-1]] < least]
    return Left(np.sort(used), np.setdiff1d(order, np.concatenate([used, out])))


def branch_and_bound(
    reach: sparse.csr_array, weight: FloatArray, units: int, left: Left, best: Choice, limits: Limits
) -> tuple[Choice, float]:
    """Let HiGHS choose among the sites left open; return the better of its choice and `best`, and a bound on any."""
    taken = np.zeros(len(weight), bool)
    taken[reach[left.used].indices] = True
    rest = sparse.csr_array(reach[left.open][:, ~taken])
    problem = _problem(rest, weight[~taken], units - len(left.used), float(weight[taken].sum()))
    start = np.isin(left.open, best.sites).astype(float)
    known = np.isin(left.used, best.sites).all() and np.isin(best.sites, np.union1d(left.used, left.open)).all()
    begin = np.concatenate([start, np.minimum(1.0, rest.T @ start)]) if known else None
    outcome = solve_integer(problem, limits, start=begin)
    # Choices outside what is left cover no more than the best known.
    bound = max(best.covered, -outcome.bound)
    if outcome.values is None:
        return best, bound
    sites = np.union1d(left.used, left.open[outcome.values[: len(left.open)] > 0.5])
    covered = float(weight[reach[sites].sum(axis=0) > 0].sum())
    return (Choice(sites, covered) if covered > best.covered else best), bound


def _problem(reach: sparse.csr_array, weight: FloatArray, units: int, offset: float) -> Problem:
    """Columns: sites, then areas."""
    sites, areas = reach.shape
    count = sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(areas)])[None, :])
    covers = sparse.hstack([-reach.T, sparse.eye_array(areas)])
    whole = np.arange(sites + areas) < sites
    return Problem(
        cost=np.concatenate([np.zeros(sites), -weight]),
        offset=-offset,
        column_lower=np.zeros(sites + areas),
        column_upper=np.ones(sites + areas),
        row_lower=np.full(areas + 1, -np.inf),
        row_upper=np.concatenate([np.zeros(areas), [float(units)]]),
        matrix=sparse.csc_array(sparse.vstack([covers, count])),
        integer=whole,
        stage=np.full(sites + areas, -1),
        soft=np.zeros(areas + 1, bool),
        look_ahead=0,
    )
