"""History average: each month brings the mean of the last twelve months, as a Poisson number around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bluehelm.foresight.history import History
from bluehelm.foresight.nearest import FloatArray

WINDOW_MONTHS = 12


def fit(history: History) -> FloatArray:
    """Return the mean deaths a month of the last twelve months, shape (areas,)."""
    mean: FloatArray = history.deaths[:, -WINDOW_MONTHS:].mean(axis=1)
    return mean


def sample(fitted: FloatArray, months: int, paths: int, seed: int) -> NDArray[np.int32]:
    """Draw each month on its own."""
    rng = np.random.default_rng(seed)
    return rng.poisson(fitted[None, :, None], (paths, len(fitted), months)).astype(np.int32)
