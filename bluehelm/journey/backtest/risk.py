"""Where harm is to be expected, point by point: from yesterday's violence, or from sampled futures.

*Decayed violence* (the recipe): the sum of ln(1 + deaths) 2^(-age/6 months) of past events of all kinds.

*Futures*: a model samples futures of the months to come. In each future every area has its share of the deaths; the
expected share is the mean over futures, so that one huge massacre in one future does not outweigh a hundred futures.
The share of an area is laid on its points: by their decayed past violence, and by the square root of people with the
weight of one event. For a hedge against bad futures, some of the weight is that of the futures worst covered so far.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from bluehelm.foresight.history import history_at
from bluehelm.foresight.models import combination
from bluehelm.foresight.models.combination import Combination
from bluehelm.foresight.nearest import FloatArray, IntArray, degrees_of, nearest_of
from bluehelm.foresight.spaced_areas import SpacingRules, spaced_areas
from bluehelm.journey.backtest.theatre import Theatre
from bluehelm.mission.months import Month

RECIPE_HALF_LIFE_MONTHS = 6.0
POINT_HALF_LIFE_MONTHS = 16.0


@dataclass(frozen=True, slots=True)
class FutureRules:
    """How futures are drawn for siting; all stated, none tuned to a mission.

    months: how far ahead a base is sited for. paths: futures drawn. share: weigh a future's deaths by their share of
    that future's total; otherwise by their number. prior: risk where people live and nothing was recorded.
    """

    months: int = 6
    paths: int = 400
    share: bool = True
    prior: bool = True
    lag_months: int = 0
    seed: int = 0


def decayed_violence(theatre: Theatre, month: int, lag_months: int = 0) -> FloatArray:
    """Weigh each point by past violence known before `month` (12 year + month - 1), shape (points,)."""
    events = theatre.events
    age = month - 1 - lag_months - events.month
    mark = np.where(age >= 0, np.log1p(events.deaths) * 0.5 ** (age / RECIPE_HALF_LIFE_MONTHS), 0.0)
    return np.bincount(events.point, mark, theatre.points.height).astype(float)


@dataclass(frozen=True, slots=True)
class Futures:
    """Weights in each future: of areas, shape (futures, areas), and their spread to points, shape (areas, points)."""

    by_area: FloatArray
    spread: csr_array

    def mean(self) -> FloatArray:
        """Expected weight of each point."""
        return np.asarray(self.by_area.mean(axis=0) @ self.spread)

    def of(self, futures: IntArray) -> FloatArray:
        """Mean weight of each point over some futures."""
        return np.asarray(self.by_area[futures].mean(axis=0) @ self.spread)


class Foresight:
    """Draws futures of one theatre at the end of each month; areas are drawn once, from what was known at the start."""

    def __init__(
        self, theatre: Theatre, country_events: pl.DataFrame, places: pl.DataFrame, rules: FutureRules
    ) -> None:
        self._theatre, self._events, self._rules = theatre, country_events, rules
        start = Month(theatre.year + 1, 1)
        known = country_events.filter(pl.col("date") < (start + -rules.lag_months).first_day)
        self._areas = spaced_areas(places, known, SpacingRules())
        self._area_of_point, _ = nearest_of(theatre.points, *degrees_of(self._areas))
        self._drawn: dict[tuple[int, int], Futures] = {}
        # Earned by forecasts before the year, and held during it.
        self._shares: dict[str, float] | None = None

    def before(self, month: int, months: int | None = None) -> Futures:
        """Draw futures that begin with `month` (12 year + month - 1), as known at the end of the month before."""
        ahead = months or self._rules.months
        if (month, ahead) not in self._drawn:
            self._drawn[month, ahead] = self._draw(month, ahead)
        return self._drawn[month, ahead]

    def _draw(self, month: int, ahead: int) -> Futures:
        rules = self._rules
        origin = Month((month - 1) // 12, (month - 1) % 12 + 1)
        history = history_at(self._events, self._areas, origin, lag_months=rules.lag_months, seed=rules.seed)
        fitted = combination.fit(history, self._shares)
        self._shares = fitted.shares
        if not rules.prior:
            fitted = _without_background(fitted)
        paths = combination.sample(fitted, ahead + rules.lag_months, rules.paths, rules.seed)
        deaths = paths[:, :, rules.lag_months :].sum(axis=2).astype(float)
        if rules.share:
            deaths = deaths / np.maximum(deaths.sum(axis=1, keepdims=True), 1.0)
        return Futures(deaths, self._spread(month))

    def _spread(self, month: int) -> csr_array:
        """How the weight of an area lies on its points, shape (areas, points); rows add up to 1 where there is any."""
        events, points = self._theatre.events, self._theatre.points
        age = month - 1 - self._rules.lag_months - events.month
        mark = np.where(age >= 0, np.log1p(events.deaths) * 0.5 ** (age / POINT_HALF_LIFE_MONTHS), 0.0)
        past = np.bincount(events.point, mark, points.height)
        areas = self._areas.height
        people = np.sqrt(points.get_column("people").to_numpy().astype(float))
        in_area = np.bincount(self._area_of_point, people, areas)[self._area_of_point]
        weight = past + (people / np.maximum(in_area, 1e-9) if self._rules.prior else 1e-9 * people)
        total = np.bincount(self._area_of_point, weight, areas)[self._area_of_point]
        share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        return csr_array((share, (self._area_of_point, np.arange(points.height))), shape=(areas, points.height))


def _without_background(fitted: Combination) -> Combination:
    process = fitted.fitted["self_exciting"]
    calm = replace(process, background=np.zeros_like(process.background))
    return replace(fitted, fitted=fitted.fitted | {"self_exciting": calm})
