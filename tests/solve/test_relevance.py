"""Whether a goal is felt through soft rows alone, in cases small enough to see."""

from __future__ import annotations

import numpy as np

from bluehelm.solve.aims import hold
from bluehelm.solve.goal import Goal
from bluehelm.solve.model import Model, Problem
from bluehelm.solve.relevance import felt_softly


def chain() -> tuple[Problem, int, int]:
    """Whole a feeds y by a soft row and z by a hard one."""
    model = Model()
    whole = model.columns("whole", (("a",),), upper=1.0, integer=True)
    y, z = model.columns("y", (("y",),)), model.columns("z", (("z",),))
    for name, column, soft in (("first", y, True), ("second", z, False)):
        row = model.rows(name, (("r",),), upper=0.0, soft=soft)
        model.add(row, column)
        model.add(row, whole, -1.0)
    return model.problem(), int(y[0]), int(z[0])


def test_a_column_in_soft_rows_only_is_felt_softly():
    problem, y, z = chain()
    assert felt_softly(problem, np.array([y]))
    assert not felt_softly(problem, np.array([z]))
    assert not felt_softly(problem, np.array([y, z]))


def test_rows_that_hold_earlier_goals_do_not_count():
    problem, y, z = chain()
    held = hold(problem, Goal("y", "y", "max", "share", np.array([y]), np.ones(1)), 0.5)
    assert felt_softly(held, np.array([y]))
    assert not felt_softly(held, np.array([z]))


def test_a_goal_of_nothing_is_felt_softly():
    assert felt_softly(chain()[0], np.zeros(0, int))
