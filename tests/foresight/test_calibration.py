from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.calibration import (
    CHANCE_EDGES,
    exceedance,
    interval_coverage,
    pit,
    pit_histogram,
    reliability,
)
from tests.conftest import examples


def war(paths: int, forecasts: int, *, level: float = 1.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Samples and what came, from the same heavy-tailed counts with many zeros."""
    draw = np.random.default_rng(seed)
    rate = level * np.exp(draw.normal(-2, 2, forecasts))
    deaths = draw.poisson(draw.gamma(0.3, rate / 0.3, (paths + 1, forecasts)))
    return deaths[:-1], deaths[-1]


def shared_shocks(blocks: int, areas: int, share: float, seed: int) -> np.ndarray:
    """PIT values, uniform each, of which those of a block rise and fall together."""
    draw = np.random.default_rng(seed)
    normal = draw.normal(size=(blocks, 1)) * share**0.5 + draw.normal(size=(blocks, areas)) * (1 - share) ** 0.5
    return stats.norm.cdf(normal)


# Worked by hand.


def test_the_pit_lies_between_the_samples_below_and_those_not_above():
    samples = np.array([0, 0, 1, 5])[:, None] * np.ones(1000, int)
    for came, low, high in ((0, 0, 3), (1, 2, 4), (3, 3, 4), (5, 3, 5), (9, 4, 5)):
        places = pit(samples, np.full(1000, came), seed=0)
        assert low / 5 <= places.min() < places.max() <= high / 5
        assert places.mean() == pytest.approx((low + high) / 10, abs=0.02)


def test_the_histogram_gives_the_share_in_each_bin_with_one_in_the_last():
    found = pit_histogram([0.0, 0.05, 0.5, 1.0], seed=0)
    assert found.shares.tolist() == [0.5, 0, 0, 0, 0, 0.25, 0, 0, 0, 0.25]
    assert found.values == 4 and found.blocks is None


def test_one_block_leaves_the_band_unknown():
    found = pit_histogram([0.1, 0.9], seed=0, blocks=[2017, 2017])
    assert (found.low, found.high, found.within_band, found.blocks) == (None, None, None, 1)


def test_chances_of_at_least_so_many_deaths_are_set_against_what_came():
    samples, observed = np.array([[0, 0, 12], [0, 10, 30], [0, 0, 11], [0, 0, 99]]), np.array([0, 40, 12])
    chance, happened = exceedance(samples, observed, 10)
    assert (chance.tolist(), happened.tolist()) == ([0, 0.25, 1], [0, 1, 1])
    found = reliability(samples, observed)
    assert [row.at_least for row in found] == [1, 10, 25]
    ten = found[1]
    assert ten.mean_chance == pytest.approx(1.25 / 3) and ten.observed_share == pytest.approx(2 / 3)
    assert ten.brier_score == pytest.approx(0.75**2 / 3)
    assert [(group.lowest_chance, group.highest_chance, group.forecasts) for group in ten.groups] == [
        (0, 0.01, 1), (0.2, 0.4, 1), (0.8, 1, 1),
    ]  # fmt: skip


def test_intervals_of_mostly_zeros_rightly_hold_more_than_their_nominal_share():
    samples = np.zeros((100, 50), int)
    samples[:4] = 9  # 96 % of the samples are 0, and so is the whole 90 % interval
    found = interval_coverage(samples, np.repeat([0, 9], [48, 2]))
    assert [row.share for row in found] == [0.5, 0.9]
    assert found[1].expected_share == pytest.approx(0.96) and found[1].observed_share == pytest.approx(0.96)


# Against other ways.


def test_the_pit_of_calibrated_counts_is_uniform_however_few_the_paths():
    for paths in (2, 7, 100):
        places = pit(*war(paths, 20_000, seed=paths), seed=1)
        assert places.min() >= 0 and places.max() <= 1
        assert stats.kstest(places, "uniform").pvalue > 0.01


def test_without_ties_the_pit_follows_the_distribution_function():
    draw = np.random.default_rng(5)
    samples, observed = draw.gamma(2, 3, (20_000, 30)), draw.gamma(2, 3, 30)
    assert pit(samples, observed, seed=0) == pytest.approx(stats.gamma.cdf(observed, 2, scale=3), abs=0.02)


def test_the_band_holds_all_bins_at_once_in_nine_of_ten_cases():
    draw = np.random.default_rng(6)
    inside = sum(bool(pit_histogram(draw.random(300), seed).within_band) for seed in range(150))
    assert 0.84 <= inside / 150 <= 0.96


def test_values_that_hang_together_need_the_band_of_their_blocks():
    blocks = np.repeat(np.arange(20), 50).reshape(20, 50)
    inside = np.zeros(2)
    for seed in range(60):
        places = shared_shocks(20, 50, 0.3, seed)
        inside += [bool(pit_histogram(places, seed, blocks=names).within_band) for names in (None, blocks)]
    naive, honest = inside / 60
    assert naive < 0.6
    assert 0.82 <= honest <= 0.97


@pytest.mark.parametrize("wrong", ["half", "too sure"])
def test_a_wrong_forecast_leaves_the_band(wrong):
    samples, observed = war(200, 3_000, level=20)
    blocks = np.arange(3_000) // 100
    bad = samples // 2 if wrong == "half" else np.broadcast_to(np.rint(samples.mean(axis=0)), samples.shape)
    assert pit_histogram(pit(samples, observed, 0), 0, blocks=blocks).within_band
    assert not pit_histogram(pit(bad, observed, 0), 0, blocks=blocks).within_band
    assert not pit_histogram(pit(bad, observed, 0), 0).within_band


def test_calibrated_chances_are_reliable_in_nearly_every_group():
    groups = [group for row in reliability(*war(500, 8_000, level=20)) for group in row.groups]
    assert len(groups) > 20
    assert np.mean([group.reliable for group in groups]) > 0.75


def test_chances_that_are_twice_too_high_are_found_out():
    samples, observed = war(500, 8_000, level=20)
    row = reliability(samples * 4, observed, [10])[0]
    assert row.mean_chance > 1.3 * row.observed_share
    assert np.mean([group.reliable for group in row.groups]) < 0.5
    assert row.brier_score > reliability(samples, observed, [10])[0].brier_score


def test_the_interval_of_a_group_is_that_of_wilson():
    samples = np.repeat([[0], [3]], [60, 40], axis=0) * np.ones(30, int)
    group = reliability(samples, np.repeat([0, 2], [20, 10]), [1])[0].groups[0]
    theirs = stats.binomtest(10, 30).proportion_ci(0.9, method="wilson")
    assert (group.low, group.high) == pytest.approx((theirs.low, theirs.high))
    assert group.mean_chance == pytest.approx(0.4) and group.reliable


def test_calibrated_intervals_hold_what_they_are_expected_to_hold():
    for row in interval_coverage(*war(400, 8_000, level=20)):
        assert row.expected_share >= row.share
        assert row.observed_share == pytest.approx(row.expected_share, abs=0.015)


# Laws.


def test_the_seed_alone_decides_ties_and_bands():
    samples, observed = war(20, 200)
    assert pit(samples, observed, 1).tolist() == pit(samples, observed, 1).tolist()
    assert pit(samples, observed, 1).tolist() != pit(samples, observed, 2).tolist()
    assert pit_histogram([0.1, 0.2], 1).low == pit_histogram([0.1, 0.2], 1).low


def test_areas_and_months_keep_their_places():
    samples, observed = war(30, 24)
    assert (
        pit(samples.reshape(30, 6, 4), observed.reshape(6, 4), 0).ravel().tolist() == pit(samples, observed, 0).tolist()
    )


@examples(50, 1_000)
@given(st.integers(2, 20), st.integers(1, 30), st.integers(0, 99))
def test_every_forecast_is_in_one_group_and_no_number_is_missing(paths, forecasts, seed):
    samples, observed = war(paths, forecasts, level=5, seed=seed)
    for row in reliability(samples, observed):
        assert sum(group.forecasts for group in row.groups) == forecasts
        for group in row.groups:
            assert group.lowest_chance - 1e-9 <= group.mean_chance <= group.highest_chance + 1e-9
            assert 0 <= group.low <= group.observed_share <= group.high <= 1
    found = pit_histogram(pit(samples, observed, seed), seed)
    assert found.shares.sum() == pytest.approx(1)
    assert found.low is not None and found.high is not None
    assert 0 <= found.low < 0.1 < found.high
    assert CHANCE_EDGES[0] == 0 and CHANCE_EDGES[-1] == 1


# Bad input.


@pytest.mark.parametrize("look", [lambda x, y: pit(x, y, 0), reliability, interval_coverage])
def test_bad_samples_are_named(look):
    with pytest.raises(InvalidRecordError, match="Put the paths first"):
        look(np.zeros((5, 3)), np.zeros(5))
    with pytest.raises(InvalidRecordError, match="observed: 1 of 3"):
        look(np.zeros((5, 3)), [0, np.nan, 1])
    with pytest.raises(InvalidRecordError, match="Draw more paths"):
        look(np.zeros((1, 3)), np.zeros(3))


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        ([], {}, "0 PIT values"),
        ([0.5, 1.2], {}, "up to 1.2"),
        ([0.5], {"bins": 1}, "in 1 bins"),
        ([0.5, float("nan")], {}, "pit_values: 1 of 2"),
        ([0.5, 0.6], {"blocks": [1]}, "for 2 values"),
        ([0.5], {"band_share": 1.0}, "between 0 and 1"),
    ],
)
def test_bad_input_of_the_histogram_is_named(values, options, said):
    with pytest.raises(InvalidRecordError, match=said):
        pit_histogram(values, 0, **options)


def test_at_least_no_deaths_is_refused():
    with pytest.raises(InvalidRecordError, match="0 deaths or more is certain"):
        reliability([[0], [1]], [0], [0])
