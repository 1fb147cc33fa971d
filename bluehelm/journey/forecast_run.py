"""Forecast: from a file of events to futures by area and month, with the forecast's own last errors, as a folder."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bluehelm import __version__
from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.first_risk import known_events
from bluehelm.foresight.forecast import Forecast, write_forecast
from bluehelm.foresight.history import History, history_at
from bluehelm.foresight.models import PRODUCT, YARDSTICKS
from bluehelm.foresight.rolling import LONGEST_HORIZON, ScoreRules, futures, score_origin
from bluehelm.journey.forecast_ground import ForecastGround, ground_of_forecast
from bluehelm.journey.forecast_report import write_forecast_reports
from bluehelm.mission.months import Month
from bluehelm.mission.new_folder import new_folder
from bluehelm.words import say

LAST_ORIGINS_BEFORE = (24, 21, 18, 15, 12)
ERROR_SAMPLES = 200
RECENT_MONTHS = 36
RECENT_AREAS = 30


@dataclass(frozen=True, slots=True)
class ForecastOrder:
    """What is asked for: files, country, origin, months ahead, number of futures, publication lag and seed."""

    events: Path
    origin: Month
    country: str | None = None
    areas: Path | None = None
    places: Path | None = None
    h3: int | None = None
    horizon: int = 12
    samples: int = 1000
    lag_months: int = 0
    seed: int = 0
    model: str = PRODUCT

    def __post_init__(self) -> None:
        if not 1 <= self.horizon <= LONGEST_HORIZON:
            raise InvalidRecordError(
                "horizon is {horizon}; 1 to {longest} {longest:month|months} {longest:was|were} expected.",
                horizon=self.horizon,
                longest=LONGEST_HORIZON,
            )
        if self.samples < 2:
            raise InvalidRecordError("samples is {samples}; 2 or more were expected.", samples=self.samples)


def forecast(order: ForecastOrder) -> Forecast:
    """Forecast civilian deaths by area and month.

    Raises
    ------
    ImportFileError, InvalidRecordError
        If files cannot be used or nothing is known at the origin.
    """
    ground = ground_of_forecast(
        order.events,
        order.country,
        order.areas,
        order.origin,
        lag_months=order.lag_months,
        places=order.places,
        h3=order.h3,
    )
    history = history_at(ground.events, ground.areas, order.origin, lag_months=order.lag_months, seed=order.seed)
    paths = futures(order.model, history, order.horizon, order.samples, order.seed, order.lag_months)
    facts: dict[str, Any] = {
        "country": order.country,
        "seed": order.seed,
        "lag_months": order.lag_months,
        "record": [str(history.first_month), str(history.last_month)],
        "events_known": ground.known,
        "events_hash": ground.events_hash,
        "versions": {"bluehelm": __version__} | {name: version(name) for name in ("numpy", "polars", "scipy")},
        "recent": _recent(history.deaths.sum(axis=0).tolist(), history.first_month),
        "recent_by_area": _recent_by_area(history),
        "errors": _last_errors(ground, order),
        "notes": [*_later_events(ground, order), *ground.notes],
    }
    return Forecast(ground.areas, order.origin, paths, order.model, facts)


def forecast_folder(order: ForecastOrder, out: Path) -> Forecast:
    """Forecast, and write the folder with its report in English and Chinese: whole, or not at all."""
    with new_folder(out) as folder:
        made = forecast(order)
        write_forecast(made, folder)
        write_forecast_reports(made, folder)
    return made


def _later_events(ground: ForecastGround, order: ForecastOrder) -> list[str]:
    later = ground.events.height - ground.known
    if not later:
        return []
    sentence = say(
        "{count} of {rows} events were not over or not published at the end of {origin} and are not used.",
        count=later,
        rows=ground.events.height,
        origin=str(order.origin),
    )
    return [sentence]


def _recent(deaths: list[int], first: Month, most: int = RECENT_MONTHS) -> list[dict[str, Any]]:
    """Deaths of the last months of the record, for the picture."""
    months = [{"month": str(first + i), "deaths": number} for i, number in enumerate(deaths)]
    return months[-most:]


def _recent_by_area(history: History) -> dict[str, list[int]]:
    """Deaths of the last months in the areas with most of them, ending with the last month of the record."""
    last = history.deaths[:, -RECENT_MONTHS:]
    worst = np.argsort(-last.sum(axis=1), kind="stable")[:RECENT_AREAS]
    ids = history.areas.get_column("area_id")
    return {str(ids[int(row)]): last[row].tolist() for row in worst if last[row].any()}


def _last_errors(ground: ForecastGround, order: ForecastOrder) -> list[dict[str, Any]]:
    """Score how the model and the yardsticks would have forecast one to twelve months ahead over the last two years.

    Each knew only the events known at its time, but the areas are today's.
    """
    horizons = tuple(ahead for ahead in (1, 3, 6, 12) if ahead <= order.horizon)
    rules = ScoreRules(
        (order.model, *(name for name in YARDSTICKS if name != order.model)), horizons, ERROR_SAMPLES, order.lag_months,
        order.seed,
    )  # fmt: skip
    # What came after the origin is not known: nothing later than it is scored.
    events = known_events(ground.events, order.origin + 1, order.lag_months)
    first = Month.of(events["date"].min()) + 12  # type: ignore[arg-type]
    origins = [order.origin + -(months + order.lag_months) for months in LAST_ORIGINS_BEFORE]
    frames = [score_origin(events, ground.areas, origin, rules) for origin in origins if origin >= first]
    if not frames:
        return []
    scope = pl.when(pl.col("area") < 0).then(pl.lit("total")).otherwise(pl.lit("areas"))
    scores = pl.concat(frames).with_columns(scope=scope)
    table = scores.group_by("model", "horizon", "scope", maintain_order=True).agg(
        pl.col("crps", "log_score", "observed", "expected").mean(), origins=pl.col("origin").n_unique()
    )
    return table.with_columns(pl.col(pl.Float64).round(6)).to_dicts()
