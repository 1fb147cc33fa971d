"""The table of results: one row for each setting, in the order in which the ensemble lists them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

FIGURES = (
    "protected_share", "deaths_expected", "deaths_not_answered", "cost_usd", "units_leaving", "persons_leaving",
    "units_ordered", "units_moved", "closures", "openings",
)  # fmt: skip
DETAILS_TOLD = 3
TIER_FIGURES = ("objective", "bound", "gap")


def results_table(settings: Sequence[Mapping[str, Any]], finished: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """Lay the records of finished runs out as a table; a run that made no plan has blanks.

    Columns: number, key, one for each axis, status, the figures of the plan, objective, bound and gap of each goal,
    sentence.
    """
    runs = [(one, finished[one["key"]]) for one in settings if one["key"] in finished]
    axes = list(dict.fromkeys(name for one in settings for name in one["setting"]))
    tiers = list(dict.fromkeys(tier["name"] for _, record in runs for tier in record["tiers"]))
    place = {one["key"]: number for number, one in enumerate(settings, 1)}
    columns: dict[str, list[Any]] = {
        "number": [place[one["key"]] for one, _ in runs],
        "key": [one["key"] for one, _ in runs],
        **{name: [one["setting"].get(name) for one, _ in runs] for name in axes},
        "status": [record["status"] for _, record in runs],
        **{name: [record["figures"].get(name) for _, record in runs] for name in FIGURES},
    }
    for tier in tiers:
        told = [{goal["name"]: goal for goal in record["tiers"]}.get(tier, {}) for _, record in runs]
        columns |= {f"{tier}_{figure}": [goal.get(figure) for goal in told] for figure in TIER_FIGURES}
    columns["sentence"] = [" ".join([record["sentence"], *record["details"][:DETAILS_TOLD]]) for _, record in runs]
    return pl.DataFrame([_series(name, values) for name, values in columns.items()])


def _series(name: str, values: list[Any]) -> pl.Series:
    """Type a column by what stands in it: whole numbers, numbers, or text."""
    known = [value for value in values if value is not None]
    if any(isinstance(value, str) for value in known):
        return pl.Series(name, [None if value is None else str(value) for value in values], pl.String)
    if known and all(isinstance(value, int) for value in known):
        return pl.Series(name, values, pl.Int64)
    return pl.Series(name, [None if value is None else float(value) for value in values], pl.Float64)


def table_files(table: pl.DataFrame) -> dict[str, bytes]:
    """Write the table as CSV and Parquet, the same bytes each time."""
    csv, parquet = io.BytesIO(), io.BytesIO()
    table.write_csv(csv)
    table.write_parquet(parquet, compression="zstd", statistics=False)
    return {"results.csv": csv.getvalue(), "results.parquet": parquet.getvalue()}
