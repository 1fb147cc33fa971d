"""Areas split into neighbourhoods that few sites bridge, from the table of reach alone: no map is needed.

Two sites are alike by the weight that both reach. The second eigenvector of that likeness, each site scaled by all that
it shares, orders sites from one end of the ground to the other; an area lies at the mean of the sites that reach it.
Areas are cut in two halves of equal weight there, the heaviest piece again and again.

Source
------
Shi and Malik 2000 (normalised cuts).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import eigh

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def split_areas(reach: sparse.csr_array, weight: FloatArray, parts: int) -> list[IntArray]:
    """Split areas into at most `parts` neighbourhoods of about equal weight; every area is in one of them.

    Examples
    --------
    >>> reach = sparse.csr_array(np.array([[1.0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1]]))
    >>> sorted(part.tolist() for part in split_areas(reach, np.ones(4), parts=2))
    [[0, 1], [2, 3]]
    """
    pieces, columns = [np.arange(reach.shape[1])], sparse.csc_array(reach)
    while len(pieces) < parts:
        heaviest = max(range(len(pieces)), key=lambda piece: (len(pieces[piece]) > 1, weight[pieces[piece]].sum()))
        piece = pieces.pop(heaviest)
        if len(piece) < 2:
            return [*pieces, piece]
        order = piece[np.argsort(_places(columns[:, piece], weight[piece]), kind="stable")]
        so_far = np.cumsum(weight[order])
        half = int(np.clip(np.searchsorted(so_far, so_far[-1] / 2) + 1, 1, len(order) - 1))
        pieces += [np.sort(order[:half]), np.sort(order[half:])]
    return pieces


def _places(reach: sparse.csc_array, weight: FloatArray) -> FloatArray:
    """Return where each area lies between the two ends of the ground."""
    table = sparse.csr_array(reach)
    table = table[np.flatnonzero(np.diff(table.indptr))]
    sites = table.shape[0]
    if sites < 2:
        return np.zeros(len(weight))
    shared = (table @ sparse.diags_array(weight) @ table.T).toarray()
    whole = np.sqrt(np.maximum(shared.sum(axis=1), 1e-300))
    # The first eigenvector, which tells nothing, is taken out: on grounds that lie apart the second is as large.
    likeness = shared / np.outer(whole, whole) - np.outer(whole, whole) / (whole @ whole)
    _, vector = eigh(likeness, subset_by_index=[sites - 1, sites - 1])
    scale = 1 / whole
    return np.asarray((table.T @ (vector[:, 0] * scale)) / np.maximum(table.sum(axis=0), 1.0))
