"""Blocks and names: what the sparse model holds is what a table written out by hand would hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.solve.model import Model
from tests.conftest import examples


@st.composite
def shapes(draw: st.DrawFn) -> list[tuple[int, ...]]:
    return draw(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=3).map(tuple), min_size=1, max_size=4))


def axes_of(shape: tuple[int, ...]) -> tuple[list[str], ...]:
    return tuple([f"{'abc'[axis]}{i}" for i in range(size)] for axis, size in enumerate(shape))


@examples(50, 2_000)
@given(shapes(), shapes(), st.data())
def test_the_matrix_is_the_one_written_out_term_by_term(column_shapes, row_shapes, data):
    model = Model()
    columns = [model.columns(f"c{i}", axes_of(shape)) for i, shape in enumerate(column_shapes)]
    rows = [model.rows(f"r{i}", axes_of(shape)) for i, shape in enumerate(row_shapes)]
    by_hand = np.zeros((sum(r.size for r in rows), sum(c.size for c in columns)))
    for _ in range(data.draw(st.integers(0, 4))):
        row, column = data.draw(st.sampled_from(rows)), data.draw(st.sampled_from(columns))
        if not row.size or not column.size:
            continue
        picked_rows = row.ravel()[data.draw(st.lists(st.integers(0, row.size - 1), min_size=1, max_size=4))]
        picked_columns = column.ravel()[data.draw(st.lists(st.integers(0, column.size - 1), min_size=1, max_size=4))]
        value = data.draw(st.sampled_from([0.0, 1.0, -2.5]))
        model.add(picked_rows[:, None], picked_columns[None, :], value)
        for r in picked_rows:
            for c in picked_columns:
                by_hand[r, c] += value
    assert (model.problem().matrix.toarray() == by_hand).all()


@examples(30, 1_000)
@given(shapes())
def test_every_row_and_column_can_be_named(drawn):
    model = Model()
    for i, shape in enumerate(drawn):
        columns = model.columns(f"c{i}", axes_of(shape))
        rows = model.rows(f"r{i}", axes_of(shape))
        for at in np.ndindex(shape):
            names = tuple(axis[place] for axis, place in zip(axes_of(shape), at, strict=True))
            assert model.column_key(int(columns[at])) == (f"c{i}", names)
            assert model.row_key(int(rows[at])) == (f"r{i}", names)


def test_bounds_wholeness_and_limits_follow_the_shape_of_their_block():
    model = Model()
    model.columns("x", (("a", "b"), ("m", "n")), lower=np.array([[1.0], [2.0]]), upper=5.0, integer=True)
    model.columns("y", (("c",),), upper=np.inf)
    model.rows("r", (("a", "b"),), lower=np.array([0.0, -np.inf]), upper=3.0, soft=True)
    problem = model.problem()
    assert problem.column_lower.tolist() == [1, 1, 2, 2, 0]
    assert problem.column_upper.tolist() == [5, 5, 5, 5, np.inf]
    assert problem.integer.tolist() == [True] * 4 + [False]
    assert problem.row_lower.tolist() == [0, -np.inf] and problem.row_upper.tolist() == [3, 3]
    assert problem.soft.all()
    assert not problem.cost.any() and problem.offset == 0


def test_columns_know_their_stage():
    stages = ("one", "two")
    model = Model(stages)
    model.columns("x", (("a", "b"), stages), integer=True)
    model.columns("y", (stages,))
    model.columns("z", (("alone",),))
    problem = model.problem()
    assert problem.stage.tolist() == [0, 1, 0, 1, 0, 1, -1]
    assert problem.look_ahead == 2 and model.problem(look_ahead=1).look_ahead == 1


def test_zeros_are_left_out_and_repeated_terms_summed():
    model = Model()
    x = model.columns("x", (("a", "b"),))
    r = model.rows("r", (("only",),))
    model.add(r, x, np.array([0.0, 2.0]))
    model.add(r, x, np.array([0.0, 3.0]))
    assert model.problem().matrix.nnz == 1
    assert model.problem().matrix.toarray().tolist() == [[0.0, 5.0]]


def test_a_model_without_anything_is_a_problem_without_anything():
    problem = Model().problem()
    assert problem.matrix.shape == (0, 0)
    assert len(problem.column_lower) == len(problem.row_lower) == 0


def test_limits_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="broadcast"):
        Model().rows("r", (("a", "b"),), upper=np.zeros(3))
