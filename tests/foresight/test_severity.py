from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import genpareto

from bluehelm.foresight.history import Harm
from bluehelm.foresight.severity import (
    LARGEST_FACTOR,
    OWN_EVENTS,
    SIZES_WHERE_UNKNOWN,
    draw_sizes,
    fit_severity,
)
from tests.conftest import examples


def harm(sizes, area=0, month=0) -> Harm:
    sizes = np.asarray(sizes, np.int64)
    spread = np.ones(len(sizes), np.int64)
    return Harm(spread * area, spread * month, sizes)


def drawn(severity, count: int, area: int = 0, seed: int = 0) -> np.ndarray:
    return draw_sizes(severity, np.full(count, area), np.random.default_rng(seed))


def test_few_sizes_are_drawn_as_they_were_seen():
    severity = fit_severity(harm([1, 1, 1, 7]), areas=2, months=1)
    sizes, counts = np.unique(drawn(severity, 8000, area=1), return_counts=True)
    assert sizes.tolist() == [1, 7] and counts / 8000 == pytest.approx([0.75, 0.25], abs=0.02)
    assert severity.mean == pytest.approx(2.5) and severity.threshold == np.inf


def test_a_size_of_two_years_ago_counts_half():
    record = Harm(np.zeros(2, np.int64), np.array([0, 24]), np.array([5, 9]))
    severity = fit_severity(record, areas=1, months=25)
    assert severity.mean == pytest.approx((5 + 2 * 9) / 3)


def test_an_area_with_events_of_its_own_draws_from_them_by_their_number():
    sizes = [1] * 30 + [8] * 10
    record = Harm(np.array([0] * 30 + [1] * 10), np.zeros(40, np.int64), np.array(sizes))
    severity = fit_severity(record, areas=3, months=1)
    eights = [(drawn(severity, 20_000, area) == 8).mean() for area in range(3)]
    own = [n / (n + OWN_EVENTS) for n in (30, 10, 0)]
    assert eights == pytest.approx([0.25 * (1 - own[0]), own[1] + 0.25 * (1 - own[1]), 0.25], abs=0.015)


def test_without_a_record_stated_sizes_serve():
    severity = fit_severity(harm([]), areas=2, months=5)
    assert set(drawn(severity, 2000)) == set(SIZES_WHERE_UNKNOWN.tolist())
    assert severity.mean == pytest.approx(SIZES_WHERE_UNKNOWN.mean())


def test_the_tail_lies_above_its_threshold_and_below_the_stated_largest():
    sizes = np.concatenate([np.ones(900), np.arange(10, 110)])
    severity = fit_severity(harm(sizes), areas=1, months=1)
    assert severity.threshold == np.quantile(sizes, 0.9)
    found = drawn(severity, 50_000)
    above = found[found > severity.threshold]
    assert len(above) / len(found) == pytest.approx(0.1, abs=0.01)
    assert above.min() > severity.threshold and found.max() <= LARGEST_FACTOR * 109
    assert len(set(above) - set(sizes)) > 50, "the tail holds more than what was seen"


@pytest.mark.parametrize("shape", [0.2, 0.5])
def test_shape_and_scale_of_a_simulated_tail_are_found(shape):
    # Excesses over any threshold of a generalised Pareto size have its shape, and a scale that grows with it.
    sizes = np.ceil(genpareto.rvs(shape, scale=40, size=20_000, random_state=1))
    severity = fit_severity(harm(sizes), areas=1, months=1)
    assert severity.shape == pytest.approx(shape, abs=0.1)
    assert severity.scale == pytest.approx(40 + shape * severity.threshold, rel=0.1)


def test_a_fitted_tail_is_drawn_as_its_formula_says():
    sizes = np.ceil(genpareto.rvs(0.4, scale=40, size=20_000, random_state=2))
    severity = fit_severity(harm(sizes), areas=1, months=1)
    found = drawn(severity, 200_000)
    above = found[found > severity.threshold] - np.floor(severity.threshold)
    for level in (20.0, 60.0, 150.0):
        expected = genpareto.sf(level, severity.shape, scale=severity.scale)
        assert (above > level).mean() == pytest.approx(expected, abs=0.012)


@examples(40, 2000)
@given(st.lists(st.integers(1, 10_000_000), max_size=60), st.integers(1, 5), st.integers(0, 99))
def test_sizes_are_whole_from_1_and_never_above_ten_times_the_largest(sizes, areas, seed):
    record = Harm(
        np.arange(len(sizes)) % areas, np.arange(len(sizes)) % 7, np.array(sizes, np.int64)
    )  # fmt: skip
    severity = fit_severity(record, areas, months=7)
    found = drawn(severity, 300, area=areas - 1, seed=seed)
    largest = LARGEST_FACTOR * max(sizes, default=int(SIZES_WHERE_UNKNOWN.max()))
    assert (found == np.rint(found)).all() and found.min() >= 1 and found.max() <= largest


def test_no_event_needs_no_size():
    assert drawn(fit_severity(harm([3]), 1, 1), 0).tolist() == []
