"""Which limits a rule breaks, in sentences: a yardstick that cheats must say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from bluehelm.journey.sentences import month_told, named, usd_told
from bluehelm.planning.gather import PlanData
from bluehelm.reports.extras import Text, tell
from bluehelm.reports.numbers import whole

# Smaller excesses, in persons or USD, are rounding.
ROUNDING = 0.5


def broken_limits(data: PlanData, tables: Mapping[str, pl.DataFrame]) -> list[Text]:
    """Say by how much ceilings, the limit on sites, approved amounts and cash are passed, each at its worst."""
    return [*_ceilings(tables), *_site_limit(data, tables), *_approved(tables), *_cash(tables)]


def _worst(rows: pl.DataFrame, over: pl.Expr, each: str) -> Iterator[dict[str, object]]:
    """Yield the row with the largest excess of each group in which there is one."""
    found = rows.with_columns(over=over).filter(pl.col("over").is_not_nan() & (pl.col("over") > ROUNDING))
    yield from found.sort("over", descending=True).unique(each, keep="first", maintain_order=True).iter_rows(named=True)


def _ceilings(tables: Mapping[str, pl.DataFrame]) -> Iterator[Text]:
    for row in _worst(tables["ceilings"], pl.col("persons") - pl.col("ceiling_persons"), "component"):
        yield tell(
            "It breaks the ceiling ({component}) by {persons} {persons:person|persons} in {month}.",
            component=named(str(row["component"]).capitalize()),
            persons=whole(float(str(row["over"]))),
            month=month_told(str(row["month"])),
        )


def _site_limit(data: PlanData, tables: Mapping[str, pl.DataFrame]) -> Iterator[Text]:
    limit = pl.DataFrame({"node_id": data.timeline.node_ids, "limit": data.demand.site_limit})
    bases = [site_id for site_id, base in zip(data.site_ids, data.base, strict=True) if base]
    rows = tables["sites"].filter(pl.col("open") & pl.col("site_id").is_in(bases))
    counted = rows.group_by("node_id", "month").len("sites").join(limit, on="node_id").with_columns(one=pl.lit(1))
    for row in _worst(counted, pl.col("sites") - pl.col("limit"), "one"):
        yield tell(
            "It keeps {count} {count:site|sites} open in {month}, more than the {limit} allowed.",
            count=row["sites"],
            month=month_told(str(row["month"])),
            limit=whole(float(str(row["limit"]))),
        )


def _approved(tables: Mapping[str, pl.DataFrame]) -> Iterator[Text]:
    over = pl.col("fiscal_year_spent_usd") - pl.col("approved_usd")
    for row in _worst(tables["cash"], over, "fiscal_year"):
        yield tell(
            "It spends {amount} more than is approved for {year}.",
            amount=usd_told(float(str(row["over"]))),
            year=row["fiscal_year"],
        )


def _cash(tables: Mapping[str, pl.DataFrame]) -> Iterator[Text]:
    over = pl.col("cumulative_usd") - pl.col("cash_limit_usd")
    for row in _worst(tables["cash"].with_columns(one=pl.lit(1)), over, "one"):
        yield tell(
            "It is short of {amount} in cash in {month}.",
            amount=usd_told(float(str(row["over"]))),
            month=month_told(str(row["month"])),
        )
