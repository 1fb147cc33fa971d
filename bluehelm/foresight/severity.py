"""How many die in an event: what was seen, with a heavy tail beyond it.

Sizes of past events are drawn with their age discounted; in an area with n events of its own, one of those is drawn
with chance n / (n + 10). Above the threshold u a draw is replaced by u plus a generalised Pareto excess, fitted by
maximum likelihood to the excesses seen with a prior on the shape, and never above `LARGEST_FACTOR` times the largest
event seen. Source: Coles (2001), An Introduction to Statistical Modeling of Extreme Values, chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bluehelm.foresight.history import Harm
from bluehelm.foresight.nearest import FloatArray, IntArray

HALF_LIFE_MONTHS = 24.0
OWN_EVENTS = 10.0
TAIL_SHARE = 0.1
LEAST_EXCESSES = 10
SHAPE_PRIOR = (0.4, 0.2)  # mean and spread of the tail's shape: massacres have heavier tails than an exponential
LARGEST_FACTOR = 10.0
SIZES_WHERE_UNKNOWN = np.array([1, 1, 1, 2, 2, 3, 4, 6, 10, 20])


@dataclass(frozen=True, slots=True)
class Severity:
    """Sizes of events. upto: cumulated weights of `sizes`. own_first, own_count: where an area's own sizes stand in
    own_sizes. threshold, shape, scale: the tail; no tail where threshold is inf."""

    sizes: IntArray
    upto: FloatArray
    own_sizes: IntArray
    own_first: IntArray
    own_count: IntArray
    threshold: float
    shape: float
    scale: float
    largest: float

    @property
    def mean(self) -> float:
        """Mean deaths of an event by the sizes seen, without the tail."""
        weight = np.diff(self.upto, prepend=0.0)
        return float(self.sizes @ weight)


def fit_severity(harm: Harm, areas: int, months: int) -> Severity:
    """Learn sizes from events that killed civilians; `SIZES_WHERE_UNKNOWN` serve where there is none.

    areas, months: shape of the record.
    """
    if not harm.deaths.size:
        return _from_sizes(SIZES_WHERE_UNKNOWN, np.ones(len(SIZES_WHERE_UNKNOWN)), np.zeros(0, np.int64), areas)
    weight = 0.5 ** ((months - 1 - harm.month) / HALF_LIFE_MONTHS)
    order = np.argsort(harm.area, kind="stable")
    return _from_sizes(harm.deaths, weight, harm.area, areas, harm.deaths[order])


def _from_sizes(
    sizes: IntArray, weight: FloatArray, area: IntArray, areas: int, own_sizes: IntArray | None = None
) -> Severity:
    count = np.bincount(area, minlength=areas)
    threshold, shape, scale = _tail(sizes, weight)
    return Severity(
        sizes=sizes,
        upto=np.cumsum(weight / weight.sum()),
        own_sizes=sizes[:0] if own_sizes is None else own_sizes,
        own_first=np.cumsum(count) - count,
        own_count=count,
        threshold=threshold,
        shape=shape,
        scale=scale,
        largest=LARGEST_FACTOR * float(sizes.max()),
    )


def _tail(sizes: IntArray, weight: FloatArray) -> tuple[float, float, float]:
    """Fit the excesses over the threshold that a tenth of the events pass; no tail with fewer than ten of them."""
    threshold = float(np.quantile(sizes, 1 - TAIL_SHARE))
    above = sizes > threshold
    if above.sum() < LEAST_EXCESSES:
        return np.inf, 0.0, 1.0
    excess, share = sizes[above] - threshold, weight[above] / weight[above].mean()

    def badness(guess: FloatArray) -> float:
        shape, scale = guess[0], np.exp(guess[1])
        inside = 1 + shape * excess / scale
        likelihood = share @ (guess[1] + (1 / shape + 1) * np.log(inside))
        return float(likelihood + 0.5 * ((shape - SHAPE_PRIOR[0]) / SHAPE_PRIOR[1]) ** 2)

    start = np.array([SHAPE_PRIOR[0], np.log(excess.mean() * (1 - SHAPE_PRIOR[0]))])
    found = minimize(badness, start, method="L-BFGS-B", bounds=[(0.02, 0.9), (-3.0, 12.0)]).x
    return threshold, float(found[0]), float(np.exp(found[1]))


def draw_sizes(severity: Severity, area: IntArray, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the deaths of events.

    Parameters
    ----------
    area : row of the area of each event, shape (events,)

    Returns
    -------
    float array of whole numbers from 1, shape (events,)
    """
    count = severity.own_count[area]
    luck = rng.random((2, len(area)))
    pooled = severity.sizes[np.minimum(np.searchsorted(severity.upto, luck[0]), len(severity.sizes) - 1)].astype(float)
    own = luck[1] < count / (count + OWN_EVENTS)
    if own.any():
        place = severity.own_first[area[own]] + (luck[0][own] * count[own]).astype(np.int64)
        pooled[own] = severity.own_sizes[place]
    beyond = np.flatnonzero(pooled > severity.threshold)
    if beyond.size:
        excess = severity.scale * ((1 - rng.random(beyond.size)) ** -severity.shape - 1) / severity.shape
        pooled[beyond] = np.minimum(np.ceil(severity.threshold + excess), severity.largest)
    return np.asarray(pooled, float)
