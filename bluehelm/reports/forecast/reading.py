"""A forecast read for its report: totals and areas as spreads over futures, with what was recorded of late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bluehelm.foresight.forecast import Forecast
from bluehelm.foresight.rolling import expected_shares
from bluehelm.mission.months import Month
from bluehelm.reports.forecast.names import country_name
from bluehelm.reports.names import spoken_name

HORIZONS = (1, 3, 6, 12)
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Spread:
    """Deaths in futures: ends of the 90 % and of the 50 % interval, and the median."""

    low: int
    lower: int
    middle: int
    upper: int
    high: int


@dataclass(frozen=True, slots=True)
class AreaRisk:
    """An area over all months ahead. share: of each future's deaths, the mean over futures; chances: of at least 1, 10
    and 25 deaths; months: spread of each month."""

    area_id: str
    name: str
    latitude_deg: float
    longitude_deg: float
    share: float
    deaths: Spread
    chance_1: float
    chance_10: float
    chance_25: float
    months: tuple[Spread, ...]


def spread_of(deaths: NDArray[np.integer]) -> Spread:
    """Summarise the deaths of futures.

    Examples
    --------
    >>> spread_of(np.arange(1, 101))
    Spread(low=5, lower=25, middle=50, upper=75, high=95)
    """
    return Spread(*(int(level) for level in np.quantile(deaths, LEVELS, method="inverted_cdf")))


class ForecastReading:
    """What the report tells of a forecast, worked out once."""

    def __init__(self, forecast: Forecast) -> None:
        self.forecast = forecast
        self.totals = forecast.paths.sum(axis=1, dtype=np.int64)
        self.months = [str(forecast.origin + step) for step in range(1, forecast.months + 1)]
        self.by_month = tuple(spread_of(self.totals[:, step]) for step in range(forecast.months))
        self.areas = self._areas()

    @property
    def horizons(self) -> tuple[int, ...]:
        """Months ahead over which deaths are summed: 1, 3, 6, 12 and all."""
        months = self.forecast.months
        return tuple(sorted({horizon for horizon in HORIZONS if horizon < months} | {months}))

    @property
    def country(self) -> str:
        """The country, or that all countries of the file are meant."""
        return country_name(self.forecast.facts.get("country"))

    def until(self, months: int) -> Spread:
        """Deaths in all areas over the first months ahead."""
        return spread_of(self.totals[:, :months].sum(axis=1))

    def beyond(self, months: int) -> int:
        """Deaths in all areas that one future in a hundred exceeds."""
        summed = self.totals[:, :months].sum(axis=1)
        return int(np.quantile(summed, 0.99, method="inverted_cdf"))

    @property
    def recent(self) -> list[dict[str, Any]]:
        """Deaths recorded in the last months known: month, deaths."""
        return list(self.forecast.facts.get("recent") or [])

    def recorded(self, months: int) -> int | None:
        """Deaths recorded in the last months of the record, where it is so long."""
        known = [int(row["deaths"]) for row in self.recent]
        return sum(known[-months:]) if len(known) >= months else None

    def recorded_at(self, area_id: str, months: int) -> list[dict[str, Any]]:
        """Deaths recorded in one area in the last months, where the forecast holds them."""
        known = (self.forecast.facts.get("recent_by_area") or {}).get(area_id)
        rows = self.recent[-len(known) :] if known else []
        listed = [{"month": row["month"], "deaths": deaths} for row, deaths in zip(rows, known or [], strict=True)]
        return listed[-months:]

    def timeline(self, before: int) -> list[str]:
        """Months from the recent past to the last one ahead, without a gap."""
        recent = self.recent[-before:]
        first = Month.parse(recent[0]["month"]) if recent else self.forecast.origin + 1
        last = self.forecast.origin + self.forecast.months
        return [str(first + step) for step in range(last - first + 1)]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The forecast's own last errors, beside the yardsticks."""
        return list(self.forecast.facts.get("errors") or [])

    def error(self, model: str, horizon: int, scope: str) -> dict[str, Any] | None:
        """The errors of one model at one horizon."""
        keys = {"model": model, "horizon": horizon, "scope": scope}
        return next((row for row in self.errors if all(row[key] == value for key, value in keys.items())), None)

    def _areas(self) -> tuple[AreaRisk, ...]:
        paths = self.forecast.paths
        summed = paths.sum(axis=2, dtype=np.int64)
        shares = expected_shares(summed)
        return tuple(
            self._area(int(row), float(shares[row]), summed[:, row])
            for row in np.argsort(-shares, kind="stable")
            if shares[row] > 0
        )

    def _area(self, row: int, share: float, summed: NDArray[np.int64]) -> AreaRisk:
        facts = self.forecast.areas.row(row, named=True)
        paths = self.forecast.paths[:, row]
        one, ten, many = (float((summed >= number).mean()) for number in (1, 10, 25))
        return AreaRisk(
            facts["area_id"], facts["name"] or spoken_name(facts["area_id"]), facts["latitude_deg"],
            facts["longitude_deg"], share, spread_of(summed), one, ten, many,
            tuple(spread_of(paths[:, month]) for month in range(paths.shape[1])),
        )  # fmt: skip
