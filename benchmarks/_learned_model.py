"""A model learned by boosted trees, with the two calls of `bluehelm.foresight.models`; see `learned.py`.

A hurdle. From the end of month t, for area a and h months ahead, boosted trees give

    p[a, h] = chance of any event that kills civilians        m[a, h] = mean number of further events, if any

from the decayed marks of the area, its neighbours, its armed groups and the country, the months since the last death
and the last fight, people, the intensity of the self-exciting process, and h. With violence chances may only rise.
Deaths of events are drawn as in the self-exciting process. Months are forecast directly, not through one another; a
factor z, common to all areas of a path and slow to change, joins them:

    any event  where  (Φ⁻¹(p) + r z) / sqrt(1 - r²) > e,   e ~ N(0, 1)       further events ~ mean m exp(s z - s²/2)

so that p stays the chance. r and s, for near and far months, are those under which the numbers of events of the last
years were most likely, as forecast by trees that had not seen them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, log_ndtr, logsumexp, ndtri

from bluehelm.foresight.excitation import BACKGROUNDS, HALVES, KINDS, neighbours, parts_of
from bluehelm.foresight.history import History
from bluehelm.foresight.models import self_exciting
from bluehelm.foresight.severity import Severity, draw_sizes, fit_severity

LIKELY_HORIZONS = (1, 3, 6, 12)
TAUGHT_HORIZONS = (1, 2, 3, 6, 9, 12)
NEAR_MONTHS = 3
WARM_MONTHS = 24
RECENT_MONTHS = 72.0
QUIET_SHARE = 0.1
LOOK_BACK_MONTHS = (30, 15)
LONGEST_SILENCE_MONTHS = 120
FACTORS, SWINGS = (0.0, 0.15, 0.3, 0.45, 0.6), (0.0, 0.4, 0.8)
MEMORY = 0.8
ROUNDS, NUMBER_ROUNDS = 60, 20
TREES = {"learning_rate": 0.05, "num_leaves": 6, "min_data_in_leaf": 60, "lambda_l2": 10.0}
FIXED = {"num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": 0, "verbose": -1}
MOST_FURTHER_EVENTS = 200.0
LARGEST_COUNT = 2**31 - 1

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Learned:
    """A fitted model. now: features after the record, shape (areas, features). factor, swing: r and s near and far.

    number: None where too few area-months had an event. dispersion: size of the negative binomial of further events.
    """

    any_event: Any
    number: Any
    now: Array
    factor: tuple[float, float]
    swing: tuple[float, float]
    dispersion: float
    severity: Severity


def features_of(history: History, process: self_exciting.SelfExciting) -> tuple[Array, Array]:
    """Return what is known at the end of each month, shape (areas, months + 1, features), and which way chances go.

    Month 0 is before the record. The last feature is the log intensity of the process. The second array is 1 for
    features with which the chance may only rise, -1 for those with which it may only fall.
    """
    # One empty month more, so that the last features are those after the record.
    longer = replace(
        history,
        deaths=_one_more(history.deaths),
        fights=_one_more(history.fights),
        fight_marks=_one_more(history.fight_marks),
        group_marks=_one_more(history.group_marks),
    )
    whole = parts_of(longer, neighbours(history)).table
    weights = process.weights[0]
    flat = np.concatenate([weights.background, weights.own.ravel(), weights.beside.ravel(), weights.groups])
    intensity = np.tensordot(flat, whole, 1)
    parts = whole[BACKGROUNDS:]
    country = np.broadcast_to(parts[: KINDS * HALVES].sum(axis=1, keepdims=True), parts[: KINDS * HALVES].shape)
    people = np.log(np.maximum(history.areas.get_column("population_persons").to_numpy().astype(float), 1.0))
    steady = np.broadcast_to(people[:, None], intensity.shape)
    silence = [_silence(history.deaths), _silence(history.fights)]
    last = np.log(np.maximum(intensity, 1e-5))
    table = np.concatenate([np.log(parts + 1e-4), np.log(country + 1e-2), np.stack([*silence, steady, last])])
    ways = np.concatenate([np.ones(len(parts) + len(country)), [-1, -1, 1, 1]])
    return table.transpose(1, 2, 0).astype(np.float32), ways


def _one_more(table: Array) -> Array:
    return np.concatenate([table, np.zeros((*table.shape[:-1], 1), table.dtype)], axis=-1)


def _silence(counts: Array) -> Array:
    """Months since the last month with any, before each month and after the last, shape (areas, months + 1)."""
    silence = np.full((len(counts), counts.shape[1] + 1), float(LONGEST_SILENCE_MONTHS))
    for t in range(counts.shape[1]):
        silence[:, t + 1] = np.where(counts[:, t] > 0, 0.0, np.minimum(silence[:, t] + 1, LONGEST_SILENCE_MONTHS))
    return silence


def fit(history: History) -> Learned:
    """Learn from the record, and fit the common factor to years that trees of earlier years forecast."""
    table, ways = features_of(history, self_exciting.fit(history))
    any_event, number, dispersion = _taught(table, _events(history), ways)
    factor, swing = _common(history)
    severity = fit_severity(history.harm, *history.deaths.shape)
    return Learned(any_event, number, table[:, -1], factor, swing, dispersion, severity)


def _events(history: History) -> Array:
    """Events that killed civilians, shape (areas, months)."""
    areas, months = history.deaths.shape
    return np.bincount(history.harm.area * months + history.harm.month, minlength=areas * months).reshape(areas, months)


def _taught(table: Array, events: Array, ways: Array) -> tuple[Any, Any, float]:
    """Grow the trees on all pairs of a month known and a month ahead that the record holds.

    Parameters
    ----------
    table : of `features_of`, months + 1
    events : shape (areas, months)
    """
    months = events.shape[1]
    rng = np.random.default_rng(0)
    rows, came, ages = [], [], []
    for ahead in TAUGHT_HORIZONS:
        known = np.arange(min(WARM_MONTHS, months // 2), months - ahead + 1)
        target = events[:, known + ahead - 1]
        kept = (target > 0) | (rng.random(target.shape) < QUIET_SHARE)
        rows.append(_with_horizon(table[:, known][kept], ahead))
        came.append(target[kept])
        ages.append(np.broadcast_to(months - known - ahead, target.shape)[kept])
    row, number = np.concatenate(rows), np.concatenate(came)
    weight = 0.5 ** (np.concatenate(ages) / RECENT_MONTHS)
    some = number > 0
    if some.sum() < 2 * TREES["min_data_in_leaf"]:
        return None, None, 1.0
    full = weight * np.where(some, 1.0, 1 / QUIET_SHARE)
    any_event = _grown("binary", ROUNDS, ways, row, some, full)
    more = _grown("poisson", NUMBER_ROUNDS, ways, row[some], number[some] - 1, weight[some])
    return any_event, more, _dispersion(number[some] - 1, more.predict(row[some]), weight[some])


def _grown(objective: str, rounds: int, ways: Array, row: Array, came: Array, weight: Array) -> Any:
    rules = {**TREES, "objective": objective, "monotone_constraints": [*ways.astype(int).tolist(), 0]}
    taught = lightgbm.Dataset(row, came.astype(float), weight=weight, params={"max_bin": 63, "verbose": -1})
    return lightgbm.train({**rules, **FIXED}, taught, rounds)


def _with_horizon(rows: Array, ahead: int) -> Array:
    return np.concatenate([rows, np.full((len(rows), 1), ahead, rows.dtype)], axis=1)


def _dispersion(came: Array, mean: Array, weight: Array) -> float:
    """Size of the negative binomial by moments."""
    extra = (weight * ((came - mean) ** 2 - mean)).sum() / (weight * mean**2).sum()
    return float(1 / np.clip(extra, 0.02, 20.0))


def _chances(any_event: Any, number: Any, rows: Array, ahead: int) -> tuple[Array, Array]:
    """Return the chance of any event and the mean number of further ones, shape (rows,) each."""
    row = _with_horizon(rows, ahead)
    if any_event is None:
        return np.full(len(row), 1e-3), np.zeros(len(row))
    chance = np.clip(any_event.predict(row), 1e-6, 1 - 1e-6)
    return chance, np.minimum(number.predict(row), MOST_FURTHER_EVENTS)


def _common(history: History) -> tuple[tuple[float, float], tuple[float, float]]:
    """Find r and s for near and far months, by the likelihood of the number of events of past years, z summed over."""
    months = history.months
    node, node_weight = np.polynomial.hermite_e.hermegauss(9)
    log_weight = np.log(node_weight / node_weight.sum())
    events = _events(history)
    score = np.zeros((2, len(FACTORS), len(SWINGS)))
    for back in LOOK_BACK_MONTHS:
        cut = months - back
        if cut < 2 * WARM_MONTHS:
            continue
        table, ways = features_of(history, self_exciting.fit(history.before(back)))
        any_event, number, size = _taught(table[:, : cut + 1], events[:, :cut], ways)
        for ahead in LIKELY_HORIZONS:
            for known in range(cut, min(cut + 15, months - ahead + 1), 3):
                chance, mean = _chances(any_event, number, table[:, known], ahead)
                came = events[:, known + ahead - 1]
                far = int(ahead > NEAR_MONTHS)
                for f, factor in enumerate(FACTORS):
                    for s, swing in enumerate(SWINGS):
                        given = _log_likelihood(came, chance, mean, size, node, factor, swing)
                        score[far, f, s] += logsumexp(given + log_weight)
    best = [np.unravel_index(one.argmax(), one.shape) for one in score]
    return tuple(FACTORS[f] for f, _ in best), tuple(SWINGS[s] for _, s in best)  # type: ignore[return-value]


def _log_likelihood(
    came: Array, chance: Array, mean: Array, size: float, node: Array, factor: float, swing: float
) -> Array:
    """Log likelihood of the number of events of all areas in a month, for each value of z."""
    edge = (ndtri(chance)[:, None] + factor * node) / np.sqrt(1 - factor**2)
    some = came > 0
    total: Array = log_ndtr(-edge[~some]).sum(axis=0) + log_ndtr(edge[some]).sum(axis=0)
    further = (came[some] - 1)[:, None]
    middle = np.maximum(mean[some], 1e-6)[:, None] * np.exp(swing * node - swing**2 / 2)
    terms = gammaln(further + size) - gammaln(size) - gammaln(further + 1)
    terms = terms + size * np.log(size / (size + middle)) + further * np.log(middle / (size + middle))
    return total + terms.sum(axis=0)


def sample(fitted: Learned, months: int, paths: int, seed: int) -> NDArray[np.int32]:
    """Draw futures of all areas together."""
    rng = np.random.default_rng(seed)
    areas = len(fitted.now)
    deaths = np.zeros((paths, areas, months), np.int32)
    common = rng.standard_normal(paths)
    for month in range(months):
        chance, mean = _chances(fitted.any_event, fitted.number, fitted.now, month + 1)
        far = int(month + 1 > NEAR_MONTHS)
        factor, swing = fitted.factor[far], fitted.swing[far]
        edge = (ndtri(chance) + factor * common[:, None]) / np.sqrt(1 - factor**2)
        some = edge > rng.standard_normal(edge.shape)
        middle = np.minimum(mean * np.exp(swing * common - swing**2 / 2)[:, None], MOST_FURTHER_EVENTS)
        further = rng.poisson(rng.gamma(fitted.dispersion, middle[some] / fitted.dispersion))
        cell = np.repeat(np.flatnonzero(some), 1 + further)
        size = draw_sizes(fitted.severity, cell % areas, rng)
        total = np.bincount(cell, size, paths * areas).reshape(paths, areas)
        deaths[:, :, month] = np.minimum(total, LARGEST_COUNT)
        common = MEMORY * common + np.sqrt(1 - MEMORY**2) * rng.standard_normal(paths)
    return deaths
