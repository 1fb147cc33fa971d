"""Plans the way of large models, from end to end: bounds worked out ahead hold, and time decides nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from bluehelm.solve import method
from bluehelm.solve.aims import LEAST_GIVEN_UP, Reached
from bluehelm.solve.bounds import Ahead
from bluehelm.solve.goal import Goal
from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import missions


@pytest.fixture(autouse=True)
def no_model_is_small(monkeypatch):
    monkeypatch.setattr(method, "SMALL_NON_ZEROS", -1)


@examples(10, 300)
@given(missions())
def test_bounds_worked_out_ahead_are_never_passed(drawn):
    mission, changes = drawn
    made = small.plan(mission, changes, small.Options(gap=0.02, seconds=20.0))
    assert all(tier.gap >= 0 for tier in made.tiers)
    for tier in made.tiers:
        better = tier.bound - tier.objective if tier.sense == "max" else tier.objective - tier.bound
        assert better >= -1e-9
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(method, "SMALL_NON_ZEROS", 10**9)
        best = small.plan(mission, changes).tiers[0]
    first = made.tiers[0]
    assert first.bound >= best.objective - 1e-6 if first.sense == "max" else first.bound <= best.objective + 1e-6


@pytest.mark.parametrize("threads", [1, 2])
@examples(4, 100)
@given(missions())
def test_with_a_limit_of_work_two_runs_are_equal(threads, drawn):
    mission, changes = drawn
    options = small.Options(gap=0.001, seconds=math.inf, work=2, threads=threads, seed=1)
    one, two = (small.plan(mission, changes, options) for _ in range(2))
    assert one.tiers == two.tiers
    assert all(one.tables[name].equals(two.tables[name]) for name in one.tables)


def test_a_bound_counts_where_goals_are_held_at_least_as_strictly():
    most = Goal("most", "most", "max", "share", *small_columns())
    least = Goal("least", "least", "min", "USD", *small_columns())
    ahead = Ahead(None, (0.9, 100.0))

    def at(first: float, second: float) -> bool:
        held = [Reached(goal, value, value, 0.0, value, "") for goal, value in ((most, first), (least, second))]
        return ahead.bounds([most, least], [one.held_at for one in held])

    assert at(0.9, 100.0) and at(0.95, 90.0)
    assert not at(0.9 - LEAST_GIVEN_UP, 100.0) and not at(0.9, 101.0)


def small_columns():
    import numpy as np

    return np.zeros(0, int), np.zeros(0)
