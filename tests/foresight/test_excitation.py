from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.foresight.excitation import (
    BACKGROUNDS,
    HALF_LIVES_MONTHS,
    HALVES,
    KINDS,
    Weights,
    backgrounds_of,
    decayed,
    decays,
    intensity,
    marks_of,
    neighbours,
    parts_of,
)
from bluehelm.foresight.history import history_at
from bluehelm.mission.months import Month
from tests.foresight.made import areas, grid, record, war

PARTS = BACKGROUNDS + 2 * KINDS * HALVES + HALVES
WAR = history_at(war(150, 30), grid(9), Month(2012, 6))


def test_a_decayed_mean_is_worked_out_by_hand():
    # Half-life of one month: 8 counts a half the month after, then a quarter, then an eighth with 4 anew at a half.
    found = decayed(np.array([8.0, 0.0, 4.0]), np.array([0.5]))
    assert found.tolist() == [[0.0, 4.0, 2.0, 3.0]]


@given(st.lists(st.floats(0, 50), min_size=1, max_size=40))
def test_a_decayed_mean_never_exceeds_the_largest_of_the_past(marks):
    found = decayed(np.array(marks), decays())
    assert (found >= 0).all() and found.max() <= max(marks) * (1 + 1e-12)
    assert (decayed(np.ones(len(marks)), decays())[:, -1] < 1).all()


def test_a_half_life_is_the_time_in_which_a_mark_falls_to_a_half():
    found = decayed(np.eye(1, 100)[0], decays())
    for row, months in zip(found, HALF_LIVES_MONTHS, strict=True):
        assert row[1 + int(months)] == pytest.approx(row[1] / 2)


def test_neighbours_share_out_what_spreads_and_an_area_alone_keeps_nothing():
    # 11, 22 and 1,100 km of latitude.
    near = neighbours(record(areas((0, 20, 1), (0.1, 20, 1), (0.3, 20, 1), (10, 20, 1)), 1)).toarray()
    assert near.sum(axis=0) == pytest.approx([1, 1, 1, 0]) and (np.diag(near) == 0).all()
    bell = np.exp(-0.5 * (np.array([11.057, 33.172]) / 50) ** 2)
    assert near[1:3, 0] == pytest.approx(bell / bell.sum(), rel=1e-3)


def test_marks_are_logarithms_of_deaths_by_kind():
    marks = marks_of(record(grid(2), 2, [(0, 1, 3), (0, 1, 1)], [[2, 0], [0, 0]]))
    assert marks == pytest.approx(np.log([[[1, 8], [1, 1]], [[4, 1], [1, 1]]]))


def test_backgrounds_are_even_and_by_the_root_of_people():
    found = backgrounds_of(record(areas((0, 0, 0), (1, 1, 9)), 1))
    assert found == pytest.approx(np.array([[0.5, 0.5], [0.25, 0.75]]))


def test_parts_know_only_what_came_before_their_month():
    quiet = record(grid(4), 5, [(0, 4, 9)], groups=np.eye(1, 20)[:, ::-1].reshape(1, 4, 5))
    assert not parts_of(quiet, neighbours(quiet)).table[BACKGROUNDS:].any()


def slow_parts(history, near) -> np.ndarray:
    """Sum the past month by month, as the formula stands."""
    count, months = history.deaths.shape
    marks, spread, d = marks_of(history), near.toarray(), decays()
    table = np.zeros((PARTS, count, months))
    longest = len(d) - 1
    for t in range(months):
        table[:BACKGROUNDS, :, t] = backgrounds_of(history)
        for h in range(HALVES):
            weight = (1 - d[h]) * d[h] ** (t - 1 - np.arange(t))
            for k in range(KINDS):
                x = marks[k, :, :t] @ weight
                table[BACKGROUNDS + k * HALVES + h, :, t] = x
                table[BACKGROUNDS + (KINDS + k) * HALVES + h, :, t] = spread @ x
            for group in history.group_marks:
                y = group.sum(axis=0)[:t] @ weight
                where = group[:, :t] @ d[longest] ** (t - 1 - np.arange(t))
                if where.sum() > 0:
                    table[BACKGROUNDS + 2 * KINDS * HALVES + h, :, t] += y * where / where.sum()
    return table


def test_parts_equal_a_slow_sum_over_the_past():
    near = neighbours(WAR)
    assert parts_of(WAR, near).table == pytest.approx(slow_parts(WAR, near), rel=1e-9, abs=1e-12)


def test_intensity_of_a_future_continues_that_of_the_record():
    near, rng = neighbours(WAR), np.random.default_rng(0)
    flat = rng.random(PARTS)
    lambdas = np.tensordot(flat, slow_parts(WAR, near), 1)
    weights = Weights.cut(flat)
    for months in (1, 10, 25):
        state = parts_of(WAR.before(months), near).state
        found = intensity(
            weights, weights.background @ backgrounds_of(WAR), near, state.presence,
            state.own[..., None].astype(np.float32), state.groups[..., None].astype(np.float32),
        )  # fmt: skip
        assert found[:, 0] == pytest.approx(lambdas[:, WAR.months - months], rel=1e-5)


def test_presence_is_a_share_and_blame_gives_groups_back_all_their_marks():
    state = parts_of(WAR, neighbours(WAR)).state
    assert state.presence.sum(axis=0) == pytest.approx(1)
    marks = marks_of(WAR).sum(axis=(0, 2))
    assert state.blame.T @ marks == pytest.approx(WAR.group_marks.sum(axis=(1, 2)))
    assert state.blame.min() >= 0 and state.blame.sum(axis=1).max() <= 2


def test_weights_are_cut_and_joined_without_loss():
    flat = np.arange(PARTS, dtype=float)
    weights = Weights.cut(flat)
    blocks = (weights.background, weights.own, weights.beside, weights.groups)
    assert [block.shape for block in blocks] == [(2,), (2, 4), (2, 4), (4,)]
    assert np.concatenate([block.ravel() for block in blocks]).tolist() == flat.tolist()
    half = weights.scaled(0.5)
    assert half.background.tolist() == [0, 1] and half.groups.tolist() == (weights.groups / 2).tolist()
