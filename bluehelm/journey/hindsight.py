"""What came after the day of planning, held against what then stood where; no plan ever reads it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.planning.gather import PlanData
from bluehelm.planning.proportional import open_today
from bluehelm.solve.model import BoolArray


def violence_within_reach(mission: Mission, tables: Mapping[str, pl.DataFrame]) -> float | None:
    """Share of the later deaths, over the months planned, that fell where presence came to one unit in full reach.

    Less would tell nothing: some aircraft or police post reaches almost every place a little.
    """
    return _share_of_violence(mission, tables, (pl.col("presence") >= 1 - 1e-9).cast(pl.Float64))


def violence_answered(mission: Mission, tables: Mapping[str, pl.DataFrame]) -> float | None:
    """Share of the later deaths that what stood there could answer, by the plan's own curve of protection."""
    return _share_of_violence(mission, tables, pl.col("protected_share"))


def _share_of_violence(mission: Mission, tables: Mapping[str, pl.DataFrame], counted: pl.Expr) -> float | None:
    """Share of the later deaths that count; with several futures each with its chance. None where none is known."""
    later = mission.hindsight_violence
    if later is None:
        return None
    here = monthly(tables["nodes"]).join(tables["protection"].drop("month"), on="node_id")
    deaths = later.select("area_id", pl.col("month").cast(pl.String), deaths="fatalities")
    weight = pl.col("deaths") * pl.col("probability")
    both = deaths.join(here, on=["area_id", "month"]).select(weight.sum(), (weight * counted).sum().alias("counted"))
    total, reached = both.row(0)
    return float(reached / total) if total else None


def monthly(nodes: pl.DataFrame) -> pl.DataFrame:
    """Columns node_id, month, probability: one row for each calendar month of each node."""
    rows = [
        (node_id, str(Month.parse(month) + i), probability)
        for node_id, month, months, probability in nodes.select("node_id", "month", "months", "probability").iter_rows()
        for i in range(months)
    ]
    schema = {"node_id": pl.String, "month": pl.String, "probability": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def closed_by_mission(data: PlanData) -> BoolArray | None:
    """Sites open at each node if those that the mission closed later close, where the node begins that is nearest.

    Shape (sites, nodes). None where the mission closed no base within the months planned.
    """
    today = open_today(data)
    opened = today.copy()
    starts = np.unique(data.timeline.start)
    row = {site_id: j for j, site_id in enumerate(data.site_ids)}
    for closure in data.mission.hindsight_closures:
        months = Month.of(closure.done_on) - data.mission.setting.first_month + (closure.done_on.day - 1) / 31
        if closure.deed != "closed" or not 0 <= months < data.mission.setting.months:
            continue
        # Of two that are as near, the later: a site closes when its units have had time to go.
        nearest = starts[::-1][np.argmin(np.abs(starts[::-1] - months))]
        opened[row[closure.site_id], data.timeline.start >= nearest] = False
    return None if (opened == today).all() else opened
