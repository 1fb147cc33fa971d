"""What adaptability is worth: ways to plan, measured on the same futures, and their differences as intervals.

All harm is in expected civilian deaths that are not answered: less is better. What a way of planning leaves unanswered
at best lies between what is proven (its bound) and what was found. Knowing more never hurts, so that the arms bound
each other: clairvoyant ≤ adaptive ≤ rigid, and adaptive ≤ rolling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

RIGID, ROLLING, ADAPTIVE, CLAIRVOYANT = MAIN = ("rigid", "rolling", "adaptive", "clairvoyant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way to plan, measured future by future.

    unanswered: deaths not answered in each future. cost_usd: in each future. least_unanswered, least_cost_usd: no plan
    of this kind has an expectation below; None where nothing is proven. A rolling plan is what came of it: both are as
    found. gap: of the priority in which protection stands. fits: whether it is known to meet the minimum shares of
    tasks, if there are any; only a plan that does is one that others may follow.
    """

    name: str
    unanswered: tuple[float, ...]
    cost_usd: tuple[float, ...]
    least_unanswered: float | None
    least_cost_usd: float | None
    gap: float
    status: str
    fits: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one way of planning leaves more than another: deaths, deaths in the worst futures, and money.

    low, high: proven; None where they are not. A value of knowing more is never below 0: where search ended short, the
    difference as found lies outside and is moved to the nearer end.
    """

    name: str
    more: str
    less: str
    deaths: float
    low: float | None
    high: float | None
    tail_deaths: float
    worst_deaths: float
    cost_usd: float
    cost_low_usd: float | None
    cost_high_usd: float | None


def expected(values: Sequence[float], chances: Sequence[float]) -> float:
    """Mean over the futures."""
    return sum(value * chance for value, chance in zip(values, chances, strict=True))


def worst_mean(values: Sequence[float], chances: Sequence[float], alpha: float) -> float:
    """CVaR: mean over the worst 1 - alpha of the futures, by chance; the one on the edge counts in part.

    Parameters
    ----------
    alpha : share of the futures, the mildest, that is left out; 0 leaves out none: the expectation

    Source
    ------
    Rockafellar and Uryasev, "Conditional value-at-risk for general loss distributions", 2002.

    Examples
    --------
    >>> round(worst_mean([10.0, 30.0, 0.0], [0.3, 0.1, 0.6], 0.8), 9)
    20.0
    >>> round(worst_mean([10.0, 30.0, 0.0], [0.3, 0.1, 0.6], 0.0), 9)
    6.0
    """
    left, total = 1.0 - alpha, 0.0
    for value, chance in sorted(zip(values, chances, strict=True), reverse=True):
        taken = min(chance, left)
        total, left = total + taken * value, left - taken
    return total / (1.0 - alpha)


def ranges_of(arms: Mapping[str, Arm], chances: Sequence[float]) -> dict[str, tuple[float, float]]:
    """Say, for each arm, between what its best plan leaves unanswered: (proven least, found), each helped by the rest.

    What a rolling plan leaves is not a best, but what came of it: both ends are what was found.
    """
    found = {name: expected(arm.unanswered, chances) for name, arm in arms.items()}
    least = {name: arm.least_unanswered or 0.0 for name, arm in arms.items()}
    known = least.get(CLAIRVOYANT, 0.0)
    low = {name: max(value, known) for name, value in least.items()}
    best = min((value for name, value in found.items() if name != CLAIRVOYANT and arms[name].fits), default=0.0)
    adaptive_low = low.get(ADAPTIVE, 0.0)
    ranges = {}
    for name in arms:
        if name == CLAIRVOYANT:
            ranges[name] = low[name], min(found[name], best)
        elif name == ADAPTIVE:
            ranges[name] = low[name], best
        elif name == ROLLING:
            ranges[name] = found[name], found[name]
        else:
            ranges[name] = max(low[name], adaptive_low), found[name]
    return {name: (min(ends), ends[1]) for name, ends in ranges.items()}


def difference(
    name: str, more: Arm, less: Arm, ranges: Mapping[str, tuple[float, float]], chances: Sequence[float], alpha: float
) -> Difference:
    """Say what one arm leaves more than another, with what is proven of it."""
    deaths = expected(more.unanswered, chances) - expected(less.unanswered, chances)
    low = high = None
    if less.least_unanswered is not None and more.least_unanswered is not None:
        low = max(ranges[more.name][0] - ranges[less.name][1], 0.0)
        high = max(ranges[more.name][1] - ranges[less.name][0], low)
        deaths = min(max(deaths, low), high)
    cost_more, cost_less = expected(more.cost_usd, chances), expected(less.cost_usd, chances)
    return Difference(
        name=name,
        more=more.name,
        less=less.name,
        deaths=deaths,
        low=low,
        high=high,
        tail_deaths=worst_mean(more.unanswered, chances, alpha) - worst_mean(less.unanswered, chances, alpha),
        worst_deaths=max(more.unanswered) - max(less.unanswered),
        cost_usd=cost_more - cost_less,
        cost_low_usd=None if more.least_cost_usd is None else more.least_cost_usd - cost_less,
        cost_high_usd=None if less.least_cost_usd is None else cost_more - less.least_cost_usd,
    )


def differences_of(arms: Mapping[str, Arm], chances: Sequence[float], alpha: float) -> tuple[Difference, ...]:
    """List what adaptability, planning over futures and perfect knowledge are worth, and each part of recourse."""
    ranges = ranges_of(arms, chances)
    pairs = [
        ("adaptability", RIGID, ADAPTIVE),
        ("vss", ROLLING, ADAPTIVE),
        ("evpi", ADAPTIVE, CLAIRVOYANT),
        *((name, name, ADAPTIVE) for name in arms if name not in MAIN),
    ]
    return tuple(
        difference(name, arms[more], arms[less], ranges, chances, alpha)
        for name, more, less in pairs
        if more in arms and less in arms
    )
