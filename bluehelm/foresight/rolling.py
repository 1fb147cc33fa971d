"""How well models would have forecast: standing at the end of month after month, knowing only what was known then.

For each origin every model is fitted to what was known, draws its futures, and is held against what came: each area and
month ahead by itself, and the total of all areas. Areas are drawn once, before the first origin, and serve throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.calibration import pit
from bluehelm.foresight.history import History, history_at, observed_deaths
from bluehelm.foresight.models import model
from bluehelm.foresight.nearest import FloatArray, IntArray
from bluehelm.foresight.scores import captured_share, coverage, crps, interval_score, log_score
from bluehelm.mission.months import Month

TOP_AREAS = 10
LONGEST_HORIZON = 36


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """What is scored. horizons: months ahead. samples: futures drawn by each model. lag_months: publication lag."""

    models: tuple[str, ...]
    horizons: tuple[int, ...] = (1, 3, 6, 12)
    samples: int = 400
    lag_months: int = 0
    seed: int = 0
    top: int = TOP_AREAS

    def __post_init__(self) -> None:
        for name in self.models:
            model(name)
        if not self.models or not self.horizons or not all(1 <= ahead <= LONGEST_HORIZON for ahead in self.horizons):
            raise InvalidRecordError(
                "{models} models and the horizons {horizons} were given; 1 or more models, and months ahead from 1 to "
                "{longest} were expected.",
                models=len(self.models),
                horizons=", ".join(map(str, self.horizons)),
                longest=LONGEST_HORIZON,
            )
        if self.samples < 2 or self.top < 1:
            raise InvalidRecordError(
                "samples is {samples}, top {top}; 2 or more samples and 1 or more top areas were expected.",
                samples=self.samples,
                top=self.top,
            )


def score_origin(events: pl.DataFrame, areas: pl.DataFrame, origin: Month, rules: ScoreRules) -> pl.DataFrame:
    """Score the forecasts of all models from one origin.

    Parameters
    ----------
    events : of `bluehelm.foresight.events`; those after the origin are used only as what came
    areas : drawn before the origin

    Returns
    -------
    Polars frame, one row for each model, horizon and area, and one for the total of all areas (area = -1). Columns
    model, origin, horizon, month, area, observed, expected, crps, log_score, interval_score, covered, pit, and for the
    total captured (deaths that came in the top areas).
    """
    furthest = max(rules.horizons)
    history = history_at(events, areas, origin, lag_months=rules.lag_months, seed=rules.seed)
    came = observed_deaths(events, areas, origin + 1, furthest, seed=rules.seed)
    frames = []
    for name in rules.models:
        paths = futures(name, history, furthest, rules.samples, rules.seed, rules.lag_months)
        for ahead in rules.horizons:
            frames.append(_scored(name, paths[:, :, ahead - 1], came[:, ahead - 1], origin, ahead, rules))
    return pl.concat(frames)


def futures(name: str, history: History, months: int, paths: int, seed: int, lag_months: int = 0) -> NDArray[np.int32]:
    """Fit a model and draw futures of the months after the origin, shape (paths, areas, months)."""
    kind = model(name)
    return kind.sample(kind.fit(history), months + lag_months, paths, seed)[:, :, lag_months:]


def expected_shares(paths: NDArray[np.int32]) -> FloatArray:
    """Mean over futures of each area's share of that future's deaths, shape (areas,): where a forecast points.

    The mean of deaths would be ruled by the one future in a thousand with a huge massacre.
    """
    deaths = paths.astype(float)
    return np.asarray((deaths / np.maximum(deaths.sum(axis=1, keepdims=True), 1.0)).mean(axis=0))


def _scored(
    name: str, paths: NDArray[np.int32], came: IntArray, origin: Month, ahead: int, rules: ScoreRules
) -> pl.DataFrame:
    # The total of all areas is one more area, at the end.
    both = np.concatenate([paths, paths.sum(axis=1, keepdims=True)], axis=1)
    seen = np.append(came, came.sum())
    captured = captured_share(expected_shares(paths)[:, None], came[:, None], min(rules.top, len(came)))
    return pl.DataFrame(
        {
            "model": name,
            "origin": str(origin),
            "horizon": ahead,
            "month": str(origin + ahead),
            "area": np.append(np.arange(len(came)), -1),
            "observed": seen,
            "expected": both.mean(axis=0),
            "crps": crps(both, seen),
            "log_score": log_score(both, seen),
            "interval_score": interval_score(both, seen),
            "covered": coverage(both, seen).astype(float),
            "pit": pit(both, seen, rules.seed + ahead),
            "captured": np.append(np.zeros(len(came)), captured.captured_deaths.sum()),
        }
    )


def origins_between(first: Month, last: Month, step: int = 1) -> tuple[Month, ...]:
    """Return the months from `first` to `last`, each `step` months after the one before."""
    return tuple(first + months for months in range(0, last - first + 1, step))
