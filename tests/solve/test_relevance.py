"""Which whole columns a goal feels, in cases small enough to see."""

from __future__ import annotations

import numpy as np

from bluehelm.solve.model import Model
from bluehelm.solve.relevance import felt_columns
from tests.solve.problems import aimed


def chain(*, soft: tuple[bool, bool], cost: list[float]):
    """Whole a, b and c: a feeds y by the first row, y feeds z by the second, b stands in the second, c in none."""
    model = Model()
    whole = model.columns("whole", (("a", "b", "c"),), upper=1.0, integer=True)
    y, z = model.columns("y", (("y",),)), model.columns("z", (("z",),))
    first = model.rows("first", (("r",),), upper=0.0, soft=soft[0])
    second = model.rows("second", (("r",),), upper=0.0, soft=soft[1])
    model.add(first, y)
    model.add(first, whole[:1], -1.0)
    model.add(second, z)
    model.add(second, y, -1.0)
    model.add(second, whole[1:2], -1.0)
    return aimed(model.problem(), cost)


def felt(**given) -> list[bool]:
    return felt_columns(chain(**given))[:3].tolist()


def test_a_goal_feels_what_reaches_it_through_soft_rows():
    assert felt(soft=(True, True), cost=[0, 0, 0, 1, 0]) == [True, True, False]
    assert felt(soft=(True, True), cost=[0, 0, 0, 0, 1]) == [False, True, False]


def test_a_whole_column_with_a_cost_is_felt_and_leads_no_further():
    assert felt(soft=(True, True), cost=[0, 0, 1, 0, 0]) == [False, False, True]


def test_a_term_in_a_hard_row_means_that_all_may_matter():
    assert felt(soft=(True, False), cost=[0, 0, 0, 0, 1]) == [True, True, True]


def test_a_column_that_stands_in_a_hard_row_is_followed_no_further():
    assert felt(soft=(False, True), cost=[0, 0, 0, 0, 1]) == [False, True, False]


def test_a_goal_of_nothing_feels_nothing():
    assert felt(soft=(True, True), cost=[0, 0, 0, 0, 0]) == [False, False, False]


def test_only_whole_columns_are_marked():
    assert not felt_columns(chain(soft=(True, True), cost=[0, 0, 0, 1, 0]))[3:].any()
    assert felt_columns(chain(soft=(True, True), cost=[0, 0, 0, 1, 0])).dtype == np.bool_
