"""A plan of leaving, month by month on its most likely future: who is there, what is open, what it costs and holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms


@dataclass(frozen=True)
class Months:
    """What stands in each calendar month of the most likely future. Prices are those of the first month planned."""

    plan: Plan
    norms: Norms

    @property
    def mission(self) -> Mission:
        """The mission planned."""
        return self.plan.mission

    @cached_property
    def node_of(self) -> dict[Month, str]:
        """Node that covers each month, in order of months."""
        rows = {str(row["node_id"]): row for row in self.plan.tables["nodes"].iter_rows(named=True)}
        parents = {str(row["parent_id"] or "") for row in rows.values()}
        leaf = max((name for name in rows if name not in parents), key=lambda name: float(rows[name]["probability"]))
        path: list[str] = []
        while leaf:
            path.append(leaf)
            leaf = str(rows[leaf]["parent_id"] or "")
        covered: dict[Month, str] = {}
        for name in reversed(path):
            first = Month.parse(str(rows[name]["month"]))
            covered |= {first + i: name for i in range(int(rows[name]["months"]))}
        return covered

    @property
    def all(self) -> list[Month]:
        """All months, in order."""
        return list(self.node_of)

    @cached_property
    def protecting(self) -> dict[str, tuple[str, ...]]:
        """Tasks by which each area is to be protected: those that presence answers, asked in its zone."""
        kinds = self.norms.task_kinds()
        tasks = [task for task in self.mission.mandate.task if kinds[task.kind].answered_by == "presence"]
        return {
            area.area_id: tuple(task.task_id for task in tasks if not task.zones or area.zone in task.zones)
            for area in self.mission.areas
        }

    @cached_property
    def zone_of(self) -> dict[str, str]:
        """Zone of each area."""
        return {area.area_id: area.zone for area in self.mission.areas}

    def stretch_of(self, month: Month) -> list[Month]:
        """Months that are planned as one with a month."""
        return [other for other, name in self.node_of.items() if name == self.node_of[month]]

    @cached_property
    def units(self) -> dict[str, dict[tuple[str, str], int]]:
        """Units at work by node: (class, site) and number."""
        found: dict[str, dict[tuple[str, str], int]] = {name: {} for name in set(self.node_of.values())}
        columns = self.plan.tables["deployments"].select("node_id", "class_id", "site_id", "units")
        for node_id, class_id, site_id, units in columns.iter_rows():
            if node_id in found:
                found[node_id][class_id, site_id] = int(units)
        return found

    @cached_property
    def classes(self) -> dict[str, dict[str, object]]:
        """Row of each class in the plan."""
        return {str(row["class_id"]): row for row in self.plan.tables["classes"].iter_rows(named=True)}

    @cached_property
    def open_sites(self) -> dict[str, frozenset[str]]:
        """Bases open in each node."""
        rows = self.plan.tables["sites"].filter(pl.col("open")).select("node_id", "site_id")
        bases = self.bases
        found: dict[str, set[str]] = {name: set() for name in set(self.node_of.values())}
        for node_id, site_id in rows.iter_rows():
            if node_id in found and site_id in bases:
                found[node_id].add(site_id)
        return {name: frozenset(sites) for name, sites in found.items()}

    @cached_property
    def bases(self) -> frozenset[str]:
        """Every site that can hold units."""
        return frozenset(site.site_id for site in self.mission.sites if site.kind != "partner_hospital")

    def open_in(self, month: Month) -> frozenset[str]:
        """Bases open in a month."""
        return self.open_sites[self.node_of[month]]

    def count(self, month: Month) -> dict[str, int]:
        """Units at work in a month, by class."""
        total: dict[str, int] = {}
        for (class_id, _), units in self.units[self.node_of[month]].items():
            total[class_id] = total.get(class_id, 0) + units
        return total

    def persons(self, month: Month, *, component: str = "", sites: frozenset[str] | None = None) -> int:
        """Persons at work in a month, of one component or all, at some sites or all."""
        return sum(
            units * self.persons_of(class_id)
            for (class_id, site_id), units in self.units[self.node_of[month]].items()
            if (not component or self.classes[class_id]["component"] == component)
            and (sites is None or site_id in sites)
        )

    def persons_of(self, class_id: str) -> int:
        """Strength of one unit of a class."""
        return int(str(self.classes[class_id]["persons"]))

    def unit_cost_usd(self, class_id: str) -> float:
        """Cost of one unit of a class for a month."""
        return float(str(self.classes[class_id]["monthly_cost_usd"]))

    def running_cost_usd(self, month: Month, *, sites: frozenset[str] | None = None) -> float:
        """Cost of units at work and open bases for one month, at some sites or all; no fixed cost, no journeys."""
        units = sum(
            units * self.unit_cost_usd(class_id)
            for (class_id, site_id), units in self.units[self.node_of[month]].items()
            if sites is None or site_id in sites
        )
        there = self.open_in(month) if sites is None else self.open_in(month) & sites
        return units + sum(self.site_price("site_run_usd_per_month", site_id) for site_id in there)

    @cached_property
    def kind_of(self) -> dict[str, str]:
        """Kind of each site."""
        return {site.site_id: site.kind for site in self.mission.sites}

    def site_price(self, key: str, site_id: str) -> float:
        """Price of a site by its kind, as the norms have it on the first day planned."""
        return self.norms.number(f"{key}.{self.kind_of[site_id]}", self.mission.setting.first_month.first_day)

    @cached_property
    def protected(self) -> dict[tuple[str, str], tuple[float, float]]:
        """Share of harm protected by the mission's own presence, and deaths expected, by node and area."""
        columns = self.plan.tables["protection"].select("node_id", "area_id", "protected_share", "fatalities")
        return {(node, area): (float(share), float(deaths)) for node, area, share, deaths in columns.iter_rows()}

    def share(self, month: Month, area_id: str) -> float:
        """Share of an area's harm that the mission's own presence protects in a month."""
        return self.protected[self.node_of[month], area_id][0]

    @cached_property
    def holding(self) -> dict[str, frozenset[str]]:
        """Benchmarks that hold in each node of the future."""
        named = {node.node_id: frozenset(node.conditions) for node in self.mission.nodes}
        if named:
            return {name: named[name] for name in set(self.node_of.values())}
        met = {c.condition_id: c.holds_from for c in self.mission.mandate.condition if c.holds_from is not None}
        first: dict[str, Month] = {}
        for month, name in self.node_of.items():
            first.setdefault(name, month)
        return {name: frozenset(c for c, since in met.items() if since <= month) for name, month in first.items()}

    def holds(self, condition_id: str, month: Month) -> bool:
        """Say whether a benchmark is met in a month; a blank one always is."""
        return not condition_id or condition_id in self.holding[self.node_of[month]]
