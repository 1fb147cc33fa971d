from __future__ import annotations

from bluehelm.foresight.models import none
from tests.foresight.made import grid, record


def test_no_violence_comes_whatever_was():
    paths = none.sample(none.fit(record(grid(3), 2, [(0, 1, 50)])), 4, 5, 0)
    assert paths.shape == (5, 3, 4) and paths.dtype == "int32" and not paths.any()
