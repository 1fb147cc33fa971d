"""A self-exciting point process: violence brings violence, near in time and space and along armed groups.

Two kinds of event excite themselves and each other: those that kill civilians, and other fighting. The parts of the
intensity (`bluehelm.foresight.excitation`) are fitted by penalised maximum likelihood; counts in an area and month are
negative binomial; a factor shared by all areas, which changes slowly from month to month, carries what the parts do not
explain; sizes of events have a heavy tail (`bluehelm.foresight.severity`).

The likelihood of Poisson counts N with intensity sum_f w_f F_f is concave in w >= 0; it is climbed by the steps

    w_f <- (prior_f + sum N w_f F_f / lambda) / (scale_f + sum F_f)

each of which raises it (expectation-maximisation: every event is shared out among the parts that may have caused it).
Months count less with age. The prior is a record of one more event of each kind, after which one event came, shared
evenly among the parts; a part that was never seen has no say.
Sources: Hawkes (1971) Biometrika 58; Mohler et al. (2011) JASA 106; Veen and Schoenberg (2008) JASA 103.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_array
from scipy.special import gammaln

from bluehelm.foresight.excitation import (
    BACKGROUNDS,
    HALVES,
    KINDS,
    NO_GROUP,
    State,
    Weights,
    backgrounds_of,
    decays,
    intensity,
    marks_of,
    neighbours,
    parts_of,
)
from bluehelm.foresight.history import History
from bluehelm.foresight.nearest import FloatArray, IntArray
from bluehelm.foresight.severity import Severity, draw_sizes, fit_severity

MEMORY_MONTHS = 36.0
STEPS = 200
STRENGTH = 1.0
# Weights are fitted one month ahead; a process nearer to 1 runs away, or fades too slowly, over a year.
LARGEST_BRANCHING = 0.8
PATHS_AT_ONCE = 250
MOST_EVENTS_A_MONTH = 200.0
LARGEST_COUNT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class SelfExciting:
    """A fitted process.

    background: events a month of each kind, shape (kinds, areas). weights: of the parts, for each kind of event. near:
    spread to neighbours. dispersion: size of the negative binomial of each kind. shared: spread and memory of the
    factor shared by all areas. fight_mark: mean ln(1 + deaths) of other fighting.
    """

    background: FloatArray
    weights: tuple[Weights, ...]
    state: State
    near: csr_array
    dispersion: FloatArray
    shared: tuple[float, float]
    severity: Severity
    fight_mark: float


def fit(history: History) -> SelfExciting:
    """Fit the process to a record."""
    near = neighbours(history)
    parts = parts_of(history, near)
    recency = 0.5 ** (np.arange(history.months)[::-1] / MEMORY_MONTHS)
    counts = np.stack([_harm_counts(history), history.fights])
    marks = np.array(_mean_marks(history))
    climbed = [_climb(parts.table, count, recency, _reach(marks)) for count in counts]
    means = [np.tensordot(weights, parts.table, 1) for weights in climbed]
    group_share = float(history.group_marks.sum() / max(marks_of(history).sum(), NO_GROUP))
    weights = _tamed(tuple(Weights.cut(flat) for flat in climbed), marks, group_share)
    return SelfExciting(
        background=np.stack([one.background for one in weights]) @ backgrounds_of(history),
        weights=weights,
        state=parts.state,
        near=near,
        dispersion=np.array([_dispersion(n, m, recency) for n, m in zip(counts, means, strict=True)]),
        shared=_shared(counts[0], means[0], recency),
        severity=fit_severity(history.harm, *history.deaths.shape),
        fight_mark=float(marks[1]),
    )


def sample(fitted: SelfExciting, months: int, paths: int, seed: int) -> NDArray[np.int32]:
    """Let the process run on from the end of the record, `PATHS_AT_ONCE` paths at a time."""
    deaths = np.zeros((paths, fitted.background.shape[1], months), np.int32)
    for block, first in enumerate(range(0, paths, PATHS_AT_ONCE)):
        rng = np.random.default_rng([seed, block])
        upto = min(paths, first + PATHS_AT_ONCE)
        _run(fitted, deaths[first:upto], rng)
    return deaths


def _harm_counts(history: History) -> IntArray:
    areas, months = history.deaths.shape
    cell = history.harm.area * months + history.harm.month
    return np.bincount(cell, minlength=areas * months).reshape(areas, months)


def _reach(marks: FloatArray) -> FloatArray:
    """Say how much of each part one event of each kind brings, over all months and areas to come, shape (parts,)."""
    own = np.repeat(marks, HALVES)
    return np.concatenate([np.zeros(BACKGROUNDS), own, own, np.full(HALVES, marks.sum())])


def _climb(parts: FloatArray, counts: IntArray, recency: FloatArray, reach: FloatArray) -> FloatArray:
    """Fit the weights of the parts of one kind by expectation-maximisation.

    parts: shape (parts, areas, months); counts: (areas, months); recency: weight of each month; reach: (parts,).
    """
    size = np.tensordot(parts, recency, (2, 0)).sum(axis=1)
    area, month = np.nonzero(counts)
    here = parts[:, area, month]
    number = counts[area, month] * recency[month]
    prior = STRENGTH / len(parts)
    # The time in which one event comes, and what one event of each kind brings.
    scale = STRENGTH * (size / max(float(number.sum()), 1.0) + reach)
    weights = np.full(len(parts), max(float(number.sum()), prior) / len(parts)) / (scale + size)
    for _ in range(STEPS):
        intensity = np.maximum(weights @ here, 1e-300)
        weights = (prior + weights * (here @ (number / intensity))) / (scale + size)
    # A part that was never seen has no say; its prior would only take room from the others in `_tamed`.
    return np.where(size > 0, weights, 0.0)


def _tamed(weights: tuple[Weights, ...], marks: FloatArray, group_share: float) -> tuple[Weights, ...]:
    """Shrink the weights where an event would cause more than `LARGEST_BRANCHING` others directly: it must fade.

    marks: mean of each kind of event, shape (kinds,); group_share: marks of groups for a mark of either kind.
    """
    caused = [
        [marks[k] * (w.own[k].sum() + w.beside[k].sum() + group_share * w.groups.sum()) for k in range(KINDS)]
        for w in weights
    ]
    branching = float(np.abs(np.linalg.eigvals(np.array(caused))).max())
    factor = min(1.0, LARGEST_BRANCHING / branching) if branching > 0 else 1.0
    return tuple(one.scaled(factor) for one in weights)


def _mean_marks(history: History) -> tuple[float, float]:
    """Mean ln(1 + deaths) of an event of each kind; 1 where there is none."""
    harm = float(np.log1p(history.harm.deaths).mean()) if history.harm.deaths.size else 1.0
    fights = int(history.fights.sum())
    return harm, float(history.fight_marks.sum() / fights) if fights else 1.0


def _dispersion(counts: IntArray, means: FloatArray, recency: FloatArray) -> float:
    """Size of the negative binomial that makes the counts most likely, given their means."""
    weight = np.broadcast_to(recency, counts.shape)
    mean = np.maximum(means, 1e-9)

    def badness(log_size: float) -> float:
        size = np.exp(log_size)
        chance = gammaln(counts + size) - gammaln(size) + size * np.log(size / (size + mean))
        return -float((weight * (chance + counts * np.log(mean / (size + mean)))).sum())

    return float(np.exp(minimize_scalar(badness, bounds=(-4.0, 6.0), method="bounded").x))


def _shared(counts: IntArray, means: FloatArray, recency: FloatArray) -> tuple[float, float]:
    """Spread and memory of the factor common to all areas, from the country's total by moments."""
    total, mean = counts.sum(axis=0), np.maximum(means.sum(axis=0), 1e-6)
    weight = recency * mean**2
    extra = float((weight * (((total - mean) ** 2 - total) / mean**2)).sum() / weight.sum())
    ratio = total / mean - 1
    pair = weight[1:] * ratio[1:] * ratio[:-1]
    memory = float(pair.sum() / max(1e-9, (weight[1:] * ratio[1:] ** 2).sum())) if len(ratio) > 2 else 0.0
    return float(np.sqrt(np.clip(extra, 0.0, 4.0))), float(np.clip(memory, 0.0, 0.95))


def _run(fitted: SelfExciting, deaths: NDArray[np.int32], rng: np.random.Generator) -> None:
    """Fill the deaths of some paths, shape (paths, areas, months), month by month."""
    paths, _, months = deaths.shape
    own = np.repeat(fitted.state.own[..., None], paths, axis=3).astype(np.float32)
    groups = np.repeat(fitted.state.groups[..., None], paths, axis=2).astype(np.float32)
    decay = decays().astype(np.float32)
    spread, memory = np.log1p(fitted.shared[0] ** 2), fitted.shared[1]
    shared = rng.standard_normal(paths)
    for month in range(months):
        factor = np.exp(spread**0.5 * shared - spread / 2)
        marks = np.empty((KINDS, *own.shape[2:]), np.float32)
        for kind, weights in enumerate(fitted.weights):
            mean = intensity(weights, fitted.background[kind], fitted.near, fitted.state.presence, own, groups)
            number = _counts(np.minimum(mean * factor, MOST_EVENTS_A_MONTH), fitted.dispersion[kind], rng)
            marks[kind] = _harm(fitted, number, deaths[:, :, month], rng) if kind == 0 else number * fitted.fight_mark
        stirred = fitted.state.blame.T.astype(np.float32) @ marks.sum(axis=0)
        own = decay[None, :, None, None] * own + (1 - decay)[None, :, None, None] * marks[:, None]
        groups = decay[:, None, None] * groups + (1 - decay)[:, None, None] * stirred[None]
        shared = memory * shared + np.sqrt(1 - memory**2) * rng.standard_normal(paths)


def _counts(mean: FloatArray, dispersion: float, rng: np.random.Generator) -> IntArray:
    return rng.poisson(rng.gamma(dispersion, mean / dispersion))


def _harm(
    fitted: SelfExciting, number: IntArray, deaths: NDArray[np.int32], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Draw the deaths of each event, add them up in `deaths` (paths, areas), and return the marks (areas, paths)."""
    areas, paths = number.shape
    cell = np.repeat(np.arange(areas * paths), number.ravel())
    size = draw_sizes(fitted.severity, cell // paths, rng)
    total = np.bincount(cell, size, areas * paths).reshape(areas, paths)
    deaths[:] = np.minimum(total.T, LARGEST_COUNT).astype(np.int32)
    return np.bincount(cell, np.log1p(size), areas * paths).reshape(areas, paths).astype(np.float32)
