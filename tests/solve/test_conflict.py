from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.solve.conflict import Demand, bounds_as_rows, find_conflict
from bluehelm.solve.model import Model, Problem
from tests.conftest import examples


def one_number(limits: list[tuple[float, float]], *, integer: bool = False) -> tuple[Problem, list[Demand]]:
    """One column from 0 to 100, and a demand per (lowest, highest)."""
    model = Model()
    x = model.columns("x", (["x"], ["now"]), upper=100.0, integer=integer)
    demands: list[Demand] = []
    for i, (low, high) in enumerate(limits):
        rows = model.rows(f"demand_{i}", (["row"],), lower=low, upper=high)
        model.add(rows, x[0])
        demands.append(Demand(rows))
    return model.problem(), demands


def test_demands_that_agree_are_in_no_conflict():
    found = find_conflict(*one_number([(2, 5), (0, 3), (1, 4)]))
    assert (found.demands, found.undecided, found.impossible) == ((), False, False)


def test_only_the_demands_that_contradict_each_other_are_named():
    found = find_conflict(*one_number([(0, 50), (20, np.inf), (-np.inf, 12), (0, 99)]))
    assert found.demands == (1, 2)
    assert found.irreducible and not found.whole and not found.more


def test_each_demand_says_by_how_much_it_would_have_to_give_way():
    found = find_conflict(*one_number([(20, np.inf), (-np.inf, 12)]))
    assert np.allclose(found.gives_way, (8, 8))


def test_a_second_conflict_is_announced():
    model = Model()
    x = model.columns("x", (["a", "b"], ["now"]), upper=100.0)
    demands: list[Demand] = []
    for i in range(2):
        for low, high in ((20, np.inf), (-np.inf, 12)):
            rows = model.rows(f"demand_{len(demands)}", (["row"],), lower=low, upper=high)
            model.add(rows, x[i])
            demands.append(Demand(rows))
    found = find_conflict(model.problem(), demands)
    assert set(found.demands) in ({0, 1}, {2, 3})
    assert found.more


def test_a_conflict_of_whole_numbers_is_found_where_parts_would_do():
    problem, demands = one_number([(2.25, np.inf), (-np.inf, 2.75)], integer=True)
    found = find_conflict(problem, demands)
    assert found.demands == (0, 1)
    assert found.whole


def test_facts_that_contradict_each_other_are_said_to():
    problem, demands = one_number([(0, 5), (200, np.inf)])
    assert find_conflict(problem, demands[:1]).impossible


def test_rows_of_one_demand_stand_and_fall_together():
    model = Model()
    x = model.columns("x", (["a", "b"], ["now"]), upper=100.0)
    ceiling = model.rows("ceiling", (["a", "b"],), upper=10.0)
    model.add(ceiling, x[:, 0])
    need = model.rows("need", (["a"],), lower=30.0)
    model.add(need, x[0])
    found = find_conflict(model.problem(), [Demand(ceiling), Demand(need)])
    assert found.demands == (0, 1)
    assert np.allclose(found.gives_way, (20, 20))


def test_only_the_side_that_can_fall_gives_way():
    model = Model()
    x = model.columns("x", (["x"], ["now"]), upper=100.0)
    exact = model.rows("exact", (["row"],), lower=10.0, upper=10.0)
    model.add(exact, x[0])
    most = model.rows("most", (["row"],), upper=4.0)
    model.add(most, x[0])
    least = model.rows("least", (["row"],), lower=15.0)
    model.add(least, x[0])
    problem = model.problem()
    assert find_conflict(problem, [Demand(exact, upper=False), Demand(most)]).impossible
    part = [Demand(exact, upper=False), Demand(most), Demand(least)]
    assert find_conflict(problem, part).demands == (2,)


def test_bounds_of_columns_can_be_demands():
    problem, demands = one_number([(20, np.inf)])
    lower, upper = np.array([0.0]), np.array([12.0])
    tight = replace(problem, column_upper=upper)
    changed, rows = bounds_as_rows(tight, np.array([0]), lower, np.array([100.0]))
    found = find_conflict(changed, [*demands, Demand(rows)])
    assert found.demands == (0, 1)
    assert find_conflict(changed, demands).demands == (0,)  # what is no demand is a fact


@examples(40, 400)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=1, max_size=8))
def test_a_conflict_is_always_one_and_none_of_it_can_be_spared(pairs):
    limits = [(float(low), float(low + width)) for low, width in pairs]
    found = find_conflict(*one_number(limits))
    together = max(low for low, _ in limits) <= min(high for _, high in limits)
    assert (found.demands == ()) == together
    if found.demands:
        chosen = [limits[i] for i in found.demands]
        assert max(low for low, _ in chosen) > min(high for _, high in chosen)
        assert len(chosen) == 2
