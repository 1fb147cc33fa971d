"""The arms of the backtest: ways to decide where the same number of bases stands, month by month.

An arm makes a `Track`: the spot of each base in each of the twelve months scored, and the day from which it acts there.
Every arm but the two that are told so decides a month on what was known at the end of the month before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from bluehelm.foresight.nearest import FloatArray, IntArray, degrees_of
from bluehelm.geo.distance import distance_km
from bluehelm.journey.backtest.risk import Foresight, Futures, decayed_violence
from bluehelm.journey.backtest.theatre import Theatre
from bluehelm.planning.siting import Move, best_moves, best_spots

MONTHS = 12
DAYS_A_MONTH = 30.4


@dataclass(frozen=True, slots=True)
class Track:
    """spot, ready_day: shape (months, bases); a base acts at its spot from that day of the month (1: all month)."""

    spot: IntArray
    ready_day: FloatArray
    moves: int
    persons_moved: int


@dataclass(frozen=True, slots=True)
class MoveRules:
    """What moves may do.

    most: a month (None: any number). away_days: days in which a base on the move covers nothing. permanent:
    headquarters stay. months_ahead: how far ahead a move is weighed. tail_weight, tail_share: weight on the worst
    futures, and what share of the futures counts as worst.
    """

    most: int | None
    away_days: float = 0.0
    permanent: bool = True
    months_ahead: int = 6
    tail_weight: float = 0.0
    tail_share: float = 0.2


def standing(theatre: Theatre) -> Track:
    """Bases stay where the mission had them."""
    spot = np.tile(np.arange(theatre.bases), (MONTHS, 1))
    return Track(spot, np.ones_like(spot, float), 0, 0)


def recipe(theatre: Theatre, most: int | None, lag_months: int = 0, away_days: float = 0.0) -> Track:
    """Move to decayed past violence: the yardstick. As it is told, moves take no time."""
    rules = MoveRules(most, away_days)
    return _month_by_month(theatre, rules, lambda month, _spot: decayed_violence(theatre, month, lag_months))


def adaptive(theatre: Theatre, foresight: Foresight, rules: MoveRules) -> Track:
    """Move to where sampled futures put harm, each move paid in days out of action."""

    def weight(month: int, spot: IntArray) -> FloatArray:
        return _hedged(theatre, foresight.before(month), spot, rules)

    return _month_by_month(theatre, rules, weight)


def rigid(theatre: Theatre, foresight: Foresight, rules: MoveRules) -> Track:
    """Site all bases but the permanent ones at the start of the year, on the futures of that year, and stay."""
    first = (theatre.year + 1) * 12
    weight = foresight.before(first, MONTHS).mean()
    fixed = np.flatnonzero(theatre.permanent) if rules.permanent else np.zeros(0, np.int64)
    chosen, _ = best_spots(fixed, theatre.bases, theatre.reach, weight)
    spot = _assigned(theatre, fixed, chosen[len(fixed) :])
    moved = spot != np.arange(theatre.bases)
    ready = np.ones((MONTHS, theatre.bases))
    ready[0, moved] = 1 + rules.away_days
    return Track(np.tile(spot, (MONTHS, 1)), ready, int(moved.sum()), int(theatre.persons[moved].sum()))


def fixed_at(theatre: Theatre, weight: FloatArray) -> Track:
    """All bases where they cover most of a weight, all year: with last year's deaths, or the scored year's (oracle)."""
    chosen, _ = best_spots(np.zeros(0, np.int64), theatre.bases, theatre.reach, weight)
    spot = np.tile(chosen, (MONTHS, 1))
    return Track(spot, np.ones_like(spot, float), 0, 0)


def deaths_of_year(theatre: Theatre, year: int, *, one_sided: bool) -> FloatArray:
    """Deaths at each point in a calendar year."""
    events = theatre.events
    counted = events.of_year(year) & (events.one_sided if one_sided else True)
    return np.bincount(events.point[counted], events.deaths[counted], theatre.points.height).astype(float)


def _month_by_month(theatre: Theatre, rules: MoveRules, weight_before: Callable[[int, IntArray], FloatArray]) -> Track:
    spot = np.arange(theatre.bases)
    movable = ~theatre.permanent if rules.permanent else np.ones(theatre.bases, bool)
    spots, ready = np.empty((MONTHS, theatre.bases), np.int64), np.ones((MONTHS, theatre.bases))
    moves: list[Move] = []
    for step in range(MONTHS):
        if rules.most != 0:
            weight = weight_before((theatre.year + 1) * 12 + step, spot)
            away = min(1.0, rules.away_days / (DAYS_A_MONTH * rules.months_ahead))
            chosen = best_moves(spot, movable, theatre.reach, weight, most=rules.most, away_share=away)
            for move in chosen:
                spot[move.base] = move.spot
                ready[step, move.base] = 1 + rules.away_days
            moves += chosen
        spots[step] = spot
    return Track(spots, ready, len(moves), int(sum(theatre.persons[move.base] for move in moves)))


def _hedged(theatre: Theatre, futures: Futures, spot: IntArray, rules: MoveRules) -> FloatArray:
    """Expected weight, with some of it on the futures that the bases cover least as they stand."""
    mean = futures.mean()
    if rules.tail_weight == 0:
        return mean
    covered = theatre.reach[spot].any(axis=0).astype(float)
    share = futures.by_area @ (futures.spread @ covered)
    worst = np.argsort(share, kind="stable")[: max(1, round(rules.tail_share * len(share)))]
    return (1 - rules.tail_weight) * mean + rules.tail_weight * futures.of(worst)


def _assigned(theatre: Theatre, fixed: IntArray, chosen: IntArray) -> IntArray:
    """Send bases to the spots chosen with the least way in all; those whose own spot is chosen stay."""
    spot = np.arange(theatre.bases)
    movers = np.setdiff1d(spot, fixed)
    own = np.intersect1d(movers, chosen)
    movers, open_spots = np.setdiff1d(movers, own), np.setdiff1d(chosen, own)
    km = distance_km(*degrees_of(theatre.spots[movers]), *degrees_of(theatre.spots[open_spots]))
    row, column = linear_sum_assignment(km)
    spot[movers[row]] = open_spots[column]
    return spot
