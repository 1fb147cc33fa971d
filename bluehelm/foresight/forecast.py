"""A forecast: sampled futures of civilian deaths by area and month, on disk as a folder of small readable files.

forecast.json: origin, model, what it was made from, and how well its models forecast of late. areas.csv: the areas.
risk.csv: for each area and month the mean, quantiles and chances of deaths. paths.parquet: the futures themselves, one
row for each path, area and month with deaths. Same inputs and seed give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluehelm.errors import BluehelmError, ImportFileError, InvalidRecordError
from bluehelm.foresight.spaced_areas import AREA_COLUMNS
from bluehelm.mission.months import Month

FORECAST_FILE, AREAS_FILE, RISK_FILE, PATHS_FILE = "forecast.json", "areas.csv", "risk.csv", "paths.parquet"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
AT_LEAST = (1, 10, 25)
FORM = 1
HEAD = ("form", "origin", "first_month", "months", "paths", "areas", "model")
PATHS_COLUMNS = ("path", "area", "month_ahead", "deaths")
LARGEST_COUNT = 2**31 - 1
AREA_SCHEMA = {
    "area_id": pl.String, "name": pl.String, "latitude_deg": pl.Float64, "longitude_deg": pl.Float64,
    "population_persons": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forecast:
    """Futures of civilian deaths.

    areas: area_id, name, latitude_deg, longitude_deg, population_persons. origin: month at whose end one stands. paths:
    int32 deaths, shape (paths, areas, months); month 0 is the one after the origin. facts: what else is told of it, in
    plain JSON values, under other names than those of `HEAD`.
    """

    areas: pl.DataFrame
    origin: Month
    paths: NDArray[np.int32]
    model: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.paths.ndim != 3 or self.paths.shape[1] != self.areas.height or not self.paths.size:
            raise InvalidRecordError(
                "Futures have the shape {shape}; (paths, {areas} {areas:area|areas}, months) was expected, each at "
                "least 1.",
                shape=self.paths.shape,
                areas=self.areas.height,
            )

    @property
    def months(self) -> int:
        """Months ahead."""
        return int(self.paths.shape[2])


def risk_table(forecast: Forecast) -> pl.DataFrame:
    """Summarise a forecast: a row for each area and month.

    Columns area_id, month, months_ahead, mean, p05 .. p99 (quantiles, deaths), chance_1, chance_10, chance_25 (chance
    of at least so many deaths).
    """
    _, areas, months = forecast.paths.shape
    ids = forecast.areas.get_column("area_id").to_list()
    quantiles = np.quantile(forecast.paths, QUANTILES, axis=0, method="inverted_cdf")
    columns: dict[str, Any] = {
        "area_id": [area_id for area_id in ids for _ in range(months)],
        "month": [str(forecast.origin + ahead) for _ in range(areas) for ahead in range(1, months + 1)],
        "months_ahead": np.tile(np.arange(1, months + 1), areas),
        "mean": forecast.paths.mean(axis=0).ravel().round(6),
    }
    columns |= {f"p{round(100 * q):02d}": row.ravel() for q, row in zip(QUANTILES, quantiles, strict=True)}
    columns |= {f"chance_{least}": (forecast.paths >= least).mean(axis=0).ravel().round(6) for least in AT_LEAST}
    return pl.DataFrame(columns)


def write_forecast(forecast: Forecast, folder: Path) -> None:
    """Write the files of a forecast into a folder that is there."""
    path, area, month = np.nonzero(forecast.paths)
    columns = (path.astype(np.int32), area.astype(np.int32), (month + 1).astype(np.int16))
    futures = dict(zip(PATHS_COLUMNS, (*columns, forecast.paths[path, area, month].astype(np.int32)), strict=True))
    pl.DataFrame(futures).write_parquet(folder / PATHS_FILE)
    forecast.areas.select(AREA_COLUMNS).write_csv(folder / AREAS_FILE)
    risk_table(forecast).write_csv(folder / RISK_FILE)
    head = {
        "form": FORM,
        "origin": str(forecast.origin),
        "first_month": str(forecast.origin + 1),
        "months": forecast.months,
        "paths": forecast.paths.shape[0],
        "areas": forecast.areas.height,
        "model": forecast.model,
        **forecast.facts,
    }
    text = json.dumps(head, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / FORECAST_FILE).write_text(text + "\n", "utf-8")


def read_forecast(folder: Path | str) -> Forecast:
    """Read a folder that `write_forecast` filled.

    Raises
    ------
    ImportFileError
        If a file is missing, damaged, or does not fit the others.
    """
    folder = Path(folder)
    for name in (FORECAST_FILE, AREAS_FILE, PATHS_FILE):
        if not (folder / name).is_file():
            raise ImportFileError(
                "'{folder}' is no forecast: {file} is missing. Name a folder that 'bluehelm forecast run' wrote.",
                folder=str(folder),
                file=name,
            )
    try:
        return _read(folder)
    except (KeyError, TypeError, ValueError, AttributeError, MemoryError, OSError, BluehelmError) as trouble:
        reason = str(trouble)
    # On some damages Polars panics instead of raising an error of its own.
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as trouble:
        reason = str(trouble)
    raise ImportFileError(
        "The forecast in '{folder}' is damaged: {reason}. Make it again with 'bluehelm forecast run'.",
        folder=str(folder),
        reason=reason.partition("\n")[0].rstrip("."),
    )


def _read(folder: Path) -> Forecast:
    head = json.loads((folder / FORECAST_FILE).read_text("utf-8"))
    if head["form"] != FORM:
        raise ValueError(f"{FORECAST_FILE} has the form {head['form']}, not {FORM}")
    shape = (int(head["paths"]), int(head["areas"]), int(head["months"]))
    areas = pl.read_csv(folder / AREAS_FILE, schema_overrides=AREA_SCHEMA)
    areas = areas.select(AREA_COLUMNS)
    rows = pl.read_parquet(folder / PATHS_FILE)
    path, area, month, deaths = (rows.get_column(name).cast(pl.Int64) for name in PATHS_COLUMNS)
    inside = path.is_between(0, shape[0] - 1) & area.is_between(0, shape[1] - 1) & month.is_between(1, shape[2])
    usable = inside & deaths.is_between(1, LARGEST_COUNT)
    if not usable.fill_null(False).all() or sum(areas.null_count().row(0)):
        raise ValueError("numbers are missing, or lie outside the paths, areas, months and deaths that there can be")
    paths = np.zeros(shape, np.int32)
    paths[path.to_numpy(), area.to_numpy(), month.to_numpy() - 1] = deaths.to_numpy()
    facts = {key: value for key, value in head.items() if key not in HEAD}
    return Forecast(areas, Month.parse(head["origin"]), paths, str(head["model"]), facts)
