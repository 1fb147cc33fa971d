"""Sampled history: each month of a future is one of the last twelve months, drawn with all its areas together.

Simple, and hard to beat: the spread of the last year, its zeros and its worst month are all in it. Whole months are
drawn, so that areas that suffered together do so again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bluehelm.foresight.history import History
from bluehelm.foresight.nearest import IntArray

WINDOW_MONTHS = 12


def fit(history: History) -> IntArray:
    """Remember the deaths of the last twelve months, shape (areas, up to 12)."""
    return history.deaths[:, -WINDOW_MONTHS:]


def sample(fitted: IntArray, months: int, paths: int, seed: int) -> NDArray[np.int32]:
    """Draw a past month for each month of each path."""
    drawn = np.random.default_rng(seed).integers(fitted.shape[1], size=(paths, months))
    return np.ascontiguousarray(fitted[:, drawn].transpose(1, 0, 2), np.int32)
