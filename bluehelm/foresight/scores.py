"""How good a forecast of deaths was: proper scores, intervals, and the share of deaths that fell where it pointed.

A forecast is a set of sample paths, along the first axis of `samples`; `observed` has the remaining axes. Scores are
given for each forecast, so that they can be averaged by month ahead, month or area afterwards; less is better. Their
intervals come from `bluehelm.foresight.bootstrap`. Scores of models are compared on the same number of paths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, inf, prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluehelm.errors import InvalidRecordError

Array = NDArray[Any]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LOG_SCORE_BIN_TOPS = (0, 2, 5, 10, 25, 50, 100, 250, 500, 1000, inf)
"""The largest count of each bin of the log score: 0, 1-2, 3-5, ..., 501-1000, more than 1000."""

# So many numbers at a time stay in a core's own cache; sorting them there is twice as fast as sorting all at once.
NUMBERS_AT_A_TIME = 200_000
FEW_DEATHS_SHARE = 0.03


def crps(samples: ArrayLike, observed: ArrayLike, *, fair: bool = False) -> FloatArray:
    """Score each forecast by the continuous ranked probability score, in deaths: the absolute error of a distribution.

    For samples X(1..m) and what came, y, the plain score is that of the samples' own (empirical) distribution:

        CRPS = 1/m Σ_i |X(i) − y|  −  1/(2 m²) Σ_i Σ_k |X(i) − X(k)|

    The fair score divides the second sum by 2 m (m − 1) instead. Its mean does not depend on m, so it compares models
    with unequal numbers of paths; a single value may fall below 0. Of one certain number both are the absolute error.

    Parameters
    ----------
    samples : number array, shape (paths, ...)
        Deaths on each sample path, 2 paths or more; in any order.
    observed : number array, shape (...)
        Deaths that came.
    fair : bool
        Take the second term without the bias that comes from the number of paths.

    Returns
    -------
    float array, shape (...)
        Deaths; 0 is perfect.

    Raises
    ------
    InvalidRecordError
        If shapes do not fit, a number is negative, missing or infinite, nothing is given, or there is one path only.

    Source
    ------
    Gneiting and Raftery (2007), Strictly proper scoring rules, equations 20 and 21. Fair score: Ferro (2014), Fair
    scores for ensemble forecasts. The double sum equals 2 Σ_i (2 i − m − 1) X(i) over the sorted samples.

    Examples
    --------
    >>> crps([[0, 0], [0, 4]], [0, 3])
    array([0., 1.])
    >>> crps([[0, 0], [0, 4]], [0, 3], fair=True)
    array([0., 0.])
    """
    table, came, shape = checked(samples, observed)
    paths = len(table)
    weights = (2.0 * np.arange(1, paths + 1) - paths - 1) / (paths * (paths - 1 if fair else paths))
    small_counts = table.dtype.kind in "iu" and table.dtype.itemsize <= 4
    score = np.empty(len(came))
    for part in _parts(table):
        columns = table[:, part]
        few = small_counts and np.count_nonzero(columns) < FEW_DEATHS_SHARE * columns.size
        score[part] = (_crps_of_few if few else _crps_of_many)(columns, came[part], weights)
    # Rounding may leave a plain score of -1e-17, which would read as better than perfect.
    return (score if fair else np.maximum(score, 0.0)).reshape(shape)


def log_score(samples: ArrayLike, observed: ArrayLike) -> FloatArray:
    """Score each forecast by the ignorance, in bits, that it left about the bin of the number of deaths that came.

    The bins are 0, 1-2, 3-5, 6-10, 11-25, 26-50, 51-100, 101-250, 251-500, 501-1000 and more than 1000 deaths. With
    m paths, of which n(b) lie in bin b, one further sample is spread evenly over the 11 bins:

        p(b) = (n(b) + 1/11) / (m + 1)          score = −log2 p(bin of what came)

    Why bins: of a heavy-tailed number of deaths, 137 say, a thousand paths seldom hold the very number, so that a score
    of exact numbers would be a lottery; the bins are as wide as differences that matter to those who plan. Why the
    further sample: a forecast that gave no chance to what came is punished hard, by log2(11 (m + 1)), which is 13.4
    bits for 1,000 paths, yet not without end. Inside a bin the score sees no difference; the CRPS does.

    Parameters
    ----------
    samples : number array, shape (paths, ...)
        Deaths on each sample path, 2 paths or more.
    observed : number array, shape (...)
        Deaths that came. A fraction (an event shared between areas) falls in the bin above the lower whole number.

    Returns
    -------
    float array, shape (...)
        Bits; near 0 is perfect, log2(11) = 3.46 is to know nothing of the bin.

    Raises
    ------
    InvalidRecordError
        As for `crps`.

    Source
    ------
    Good (1952), Rational decisions; Roulston and Smith (2002), Evaluating probabilistic forecasts using information
    theory. Bins and the further sample are ours.

    Examples
    --------
    >>> log_score([[0, 0], [0, 4], [0, 9]], [0, 1000]).round(2)
    array([0.37, 5.46])
    """
    table, came, shape = checked(samples, observed)
    paths, tops = len(table), np.array(LOG_SCORE_BIN_TOPS)
    bin_of = np.searchsorted(tops, came)
    low, high = np.concatenate([[-1.0], tops[:-1]])[bin_of], tops[bin_of]
    inside = np.empty(len(came))
    for part in _parts(table):
        columns = table[:, part]
        inside[part] = np.count_nonzero((columns > low[part]) & (columns <= high[part]), axis=0)
    score: FloatArray = -np.log2((inside + 1 / len(tops)) / (paths + 1))
    return score.reshape(shape)


def central_interval(samples: ArrayLike, share: float = 0.9) -> tuple[FloatArray, FloatArray]:
    """Return the smallest and largest number of deaths of the central interval that holds `share` of the samples.

    Both ends are sample values: the smallest x of which at least (1 − share)/2, or (1 + share)/2, of the samples are
    no larger. So the interval holds `share` or more; much more where most samples are 0.

    Examples
    --------
    >>> central_interval([[0], [0], [1], [7]], share=0.5)
    (array([0.]), array([1.]))
    """
    table = np.asarray(samples)
    table, _, shape = checked(table, np.zeros(table.shape[1:]))
    low_rank, high_rank = (_rank(len(table), (1 + sign * checked_share(share)) / 2) for sign in (-1, 1))
    low, high = np.empty(table.shape[1]), np.empty(table.shape[1])
    for part in _parts(table):
        ordered = _sorted_rows(table[:, part])
        low[part], high[part] = ordered[:, low_rank], ordered[:, high_rank]
    return low.reshape(shape), high.reshape(shape)


def interval_score(samples: ArrayLike, observed: ArrayLike, share: float = 0.9) -> FloatArray:
    """Score the central interval [l, u] of each forecast, in deaths: its width, and a fine for what it missed.

        score = (u − l) + 2/α max(l − y, 0) + 2/α max(y − u, 0)        with α = 1 − share

    Parameters
    ----------
    samples, observed
        As for `crps`.
    share : float
        Share of the samples that the interval holds, between 0 and 1.

    Returns
    -------
    float array, shape (...)
        Deaths; 0 is perfect.

    Raises
    ------
    InvalidRecordError
        As for `crps`; or if the share is not between 0 and 1.

    Source
    ------
    Gneiting and Raftery (2007), Strictly proper scoring rules, equation 43.

    Examples
    --------
    >>> interval_score([[0, 0], [4, 4]], [3, 5], share=0.5)
    array([4., 8.])
    """
    _, came, shape = checked(samples, observed)
    low, high = (end.ravel() for end in central_interval(samples, share))
    missed = np.maximum(low - came, 0.0) + np.maximum(came - high, 0.0)
    score: FloatArray = high - low + 2.0 / (1.0 - share) * missed
    return score.reshape(shape)


def coverage(samples: ArrayLike, observed: ArrayLike, share: float = 0.9) -> BoolArray:
    """Say for each forecast whether what came lies in its central interval, ends included.

    The mean is at least `share` for a calibrated forecast, and often more: see `calibration.interval_coverage`, which
    sets the expected share beside it.

    Examples
    --------
    >>> coverage([[0, 0], [4, 4]], [3, 5], share=0.5)
    array([ True, False])
    """
    _, came, shape = checked(samples, observed)
    low, high = (end.ravel() for end in central_interval(samples, share))
    return ((low <= came) & (came <= high)).reshape(shape)


@dataclass(frozen=True, slots=True)
class CapturedShare:
    """Deaths in the areas that a forecast put first.

    captured_deaths, deaths: of each remaining cell (month, origin), shape (...). share: captured over all deaths of all
    cells; mean_share: mean of the cells' own shares, where each cell counts the same; both None if nobody died.
    quiet: number of cells in which nobody died; they say nothing and enter neither share.
    """

    captured_deaths: FloatArray
    deaths: FloatArray
    share: float | None
    mean_share: float | None
    quiet: int


def captured_share(expected: ArrayLike, observed: ArrayLike, top: int) -> CapturedShare:
    """Say what share of the deaths fell in the `top` areas with the highest expected deaths.

    Areas that are expected alike at the edge of the top share the places left: each counts by the chance that a blind
    draw among them would take it. So a forecast that expects the same everywhere captures top/areas on average, not
    what the order of the areas happens to give.

    Parameters
    ----------
    expected : number array, shape (areas, ...)
        Expected deaths, or any other number from 0 that puts the areas in order.
    observed : number array, shape (areas, ...)
        Deaths that came.
    top : int
        Number of areas, from 1 to all of them.

    Raises
    ------
    InvalidRecordError
        If shapes do not fit, a number is negative, missing or infinite, nothing is given, or `top` is no such number.

    Examples
    --------
    >>> found = captured_share([[5.0, 1.0], [2.0, 1.0], [1.0, 9.0]], [[3, 0], [1, 0], [0, 0]], top=1)
    >>> found.share, found.quiet
    (0.75, 1)
    """
    rank_by, came = (numbers(name, array) for name, array in (("expected", expected), ("observed", observed)))
    if rank_by.shape != came.shape or rank_by.ndim == 0 or not rank_by.size:
        raise InvalidRecordError(
            "expected has the shape {expected} and observed {observed}; both (areas, ...) and not empty were expected.",
            expected=rank_by.shape,
            observed=came.shape,
        )
    areas = len(rank_by)
    if not 1 <= top <= areas:
        raise InvalidRecordError(
            "top is {top}; 1 to {areas} was expected, the number of areas. Ask for fewer.", top=top, areas=areas
        )
    edge = np.partition(rank_by, areas - top, axis=0)[areas - top]
    above, level = rank_by > edge, rank_by == edge
    chance = (top - above.sum(axis=0)) / level.sum(axis=0)
    captured = np.asarray((came * above).sum(axis=0) + chance * (came * level).sum(axis=0), dtype=float)
    deaths = np.asarray(came.sum(axis=0), dtype=float)
    some = deaths > 0
    return CapturedShare(
        captured_deaths=captured,
        deaths=deaths,
        share=float(captured.sum() / deaths.sum()) if some.any() else None,
        mean_share=float((captured[some] / deaths[some]).mean()) if some.any() else None,
        quiet=int((~some).sum()),
    )


def checked(samples: ArrayLike, observed: ArrayLike) -> tuple[Array, FloatArray, tuple[int, ...]]:
    """Check samples and what came; return them as (paths, forecasts) and (forecasts,), with the shape of the forecasts.

    Raises
    ------
    InvalidRecordError
        As told at `crps`.
    """
    table, came = np.asarray(samples), np.asarray(observed)
    if table.ndim == 0 or table.shape[1:] != came.shape:
        raise InvalidRecordError(
            "samples have the shape {samples} and observed {observed}; (paths, ...) and (...) were expected. Put the "
            "paths first, and give one observed number for each forecast.",
            samples=table.shape,
            observed=came.shape,
        )
    if len(table) < 2 or not came.size:
        raise InvalidRecordError(
            "{forecasts} forecasts of {paths} sample paths were given; at least 1 forecast of 2 paths was expected, as "
            "one path is a number and no distribution. Draw more paths.",
            forecasts=came.size,
            paths=len(table),
        )
    table, came = numbers("samples", table), numbers("observed", came)
    return table.reshape(len(table), prod(came.shape)), came.astype(float).ravel(), came.shape


def numbers(name: str, array: ArrayLike, *, below_zero: bool = False) -> Array:
    """Return an array of finite numbers, from 0 unless they may lie below it; an error names the array."""
    table = np.asarray(array)
    if table.dtype.kind not in "biuf":
        raise InvalidRecordError(
            "{name} holds values of the kind {kind}; an array of numbers was expected. Convert it first.",
            name=name,
            kind=table.dtype.name,
        )
    # The smallest is missing if any number is, and then no comparison is true.
    low, high = (table.min(), table.max()) if table.size else (0, 0)
    if -inf < low and high < inf and (below_zero or low >= 0):
        return table
    wrong = ~(np.isfinite(table) & (below_zero | (table >= 0)))
    raise InvalidRecordError(
        "{name}: {count} of {size} numbers are missing or infinite, first at {places}; finite numbers were expected. "
        "Mend them or leave them out; what is unknown cannot be scored."
        if below_zero
        else "{name}: {count} of {size} numbers are missing, infinite or negative, first at {places}; finite numbers "
        "from 0 were expected. Mend them or leave them out; what is unknown cannot be scored.",
        name=name,
        count=int(wrong.sum()),
        size=table.size,
        places=", ".join(str(tuple(place)) for place in np.argwhere(wrong)[:5].tolist()),
    )


def _crps_of_many(columns: Array, came: FloatArray, weights: FloatArray) -> FloatArray:
    """Score forecasts by sorting all their samples."""
    error = _sorted_rows(columns).astype(np.float64, copy=False)
    error -= came[:, None]  # the spread does not change, and is exactly 0 where all samples are right
    spread = error @ weights
    np.abs(error, out=error)
    score: FloatArray = error @ np.full(len(weights), 1 / len(weights)) - spread
    return score


def _crps_of_few(columns: Array, came: FloatArray, weights: FloatArray) -> FloatArray:
    """Score forecasts whose samples are nearly all 0 by sorting the others alone; the answer is the same."""
    paths, forecasts = columns.shape
    path, forecast = np.divmod(np.flatnonzero(columns != 0), forecasts)
    # One sort by forecast, then by deaths: both in one number, as deaths have 32 bits here.
    key = np.sort((forecast << 32) | columns[path, forecast].astype(np.int64))
    forecast, deaths = key >> 32, (key & 0xFFFFFFFF).astype(np.float64)
    count = np.bincount(forecast, minlength=forecasts)
    rank = np.arange(len(key)) + np.repeat(paths - np.cumsum(count), count)
    spread = np.bincount(forecast, weights[rank] * deaths, forecasts)
    error = np.bincount(forecast, np.abs(deaths - came[forecast]), forecasts)
    score: FloatArray = ((paths - count) * came + error) / paths - spread
    return score


def _sorted_rows(columns: Array) -> Array:
    """Turn forecasts into rows, which lie together in memory, and sort each."""
    rows = np.array(columns.T, order="C")
    rows.sort(axis=1)
    return rows


def _parts(table: Array) -> Iterator[slice]:
    """Cut the forecasts into parts that fit the cache."""
    paths, forecasts = table.shape
    step = max(1, NUMBERS_AT_A_TIME // paths)
    return (slice(start, start + step) for start in range(0, forecasts, step))


def _rank(paths: int, share: float) -> int:
    """Place, from 0, of the smallest sample with at least `share` of the samples at or below it."""
    return max(0, ceil(round(paths * share, 9)) - 1)  # rounded, as 100 * 0.95 need not be 95


def checked_share(share: float) -> float:
    """Return a share between 0 and 1, or raise an error."""
    if not 0 < share < 1:
        raise InvalidRecordError(
            "share is {share}; a number between 0 and 1 was expected, such as 0.9 for 90 %.", share=share
        )
    return share
