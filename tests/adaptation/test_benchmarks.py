"""Benchmarks as conditions: what waits, and what delays cost with the plan held."""

from __future__ import annotations

import pytest

from bluehelm.adaptation.benchmarks import _delay, benchmarks
from tests.adaptation.leaving import benchmark, handover, months_of, planned
from tests.planning import small

# The ceiling of 200 hangs on a benchmark that is met in the fifth month and takes effect in the seventh.
STEPS = (small.ceiling(400), small.ceiling(200, after=6, when="calm"))


def held(**more):
    made = planned(ceilings=STEPS, condition=(benchmark(),), **more)
    return months_of(made)


def test_what_waits_is_listed_with_the_month_in_which_it_takes_effect():
    (one,) = benchmarks(held(handover=(handover(when="calm"),)))
    assert [(row.kind, row.amount, row.from_month) for row in one.waiting] == [
        ("ceiling", 200.0, "2020-07"), ("handover", 0.5, "2020-05"),
    ]  # fmt: skip
    assert (one.met_in, one.chance) == ("2020-05", 1.0)


def test_delays_cost_what_stays_longer_by_hand():
    # Two companies leave for the step; each costs 100 USD a month. Three months later the benchmark is met in the
    # eighth month, one after the step; six months later it is met after the ten months planned: four months are left.
    (one,) = benchmarks(held())
    three, six = one.delays
    assert [three.months, three.put_off, three.cost_usd] == pytest.approx([3, 1, 200])
    assert [six.months, six.put_off, six.cost_usd] == pytest.approx([6, 4, 800])
    assert three.how == "held" and three.protected_share is None


def test_a_later_benchmark_never_saves_money_and_costs_no_less_the_later_it_is():
    months = held()
    costs = [_delay(months, months.mission.mandate.condition[0], later).cost_usd for later in range(12)]
    assert costs[0] == 0.0 and costs == sorted(costs)


def test_a_benchmark_for_which_nothing_waits_costs_nothing():
    made = planned(ceilings=(small.ceiling(400),), condition=(benchmark(),))
    (one,) = benchmarks(months_of(made))
    assert one.waiting == () and [delay.cost_usd for delay in one.delays] == [0.0, 0.0]


def test_floors_break_where_an_actor_waits_longer():
    floor = small.floor(0.7, "far", after=8)
    made = planned(
        ceilings=(small.ceiling(400), small.ceiling(200, after=6)), floors=(floor,), condition=(benchmark(),),
        handover=(handover(when="calm", share_start=0.5),),
    )  # fmt: skip
    (one,) = benchmarks(months_of(made))
    assert [bool(delay.broken) for delay in one.delays] == [False, True]


def test_a_tree_says_in_which_share_of_the_futures_a_benchmark_is_met():
    nodes = (
        small.node("n", "", 0, 4), small.node("good", "n", 4, 6, 0.7, conditions=("calm",)),
        small.node("bad", "n", 4, 6, 0.3),
    )  # fmt: skip
    made = planned(ceilings=(small.ceiling(400),), condition=(benchmark(),), nodes=nodes)
    (one,) = benchmarks(months_of(made))
    assert one.chance == pytest.approx(0.7)
    assert (one.met_in, one.delays) == ("", ())


def test_a_benchmark_that_is_never_met_has_no_delay():
    made = planned(ceilings=STEPS, condition=(small.replace(benchmark(), holds_from=None),))
    (one,) = benchmarks(months_of(made))
    assert (one.chance, one.delays, one.waiting[0].from_month) == (0.0, (), "")
