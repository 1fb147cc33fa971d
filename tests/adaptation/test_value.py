"""Differences between ways to plan: intervals that follow from proofs, never a negative value of knowing more."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.adaptation.value import MAIN, Arm, differences_of, expected, ranges_of, worst_mean
from tests.conftest import examples

HALVES = (0.5, 0.5)


def arm(name: str, found: float, least: float | None = None, cost: float = 10.0) -> Arm:
    """Return a way to plan with the same deaths in both of two futures."""
    return Arm(
        name=name, unanswered=(found, found), cost_usd=(cost, cost), least_unanswered=least, least_cost_usd=cost - 1,
        gap=0.0, status="within_gap",
    )  # fmt: skip


def found_of(*arms: Arm) -> dict[str, tuple[float | None, float, float | None]]:
    told = differences_of({one.name: one for one in arms}, HALVES, 0.8)
    return {one.name: (one.low, one.deaths, one.high) for one in told}


def test_exact_plans_have_exact_values():
    found = found_of(arm("rigid", 9, 9), arm("rolling", 7, 7), arm("adaptive", 6, 6), arm("clairvoyant", 4, 4))
    assert found == {"adaptability": (3, 3, 3), "vss": (1, 1, 1), "evpi": (2, 2, 2)}


def test_what_searches_leave_open_widens_the_interval():
    found = found_of(arm("rigid", 9, 8), arm("rolling", 7, 7), arm("adaptive", 6, 5), arm("clairvoyant", 4, 3))
    # Rigid between 8 and 9, adaptive between 5 and 6, clairvoyant between 3 and 4.
    assert found == {"adaptability": (2, 3, 4), "vss": (1, 1, 2), "evpi": (1, 2, 3)}


def test_a_negative_value_of_knowing_more_is_never_told():
    """The clairvoyant's search ended above the adaptive plan, which it may follow too."""
    found = found_of(arm("rigid", 6, 2), arm("adaptive", 6.5, 2), arm("clairvoyant", 7, 2))
    assert found == {"adaptability": (0, 0, 4), "evpi": (0, 0, 4)}


def test_the_ways_to_plan_bound_each_other():
    """What nobody can pass who knows the future, nobody can pass who does not; who knows more may do as the others."""
    arms = {one.name: one for one in (arm("rigid", 9, 1), arm("adaptive", 8, 2), arm("clairvoyant", 7, 3))}
    assert ranges_of(arms, HALVES) == {"rigid": (3, 9), "adaptive": (3, 8), "clairvoyant": (3, 7)}
    arms["rolling"] = arm("rolling", 7.5, 7.5)
    assert ranges_of(arms, HALVES)["adaptive"] == (3, 7.5)


def test_where_nothing_is_proven_no_interval_is_told():
    assert found_of(arm("rigid", 9), arm("adaptive", 6)) == {"adaptability": (None, 3, None)}


def test_money_lies_between_what_each_plan_costs_and_could_cost():
    (one,) = differences_of({"rigid": arm("rigid", 9, 9, 20.0), "adaptive": arm("adaptive", 6, 6, 15.0)}, HALVES, 0.0)
    assert (one.cost_low_usd, one.cost_usd, one.cost_high_usd) == (4.0, 5.0, 6.0)


def test_a_part_that_was_taken_away_is_held_against_the_adaptive_plan():
    found = found_of(arm("adaptive", 6, 6), arm("without_orders", 8, 8))
    assert found == {"without_orders": (2, 2, 2)}


futures = st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 1)), min_size=1, max_size=8).map(
    lambda rows: ([value for value, _ in rows], [chance / sum(c for _, c in rows) for _, chance in rows])
)


@examples(100, 5_000)
@given(futures, st.floats(0, 0.99))
def test_the_worst_mean_is_the_least_of_level_and_excess_over_it(drawn, alpha):
    """CVaR as a minimum over levels, which is how the planner states it: the least is at one of the values."""
    values, chances = drawn
    by_level = min(
        level + sum(c * max(v - level, 0) for v, c in zip(values, chances, strict=True)) / (1 - alpha)
        for level in values
    )
    assert worst_mean(values, chances, alpha) == pytest.approx(by_level, rel=1e-9, abs=1e-9)


@examples(100, 5_000)
@given(futures)
def test_the_worst_mean_of_all_is_the_mean_and_grows_to_the_worst(drawn):
    values, chances = drawn
    steps = [worst_mean(values, chances, alpha) for alpha in (0.0, 0.3, 0.6, 0.9, 0.999999)]
    assert steps[0] == pytest.approx(expected(values, chances))
    assert all(before <= after + 1e-9 for before, after in pairwise(steps))
    assert steps[-1] == pytest.approx(max(values))


@examples(100, 5_000)
@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=4, max_size=4), st.permutations(MAIN))
def test_intervals_hold_the_value_whatever_the_searches_found(pairs, order):
    """True bests in the order that knowing more gives them; each search found something worse, and proved less."""
    bests = dict(zip(("clairvoyant", "adaptive", "rolling", "rigid"), sorted(a for a, _ in pairs), strict=True))
    slack = dict(zip(order, (b for _, b in pairs), strict=True))
    arms = {
        name: arm(name, best + (slack[name] if name != "rolling" else 0.0),
                  max(best - slack[name], 0.0) if name != "rolling" else best)
        for name, best in bests.items()
    }  # fmt: skip
    for one in differences_of(arms, HALVES, 0.8):
        assert one.low is not None
        assert one.high is not None
        assert 0 <= one.low <= one.deaths <= one.high
        assert one.low - 1e-9 <= bests[one.more] - bests[one.less] <= one.high + 1e-9
