"""Reduction of sample paths: by hand, against every other choice, and the laws it keeps."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.reduce import (
    around_mean,
    forward_selection,
    known_features,
    labels_of,
    part_in_two,
    raised,
    stage_features,
    told_apart,
)
from tests.conftest import examples

# Nemhauser, Wolsey & Fisher (1978): of what the best further choices would take off, greedy ones take at least this.
GREEDY_SHARE = 1 - 1 / np.e


def on_a_line(*places: float) -> np.ndarray:
    line = np.array(places)[:, None]
    return abs(line - line.T)


def distance(cost, weight, kept) -> float:
    return float(weight @ cost[:, list(kept)].min(axis=1))


def best_of(cost, weight, size, with_first=()) -> float:
    return min(distance(cost, weight, {*with_first, *kept}) for kept in combinations(range(cost.shape[1]), size))


def test_four_paths_become_two_as_worked_out_by_hand():
    # Of 0, 1, 5 and 20, the middle 1 costs least alone: 1 + 0 + 4 + 19 = 24 quarters. Then 20 takes off 19 of them.
    kept = forward_selection(on_a_line(0, 1, 5, 20), np.full(4, 0.25), 2)
    assert kept.kept.tolist() == [1, 3]
    assert kept.nearest.tolist() == [0, 0, 0, 1]
    assert kept.weight.tolist() == [0.75, 0.25]
    assert kept.distance.tolist() == [6.0, 1.25]


def test_weight_decides_which_path_stands_for_all():
    assert forward_selection(on_a_line(0, 1, 5, 20), np.array([0.1, 0.1, 0.1, 0.7]), 1).kept.tolist() == [3]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_groups_equally_far_apart_are_found_as_well_as_by_trying_all(size):
    star = np.array([[0, 1, 1, 1], [1, 0, 2, 2], [1, 2, 0, 2], [1, 2, 2, 0]])
    cost = np.kron(np.eye(size), star) + 50.0 * (1 - np.kron(np.eye(size), np.ones((4, 4))))
    weight = np.full(len(cost), 1 / len(cost))
    kept = forward_selection(cost, weight, size)
    assert sorted(kept.kept.tolist()) == [4 * group for group in range(size)]
    assert kept.distance[-1] == pytest.approx(best_of(cost, weight, size)) == pytest.approx(0.75)
    assert kept.weight == pytest.approx(np.full(size, 1 / size))


@st.composite
def problems(draw):
    count = draw(st.integers(2, 7))
    points = draw(arrays(np.int64, (count, 2), elements=st.integers(0, 9)))
    weight = draw(arrays(np.int64, count, elements=st.integers(1, 5)))
    cost = np.linalg.norm((points[:, None] - points).astype(float), axis=2)
    return points, cost, weight / weight.sum()


@examples(40, 1_000)
@given(problems(), st.integers(2, 4))
def test_greedy_choices_take_off_a_stated_share_of_what_the_best_ones_would(problem, size):
    _, cost, weight = problem
    size = min(size, len(cost))
    kept = forward_selection(cost, weight, size)
    at_best = best_of(cost, weight, size - 1, with_first=kept.kept[:1].tolist())
    taken_off, could_be = kept.distance[0] - kept.distance[-1], kept.distance[0] - at_best
    assert taken_off >= GREEDY_SHARE * could_be - 1e-12


@examples(40, 1_000)
@given(problems())
def test_distance_never_rises_with_size_and_is_0_with_all_distinct_paths(problem):
    points, cost, weight = problem
    kept = forward_selection(cost, weight, len(cost))
    assert (np.diff(kept.distance) <= 1e-12).all()
    assert kept.distance[-1] == 0
    assert len(kept.kept) == len(np.unique(points, axis=0))
    for size, stated in enumerate(kept.distance, 1):
        again = forward_selection(cost, weight, size)
        assert stated == pytest.approx(distance(cost, weight, again.kept))
        assert again.weight.sum() == pytest.approx(1)


@pytest.mark.parametrize("wrong", [{"size": 0}, {"weight": np.array([0.5, np.nan])}, {"weight": np.ones(3)},
                                   {"cost": -on_a_line(0, 1)}, {"cost": np.zeros((0, 0)), "weight": np.zeros(0)},
                                   ])  # fmt: skip
def test_values_that_cannot_be_are_refused(wrong):
    good = {"cost": on_a_line(0, 1), "weight": np.full(2, 0.5), "size": 1}
    with pytest.raises(InvalidRecordError):
        forward_selection(**(good | wrong))


# Two paths of two areas over four months, in stages of two months.
PATHS = np.array([[[4, 0, 9, 0], [0, 0, 0, 0]], [[0, 0, 0, 0], [0, 9, 8, 8]]])


def test_features_are_square_roots_of_the_deaths_of_a_stage():
    first, second = stage_features(PATHS, (0, 2))
    assert first.tolist() == [[2, 0], [0, 3]]
    assert second.tolist() == [[3, 0], [0, 4]]


def test_a_node_knows_the_months_before_it_or_its_own():
    features = stage_features(np.tile(PATHS, (1, 1, 2)), (0, 2, 4, 6))
    assert [x.tolist() for x in known_features(features, seen=False)[1:]] == [x.tolist() for x in features[1:]]
    seen = known_features(features, seen=True)
    assert [x.shape for x in seen] == [(2, 1), (2, 2), (2, 4), (2, 6)]
    assert seen[2].tolist() == [[2, 0, 3, 0], [0, 3, 0, 4]]
    assert not seen[0].any()


@st.composite
def lines(draw):
    count = draw(st.integers(2, 7))
    places = draw(st.lists(st.integers(-20, 20), min_size=count, max_size=count, unique=True))
    mass = np.array(draw(st.lists(st.integers(1, 5), min_size=count, max_size=count)), float)
    places = np.array(places, float)
    return (places - mass @ places / mass.sum())[:, None], mass


def told(away, mass, chosen) -> float:
    """Return what parting takes off Σ mass · |point - mean|², by its definition."""
    parts = (away[side] - mass[side] @ away[side] / mass[side].sum() for side in (chosen, ~chosen))
    left = sum(mass[side] @ np.square(part).sum(axis=1) for side, part in zip((chosen, ~chosen), parts, strict=True))
    return float(mass @ np.square(away).sum(axis=1) - left)


@examples(60, 2_000)
@given(lines())
def test_points_on_a_line_are_parted_as_well_as_by_trying_every_way(line):
    away, mass = line
    ways = [np.array([bool(w >> i & 1) for i in range(len(mass))]) for w in range(1, 2 ** len(mass) - 1)]
    chosen = part_in_two(away, mass, np.ones((1, len(mass)), int))
    assert told(away, mass, chosen) == pytest.approx(max(told(away, mass, way) for way in ways))


def test_a_parting_that_leaves_too_few_paths_of_a_leaf_is_not_made():
    away, mass = np.array([[-1.0], [-1.5], [2.5]]), np.ones(3)
    chosen = part_in_two(away, mass, np.array([[2, 2, 2]]), least=2)
    assert chosen is not None and chosen.tolist() == [True, True, False]
    assert part_in_two(away, mass, np.array([[1, 1, 1]]), least=2) is None


def test_a_leaf_that_is_not_parted_costs_nothing():
    # Two leaves: the cut between them tells less than one within the second, but parts none.
    away = np.array([[-3.0], [-3.0], [1.0], [5.0]])
    chosen = part_in_two(away, np.ones(4), np.array([[1, 1, 0, 0], [0, 0, 1, 1]]))
    assert chosen is not None and chosen.tolist() in ([True, True, False, False], [False, False, True, True])


@examples(40, 1_000)
@given(arrays(np.int64, (5, 2), elements=st.integers(0, 50)), st.lists(st.integers(1, 9), min_size=5, max_size=5))
def test_sums_give_the_squares_around_the_mean(points, mass):
    points, mass = points.astype(float), np.array(mass, float)
    middle = mass @ points / mass.sum()
    assert around_mean(mass @ raised(points)) == pytest.approx(mass @ np.square(points - middle).sum(axis=1), abs=1e-8)


def test_the_same_place_lies_at_no_distance():
    points = np.array([[0.1, 0.7]] * 3 + [[5.0, 9.0]])
    assert around_mean(raised(points)[:3].sum(axis=0)) == 0


def test_paths_that_were_the_same_so_far_bear_the_same_label():
    features = [np.array([[1.0], [1.0], [2.0]]), np.array([[5.0], [6.0], [5.0]]), np.array([[0.0], [0.0], [0.0]])]
    assert labels_of(features, seen=True).tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 2]]
    assert labels_of(features, seen=False).tolist() == [[0, 0, 0], [0, 1, 0], [0, 1, 0]]


def test_deviation_and_share_told_apart_as_worked_out_by_hand():
    # Deaths 0, 2 | 10, 12 in the second month: one scenario means 6 (deviations 6, 4, 4, 6), two mean 1 and 11.
    paths = np.array([[[1, 0]], [[1, 2]], [[1, 10]], [[1, 12]]])
    quarter = np.full(4, 0.25)
    halves = quarter * np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1]])
    away, of_one, share = told_apart(paths, (0, 1), (0, 1, 1), halves)
    assert (away, of_one) == (0.5, 2.5)
    assert share == pytest.approx(1 - 1 / 26)
