"""Rows folded: two areas by hand, the same best values as unfolded at every whole decision, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.solve.folded_rows import fold
from bluehelm.solve.highs import Limits, relax, solve_integer
from tests.conftest import examples
from tests.solve.trees import problem_of, tiny


def areas(effects, worth, *, most=1.0, room=0.0, units=2.0):
    """Two steps of presence in each area, worth less each; the rows are Σ y - Σ effect·x <= room."""
    effects = np.asarray(effects, float)
    rows, columns = effects.shape
    steps = np.kron(np.eye(rows), np.ones((1, 2)))
    cost = np.concatenate([np.ones(columns) * 0.1, *([-w, -w / 2] for w in worth)])
    upper = np.concatenate([np.full(columns, units), np.full(2 * rows, most)])
    integer = np.arange(columns + 2 * rows) < columns
    limits = np.broadcast_to(room, (rows,))
    return problem_of(np.hstack([-effects, steps]), np.full(rows, -np.inf), limits, cost, upper=upper, integer=integer)


def folded_of(problem):
    found = fold(problem)
    assert found is not None
    return found


def best_with(problem, whole):
    """Best value with the whole columns held, which come first."""
    lower, upper = problem.column_lower.copy(), problem.column_upper.copy()
    lower[: len(whole)] = upper[: len(whole)] = whole
    found = relax(replace(problem, column_lower=lower, column_upper=upper), method="simplex", threads=1)
    return found.objective if found.status == "solved" else np.inf


def test_two_areas_in_reach_of_the_same_unit_become_one_row():
    """With 1.5 a unit, t is 0, 1.5 or 3: worth 0, then (4 + 2) + (4 + 2)/2·0.5, then all of it, 9."""
    folded = folded_of(areas([[1.5], [1.5]], [4.0, 2.0]))
    assert folded.columns.tolist() == [0]
    assert folded.problem.matrix.toarray().tolist() == [[-1.5, 1.0, 1.0]]
    assert folded.problem.cost == pytest.approx([0.1, -7.5 / 1.5, -1.5 / 1.5])


def test_half_a_unit_gains_half_of_what_a_unit_gains():
    """The rows alone would give 1 for half a unit of strength 2, which is all that there is to gain first."""
    problem = areas([[2.0]], [1.0], units=1.0)
    folded = folded_of(problem)
    assert best_with(problem, [0.5]) == pytest.approx(0.05 - 1.0)
    assert best_with(folded.problem, [0.5]) == pytest.approx(0.05 - 0.75)


def test_areas_that_no_open_unit_reaches_become_a_number():
    folded = folded_of(areas([[0.0], [1.0]], [4.0, 2.0], room=[1.5, 0.0]))
    assert folded.problem.offset == pytest.approx(-5.0)
    assert folded.problem.matrix.shape[0] == 1


def test_rows_that_count_otherwise_stay_as_they_are():
    one = areas([[1.0]], [1.0])
    assert fold(replace(one, row_lower=np.array([-9.0]))) is None
    assert fold(replace(one, integer=np.zeros(3, bool))) is None
    assert fold(replace(one, row_upper=np.array([-0.5]))) is None
    assert fold(replace(one, column_upper=np.array([np.inf, 1, 1]))) is None
    assert fold(replace(one, column_upper=np.array([1e6, 1, 1]))) is None
    assert fold(replace(one, column_lower=np.array([0.5, 0, 0]))) is None


@st.composite
def grounds(draw):
    size = st.sampled_from([0.0, 0.0, 0.3, 0.5, 1.0, 1.2, -0.4])
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    effects = [[draw(size) for _ in range(columns)] for _ in range(rows)]
    room = np.array([draw(st.sampled_from([0.0, 0.7, 2.0])) for _ in range(rows)])
    made = areas(effects, [draw(st.sampled_from([0.0, 1.0, 3.0])) for _ in range(rows)], room=room)
    lower = made.column_lower.copy()
    lower[0], lower[-1] = draw(st.sampled_from([0.0, 1.0, -1.0])), draw(st.sampled_from([0.0, 0.0, 0.2]))
    return replace(made, column_lower=lower), columns


@examples(60, 1000)
@given(grounds())
def test_every_whole_decision_costs_the_same_folded(ground):
    problem, columns = ground
    folded = fold(problem)
    if folded is None:
        return
    ranges = [range(int(problem.column_lower[i]), int(problem.column_upper[i]) + 1) for i in range(columns)]
    for whole in product(*ranges):
        assert best_with(folded.problem, whole) == pytest.approx(best_with(problem, whole), abs=1e-6)


@pytest.mark.parametrize("family", ["stripped", "full"])
def test_instances_in_miniature_have_the_same_best_value_folded(family):
    """Whole columns are bounded first, as they are where a node is decided."""
    problem = tiny(family).problem
    upper = np.where(problem.integer, np.minimum(problem.column_upper, 3.0), problem.column_upper)
    problem = replace(problem, column_upper=upper)
    folded = fold(problem)
    if folded is None:
        assert family == "full"
        return
    assert len(folded.columns) < len(problem.cost)
    exact = Limits(gap=0.0, threads=1)
    assert solve_integer(folded.problem, exact).objective == pytest.approx(solve_integer(problem, exact).objective)
