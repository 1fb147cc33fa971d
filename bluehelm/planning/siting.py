"""Which bases to move, and where to, so that most of the expected harm lies within reach.

Bases stand on spots; a spot reaches some points, and each point carries a weight (expected harm). What is within reach
of at least one base is covered: this is maximal covering (Church and ReVelle 1974) with bases that may move. A base on
the move covers nothing for a share of the time that is planned for, so the gain of moving base i to spot j is

    (1 - away) * weight that j would newly cover  -  weight that only i covers

Moves are taken one at a time, the best first, until none gains: a rule, not a proof. `best_spots` is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bluehelm.errors import InvalidRecordError
from bluehelm.solve.covering import most_covered

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
LEAST_GAIN_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Move:
    """Base `base` (its row) goes to spot `spot`; gain: weight gained, in the unit of the weights."""

    base: int
    spot: int
    gain: float


def best_moves(
    spot_of_base: IntArray,
    movable: BoolArray,
    reach: NDArray[np.float32],
    weight: FloatArray,
    *,
    most: int | None,
    away_share: float = 0.0,
    least_gain_share: float = LEAST_GAIN_SHARE,
) -> list[Move]:
    """Choose at most `most` moves (None: as many as gain), the best first.

    Parameters
    ----------
    spot_of_base : int array, shape (bases,)
        Where each base stands: rows of `reach`.
    movable : bool array, shape (bases,)
    reach : float32 array of 0 and 1, shape (spots, points)
    weight : float array, shape (points,)
    away_share : float
        Share of the time planned for in which a base on the move covers nothing.
    least_gain_share : float
        A move must gain more than this share of the whole weight.

    Returns
    -------
    list of Move; a base moves once at most

    Raises
    ------
    InvalidRecordError
        If a share lies outside 0..1.
    """
    if not (0 <= away_share <= 1 and 0 <= least_gain_share <= 1):
        raise InvalidRecordError(
            "away_share is {away}, least_gain_share {gain}; shares from 0 to 1 were expected.",
            away=away_share,
            gain=least_gain_share,
        )
    felt = np.flatnonzero(weight > 0)
    spots, harm = np.ascontiguousarray(reach[:, felt]), weight[felt].astype(np.float32)
    stands, free = spots[spot_of_base], movable.copy()
    moves: list[Move] = []
    while free.any() and (most is None or len(moves) < most):
        rows = np.flatnonzero(free)
        without = stands.sum(axis=0)[None, :] - stands[rows]
        uncovered = np.where(without == 0, harm, 0).astype(np.float32)
        loss = (uncovered * stands[rows]).sum(axis=1)
        gain = (1 - away_share) * (uncovered @ spots.T) - loss[:, None]
        row, spot = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[row, spot] <= least_gain_share * float(harm.sum()):
            break
        base = int(rows[row])
        moves.append(Move(base, int(spot), float(gain[row, spot])))
        stands[base], free[base] = spots[spot], False
    return moves


def best_spots(
    fixed: IntArray, count: int, reach: NDArray[np.float32], weight: FloatArray, *, gap: float = 1e-6
) -> tuple[IntArray, float]:
    """Choose spots for `count` bases, those in `fixed` among them, so that the weight covered is largest.

    Returns
    -------
    spots, shape (count,), the fixed ones first; and the proven bound on the weight covered

    Raises
    ------
    InvalidRecordError
        If there are more fixed bases than bases.
    """
    if len(fixed) > count:
        raise InvalidRecordError(
            "{fixed} {fixed:base|bases} {fixed:is|are} fixed, but only {count} stand.", fixed=len(fixed), count=count
        )
    taken = reach[fixed].any(axis=0) if len(fixed) else np.zeros(reach.shape[1], bool)
    felt = np.flatnonzero((weight > 0) & ~taken & reach.any(axis=0))
    held = float(weight[(weight > 0) & taken].sum())
    found = most_covered(sparse.csr_array(reach[:, felt]), weight[felt], count - len(fixed), gap=gap)
    taken_spots = np.concatenate([fixed, found.sites]).astype(np.int64)
    # Bases that can add nothing stand on the first spots left over.
    rest = np.setdiff1d(np.arange(len(reach)), taken_spots)[: count - len(taken_spots)]
    return np.concatenate([taken_spots, rest]), held + found.bound
