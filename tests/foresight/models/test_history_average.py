from __future__ import annotations

import numpy as np
import pytest

from bluehelm.foresight.models import history_average
from tests.foresight.made import grid, record


def test_each_month_brings_the_mean_of_the_last_twelve():
    fitted = history_average.fit(record(grid(2), 14, [(0, 1, 999), (0, 2, 6), (1, 13, 24)]))
    assert fitted.tolist() == [0.5, 2.0]
    paths = history_average.sample(fitted, 3, 5000, 1)
    assert paths.dtype == np.int32 and paths.mean(axis=(0, 2)) == pytest.approx([0.5, 2.0], rel=0.05)


def test_a_shorter_record_gives_the_mean_of_what_there_is():
    assert history_average.fit(record(grid(1), 2, [(0, 0, 3)])).tolist() == [1.5]
