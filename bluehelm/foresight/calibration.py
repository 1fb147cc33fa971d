"""Did what was called 10 % come one time in ten? Calibration of forecasts of deaths.

Three looks at the same question: where what came fell among the samples (PIT), whether the chance of at least 1, 10 or
25 deaths was right (reliability), and how often the central intervals held what came. Deaths are counts with many
zeros, so the PIT is drawn at random within ties, and an interval may rightly hold far more than its nominal share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.bootstrap import block_rows
from bluehelm.foresight.scores import central_interval, checked, checked_share, numbers

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CHANCE_EDGES = (0.0, 0.01, 0.03, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Ends of the groups of chances in `reliability`; finer near 0, where most areas are."""
DRAWS = 4_000


def pit(samples: ArrayLike, observed: ArrayLike, seed: int) -> FloatArray:
    """Say where what came falls among the samples of each forecast, from 0 (below all) to 1 (above all).

    Ties are broken at random, with one draw V between 0 and 1 for each forecast:

        PIT = (number of X < y  +  V (1 + number of X = y)) / (m + 1)

    If y is a draw like the m samples, the PIT is uniform between 0 and 1, exactly, for any m and any ties. Much of it
    near 0 and 1: the forecasts were too sure. Much near 1: they expected too little.

    Parameters
    ----------
    samples, observed
        As for `scores.crps`: shapes (paths, ...) and (...).
    seed : int
        The same seed breaks ties alike.

    Returns
    -------
    float array, shape (...)

    Raises
    ------
    InvalidRecordError
        As for `scores.crps`.

    Source
    ------
    Czado, Gneiting and Held (2009), Predictive model assessment for count data; Hamill (2001), Interpretation of rank
    histograms, for the place among m + 1.

    Examples
    --------
    >>> pit([[0, 2], [1, 2], [1, 3]], [9, 0], seed=0).round(2)
    array([0.91, 0.07])
    """
    table, came, shape = checked(samples, observed)
    below = np.count_nonzero(table < came, axis=0)
    level = np.count_nonzero(table == came, axis=0)
    drawn = np.random.default_rng(seed).random(len(came))
    place: FloatArray = (below + drawn * (1 + level)) / (len(table) + 1)
    return place.reshape(shape)


@dataclass(frozen=True, slots=True)
class PitHistogram:
    """Share of the PIT values in each of equal bins, and the band in which all of them lie if forecasts are calibrated.

    low, high: the band, the same for every bin, that holds all bins at once in `band_share` of cases; None if unknown.
    blocks: number of blocks that the band allows for; None if values were taken as independent.
    """

    shares: FloatArray
    low: float | None
    high: float | None
    band_share: float
    values: int
    blocks: int | None

    @property
    def within_band(self) -> bool | None:
        """Say whether every bin lies in the band: the test of calibration; None if the band is unknown."""
        if self.low is None or self.high is None:
            return None
        slack = 1e-9  # a share on the edge of the band is not thrown out by rounding
        return bool(((self.shares >= self.low - slack) & (self.shares <= self.high + slack)).all())


def pit_histogram(
    pit_values: ArrayLike, seed: int, *, blocks: ArrayLike | None = None, bins: int = 10, band_share: float = 0.9
) -> PitHistogram:
    """Count PIT values in equal bins, and test whether they are uniform.

    The statistic is the largest distance of a bin's share from 1/bins; the band is 1/bins plus or minus the distance
    that uniform values exceed in 1 − band_share of cases. Without blocks the values are independent, and the distance
    comes from multinomial draws. That is too narrow where areas and months share one war: calibrated forecasts are then
    found wanting too often. With blocks (origins, years), whole blocks of deviations have their sign turned at random
    instead, which keeps what hangs together within a block. One block: no band. Fewer than about eight: little power.

    Parameters
    ----------
    pit_values : float array, any shape
        From `pit`.
    seed : int
        The same seed gives the same band.
    blocks : array, the same shape, or None
        The block of each value.
    bins : int
        Number of bins, 2 or more.
    band_share : float
        How often the band holds all bins at once if forecasts are calibrated.

    Raises
    ------
    InvalidRecordError
        If a value lies outside 0 to 1 or is missing, nothing is given, or an option cannot be.

    Examples
    --------
    >>> found = pit_histogram((np.arange(100) + 0.5) / 100, seed=0)
    >>> found.shares[:2], round(found.low, 2), found.within_band
    (array([0.1, 0.1]), 0.02, True)
    """
    values = numbers("pit_values", pit_values).astype(float).ravel()
    checked_share(band_share)
    if not values.size or values.max() > 1 or bins < 2:
        raise InvalidRecordError(
            "{values} PIT values up to {largest:g} in {bins} bins were given; 1 or more values from 0 to 1 and 2 or "
            "more bins were expected.",
            values=values.size,
            largest=values.max(initial=0),
            bins=bins,
        )
    bin_of = np.minimum((values * bins).astype(np.int64), bins - 1)
    shares = np.bincount(bin_of, minlength=bins) / values.size
    if blocks is None:
        count, reach = None, _reach_if_independent(values.size, bins, seed, band_share)
    else:
        block_of, count = block_rows(np.ravel(blocks), values.size)
        if count == 1:
            return PitHistogram(shares, None, None, band_share, values.size, count)
        table = np.bincount(block_of * bins + bin_of, minlength=count * bins).reshape(count, bins)
        reach = _reach_of_blocks(table, seed, band_share)
    return PitHistogram(shares, max(0.0, 1 / bins - reach), 1 / bins + reach, band_share, values.size, count)


def _reach_if_independent(values: int, bins: int, seed: int, band_share: float) -> float:
    """Find the largest distance from 1/bins that independent uniform values keep to in `band_share` of cases."""
    drawn = np.random.default_rng(seed).multinomial(values, np.full(bins, 1 / bins), size=DRAWS)
    return _quantile_of_largest(drawn / values - 1 / bins, band_share)


def _reach_of_blocks(table: IntArray, seed: int, band_share: float) -> float:
    """Find the same distance from counts by block and bin: a calibrated block errs as often one way as the other."""
    deviation = table - table.mean(axis=1, keepdims=True)
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(DRAWS, len(table)))
    return _quantile_of_largest(signs @ deviation / table.sum(), band_share)


def _quantile_of_largest(deviation: FloatArray, band_share: float) -> float:
    return float(np.quantile(np.abs(deviation).max(axis=1), band_share, method="inverted_cdf"))


@dataclass(frozen=True, slots=True)
class ChanceGroup:
    """Forecasts that gave like chances: how often it then happened.

    low, high: Wilson interval of the observed share, as if forecasts were independent; where areas and months share one
    war the truth is wider, and `bootstrap.paired_interval` of `exceedance` tells it.
    """

    lowest_chance: float
    highest_chance: float
    forecasts: int
    mean_chance: float
    observed_share: float
    low: float
    high: float

    @property
    def reliable(self) -> bool:
        """Say whether the chance given lies in the interval of what was observed."""
        return self.low <= self.mean_chance <= self.high


@dataclass(frozen=True, slots=True)
class Reliability:
    """Chances of at least so many deaths against what came.

    brier_score: mean squared distance of chance and what came, 0 to 1, less is better. groups: those that hold a
    forecast, from low chances to high.
    """

    at_least: int
    forecasts: int
    mean_chance: float
    observed_share: float
    brier_score: float
    groups: tuple[ChanceGroup, ...]


def exceedance(samples: ArrayLike, observed: ArrayLike, at_least: int) -> tuple[FloatArray, FloatArray]:
    """Return for each forecast the chance of at least so many deaths, and 1 where that many came, 0 elsewhere.

    Examples
    --------
    >>> exceedance([[0, 4], [1, 9]], [0, 9], at_least=1)
    (array([0.5, 1. ]), array([0., 1.]))
    """
    if at_least < 1:
        raise InvalidRecordError(
            "at_least is {at_least}; 1 or more was expected: 0 deaths or more is certain.", at_least=at_least
        )
    table, came, shape = checked(samples, observed)
    chance = np.count_nonzero(table >= at_least, axis=0) / len(table)
    return chance.reshape(shape), (came >= at_least).astype(float).reshape(shape)


def reliability(
    samples: ArrayLike, observed: ArrayLike, at_least: Sequence[int] = (1, 10, 25), *, share: float = 0.9
) -> tuple[Reliability, ...]:
    """Compare the chances of at least 1, 10 and 25 deaths with how often that many came.

    Parameters
    ----------
    samples, observed
        As for `scores.crps`.
    at_least : sequence of int
        Numbers of deaths, each 1 or more.
    share : float
        Share of the intervals of the groups.

    Returns
    -------
    tuple of Reliability, one for each number of deaths

    Raises
    ------
    InvalidRecordError
        As for `scores.crps`; or if a number of deaths is below 1.

    Source
    ------
    Wilson (1927), Probable inference, for the intervals; Brier (1950) for the score.

    Examples
    --------
    >>> found, = reliability([[0, 4], [1, 9]], [0, 9], at_least=[1])
    >>> found.mean_chance, found.observed_share, found.brier_score, len(found.groups)
    (0.75, 0.5, 0.125, 2)
    """
    checked_share(share)
    found = []
    for number in at_least:
        chance, happened = (array.ravel() for array in exceedance(samples, observed, number))
        brier = float(((chance - happened) ** 2).mean())
        groups = _groups(chance, happened, share)
        found.append(
            Reliability(number, len(chance), float(chance.mean()), float(happened.mean()), brier, groups),
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often central intervals held what came.

    share: nominal. expected_share: what calibrated forecasts would show, the mean share of the samples inside their own
    intervals; counts with many zeros make it larger than nominal. observed_share: what came inside.
    """

    share: float
    expected_share: float
    observed_share: float
    forecasts: int


def interval_coverage(
    samples: ArrayLike, observed: ArrayLike, shares: Sequence[float] = (0.5, 0.9)
) -> tuple[Coverage, ...]:
    """Compare how often the central 50 % and 90 % intervals held what came with how often they should have.

    Parameters
    ----------
    samples, observed
        As for `scores.crps`.
    shares : sequence of float
        Nominal shares, each between 0 and 1.

    Raises
    ------
    InvalidRecordError
        As for `scores.crps`; or if a share is not between 0 and 1.

    Examples
    --------
    >>> interval_coverage([[0, 0], [0, 4], [0, 5], [0, 6]], [0, 6], shares=[0.5])
    (Coverage(share=0.5, expected_share=0.875, observed_share=0.5, forecasts=2),)
    """
    table, came, _ = checked(samples, observed)
    found = []
    for share in shares:
        low, high = central_interval(table, share)
        inside = np.count_nonzero((table >= low) & (table <= high), axis=0).mean() / len(table)
        held = ((came >= low) & (came <= high)).mean()
        found.append(Coverage(share, float(inside), float(held), len(came)))
    return tuple(found)


def _groups(chance: FloatArray, happened: FloatArray, share: float) -> tuple[ChanceGroup, ...]:
    edges = np.array(CHANCE_EDGES)
    group_of = np.searchsorted(edges[1:-1], chance, side="right")
    count, chances, times = (np.bincount(group_of, w, len(edges) - 1).tolist() for w in (None, chance, happened))
    return tuple(
        ChanceGroup(
            CHANCE_EDGES[g], CHANCE_EDGES[g + 1], count[g], chances[g] / count[g],
            times[g] / count[g], *_wilson(times[g], count[g], share),
        )
        for g in np.flatnonzero(count).tolist()
    )  # fmt: skip


def _wilson(times: float, of: int, share: float) -> tuple[float, float]:
    """Interval of a share that was seen `times` times in `of`; rounding never puts the share itself outside."""
    z = NormalDist().inv_cdf((1 + share) / 2)
    middle = (times + z * z / 2) / (of + z * z)
    reach = z / (of + z * z) * sqrt(times * (of - times) / of + z * z / 4)
    return max(0.0, min(middle - reach, times / of)), min(1.0, max(middle + reach, times / of))
