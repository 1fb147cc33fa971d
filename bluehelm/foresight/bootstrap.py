"""How sure is a mean, a difference or a share? Intervals by drawing whole blocks of values again and again.

Values of one origin, or of one year, belong together: one war makes all of them high. Drawing single values would
call a mean surer than it is. So whole blocks are drawn, as many as there are, with replacement. For B blocks with sums
S(b), and D(b) the number of values or the sum of the denominator, draw r takes block b w(r, b) times:

    value = Σ_b S(b) / Σ_b D(b)           value of draw r = Σ_b w(r, b) S(b) / Σ_b w(r, b) D(b)

The interval holds the middle of the draws (percentile interval), with smaller tails than (1 − share)/2 where blocks are
few, since B blocks vary too little by 1/B and their spread is itself a guess: Φ(t sqrt(B/(B − 1))), t the quantile of
Student's t with B − 1 degrees. Measured, how often a 90 % interval held the truth, of 2,000 (normal blocks) and 1,000
(lognormal blocks, one in which a few years hold most deaths):

    blocks        2     3     4     6     8    10    20    50
    normal     48 %  74 %  85 %  88 %  88 %  89 %  90 %  90 %      (plain percentiles: 74 % with 4, 82 % with 8)
    lognormal  44 %  66 %  75 %  79 %  78 %  82 %  83 %  86 %

So an interval from fewer than six blocks, or from deaths that a few blocks dominate, is still somewhat too narrow: the
number of blocks is always told.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.scores import checked_share, numbers
from bluehelm.words import say

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with what the draws of blocks say of it.

    value: None only for a ratio whose denominator is 0. low, high: ends of the interval that is meant to hold the truth
    in `share` of cases; None if unknown, as with one block. blocks: number of blocks. useless_draws: number of draws in
    which the denominator was 0, so that they say nothing and are left out.
    """

    value: float | None
    low: float | None
    high: float | None
    share: float
    blocks: int
    useless_draws: int = 0

    @property
    def excludes_zero(self) -> bool:
        """Say whether the interval is known and lies wholly above or wholly below 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    def sentence(self) -> str:
        """Say the value and its interval, or that one of them is unknown."""
        if self.value is None:
            return say("unknown: nothing to divide by")
        if self.low is None or self.high is None:
            return say("{value:.3g} (interval unknown: {blocks} block)", value=self.value, blocks=self.blocks)
        return say(
            "{value:.3g} ({share:.0%} interval {low:.3g} to {high:.3g}, {blocks} blocks)",
            value=self.value,
            share=self.share,
            low=self.low,
            high=self.high,
            blocks=self.blocks,
        )


def mean_interval(
    values: ArrayLike, blocks: ArrayLike, seed: int, *, draws: int = 2000, share: float = 0.9
) -> Interval:
    """Give the mean of values with its interval.

    Parameters
    ----------
    values : number array, shape (n,)
    blocks : array, shape (n,)
        The block of each value: its origin or year, as numbers or words.
    seed : int
        The same seed draws the same blocks.
    draws : int
        Number of draws, 100 or more.
    share : float
        How often the interval is meant to hold the truth, between 0 and 1.

    Returns
    -------
    Interval
        Without ends if there is one block only: nothing can be said from one.

    Raises
    ------
    InvalidRecordError
        If shapes do not fit, a value is missing or infinite, nothing is given, or an option cannot be.

    Source
    ------
    Efron and Tibshirani (1993), An introduction to the bootstrap, chapters 8 and 13. Tails for few blocks: Hesterberg
    (2015), What teachers should know about the bootstrap, "expanded percentile interval".

    Examples
    --------
    >>> mean_interval([1.0, 3.0, 5.0, 7.0], [2015, 2015, 2016, 2016], seed=0)
    Interval(value=4.0, low=2.0, high=6.0, share=0.9, blocks=2, useless_draws=0)
    """
    table = _row("values", values)
    return _interval(table, np.ones(len(table)), blocks, seed, draws, share)


def paired_interval(
    a: ArrayLike, b: ArrayLike, blocks: ArrayLike, seed: int, *, draws: int = 2000, share: float = 0.9
) -> Interval:
    """Give the mean of a − b, value by value, with its interval; of two scores, below 0 means that a is better.

    Pairs are drawn together, so what makes a month hard for both models cancels. Parameters as for `mean_interval`.

    Examples
    --------
    >>> paired_interval([1.0, 9.0], [2.0, 10.0], [2015, 2016], seed=0).high
    -1.0
    """
    first, second = _row("a", a), _row("b", b)
    _same_length("a", first, "b", second)
    return _interval(first - second, np.ones(len(first)), blocks, seed, draws, share)


def ratio_interval(
    numerator: ArrayLike,
    denominator: ArrayLike,
    blocks: ArrayLike,
    seed: int,
    *,
    draws: int = 2000,
    share: float = 0.9,
) -> Interval:
    """Give a pooled share, such as deaths within reach over deaths, with its interval.

    For the paired difference of two arms with the same denominator, give the difference of their numerators. Where
    the denominator is 0 in all blocks the value is None; draws in which it is 0 are left out and counted.

    Parameters
    ----------
    numerator : number array, shape (n,)
    denominator : number array, shape (n,)
        0 or more.
    blocks, seed, draws, share
        As for `mean_interval`.

    Examples
    --------
    >>> found = ratio_interval([1, 0, 5], [4, 0, 6], [2014, 2015, 2016], seed=0)
    >>> round(found.value, 2), found.low, round(found.high, 2), found.useless_draws
    (0.6, 0.25, 0.83, 70)
    """
    above, below = _row("numerator", numerator), _row("denominator", denominator, below_zero=False)
    _same_length("numerator", above, "denominator", below)
    return _interval(above, below, blocks, seed, draws, share)


def _interval(above: FloatArray, below: FloatArray, blocks: ArrayLike, seed: int, draws: int, share: float) -> Interval:
    """Draw whole blocks and divide sums by sums."""
    block_of, count = block_rows(blocks, len(above))
    checked_share(share)
    if draws < 100:
        raise InvalidRecordError("draws is {draws}; 100 or more was expected for an interval.", draws=draws)
    above_sum, below_sum = np.bincount(block_of, above), np.bincount(block_of, below)
    value = float(above_sum.sum() / below_sum.sum()) if below_sum.any() else None
    if count < 2 or value is None:
        return Interval(value, None, None, share, count)
    times = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=draws)
    drawn_above, drawn_below = times @ above_sum, times @ below_sum
    useful = drawn_below > 0
    ratios = drawn_above[useful] / drawn_below[useful]
    tail = _tail(share, count)
    low, high = np.quantile(ratios, [tail, 1 - tail])
    return Interval(value, float(low), float(high), share, count, int(draws - useful.sum()))


def _tail(share: float, blocks: int) -> float:
    """Share of draws to leave out at each end: less than (1 − share)/2, as few blocks vary too little in the draws."""
    student = float(stdtrit(blocks - 1, (1 - share) / 2))
    return NormalDist().cdf(student * sqrt(blocks / (blocks - 1)))


def block_rows(blocks: ArrayLike, values: int) -> tuple[IntArray, int]:
    """Number the block of each value from 0, and count the blocks.

    Raises
    ------
    InvalidRecordError
        If there is not one name for each value, or a name is missing or a fraction.
    """
    names = np.asarray(blocks)
    if names.shape != (values,):
        raise InvalidRecordError(
            "blocks have the shape {shape} for {values} {values:value|values}; one block for each value was "
            "expected, in a row.",
            shape=names.shape,
            values=values,
        )
    if names.dtype.kind == "f" or (names.dtype.kind == "O" and any(name is None for name in names)):
        raise InvalidRecordError(
            "blocks holds fractions or missing names; the origin or year of each value was expected, as a whole "
            "number or a word. Give each value its block."
        )
    rows = np.unique(names.astype(str) if names.dtype.kind == "O" else names, return_inverse=True)[1]
    return rows, int(rows.max()) + 1


def _row(name: str, values: ArrayLike, *, below_zero: bool = True) -> FloatArray:
    row = numbers(name, values, below_zero=below_zero).astype(float)
    if row.ndim != 1 or not row.size:
        raise InvalidRecordError(
            "{name} has the shape {shape}; a row of 1 or more numbers was expected. Flatten it, and its blocks alike.",
            name=name,
            shape=row.shape,
        )
    return row


def _same_length(first_name: str, first: FloatArray, second_name: str, second: FloatArray) -> None:
    if len(first) != len(second):
        raise InvalidRecordError(
            "{first_name} has {first} numbers and {second_name} {second}; as many of one as of the other were "
            "expected, pair by pair.",
            first_name=first_name,
            first=len(first),
            second_name=second_name,
            second=len(second),
        )
