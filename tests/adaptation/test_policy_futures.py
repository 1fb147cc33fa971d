"""Futures one by one, the mean of the worst of them, and where decisions part: worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.adaptation.policy import TOLD_TAIL, policy_of
from bluehelm.adaptation.policy_futures import Parting, mean_of_worst
from tests.adaptation.policy_plans import fan, move, tree_plan
from tests.conftest import examples
from tests.planning import small

NORMS = small.norms()
THREE = fan(0.5, 0.3, 0.2)


def test_each_future_adds_up_what_lies_on_its_path():
    plan = tree_plan(THREE, deaths={"root": {"a": 4.0}, "n0": {"b": 2.0}, "n2": {"a": 10.0, "c": 6.0}})
    found = policy_of(plan, None, NORMS).futures
    assert [(one.node_id, one.chance) for one in found] == [("n2", 0.2), ("n0", 0.5), ("n1", 0.3)]
    assert [(one.deaths, one.unanswered) for one in found] == [(20.0, 10.0), (6.0, 3.0), (4.0, 2.0)]
    assert [one.cost_usd for one in found] == pytest.approx([12.0, 15.0, 13.0])
    assert found[0].protected_share == 0.5


def test_the_tail_told_is_that_of_the_plan_or_the_worst_fifth():
    assert policy_of(tree_plan(THREE, tail=0.5), None, NORMS).tail == 0.5
    assert policy_of(tree_plan(THREE), None, NORMS).tail == TOLD_TAIL


def test_decisions_part_after_the_first_node_where_something_else_is_done():
    plan = tree_plan(THREE, movements=[*move("n1"), *move("n2")])
    found = policy_of(plan, None, NORMS)
    assert found.partings == (Parting("root", "2020-04", 1.0, (("n0",), ("n1", "n2"))),)
    assert (found.courses, found.first_parting) == (2, "2020-04")
    alike = policy_of(tree_plan(THREE), None, NORMS)
    assert (alike.partings, alike.courses, alike.first_parting) == ((), 1, "")


@examples(50, 2_000)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=6), st.floats(0, 0.98))
def test_the_mean_of_the_worst_is_the_least_of_level_and_excess(pairs, tail):
    """CVaR by its other form: the least of level + expected excess / (1 - tail), over all levels."""
    values = np.array([float(value) for value, _ in pairs])
    chances = np.array([weight for _, weight in pairs]) / sum(weight for _, weight in pairs)
    least = min(level + (chances @ np.maximum(values - level, 0)) / (1 - tail) for level in values)
    assert mean_of_worst(values.tolist(), chances.tolist(), tail) == pytest.approx(least, abs=1e-6)
