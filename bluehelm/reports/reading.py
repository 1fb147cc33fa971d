"""A plan read for people: its most likely future month by month, and totals expected over all its futures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import polars as pl

from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.reports.names import spoken_name
from bluehelm.words import say

COST_PARTS = ("units_usd", "leaving_usd", "transport_usd", "sites_usd", "fixed_usd")


@dataclass(frozen=True, slots=True)
class Change:
    """A site that opens or closes, and the month in which it does."""

    site_id: str
    month: str
    persons_before: float


@dataclass(frozen=True, slots=True)
class YearOfMoney:
    """Spending of one fiscal year on the most likely future; approved is NaN where no limit is given."""

    fiscal_year: str
    spent_usd: float
    approved_usd: float


@dataclass(frozen=True)
class Reading:
    """What the report asks of a plan. Amounts in the tables are per node; by month they are spread evenly."""

    plan: Plan

    @property
    def mission(self) -> Mission:
        """The mission planned."""
        return self.plan.mission

    @cached_property
    def _node(self) -> dict[str, dict[str, object]]:
        return {str(row["node_id"]): row for row in self.plan.tables["nodes"].iter_rows(named=True)}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Nodes at which a future ends."""
        parents = {row["parent_id"] for row in self._node.values()}
        return tuple(node_id for node_id in self._node if node_id not in parents)

    def path_to(self, node_id: str) -> tuple[str, ...]:
        """List the nodes from the first to `node_id`."""
        listed: list[str] = []
        while node_id:
            listed.append(node_id)
            node_id = str(self._node[node_id]["parent_id"] or "")
        return tuple(reversed(listed))

    def probability(self, node_id: str) -> float:
        """Chance of reaching a node."""
        return float(str(self._node[node_id]["probability"]))

    def month_of(self, node_id: str) -> str:
        """First month of a node."""
        return str(self._node[node_id]["month"]) if node_id in self._node else ""

    @cached_property
    def path(self) -> tuple[str, ...]:
        """Nodes of the most likely future."""
        return self.path_to(max(self.leaves, key=self.probability))

    @cached_property
    def calendar(self) -> pl.DataFrame:
        """Columns node_id, month, months: one row per calendar month of the most likely future."""
        rows = []
        for node_id in self.path:
            months = self.months_in(node_id)
            first = Month.parse(str(self._node[node_id]["month"]))
            rows += [(node_id, str(first + i), months) for i in range(months)]
        return pl.DataFrame(rows, schema={"node_id": pl.String, "month": pl.String, "months": pl.Int64}, orient="row")

    @property
    def months(self) -> list[str]:
        """Calendar months of the most likely future."""
        return self.calendar["month"].to_list()

    @cached_property
    def indicative_from(self) -> str:
        """First month whose decisions are younger than a lead time before the end; blank if none."""
        for node_id, month in self.calendar.select("node_id", "month").iter_rows():
            if self._node[node_id]["indicative"]:
                return str(month)
        return ""

    def monthly(self, table: str) -> pl.DataFrame:
        """Rows of the most likely future, one set per calendar month."""
        rows = self.plan.tables[table]
        rows = rows.drop("month") if "month" in rows.columns else rows
        return self.calendar.join(rows, on="node_id", how="inner", maintain_order="left_right")

    def expected(self, table: str, amount: pl.Expr) -> float:
        """Sum an amount over all nodes, each counted with its chance."""
        chance = self.plan.tables["nodes"].select("node_id", "probability")
        rows = self.plan.tables[table].join(chance, on="node_id", how="left")
        return float(rows.select((amount * pl.col("probability")).sum()).item() or 0.0)

    @cached_property
    def deaths(self) -> float:
        """Civilian deaths expected over the plan if nothing were protected."""
        return self.expected("protection", pl.col("fatalities"))

    @cached_property
    def protected_deaths(self) -> float:
        """Of these, those that the plan's presence can answer."""
        return self.expected("protection", pl.col("fatalities") * pl.col("protected_share"))

    @property
    def protected_share(self) -> float:
        """Share of the expected harm that is protected."""
        return self.protected_deaths / self.deaths if self.deaths else 0.0

    @cached_property
    def protection_by_month(self) -> pl.DataFrame:
        """Columns month, deaths, protected, share: the most likely future."""
        return (
            self.monthly("protection")
            .with_columns(pl.col("fatalities") / pl.col("months"))
            .group_by("month", maintain_order=True)
            .agg(
                pl.col("fatalities").sum().alias("deaths"),
                (pl.col("fatalities") * pl.col("protected_share")).sum().alias("protected"),
            )
            .with_columns(share=(pl.col("protected") / pl.col("deaths")).fill_nan(0.0))
        )

    @cached_property
    def cost_usd(self) -> float:
        """Spending expected over the plan."""
        return self.expected("cash", pl.col("spent_usd"))

    @cached_property
    def cost_by_month(self) -> pl.DataFrame:
        """Spending by part and month, cumulated spending and its limit, on the most likely future."""
        parts = [(pl.col(part) / pl.col("months")).alias(part) for part in (*COST_PARTS, "spent_usd")]
        return self.monthly("cash").with_columns(parts)

    @cached_property
    def years_of_money(self) -> tuple[YearOfMoney, ...]:
        """Spent and approved by fiscal year, on the most likely future."""
        years: dict[str, YearOfMoney] = {}
        for row in self.on_path("cash").iter_rows(named=True):
            year, so_far = str(row["fiscal_year"]), float(row["fiscal_year_spent_usd"])
            before = years.get(year, YearOfMoney(year, 0.0, float("nan")))
            if isfinite(row["approved_usd"]):
                years[year] = YearOfMoney(year, so_far, float(row["approved_usd"]))
            else:
                years[year] = YearOfMoney(year, before.spent_usd + float(row["spent_usd"]), before.approved_usd)
        return tuple(years.values())

    @cached_property
    def closures(self) -> tuple[Change, ...]:
        """Sites that close on the most likely future, in order."""
        return self._changes("closes")

    @cached_property
    def openings(self) -> tuple[Change, ...]:
        """Sites that open on the most likely future, in order."""
        return self._changes("opens")

    @property
    def sites_left(self) -> tuple[str, ...]:
        """List sites open on the day before the plan that close in it, each once."""
        closed = {change.site_id for change in self.closures}
        return tuple(site for site in self.sites_at_start if site in closed)

    def months_in(self, node_id: str) -> int:
        """Count the months of a node."""
        return int(str(self._node[node_id]["months"]))

    def _changes(self, deed: str) -> tuple[Change, ...]:
        persons = {site.site_id: float(self._persons_at_start.get(site.site_id, 0)) for site in self.mission.sites}
        found = []
        for row in self.on_path("sites").iter_rows(named=True):
            if row[deed]:
                month = str(self._node[row["node_id"]]["month"])
                found.append(Change(row["site_id"], month, persons.get(row["site_id"], 0.0)))
        return tuple(sorted(found, key=lambda change: (change.month, change.site_id)))

    def on_path(self, table: str) -> pl.DataFrame:
        """Rows of the most likely future, one set per node, in its order."""
        order = pl.DataFrame({"node_id": list(self.path)})
        return order.join(self.plan.tables[table], on="node_id", how="inner", maintain_order="left_right")

    @cached_property
    def _persons_at_start(self) -> dict[str, int]:
        persons: dict[str, int] = {}
        for unit in self.mission.units:
            if unit.arrives is None:
                persons[unit.site_id] = persons.get(unit.site_id, 0) + unit.persons
        return persons

    def persons_at_start(self, site_id: str) -> int:
        """Persons based at a site on the day before the plan."""
        return self._persons_at_start.get(site_id, 0)

    def sites_open(self, node_id: str) -> tuple[str, ...]:
        """List sites open at a node, partner hospitals left out."""
        rows = self.plan.tables["sites"].filter((pl.col("node_id") == node_id) & pl.col("open"))
        return tuple(site for site in rows["site_id"] if self.site_kind(site) != "partner_hospital")

    @property
    def sites_at_start(self) -> tuple[str, ...]:
        """Sites open on the day before the plan, partner hospitals left out."""
        return tuple(s.site_id for s in self.mission.sites if s.open_at_start and s.kind != "partner_hospital")

    def moved_units(self) -> float:
        """Units expected to move from one site to another."""
        return self.expected("movements", pl.when(pl.col("deed") == "move_in").then(pl.col("units")).otherwise(0))

    @cached_property
    def persons_by_month(self) -> Mapping[str, Mapping[str, float]]:
        """Persons in theatre of each component in each month of the most likely future."""
        found: dict[str, dict[str, float]] = {month: {} for month in self.months}
        for row in self.monthly("ceilings").iter_rows(named=True):
            found[row["month"]][row["component"]] = float(row["persons"])
        return found

    @cached_property
    def _site_by_id(self) -> dict[str, tuple[str, str]]:
        return {site.site_id: (site.name, site.kind) for site in self.mission.sites}

    def site_kind(self, site_id: str) -> str:
        """Say what kind of site it is."""
        return self._site_by_id[site_id][1] if site_id in self._site_by_id else ""

    @cached_property
    def _names(self) -> dict[str, str]:
        names = {area.area_id: area.name for area in self.mission.areas}
        names |= {site_id: name for site_id, (name, _) in self._site_by_id.items()}
        return names | {task.task_id: task.title for task in self.mission.mandate.task}

    def name(self, key: str) -> str:
        """Name a site, area or task by its key; any other key (a zone) is written as words."""
        return say(name) if (name := self._names.get(key)) else spoken_name(key)
