from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.bootstrap import Interval, mean_interval, paired_interval, ratio_interval
from bluehelm.words import speaking
from tests.conftest import examples

YEARS = [2014, 2014, 2015, 2015, 2016, 2016]

numbers = st.floats(-1e6, 1e6, allow_nan=False, allow_infinity=False)


def ends(found: Interval) -> tuple[float, float]:
    """Both ends of an interval that is known."""
    assert found.low is not None and found.high is not None
    return found.low, found.high


# Worked by hand.


def test_two_blocks_give_the_mean_between_their_own_means():
    found = mean_interval([1, 3, 5, 7], ["a", "a", "b", "b"], seed=0)
    assert (found.value, found.low, found.high, found.blocks) == (4.0, 2.0, 6.0, 2)


def test_a_long_block_counts_by_its_length():
    assert mean_interval([1, 1, 1, 9], [1, 1, 1, 2], seed=0).value == 3.0


def test_one_block_leaves_the_interval_unknown():
    found = mean_interval([1.0, 2.0, 6.0], [2017] * 3, seed=0)
    assert (found.value, found.low, found.high, found.blocks) == (3.0, None, None, 1)
    assert not found.excludes_zero
    assert found.sentence() == "3 (interval unknown: 1 block)"


def test_a_difference_that_is_always_the_same_has_no_width():
    found = paired_interval([5.0, 90.0, 7.0], [4.0, 89.0, 6.0], [1, 2, 3], seed=0)
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)
    assert found.excludes_zero


def test_a_pooled_share_is_the_ratio_of_sums_not_the_mean_of_ratios():
    assert ratio_interval([1, 50], [1, 100], [2014, 2015], seed=0).value == pytest.approx(51 / 101)


def test_a_share_of_nothing_is_unknown():
    found = ratio_interval([0, 0], [0, 0], [2014, 2015], seed=0)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.sentence() == "unknown: nothing to divide by"


def test_draws_of_quiet_years_alone_are_left_out_and_counted():
    found = ratio_interval([3, 0], [4, 0], [2014, 2015], seed=0, draws=4000)
    assert (found.value, found.low, found.high) == (0.75, 0.75, 0.75)
    assert found.useless_draws == pytest.approx(1000, abs=150)  # both draws of two take the quiet year


def test_the_interval_is_said_in_words_in_both_languages():
    found = mean_interval([1, 3, 5, 7], [1, 1, 2, 2], seed=0)
    assert found.sentence() == "4 (90% interval 2 to 6, 2 blocks)"
    with speaking("zh"):
        assert found.sentence() == "4（90% 区间 2 至 6，2 个区块）"


# Against other ways.


def test_the_draws_are_those_of_every_way_to_take_four_blocks_of_four():
    values = np.array([1.0, 2.0, 4.0, 8.0])
    every = sorted(values[list(way)].mean() for way in itertools.product(range(4), repeat=4))
    tail = stats.norm.cdf(stats.t.ppf(0.1, df=3) * np.sqrt(4 / 3))  # 80 %
    found = mean_interval(values, [1, 2, 3, 4], seed=0, draws=200_000, share=0.8)
    assert (found.low, found.high) == pytest.approx(np.quantile(every, [tail, 1 - tail]), abs=0.26)


def test_with_many_blocks_the_interval_is_that_of_student():
    values = np.random.default_rng(1).normal(5, 2, 400)
    found = mean_interval(values, np.arange(400), seed=0, draws=20_000)
    low, high = stats.t.interval(0.9, 399, loc=values.mean(), scale=stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.02)


def test_a_loop_over_draws_finds_the_same_pooled_share():
    draw = np.random.default_rng(2)
    deaths, blocks = draw.integers(0, 50, 90), np.repeat(np.arange(9), 10)
    reached = draw.binomial(deaths, 0.4)
    slow = []
    for _ in range(4000):
        rows = np.concatenate([np.flatnonzero(blocks == block) for block in draw.integers(0, 9, 9)])
        slow.append(reached[rows].sum() / deaths[rows].sum())
    tail = stats.norm.cdf(stats.t.ppf(0.05, df=8) * np.sqrt(9 / 8))
    found = ratio_interval(reached, deaths, blocks, seed=0, draws=4000)
    assert found.value == pytest.approx(reached.sum() / deaths.sum())
    assert (found.low, found.high) == pytest.approx(np.quantile(slow, [tail, 1 - tail]), abs=0.006)


@pytest.mark.parametrize(("blocks", "least"), [(4, 0.79), (12, 0.84), (40, 0.85)])
def test_a_ninety_percent_interval_holds_the_truth_in_about_ninety_percent(blocks, least):
    draw = np.random.default_rng(3)
    held = 0
    for seed in range(500):
        values = np.repeat(draw.normal(0, 1, blocks), 5) + draw.normal(0, 1, blocks * 5)
        found = mean_interval(values, np.repeat(np.arange(blocks), 5), seed, draws=500)
        low, high = ends(found)
        held += low <= 0 <= high
    assert least <= held / 500 <= 0.95


def test_values_that_hang_together_look_far_too_sure_without_their_blocks():
    draw = np.random.default_rng(4)
    blocks = np.repeat(np.arange(20), 20)
    values = draw.normal(0, 1, 20)[blocks] + draw.normal(0, 0.5, 400)
    honest, naive = (np.ptp(ends(mean_interval(values, names, seed=0))) for names in (blocks, np.arange(400)))
    assert honest > 3 * naive


# Laws.


@examples(60, 1_000)
@given(hnp.arrays(float, st.integers(1, 12), elements=numbers), st.data())
def test_ends_are_ordered_finite_and_within_the_block_means(values, data):
    blocks = data.draw(st.lists(st.sampled_from("abcd"), min_size=len(values), max_size=len(values)))
    found = mean_interval(values, blocks, seed=0, draws=200)
    assert found.value == pytest.approx(values.mean(), abs=1e-6)
    if len({*blocks}) == 1:
        assert found.low is None and found.high is None
        return
    means = [values[np.array(blocks) == block].mean() for block in {*blocks}]
    low, high = ends(found)
    assert min(means) - 1e-6 <= low <= high <= max(means) + 1e-6


@examples(40, 500)
@given(hnp.arrays(float, 6, elements=numbers), st.floats(-1e3, 1e3), st.floats(0.1, 100))
def test_moving_and_stretching_the_values_moves_and_stretches_the_interval(values, shift, scale):
    plain = mean_interval(values, YEARS, seed=0, draws=100)
    moved = mean_interval(values * scale + shift, YEARS, seed=0, draws=100)
    assert ends(moved) == pytest.approx([end * scale + shift for end in ends(plain)], rel=1e-6, abs=1e-3)


def test_names_and_order_of_the_blocks_do_not_matter():
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0])
    by_number = mean_interval(values, YEARS, seed=0)
    by_word = mean_interval(values, pl.Series([f"y{year}" for year in YEARS]).to_numpy(), seed=0)
    assert by_number == by_word
    assert mean_interval(values[[1, 0, 3, 2, 5, 4]], YEARS, seed=0) == by_number


def test_the_seed_alone_decides_the_draws():
    values = np.random.default_rng(0).random(6)
    assert mean_interval(values, YEARS, seed=1) == mean_interval(values, YEARS, seed=1)
    assert mean_interval(values, range(6), seed=1) != mean_interval(values, range(6), seed=2)


def test_the_difference_of_two_arms_is_that_of_their_numerators():
    deaths, a, b = np.array([40, 10, 30]), np.array([30, 2, 9]), np.array([10, 1, 8])
    apart = [ratio_interval(arm, deaths, [1, 2, 3], seed=0).value or 0.0 for arm in (a, b)]
    assert ratio_interval(a - b, deaths, [1, 2, 3], seed=0).value == pytest.approx(apart[0] - apart[1])


# Bad input.


@pytest.mark.parametrize(
    ("values", "blocks", "options", "said"),
    [
        ([1.0, 2.0], [1], {}, r"shape \(1,\) for 2 values"),
        ([1.0, 2.0], [[1, 2]], {}, "for 2 values"),
        ([], [], {}, "1 or more numbers"),
        ([[1.0]], [1], {}, "Flatten it"),
        ([1.0, float("nan")], [1, 2], {}, r"values: 1 of 2 numbers are missing or infinite, first at \(1,\)"),
        ([1.0, -float("inf")], [1, 2], {}, "values: 1 of 2"),
        ([1.0, 2.0], [1, None], {}, "missing names"),
        ([1.0, 2.0], [1.0, float("nan")], {}, "missing names"),
        ([1.0, 2.0], [1, 2], {"share": 90}, "between 0 and 1"),
        ([1.0, 2.0], [1, 2], {"draws": 5}, "100 or more"),
    ],
)
def test_bad_input_is_named(values, blocks, options, said):
    with pytest.raises(InvalidRecordError, match=said):
        mean_interval(values, blocks, 0, **options)


def test_pairs_must_be_pairs():
    with pytest.raises(InvalidRecordError, match="a has 2 numbers and b 3"):
        paired_interval([1, 2], [1, 2, 3], [1, 2], seed=0)
    with pytest.raises(InvalidRecordError, match="numerator has 2 numbers and denominator 1"):
        ratio_interval([1, 2], [1], [1, 2], seed=0)


def test_a_negative_denominator_is_refused():
    with pytest.raises(InvalidRecordError, match="denominator: 1 of 2 numbers are missing, infinite or negative"):
        ratio_interval([1, 2], [1, -1], [1, 2], seed=0)
