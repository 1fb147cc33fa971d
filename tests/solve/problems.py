"""Small problems for tests of the solver: made by hand or drawn, with their best value found by trying everything."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import strategies as st

from bluehelm.solve.model import FloatArray, Model, Problem

STAGES = ("first", "second")


def aimed(problem: Problem, cost: list[float] | FloatArray, offset: float = 0.0) -> Problem:
    """Return a problem with an objective, minimised."""
    return replace(problem, cost=np.asarray(cost, float), offset=offset)


@st.composite
def whole_problems(draw: st.DrawFn) -> Problem:
    """Draw whole columns over two stages, rows with limits and an objective; 0 everywhere is always a solution."""
    names = [f"v{i}" for i in range(draw(st.integers(1, 4)))]
    model = Model(STAGES)
    columns = model.columns("v", (names, STAGES), upper=2.0, integer=True).ravel()
    count = draw(st.integers(1, 5))
    small = st.integers(-3, 3).map(float)
    limits = np.array([float(draw(st.integers(0, 5))) for _ in range(count)])
    rows = model.rows("limit", ([f"r{i}" for i in range(count)],), lower=-7.0 * len(columns), upper=limits)
    for row in rows:
        model.add(np.full(len(columns), row), columns, np.array([draw(small) for _ in columns]))
    cost = [draw(st.floats(-5, 5, allow_subnormal=False).map(lambda v: round(v, 3))) for _ in columns]
    return aimed(model.problem(), cost, draw(st.sampled_from([0.0, -1.0, 10.0])))


def best_by_trying(problem: Problem) -> float:
    """Try every whole solution."""
    ranges = [
        range(int(low), int(high) + 1) for low, high in zip(problem.column_lower, problem.column_upper, strict=True)
    ]
    tried = np.array(list(product(*ranges)), float).T
    activity = problem.matrix @ tried
    fits = ((activity <= problem.row_upper[:, None] + 1e-9) & (activity >= problem.row_lower[:, None] - 1e-9)).all(
        axis=0
    )
    return float((problem.cost @ tried[:, fits]).min() + problem.offset)


def breach(problem: Problem, values: FloatArray) -> float:
    """Return by how much a solution breaks a row, a bound or wholeness."""
    activity = problem.matrix @ values
    return float(
        max(
            np.max(activity - problem.row_upper, initial=0.0),
            np.max(problem.row_lower - activity, initial=0.0),
            np.max(values - problem.column_upper, initial=0.0),
            np.max(problem.column_lower - values, initial=0.0),
            np.max(np.abs(values - np.rint(values))[problem.integer], initial=0.0),
        )
    )
