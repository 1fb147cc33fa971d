"""Scores read for their report: one model of ours beside the yardsticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.bootstrap import mean_interval
from bluehelm.mission.months import Month
from bluehelm.reports.forecast.names import country_name, in_order
from bluehelm.words import say

EXPECTED_EDGES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
FEWEST_IN_BIN = 5
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of like size: how many, and the mean number of deaths expected and come, the latter with interval."""

    forecasts: int
    expected: float
    came: float
    low: float
    high: float


def verdict(low: float | None, high: float | None, *, less_is_better: bool = True) -> str:
    """Say what an interval of a difference tells: better, worse, or not told apart.

    Examples
    --------
    >>> verdict(-2.0, -1.0), verdict(-2.0, 1.0), verdict(0.1, 0.2, less_is_better=False), verdict(None, None)
    ('better', 'not told apart', 'better', 'unknown')
    """
    if low is None or high is None:
        return "unknown"
    if low <= 0 <= high:
        return "not told apart"
    return "better" if (high < 0) == less_is_better else "worse"


def verdict_name(key: str) -> str:
    """Name a verdict, with a mark that survives black-and-white print."""
    return {
        "better": say("▲ better"),
        "worse": say("▼ worse"),
        "not told apart": say("= not told apart"),
    }.get(key, say("unknown"))


class ScoreReading:
    """The record and the table of `journey.forecast_score`, by what the report asks."""

    def __init__(self, record: Mapping[str, Any], table: pl.DataFrame) -> None:
        models = list(dict.fromkeys(row["model"] for row in record["rows"]))
        ours = [name for name in models if name not in record["yardsticks"]]
        if not models:
            raise InvalidRecordError("No model was scored, so there is nothing to report. Score at least one model.")
        self.record, self.table = record, table
        self.own: str = record["product"] if record["product"] in models else (ours or models)[0]
        self.models = in_order(models, self.own)
        self.yardsticks = [name for name in self.models if name in record["yardsticks"] and name != self.own]
        self.horizons: list[int] = sorted({row["horizon"] for row in record["rows"]})

    @property
    def country(self) -> str:
        """The country, or that all countries of the file are meant."""
        return country_name(self.record.get("country"))

    def row(self, model: str, horizon: int, scope: str) -> Row | None:
        """Mean scores of a model at a horizon, of one area or of the total."""
        rows = self.record["rows" if scope == "areas" else "total_rows"]
        return next((row for row in rows if row["model"] == model and row["horizon"] == horizon), None)

    def difference(self, yardstick: str, horizon: int, scope: str) -> Row | None:
        """Our scores less those of a yardstick."""
        wanted = {"model": self.own, "yardstick": yardstick, "horizon": horizon, "scope": scope}
        rows: Sequence[Row] = self.record["differences"]
        return next((row for row in rows if all(row[key] == value for key, value in wanted.items())), None)

    def verdict(self, yardstick: str, horizon: int, scope: str, score: str) -> str:
        """Say how a score of ours compares with that of a yardstick."""
        row = self.difference(yardstick, horizon, scope)
        return "unknown" if row is None else verdict(row[f"{score}_low"], row[f"{score}_high"])

    def verdicts(self, scope: str, score: str) -> dict[str, int]:
        """Count the verdicts over yardsticks and horizons."""
        pairs = [(yardstick, horizon) for yardstick in self.yardsticks for horizon in self.horizons]
        told = [self.verdict(yardstick, horizon, scope, score) for yardstick, horizon in pairs]
        return {key: told.count(key) for key in ("better", "not told apart", "worse", "unknown")}

    def calibration(self, horizon: int, scope: str, model: str = "") -> Row | None:
        """Calibration of a model (ours, if none is named)."""
        wanted = {"model": model or self.own, "horizon": horizon, "scope": scope}
        rows: Sequence[Row] = self.record["calibration"]
        return next((row for row in rows if all(row[key] == value for key, value in wanted.items())), None)

    def months(self, horizon: int, model: str = "") -> list[dict[str, Any]]:
        """Month by month, deaths that came and deaths expected in all areas together."""
        total = self.table.filter(pl.col("area") < 0)
        mine = total.filter(pl.col("model") == (model or self.own), pl.col("horizon") == horizon)
        return mine.sort("month").select("month", "observed", "expected").to_dicts()

    def timeline(self) -> list[str]:
        """All months from the first to the last scored, without a gap."""
        first, last = (Month.parse(str(m)) for m in (self.table["month"].min(), self.table["month"].max()))
        return [str(first + step) for step in range(last - first + 1)]

    def bins(self) -> tuple[Bin, ...]:
        """Group our forecasts of single areas by what they expected, over all horizons."""
        mine = self.table.filter(pl.col("model") == self.own, pl.col("area") >= 0)
        place = np.searchsorted(EXPECTED_EDGES, mine["expected"].to_numpy())
        mine = mine.with_columns(bin=pl.Series(place), year=pl.col("month").str.slice(0, 4))
        found = []
        for _, part in mine.sort("expected").group_by("bin", maintain_order=True):
            if part.height >= FEWEST_IN_BIN:
                years = part["year"].to_numpy()
                came = mean_interval(part["observed"].to_numpy(), years, int(self.record["seed"]))
                value = float(came.value or 0.0)
                low = value if came.low is None else came.low
                high = value if came.high is None else came.high
                found.append(Bin(part.height, float(part["expected"].to_numpy().mean()), value, low, high))
        return tuple(found)

    def by_year(self, scope: str) -> dict[tuple[str, int, int], Row]:
        """Scores by (model, horizon, year)."""
        return {(r["model"], r["horizon"], r["year"]): r for r in self.record["by_year"] if r["scope"] == scope}
