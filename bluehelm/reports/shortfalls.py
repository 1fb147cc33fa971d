"""What is unmet, gathered over places and months, and ranked."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bluehelm.reports.names import counted, shortfall_name
from bluehelm.reports.numbers import decimal, listing, percent, whole
from bluehelm.reports.reading import Reading
from bluehelm.words import say

ADDS_UP = ("hour", "person", "expected death", "USD")
NAMED_PLACES = 3


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One thing unmet, over all its places and months.

    amount: the sum where the unit adds up (hours, deaths), otherwise the worst month. places: the worst first.
    """

    kind: str
    what: str
    places: tuple[str, ...]
    priority: int
    months: int
    first_month: str
    amount: float
    unit: str
    share_unmet: float

    @property
    def name(self) -> str:
        """What is unmet, in words."""
        return (
            say("{kind}: {what}", kind=shortfall_name(self.kind), what=self.what)
            if self.what
            else shortfall_name(self.kind)
        )

    @property
    def where(self) -> str:
        """Where it is worst."""
        return listing(self.places, NAMED_PLACES)

    @property
    def size(self) -> str:
        """How much is unmet, with its unit."""
        if self.unit == "share":
            return percent(self.amount)
        number = (
            decimal(self.amount, 1) if self.amount < 10 and self.amount != round(self.amount) else whole(self.amount)
        )
        return counted(number, self.unit)


def ranked_shortfalls(reading: Reading) -> list[Shortfall]:
    """List what is unmet on the most likely future: by priority, then by share unmet, then by amount."""
    rows = reading.on_path("shortfalls").with_columns(
        pl.when(pl.col("kind") == "care").then("what").otherwise("kind").alias("kind"),
        asked=pl.col("amount") / pl.col("share_unmet"),
    )
    found = [_gathered(reading, part) for _, part in rows.group_by("kind", "what", "unit", maintain_order=True)]
    return sorted(found, key=lambda s: (s.priority, -s.share_unmet, -s.amount, s.kind, s.what))


def _gathered(reading: Reading, rows: pl.DataFrame) -> Shortfall:
    kind, what, unit = (str(rows[column][0]) for column in ("kind", "what", "unit"))
    by_node = rows.group_by("node_id", "month", maintain_order=True).agg(pl.col("amount", "asked").sum())
    by_place = rows.group_by("where").agg(pl.col("amount").sum()).sort(-pl.col("amount"), "where")
    lengths = dict(reading.plan.tables["nodes"].select("node_id", "months").iter_rows())
    adds_up = unit in ADDS_UP
    return Shortfall(
        kind=kind,
        what="" if what in (kind, "protection", "floor") else reading.name(what),
        places=tuple(reading.name(place) for place in by_place["where"] if place),
        priority=int(rows["priority"].min() or 0),  # type: ignore[arg-type]
        months=sum(int(lengths[node]) for node in by_node["node_id"]),
        first_month=str(by_node["month"].min()),
        amount=float(by_node["amount"].sum() if adds_up else by_node["amount"].max()),  # type: ignore[arg-type]
        unit=unit,
        share_unmet=float(by_node["amount"].sum()) / float(by_node["asked"].sum()),
    )
