from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.scores import (
    LOG_SCORE_BIN_TOPS,
    captured_share,
    central_interval,
    coverage,
    crps,
    interval_score,
    log_score,
)
from tests.conftest import examples

SCORES = [crps, log_score, interval_score, coverage]


def war(paths: int, forecasts: int, *, level: float = 1.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Samples and what came, from the same heavy-tailed counts with many zeros."""
    draw = np.random.default_rng(seed)
    rate = level * np.exp(draw.normal(-2, 2, forecasts))
    deaths = draw.poisson(draw.gamma(0.3, rate / 0.3, (paths + 1, forecasts)))
    return deaths[:-1].astype(np.int32), deaths[-1]


def slow_crps(samples: np.ndarray, observed: float, *, fair: bool) -> float:
    """Score one forecast by the definition: every sample against what came, and against every other."""
    pairs = [abs(float(a) - float(b)) for a, b in itertools.product(samples, samples)]
    paths = len(samples)
    error = sum(abs(float(x) - observed) for x in samples) / paths
    return error - sum(pairs) / (2 * paths * ((paths - 1) if fair else paths))


counts = hnp.arrays(
    np.int32,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=9),
    elements=st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 2**31 - 1)),
)


# Worked by hand.


def test_crps_of_two_samples_is_the_mean_error_less_a_quarter_of_their_distance():
    # |0-3| and |4-3| have the mean 2; the pairs (0,4) and (4,0) of four have the mean distance 2, half of it is 1.
    assert crps([[0], [4]], [3]) == pytest.approx([1.0])
    # Without bias the mean distance of distinct pairs is 4, half of it is 2.
    assert crps([[0], [4]], [3], fair=True) == pytest.approx([0.0])


def test_crps_of_a_certain_number_is_its_distance_from_what_came():
    assert crps([[7, 7], [7, 7], [7, 7]], [7, 9]).tolist() == [0.0, 2.0]
    assert crps([[0] * 3] * 40, [0, 5, 0.5]) == pytest.approx([0.0, 5.0, 0.5])


def test_log_score_counts_the_samples_in_the_bin_that_came_and_spreads_one_more_over_all():
    # 3 of 4 samples are 1 or 2, as is what came: (3 + 1/11) / 5.
    assert log_score([[1], [2], [2], [3]], [1]) == pytest.approx([-np.log2((3 + 1 / 11) / 5)])


def test_log_score_of_what_had_no_chance_is_hard_but_finite():
    assert log_score(np.zeros((1000, 1), int), [4000]) == pytest.approx([np.log2(11 * 1001)])
    assert log_score(np.zeros((1000, 1), int), [0]) == pytest.approx([np.log2(1001 / (1000 + 1 / 11))])


@pytest.mark.parametrize("place", range(len(LOG_SCORE_BIN_TOPS) - 1))
def test_a_count_at_the_top_of_a_bin_is_in_it_and_the_next_is_not(place):
    top = LOG_SCORE_BIN_TOPS[place]
    same, other = log_score([[top, top], [top, top]], [top, top + 1])
    assert (same, other) == pytest.approx((-np.log2((2 + 1 / 11) / 3), np.log2(33)))


def test_interval_score_is_the_width_and_ten_times_the_miss_for_eighty_percent():
    samples = np.arange(1, 11)[:, None]  # the middle 80 % is 1 to 9
    assert [end.tolist() for end in central_interval(samples, 0.8)] == [[1.0], [9.0]]
    scores = [float(interval_score(samples, [came], 0.8)[0]) for came in (0, 1, 5, 9, 12)]
    assert scores == pytest.approx([18, 8, 8, 8, 38])
    assert [bool(coverage(samples, [came], 0.8)[0]) for came in (0, 1, 9, 10)] == [False, True, True, False]


def test_the_ends_of_the_interval_do_not_slip_by_rounding():
    low, high = central_interval(np.arange(1, 101)[:, None], 0.9)
    assert (low[0], high[0]) == (5, 95)


def test_the_top_two_of_three_areas_capture_their_share_of_deaths():
    found = captured_share([5.0, 1.0, 3.0], [6, 3, 1], top=2)
    assert (found.share, found.mean_share, found.quiet) == (0.7, 0.7, 0)


def test_areas_expected_alike_share_the_places_left():
    # One area is first; one of three equals takes the second place: a third of 9 deaths.
    found = captured_share([9, 1, 1, 1, 0], [1, 9, 0, 0, 90], top=2)
    assert found.captured_deaths == pytest.approx(1 + 9 / 3)
    assert captured_share(np.zeros(10), np.arange(10), top=3).share == pytest.approx(0.3)


def test_months_in_which_nobody_died_are_left_out_and_counted():
    expected, observed = np.array([[2, 2, 2], [1, 1, 1]]), np.array([[3, 0, 0], [1, 0, 4]])
    found = captured_share(expected, observed, top=1)
    assert found.quiet == 1
    assert found.share == pytest.approx(3 / 8)
    assert found.mean_share == pytest.approx((3 / 4 + 0) / 2)
    assert (found.captured_deaths.tolist(), found.deaths.tolist()) == ([3, 0, 0], [4, 0, 4])


def test_the_captured_share_is_unknown_where_nobody_died_at_all():
    found = captured_share([[1.0], [2.0]], [[0], [0]], top=1)
    assert (found.share, found.mean_share, found.quiet) == (None, None, 1)


# Against other ways.


@examples(100, 3_000)
@given(counts, st.booleans(), st.data())
def test_crps_equals_its_definition_for_any_counts(samples, fair, data):
    observed = data.draw(hnp.arrays(np.int64, samples.shape[1], elements=st.integers(0, 2**31 - 1)))
    slow = [slow_crps(samples[:, i], float(came), fair=fair) for i, came in enumerate(observed)]
    size = 1.0 + samples.max() + observed.max()
    for kind in (np.int32, np.int64, np.float64):
        assert np.abs(crps(samples.astype(kind), observed, fair=fair) - slow).max() <= 1e-13 * size


@pytest.mark.parametrize("level", [1.0, 0.01])
@pytest.mark.parametrize("fair", [False, True])
def test_sorting_the_few_that_are_not_zero_gives_what_sorting_all_gives(level, fair):
    samples, observed = war(100, 5_000, level=level)
    assert (np.count_nonzero(samples) < 0.03 * samples.size) == (level < 1)  # the first takes the shortcut
    assert crps(samples, observed, fair=fair) == pytest.approx(crps(samples.astype(float), observed, fair=fair))


@pytest.mark.parametrize(("fair", "estimator"), [(False, "qd"), (False, "nrg"), (True, "pwm"), (True, "fair")])
@pytest.mark.parametrize("level", [1.0, 0.01])
def test_crps_agrees_with_scoringrules(fair, estimator, level):
    scoringrules = pytest.importorskip("scoringrules", reason="needs scoringrules (extra dev)")
    samples, observed = war(50, 400, level=level)
    theirs = scoringrules.crps_ensemble(observed.astype(float), samples.T.astype(float), estimator=estimator)
    assert crps(samples, observed, fair=fair) == pytest.approx(theirs, abs=1e-9)


def test_crps_agrees_with_properscoring():
    properscoring = pytest.importorskip("properscoring", reason="needs properscoring (extra dev)")
    samples, observed = war(50, 400)
    assert crps(samples, observed) == pytest.approx(properscoring.crps_ensemble(observed, samples.T))


def test_interval_score_agrees_with_scoringrules():
    scoringrules = pytest.importorskip("scoringrules", reason="needs scoringrules (extra dev)")
    samples, observed = war(200, 300)
    low, high = np.quantile(samples, [0.05, 0.95], axis=0, method="inverted_cdf")
    assert [end.tolist() for end in central_interval(samples, 0.9)] == [low.tolist(), high.tolist()]
    theirs = scoringrules.interval_score(observed.astype(float), low, high, alpha=0.1)
    assert interval_score(samples, observed, 0.9) == pytest.approx(theirs)


def test_log_score_agrees_with_a_histogram_of_each_forecast():
    samples, observed = war(60, 200, level=20)
    edges = np.array([-0.5, *(top + 0.5 for top in LOG_SCORE_BIN_TOPS[:-1]), 1e9])
    for i, score in enumerate(log_score(samples, observed)):
        chance = (np.histogram(samples[:, i], edges)[0] + 1 / 11) / 61
        assert chance.sum() == pytest.approx(1)
        assert score == pytest.approx(-np.log2(chance[np.digitize(observed[i], edges) - 1]))


@examples(100, 2_000)
@given(st.data())
def test_captured_share_is_the_mean_over_all_ways_to_break_ties(data):
    areas = data.draw(st.integers(1, 5))
    expected, observed = (
        np.array(data.draw(st.lists(st.integers(0, 3), min_size=areas, max_size=areas))) for _ in "eo"
    )
    top = data.draw(st.integers(1, areas))
    ways = [
        observed[sorted(order, key=lambda a: -expected[a])[:top]].sum()
        for order in itertools.permutations(range(areas))
    ]
    assert captured_share(expected, observed, top).captured_deaths == pytest.approx(np.mean(ways))


# Laws.


@pytest.mark.parametrize("score", SCORES)
def test_the_order_of_the_paths_does_not_matter(score):
    samples, observed = war(80, 500, level=0.3)
    shuffled = np.random.default_rng(1).permutation(samples, axis=0)
    assert score(samples, observed).tolist() == score(shuffled, observed).tolist()


@pytest.mark.parametrize("score", SCORES)
def test_areas_and_months_keep_their_places(score):
    samples, observed = war(30, 24)
    cube = score(samples.reshape(30, 6, 4), observed.reshape(6, 4))
    assert cube.shape == (6, 4)
    assert cube.ravel().tolist() == score(samples, observed).tolist()
    assert cube[2, 3] == score(samples[:, 11], observed[11])


@pytest.mark.parametrize("score", SCORES)
def test_many_forecasts_are_scored_as_one_by_one(score):
    samples, observed = war(700, 900)  # more than fit the cache at once
    together = score(samples, observed)
    for i in (0, 284, 285, 286, 571, 899):
        assert together[i] == pytest.approx(score(samples[:, i : i + 1], observed[i : i + 1])[0])


@pytest.mark.parametrize("score", SCORES)
def test_scoring_changes_no_sample(score):
    samples, observed = war(20, 30)
    kept = samples.copy()
    score(samples, observed)
    assert (samples == kept).all()


@pytest.mark.parametrize("score", [crps, lambda x, y: crps(x, y, fair=True), log_score, interval_score])
@pytest.mark.parametrize("wrong", ["half", "double", "none", "too sure"])
def test_the_true_distribution_beats_a_wrong_one(score, wrong):
    samples, observed = war(200, 4_000, level=20, seed=3)
    others = {
        "half": samples // 2,
        "double": samples * 2,
        "none": np.zeros_like(samples),
        "too sure": np.broadcast_to(np.rint(samples.mean(axis=0)), samples.shape),
    }
    difference = score(samples, observed) - score(others[wrong], observed)
    assert difference.mean() < 0


def test_the_fair_score_does_not_favour_many_paths():
    samples, observed = war(400, 20_000, level=5)
    few, many = samples[:5], samples
    assert crps(few, observed).mean() > 1.05 * crps(many, observed).mean()
    assert crps(few, observed, fair=True).mean() == pytest.approx(crps(many, observed, fair=True).mean(), rel=0.04)


@examples(50, 1_000)
@given(counts, st.integers(0, 2**31 - 1))
def test_scores_are_finite_and_crps_lies_between_zero_and_the_mean_error(samples, came):
    observed = np.full(samples.shape[1], came)
    score = crps(samples, observed)
    error = np.abs(samples.astype(float) - came).mean(axis=0)
    assert (score >= 0).all() and (score <= error * (1 + 1e-12)).all()
    assert np.isfinite(log_score(samples, observed)).all() and np.isfinite(interval_score(samples, observed)).all()


# Bad input.


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize(
    ("samples", "observed", "said"),
    [
        (np.zeros((5, 3)), np.zeros(4), r"shape \(5, 3\) and observed \(4,\)"),
        (np.zeros((5, 3)), np.zeros((3, 1)), "Put the paths first"),
        (np.float64(3), np.zeros(1), r"shape \(\)"),
        (np.zeros((1, 3)), np.zeros(3), "3 forecasts of 1 sample paths"),
        (np.zeros((5, 0)), np.zeros(0), "0 forecasts of 5"),
        (np.array([[0.0, np.nan], [1.0, np.inf]]), np.zeros(2), r"samples: 2 of 4 .* first at \(0, 1\), \(1, 1\)"),
        (np.array([[0, -1], [1, 2]]), np.zeros(2), r"samples: 1 of 4 .* negative, first at \(0, 1\)"),
        (np.zeros((2, 2)), np.array([0.0, np.nan]), r"observed: 1 of 2 .* first at \(1,\)"),
        (np.zeros((2, 2)), np.array([0, -3]), "observed: 1 of 2"),
        (np.array([["a"], ["b"]]), np.zeros(1), "an array of numbers was expected"),
        (np.array([[None], [1]]), np.zeros(1), "object"),
    ],
)
def test_bad_input_is_named(score, samples, observed, said):
    with pytest.raises(InvalidRecordError, match=said):
        score(samples, observed)


@pytest.mark.parametrize("share", [0, 1, -0.1, 90, float("nan")])
def test_a_share_outside_nought_to_one_is_refused(share):
    with pytest.raises(InvalidRecordError, match="between 0 and 1"):
        interval_score([[1], [2]], [1], share)


@pytest.mark.parametrize(
    ("expected", "observed", "top", "said"),
    [
        ([1.0, 2.0], [1], 1, "shape"),
        ([], [], 1, "not empty"),
        (3.0, 3.0, 1, "areas, ..."),
        ([1.0, 2.0], [1, 2], 0, "1 to 2 was expected"),
        ([1.0, 2.0], [1, 2], 3, "1 to 2 was expected"),
        ([1.0, np.nan], [1, 2], 1, "expected: 1 of 2"),
        ([1.0, 2.0], [1, -2], 1, "observed: 1 of 2"),
    ],
)
def test_bad_input_of_the_captured_share_is_named(expected, observed, top, said):
    with pytest.raises(InvalidRecordError, match=said):
        captured_share(expected, observed, top)
