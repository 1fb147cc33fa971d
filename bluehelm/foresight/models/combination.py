"""A combination: futures from several models, each with the share that its past forecasts earned.

The models forecast again from the ends of earlier quarters, with what the record then held. The shares w of the mixture
are those under which what came was most likely,

    max over w of  sum over past forecasts of  ln sum_k w_k p_k(bin of what came)  +  sum_k ln w_k

counted over areas and over the country's total, each total weighing as many areas as there are. p_k is the share of a
model's paths in the bin, with one path spread over all bins; the last sum holds the shares off 0. The shares are
climbed by expectation-maximisation. Each path of the mixture is one whole path of one model, so that futures stay
joint. Months of one forecast and areas of one month are no independent witnesses, so all that one past forecast tells
counts as `WITNESSES` forecasts.
Source: Geweke and Amisano (2011), Journal of Econometrics 164, optimal prediction pools.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bluehelm.foresight.history import History
from bluehelm.foresight.models import model
from bluehelm.foresight.nearest import FloatArray, IntArray
from bluehelm.foresight.scores import log_score

COMPONENTS = ("sampled_history", "self_exciting")
PAST_MONTHS = (3, 6, 9, 12, 18, 24)
LONGEST_HORIZON = 12
PAST_PATHS = 200
LEAST_RECORD_MONTHS = 36
STEPS = 100
WITNESSES = 12.0


@dataclass(frozen=True, slots=True)
class Combination:
    """Fitted models by name, and the share of each in the futures; shares add up to 1."""

    fitted: dict[str, Any]
    shares: dict[str, float]


def fit(history: History, shares: dict[str, float] | None = None) -> Combination:
    """Fit the models, and weigh them by how they would have forecast the last two years, or as told in `shares`."""
    fitted = {name: model(name).fit(history) for name in COMPONENTS}
    return Combination(fitted, shares or dict(zip(COMPONENTS, _shares(history), strict=True)))


def sample(fitted: Combination, months: int, paths: int, seed: int) -> NDArray[np.int32]:
    """Draw each model's share of the paths, and shuffle them."""
    shares = np.array(list(fitted.shares.values()))
    upto = np.rint(np.cumsum(shares / shares.sum()) * paths).astype(int)
    drawn = [
        model(name).sample(fitted.fitted[name], months, count, seed)
        for name, count in zip(fitted.shares, np.diff(upto, prepend=0), strict=True)
        if count
    ]
    order = np.random.default_rng([seed, 1]).permutation(paths)
    return np.concatenate(drawn)[order]


def _shares(history: History) -> FloatArray:
    """Climb the shares; they stay even where the record is too short to look back."""
    enough = [months for months in PAST_MONTHS if history.months - months >= LEAST_RECORD_MONTHS]
    chances = [_past_chances(history, months) for months in enough]
    even = np.full(len(COMPONENTS), 1 / len(COMPONENTS))
    if not chances:
        return even
    chance = np.concatenate([one for one, _ in chances], axis=1)
    weight = np.concatenate([one for _, one in chances])
    shares = even
    for _ in range(STEPS):
        blame = shares[:, None] * chance
        blame /= blame.sum(axis=0)
        shares = 1.0 + blame @ weight
        shares = shares / shares.sum()
    return shares


def _past_chances(history: History, months: int) -> tuple[FloatArray, FloatArray]:
    """Chance that each model gave to what came after an earlier month, shape (models, forecasts), and their weights."""
    past = history.before(months)
    ahead = min(months, LONGEST_HORIZON)
    came: IntArray = history.deaths[:, past.months : past.months + ahead]
    rows = []
    for name in COMPONENTS:
        kind = model(name)
        paths = kind.sample(kind.fit(past), ahead, PAST_PATHS, months)
        rows.append(np.concatenate([_chance(paths, came).ravel(), _chance(paths.sum(axis=1), came.sum(axis=0))]))
    weight = np.concatenate([np.ones(came.size), np.full(ahead, float(len(came)))])
    return np.stack(rows), WITNESSES * weight / weight.sum()


def _chance(paths: NDArray[Any], came: IntArray) -> FloatArray:
    return np.asarray(np.exp2(-log_score(paths, came)))
