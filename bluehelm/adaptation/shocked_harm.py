"""A surge of violence laid over the expected deaths of a mission."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from bluehelm.mission.bulk import RiskRow
from bluehelm.mission.frames import schema_of
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month

if TYPE_CHECKING:
    from bluehelm.adaptation.shocks import ViolenceSurge


def areas_of(mission: Mission, names: tuple[str, ...]) -> tuple[str, ...]:
    """List the areas that names of areas or zones cover, each once."""
    chosen = [area.area_id for area in mission.areas if area.area_id in names or area.zone in names]
    return tuple(dict.fromkeys(chosen))


def surged(mission: Mission, shock: ViolenceSurge, source: str) -> pl.DataFrame | None:
    """Return the table of risk with the surge in it: rows that are there grow, months without a row get one."""
    if shock.factor == 1:
        return mission.risk
    areas = areas_of(mission, shock.where)
    months = [str(month) for month in mission.months if _within(month, shock)]
    known = pl.DataFrame(schema=schema_of(RiskRow)) if mission.risk is None else mission.risk
    there = set(known.filter(pl.col("node_id") == "").select("area_id", "month").iter_rows())
    base = {area.area_id: area.fatalities_per_month for area in mission.areas}
    added = pl.DataFrame(
        [(area, month, base[area], "") for area in areas for month in months if (area, month) not in there],
        schema={"area_id": pl.String, "month": pl.String, "fatalities_per_month": pl.Float64, "node_id": pl.String},
        orient="row",
    )
    every = pl.concat([known, added], how="diagonal_relaxed")
    hit = pl.col("area_id").is_in(areas) & pl.col("month").is_in(months)
    deaths = pl.col("fatalities_per_month")
    said = {"source": source, "status": shock.status, "note": shock.reason}
    columns = [pl.when(hit).then(pl.lit(text)).otherwise(pl.col(name)).alias(name)
               for name, text in said.items() if name in every.columns]  # fmt: skip
    grown = pl.when(hit).then(deaths * shock.factor).otherwise(deaths).alias("fatalities_per_month")
    return every.with_columns(grown, *columns)


def _within(month: Month, shock: ViolenceSurge) -> bool:
    return shock.from_month <= month and (shock.until_month is None or month <= shock.until_month)
