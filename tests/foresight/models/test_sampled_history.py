from __future__ import annotations

import numpy as np
import pytest

from bluehelm.foresight.models import sampled_history
from tests.foresight.made import grid, record


def test_whole_months_of_the_last_year_are_drawn_with_their_areas_together():
    seen = [(0, 0, 500), *((area, month, 10 * month + area) for month in range(2, 14) for area in range(2))]
    paths = sampled_history.sample(sampled_history.fit(record(grid(2), 14, seen)), 3, 4000, 0)
    assert paths.shape == (4000, 2, 3) and paths.dtype == np.int32
    assert (paths[:, 1] - paths[:, 0] == 1).all()
    months, counts = np.unique(paths[:, 0], return_counts=True)
    assert months.tolist() == list(range(20, 140, 10))
    assert counts / counts.sum() == pytest.approx(1 / 12, abs=0.01)


def test_months_of_a_path_are_drawn_one_by_one():
    seen = [(0, month, month) for month in range(12)]
    paths = sampled_history.sample(sampled_history.fit(record(grid(1), 12, seen)), 2, 4000, 0)
    assert abs(np.corrcoef(paths[:, 0, 0], paths[:, 0, 1])[0, 1]) < 0.06


def test_one_month_of_record_is_repeated():
    paths = sampled_history.sample(sampled_history.fit(record(grid(1), 1, [(0, 0, 4)])), 2, 3, 0)
    assert (paths == 4).all()
