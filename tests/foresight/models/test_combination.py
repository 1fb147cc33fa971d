from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from bluehelm.foresight.history import history_at
from bluehelm.foresight.models import combination, model
from bluehelm.foresight.models.combination import COMPONENTS, WITNESSES, Combination, fit, sample
from bluehelm.foresight.scores import LOG_SCORE_BIN_TOPS
from bluehelm.mission.months import Month
from tests.conftest import examples
from tests.foresight.made import grid, record, war

WAR = history_at(war(300, 60), grid(9), Month(2014, 12))


class Constant:
    """A model that expects the same deaths in every area and month."""

    def __init__(self, deaths: int) -> None:
        self.deaths = deaths

    def fit(self, history) -> int:
        return history.deaths.shape[0]

    def sample(self, fitted: int, months: int, paths: int, seed: int) -> np.ndarray:
        return np.full((paths, fitted, months), self.deaths, np.int32)


def with_models(monkeypatch, **models) -> None:
    monkeypatch.setattr(combination, "COMPONENTS", tuple(models))
    monkeypatch.setattr(combination, "model", models.__getitem__)


def test_shares_add_up_to_1_and_none_is_nothing():
    shares = fit(WAR).shares
    assert list(shares) == list(COMPONENTS)
    assert sum(shares.values()) == pytest.approx(1) and min(shares.values()) > 0


def test_the_share_goes_to_the_model_that_was_right(monkeypatch):
    with_models(monkeypatch, wrong=Constant(700), right=Constant(0))
    shares = fit(record(grid(3), 70)).shares
    assert shares["right"] > 0.95
    with_models(monkeypatch, right=Constant(0), wrong=Constant(700))
    assert fit(record(grid(3), 70)).shares["right"] == pytest.approx(shares["right"])


def test_models_that_say_the_same_share_alike(monkeypatch):
    with_models(monkeypatch, one=Constant(0), other=Constant(0))
    assert list(fit(record(grid(3), 70)).shares.values()) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(("months", "even"), [(1, True), (38, True), (39, False)])
def test_a_record_too_short_to_look_back_gives_even_shares(monkeypatch, months, even):
    with_models(monkeypatch, wrong=Constant(700), right=Constant(0))
    shares = fit(record(grid(3), months)).shares
    assert bool(shares["right"] == 0.5) is even


def test_shares_are_those_of_the_highest_likelihood_found_by_another_way():
    chances, weights = zip(*(combination._past_chances(WAR, months) for months in (3, 6, 9, 12, 18, 24)), strict=True)
    chance, weight = np.concatenate(chances, axis=1), np.concatenate(weights)

    def badness(share: float) -> float:
        both = np.array([share, 1 - share])
        return -float(weight @ np.log(both @ chance) + np.log(both).sum())

    best = minimize_scalar(badness, bounds=(1e-6, 1 - 1e-6), method="bounded", options={"xatol": 1e-9}).x
    assert fit(WAR).shares[COMPONENTS[0]] == pytest.approx(best, abs=0.01)


def test_all_that_one_past_forecast_tells_counts_as_much_as_another():
    for months in (3, 24):
        chance, weight = combination._past_chances(WAR, months)
        ahead = min(months, 12)
        assert weight.sum() == pytest.approx(WITNESSES) and chance.shape == (2, 9 * ahead + ahead)
        assert weight[: 9 * ahead].sum() == pytest.approx(weight[9 * ahead :].sum()), "areas and totals weigh the same"


def test_the_chance_of_what_came_is_its_share_of_the_paths():
    paths = np.array([[0], [0], [1], [2], [9]])
    even = 1 / len(LOG_SCORE_BIN_TOPS)
    assert combination._chance(paths, np.array([2])) == pytest.approx([(2 + even) / 6])


@examples(60, 2000)
@given(st.integers(2, 400), st.floats(0.001, 0.999), st.integers(0, 99))
def test_paths_are_exactly_as_many_as_asked_for_and_in_shares(paths, share, seed):
    some = np.arange(1, 13)[None, :] * np.ones((3, 1), int)
    fitted = Combination({"none": 3, "sampled_history": some}, {"none": share, "sampled_history": 1 - share})
    drawn = sample(fitted, 4, paths, seed)
    assert drawn.shape == (paths, 3, 4)
    quiet = (drawn == 0).all(axis=(1, 2)).sum()
    assert abs(quiet - share * paths) <= 0.5 + 1e-9


def test_each_path_is_one_whole_path_of_one_model():
    fitted = fit(WAR)
    fitted = Combination(fitted.fitted, dict.fromkeys(COMPONENTS, 0.5))
    drawn = {path.tobytes() for path in sample(fitted, 5, 40, 3)}
    parts = [model(name).sample(fitted.fitted[name], 5, 20, 3) for name in COMPONENTS]
    assert drawn == {path.tobytes() for part in parts for path in part}


def test_models_are_mixed_along_the_paths():
    fitted = Combination({"none": 1, "sampled_history": np.ones((1, 1), int)}, {"none": 0.5, "sampled_history": 0.5})
    first = sample(fitted, 1, 400, 0)[:200].mean()
    assert 0.35 < first < 0.65
