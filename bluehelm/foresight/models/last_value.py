"""Last value: each month brings what the last month of the record brought, as a Poisson number around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bluehelm.foresight.history import History
from bluehelm.foresight.nearest import IntArray


def fit(history: History) -> IntArray:
    """Remember the deaths of the last month, shape (areas,)."""
    return history.deaths[:, -1]


def sample(fitted: IntArray, months: int, paths: int, seed: int) -> NDArray[np.int32]:
    """Draw each month on its own."""
    rng = np.random.default_rng(seed)
    return rng.poisson(fitted[None, :, None], (paths, len(fitted), months)).astype(np.int32)
