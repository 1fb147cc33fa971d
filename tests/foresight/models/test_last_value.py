from __future__ import annotations

import numpy as np
import pytest

from bluehelm.foresight.models import last_value
from tests.foresight.made import grid, record


def test_each_month_brings_what_the_last_brought():
    fitted = last_value.fit(record(grid(2), 3, [(0, 2, 9), (1, 1, 70)]))
    assert fitted.tolist() == [9, 0]
    paths = last_value.sample(fitted, 2, 4000, 0)
    assert paths.shape == (4000, 2, 2) and paths.dtype == np.int32
    assert paths.mean(axis=0) == pytest.approx(np.array([[9, 9], [0, 0]]), abs=0.2)
    assert paths[:, 0].var(axis=0) == pytest.approx(9, rel=0.1), "a Poisson number"
    assert abs(np.corrcoef(paths[:, 0, 0], paths[:, 0, 1])[0, 1]) < 0.06, "months on their own"
