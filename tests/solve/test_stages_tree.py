"""A program of stages over its whole tree equals backward recursion, the plan of one future, and itself shuffled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from bluehelm.errors import InfeasibleMissionError, StoppedError
from bluehelm.solve.highs import Limits
from bluehelm.solve.stages import Outcomes
from bluehelm.solve.stages_file import program_from
from bluehelm.solve.stages_tree import assemble, layers_of, parents_of, solve_stages
from tests.conftest import examples
from tests.solve.inventories import LACKED, MADE, MOST, STORE, STORED, best_by_recursion, inventory, months

KNOWN = {"data": {"demand": 1}}
COIN = {"outcome": [{"probability": 0.5, "demand": 1}, {"probability": 0.5, "demand": 3}]}


def test_a_tree_has_a_node_for_each_thing_that_may_turn_out():
    first, second, third = layers_of(program_from(inventory([KNOWN, COIN, COIN]), "made up"))
    assert first.probability.tolist() == [1.0]
    assert second.probability.tolist() == [0.5, 0.5]
    assert third.before.tolist() == [0, 0, 1, 1]
    assert third.outcome.tolist() == [0, 1, 0, 1]


def test_each_node_knows_its_parent():
    assert parents_of(program_from(inventory([KNOWN, COIN, COIN]), "made up")).tolist() == [-1, 0, 0, 1, 1, 2, 2]


def test_what_has_no_chance_has_no_node():
    never = {"outcome": [{"probability": 1.0, "demand": 1}, {"probability": 0.0, "demand": 9}]}
    assert solve_stages(program_from(inventory([KNOWN, never, never]), "made up")).nodes == 3


def test_stock_is_kept_for_the_month_in_which_demand_may_be_high():
    # 1 in stock and 1 asked: make 1 (2) and store it (1); then 1 asked: nothing made; or 3: 2 made (4). 3 + 4 / 2 = 5.
    answer = solve_stages(program_from(inventory([KNOWN, COIN]), "made up"))
    assert answer.objective == pytest.approx(5.0)
    assert answer.bound == pytest.approx(5.0)
    assert answer.decision == {"made": 1.0, "stored": 1.0, "lacked": 0.0}


@examples(40, 500)
@given(months())
def test_the_whole_tree_at_once_gives_what_backward_recursion_gives(drawn):
    answer = solve_stages(program_from(inventory(drawn), "made up"))
    assert answer.objective == pytest.approx(best_by_recursion(drawn), abs=1e-6)


@examples(30, 300)
@given(st.lists(st.floats(0, 5), min_size=1, max_size=6))
def test_a_tree_with_one_branch_is_the_plan_of_that_future(demands):
    raw = inventory([{"outcome": [{"probability": 1.0, "demand": demand}]} for demand in demands])
    for stage in raw["stage"]:
        stage["columns"] = {name: {**bounds, "whole": False} for name, bounds in stage["columns"].items()}
    count = len(demands)
    keep, step = np.eye(count), np.eye(count, k=-1)
    # made + lacked + stored before - stored = demand, written for all months in one linear program.
    rows = np.hstack([keep, step - keep, keep])
    bounds = [(0, MOST)] * count + [(0, STORE)] * count + [(0, None)] * count
    owed = np.array(demands)
    owed[0] -= 1.0  # the stock at the start
    other = linprog(np.repeat([MADE, STORED, LACKED], count), A_eq=rows, b_eq=owed, bounds=bounds)
    assert solve_stages(program_from(raw, "made up")).objective == pytest.approx(other.fun, abs=1e-6)


@examples(30, 300)
@given(months(), st.randoms(use_true_random=False))
def test_the_order_of_outcomes_and_states_leaves_the_best_value(drawn, random):
    shuffled = [
        {key: random.sample(value, len(value)) if isinstance(value, list) else value for key, value in month.items()}
        for month in drawn
    ]
    first, second = (solve_stages(program_from(inventory(each), "made up")) for each in (drawn, shuffled))
    assert first.objective == pytest.approx(second.objective, abs=1e-6)


@examples(30, 300)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 40)), min_size=1, max_size=6))
def test_the_newsvendor_orders_the_critical_quantile(demands):
    weight, demand = (np.array(column, float) for column in zip(*demands, strict=True))
    probability = weight / weight.sum()
    price, cost = 5.0, 2.0
    raw = {
        "name": "Newsvendor", "source": "made up", "sense": "max",
        "stage": [
            {"name": "order", "columns": {"ordered": {}}, "rows": {}, "cost": f"-{cost} * ordered"},
            {"name": "sell", "columns": {"sold": {}}, "cost": f"{price} * sold", "data": {"demand": 0.0},
             "rows": {"papers": "sold <= ordered[-1]", "demand": "sold <= demand"}},
        ],
    }  # fmt: skip
    stated = program_from(raw, "made up")
    order, sell = stated.stages
    program = replace(stated, stages=(order, replace(sell, outcomes=Outcomes(probability, {"demand": demand}))))
    rising = np.argsort(demand, kind="stable")
    reached = np.cumsum(probability[rising]) >= (price - cost) / price - 1e-12
    best = demand[rising][np.argmax(reached)]
    profit = float(price * (probability * np.minimum(demand, best)).sum() - cost * best)
    assert solve_stages(program).objective == pytest.approx(profit, abs=1e-6)


def test_constants_and_data_of_the_cost_are_counted_with_their_chances():
    raw = inventory([KNOWN, COIN])
    raw["stage"][1]["cost"] += " + 10 * demand + 1"
    assert solve_stages(program_from(raw, "made up")).objective == pytest.approx(5.0 + 20.0 + 1.0)


def test_columns_know_the_node_in_which_they_are_decided():
    problem = assemble(program_from(inventory([KNOWN, COIN]), "made up"))
    assert problem.stage.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_a_program_that_nothing_satisfies_is_told_by_name():
    raw = inventory([KNOWN, COIN])
    raw["stage"][1]["rows"]["hopeless"] = "made >= 3"
    with pytest.raises(InfeasibleMissionError, match=r"'Inventory' has no solution .* at all of its 3 nodes"):
        solve_stages(program_from(raw, "made up"))


def test_a_search_stopped_before_anything_was_found_claims_nothing():
    program = program_from(inventory([KNOWN, *[COIN] * 9]), "made up")
    with pytest.raises(StoppedError, match="more seconds"):
        solve_stages(program, Limits(gap=0.0, seconds=0.0))
