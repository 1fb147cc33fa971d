"""Score models on a country's past, from many origins, each model beside every yardstick, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.bootstrap import Interval, mean_interval, paired_interval, ratio_interval
from bluehelm.foresight.calibration import pit_histogram
from bluehelm.foresight.models import MODELS, PRODUCT, YARDSTICKS
from bluehelm.foresight.rolling import ScoreRules, origins_between, score_origin
from bluehelm.journey.forecast_ground import ground_of_forecast
from bluehelm.journey.parallel import run_all
from bluehelm.mission.months import Month

SCORES = ("crps", "log_score")


@dataclass(frozen=True, slots=True)
class ScoreOrder:
    """What is asked for: files, country, first and last origin, months between origins, and the rules of scoring."""

    events: Path
    first: Month
    last: Month
    country: str | None = None
    areas: Path | None = None
    places: Path | None = None
    h3: int | None = None
    step: int = 1
    rules: ScoreRules = field(default_factory=lambda: ScoreRules(MODELS))
    engine: str = "processes"
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidRecordError(
                "The last origin {last} lies before the first {first}. Write them as FIRST:LAST, such as "
                "2014-01:2016-12.",
                first=str(self.first),
                last=str(self.last),
            )
        if self.step < 1:
            raise InvalidRecordError("step is {step}; 1 or more months were expected.", step=self.step)


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores as plain values, ready for JSON, and the table that they were made from."""

    record: dict[str, Any]
    table: pl.DataFrame


def score_forecasts(order: ScoreOrder) -> Scored:
    """Score models from each origin.

    Raises
    ------
    ImportFileError, InvalidRecordError
        If files cannot be used, nothing is known at the first origin, or nothing came after the last.
    """
    ground = ground_of_forecast(
        order.events,
        order.country,
        order.areas,
        order.first,
        lag_months=order.rules.lag_months,
        places=order.places,
        h3=order.h3,
    )
    last_month = Month.of(ground.events["date"].max())  # type: ignore[arg-type]
    furthest = max(order.rules.horizons)
    origins = [o for o in origins_between(order.first, order.last, order.step) if o + furthest <= last_month]
    if not origins:
        raise InvalidRecordError(
            "Events end in {end}, so nothing can be scored {ahead} {ahead:month|months} after {first}. Choose "
            "earlier origins or "
            "shorter horizons.",
            end=str(last_month),
            ahead=furthest,
            first=str(order.first),
        )
    blocks = np.array_split(np.array(origins, dtype=object), min(len(origins), 8))
    work = [(ground.events, ground.areas, tuple(block), order.rules) for block in blocks]
    table = pl.concat(run_all(_score_block, work, engine=order.engine, workers=order.workers))
    return Scored(_record(order, ground.areas, table, origins, ground.notes), table)


def _score_block(
    events: pl.DataFrame, areas: pl.DataFrame, origins: Sequence[Month], rules: ScoreRules
) -> pl.DataFrame:
    return pl.concat([score_origin(events, areas, origin, rules) for origin in origins])


def _record(
    order: ScoreOrder, areas: pl.DataFrame, table: pl.DataFrame, origins: Sequence[Month], notes: Sequence[str]
) -> dict[str, Any]:
    scored = table.with_columns(year=pl.col("month").str.slice(0, 4).cast(pl.Int64))
    by_area, total = scored.filter(pl.col("area") >= 0), scored.filter(pl.col("area") < 0)
    seed = order.rules.seed
    return {
        "country": order.country,
        "areas": areas.height,
        "origins": [str(origins[0]), str(origins[-1])],
        "origins_scored": len(origins),
        "origins_left_out": len(origins_between(order.first, order.last, order.step)) - len(origins),
        "samples": order.rules.samples,
        "lag_months": order.rules.lag_months,
        "seed": seed,
        "product": PRODUCT,
        "yardsticks": list(YARDSTICKS),
        "captured_by_top_areas": min(order.rules.top, areas.height),
        "interval": "90 %, bootstrap over calendar years of the months scored",
        "rows": [_row(part, total, name, ahead, seed) for (name, ahead), part in _parts(by_area)],
        "total_rows": [_row(part, total, name, ahead, seed) for (name, ahead), part in _parts(total)],
        "differences": _differences(by_area, "areas", seed) + _differences(total, "total", seed),
        "calibration": [_calibration(part, name, ahead, "areas", seed) for (name, ahead), part in _parts(by_area)]
        + [_calibration(part, name, ahead, "total", seed) for (name, ahead), part in _parts(total)],
        "by_year": _by(scored, "year"),
        "by_month": _by(scored.filter(pl.col("model") == PRODUCT), "month"),
        "by_area": _worst_areas(by_area, areas),
        "notes": list(notes),
    }


def _parts(table: pl.DataFrame) -> list[tuple[tuple[str, int], pl.DataFrame]]:
    grouped = table.group_by("model", "horizon", maintain_order=True)
    return [((str(name), int(ahead)), part) for (name, ahead), part in grouped]


def _row(part: pl.DataFrame, total: pl.DataFrame, name: str, ahead: int, seed: int) -> dict[str, Any]:
    """Mean scores of one model and horizon, each with its interval."""
    row: dict[str, Any] = {"model": name, "yardstick": name in YARDSTICKS, "horizon": ahead}
    for score in (*SCORES, "interval_score"):
        row |= _told(score, mean_interval(part[score].to_numpy(), part["year"].to_numpy(), seed))
    mine = total.filter(pl.col("model") == name, pl.col("horizon") == ahead)
    years = mine["year"].to_numpy()
    captured, came = mine["captured"].to_numpy(), mine["observed"].to_numpy()
    row |= _told("captured_share", ratio_interval(captured, came, years, seed))
    return row | {"covered_share": _mean(part["covered"]), "forecasts": part.height, "deaths": int(came.sum())}


def _mean(values: pl.Series) -> float:
    return float(values.to_numpy().mean())


def _told(name: str, interval: Interval) -> dict[str, float | None]:
    return {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _differences(table: pl.DataFrame, scope: str, seed: int) -> list[dict[str, Any]]:
    """Score of each model of ours less that of each yardstick, paired by forecast: below 0, ours is better."""
    rows = []
    keys = ["origin", "horizon", "area"]
    parts = {key: part.sort(keys) for key, part in _parts(table)}
    for (name, ahead), ours in parts.items():
        if name in YARDSTICKS:
            continue
        for yardstick in YARDSTICKS:
            theirs = parts.get((yardstick, ahead))
            if theirs is None:
                continue
            row: dict[str, Any] = {"model": name, "yardstick": yardstick, "horizon": ahead, "scope": scope}
            for score in SCORES:
                a, b = ours[score].to_numpy(), theirs[score].to_numpy()
                row |= _told(score, paired_interval(a, b, ours["year"].to_numpy(), seed))
                row[f"{score}_ratio"] = float(a.mean() / b.mean()) if b.mean() > 0 else None
            rows.append(row)
    return rows


def _calibration(part: pl.DataFrame, name: str, ahead: int, scope: str, seed: int) -> dict[str, Any]:
    histogram = pit_histogram(part["pit"].to_numpy(), seed, blocks=part["year"].to_numpy())
    bins = len(histogram.shares)
    return {
        "model": name,
        "horizon": ahead,
        "scope": scope,
        "shares": histogram.shares.tolist(),
        "low": None if histogram.low is None else [histogram.low] * bins,
        "high": None if histogram.high is None else [histogram.high] * bins,
        "within_band": histogram.within_band,
        "covered_share": _mean(part["covered"]),
    }


def _by(table: pl.DataFrame, column: str) -> list[dict[str, Any]]:
    scope = pl.when(pl.col("area") < 0).then(pl.lit("total")).otherwise(pl.lit("areas")).alias("scope")
    grouped = table.with_columns(scope).group_by("model", "horizon", "scope", column, maintain_order=True)
    return grouped.agg(pl.col("crps", "log_score").mean(), pl.col("observed").sum().alias("deaths")).to_dicts()


def _worst_areas(table: pl.DataFrame, areas: pl.DataFrame, most: int = 20) -> list[dict[str, Any]]:
    """Mean scores of the product in the areas with most deaths."""
    mine = table.filter(pl.col("model") == PRODUCT)
    grouped = mine.group_by("area", maintain_order=True).agg(
        pl.col("crps", "log_score", "expected", "observed").mean()
    ).sort("observed", descending=True).head(most)  # fmt: skip
    names = areas.get_column("area_id").to_list()
    return [{"area_id": names[row.pop("area")], **row} for row in grouped.to_dicts()]
