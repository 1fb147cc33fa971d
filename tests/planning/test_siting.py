"""Bases move to where most harm lies within reach, and the best spots are the best there are."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.planning.siting import best_moves, best_spots

# Spot i reaches point i and its right neighbour; weights rise to the right.
REACH = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]], np.float32)
WEIGHT = np.array([1.0, 2.0, 3.0, 4.0])


def covered(spots, reach=REACH, weight=WEIGHT):
    return float(weight[reach[np.asarray(spots, int)].any(axis=0)].sum())


def test_one_base_moves_to_the_heaviest_spot():
    [move] = best_moves(np.array([0]), np.array([True]), REACH, WEIGHT, most=1)
    assert (move.base, move.spot) == (0, 2)
    assert move.gain == pytest.approx(7 - 3)


def test_a_base_that_may_not_move_stays():
    assert best_moves(np.array([0]), np.array([False]), REACH, WEIGHT, most=None) == []


def test_no_base_moves_where_nothing_is_gained():
    assert best_moves(np.array([2]), np.array([True]), REACH, WEIGHT, most=None) == []


def test_a_move_that_costs_more_days_than_it_gains_is_not_made():
    # From spot 1 (5 covered) to spot 2 (7 covered): a third of the time away is worth 7/3.
    assert best_moves(np.array([1]), np.array([True]), REACH, WEIGHT, most=1, away_share=1 / 3) == []
    [move] = best_moves(np.array([1]), np.array([True]), REACH, WEIGHT, most=1, away_share=0.1)
    assert move.gain == pytest.approx(0.9 * 7 - 5)


def test_a_gain_below_the_least_share_is_left():
    assert best_moves(np.array([1]), np.array([True]), REACH, WEIGHT, most=1, least_gain_share=0.3) == []


def test_shares_outside_their_range_are_refused():
    with pytest.raises(InvalidRecordError, match="away_share"):
        best_moves(np.array([0]), np.array([True]), REACH, WEIGHT, most=1, away_share=1.5)


def test_best_spots_keep_the_fixed_ones_and_prove_their_value():
    spots, bound = best_spots(np.array([0]), 2, REACH, WEIGHT)
    assert spots.tolist() == [0, 2]
    assert bound == pytest.approx(10.0)


def test_more_fixed_bases_than_bases_are_refused():
    with pytest.raises(InvalidRecordError, match="fixed"):
        best_spots(np.array([0, 1]), 1, REACH, WEIGHT)


def test_spots_without_any_weight_are_still_given():
    spots, bound = best_spots(np.zeros(0, np.int64), 2, REACH, np.zeros(4))
    assert len(set(spots.tolist())) == 2
    assert bound == 0.0


tables = st.integers(2, 7).flatmap(
    lambda spots: st.integers(1, 9).flatmap(
        lambda points: st.tuples(
            st.lists(
                st.lists(st.sampled_from([0, 1]), min_size=points, max_size=points), min_size=spots, max_size=spots
            ),
            st.lists(st.integers(0, 9), min_size=points, max_size=points),
            st.integers(1, spots),
        )
    )
)


@given(tables)
def test_best_spots_equal_brute_force(case):
    rows, weights, count = case
    reach, weight = np.array(rows, np.float32), np.array(weights, float)
    spots, bound = best_spots(np.zeros(0, np.int64), count, reach, weight)
    best = max(covered(chosen, reach, weight) for chosen in combinations(range(len(reach)), count))
    assert len(set(spots.tolist())) == count
    assert covered(spots, reach, weight) == pytest.approx(best)
    assert bound == pytest.approx(best, abs=1e-5)


@given(tables, st.data())
def test_each_move_gains_what_it_says_and_one_move_is_the_best_of_all(case, data):
    rows, weights, count = case
    reach, weight = np.array(rows, np.float32), np.array(weights, float)
    spots = np.array(data.draw(st.lists(st.integers(0, len(reach) - 1), min_size=count, max_size=count)))
    moves = best_moves(spots, np.ones(count, bool), reach, weight, most=1)
    ways = {(b, s): np.where(np.arange(count) == b, s, spots) for b in range(count) for s in range(len(reach))}
    best = max(covered(way, reach, weight) for way in ways.values()) - covered(spots, reach, weight)
    if moves:
        after = ways[moves[0].base, moves[0].spot]
        assert covered(after, reach, weight) - covered(spots, reach, weight) == pytest.approx(moves[0].gain, abs=1e-4)
        assert moves[0].gain == pytest.approx(best, abs=1e-4)
    else:
        assert best == pytest.approx(0, abs=1e-4)


@given(tables, st.data())
def test_more_moves_never_cover_less(case, data):
    rows, weights, count = case
    reach, weight = np.array(rows, np.float32), np.array(weights, float)
    start = np.array(data.draw(st.lists(st.integers(0, len(reach) - 1), min_size=count, max_size=count)))
    values = []
    for most in (0, 1, 2, None):
        spots = start.copy()
        for move in best_moves(start, np.ones(count, bool), reach, weight, most=most):
            spots[move.base] = move.spot
        values.append(covered(spots, reach, weight))
    assert values == sorted(values)
