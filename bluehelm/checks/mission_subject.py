"""A mission beside its norms, as the checks of a mission read it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cached_property

from bluehelm.mission.mandate import Ceiling, Handover, SiteLimit, Task
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine, Pledge, Restriction, Site, Unit
from bluehelm.mission.unit_type import UnitType
from bluehelm.norms import Norms

# Rows that may hang on a condition of the mandate.
Hanging = Ceiling | SiteLimit | Task | Handover | Restriction | BudgetLine


class Subject:
    """What is checked: a mission, its norms on its first day, and figures that several checks need."""

    def __init__(self, mission: Mission, norms: Norms) -> None:
        self.mission = mission
        self.norms = norms
        self.first_month = mission.setting.first_month
        self.types = norms.unit_types()

    def norm(self, key: str) -> float:
        """Read a norm on the first day of the mission."""
        return self.norms.number(key, self.first_month.first_day)

    def type_of(self, unit: Unit | Pledge) -> UnitType | None:
        """Return the type of a unit; None where the norms do not know it, which is a fault of its own."""
        return self.types.get(unit.unit_type)

    @cached_property
    def exit_months(self) -> float:
        """Months from the order to leave until a unit is out."""
        return math.ceil(self.norm("exit_notice_months")) + self.norm("exit_lag_months")

    @property
    def bases(self) -> Iterator[tuple[int, Site]]:
        """Sites of the mission itself, each with its line."""
        return ((line, site) for line, site in enumerate(self.mission.sites, 2) if site.kind != "partner_hospital")

    def may_be_lost(self, site: Site, until: Month) -> bool:
        """Say whether a site may be lost in some future by the end of a month."""
        rows = [row for row in self.mission.restrictions if row.kind == "site_lost" and row.what == site.site_id]
        return any(row.from_month <= until and self.may_hold(row) for row in rows)

    def stays_open(self, until: Month) -> list[str]:
        """Name the bases that stay open up to a month whatever is decided."""
        return [
            site.site_id
            for _, site in self.bases
            if site.open_at_start and not site.may_close and not self.may_be_lost(site, until)
        ]

    def capacity_persons(self, site: Site) -> float:
        """Beds of a site: its own figure, or the norm of its kind."""
        own = site.capacity_persons
        return self.norm(f"site_capacity_persons.{site.kind}") if own is None else own

    def in_theatre(self, unit: Unit, month: Month) -> bool:
        """Say whether a unit is counted on the last day of a month, even if it is told to leave on the first day."""
        arrives = self.arrival_index(unit)
        index = month - self.first_month
        if index < arrives:
            return False
        stops = max(arrives, math.ceil(self.norm("exit_notice_months")))
        return not unit.may_leave or index + 1 < stops + self.norm("exit_lag_months")

    def arrival_index(self, unit: Unit) -> int:
        """Months from the first month to the arrival of a unit; 0 for one in place."""
        return 0 if unit.arrives is None else max(0, unit.arrives - self.first_month)

    def surely_holds(self, row: Hanging, month: Month) -> bool:
        """Say whether the condition of a row holds in every future in a month."""
        if not row.when:
            return True
        if self.mission.nodes:
            at = [n for n in self.mission.nodes if n.first_month <= month < n.first_month + n.months]
            return all(row.when in node.conditions for node in at)
        dates = {c.condition_id: c.holds_from for c in self.mission.mandate.condition}
        since = dates.get(row.when)
        return since is not None and since <= month

    def may_hold(self, row: Hanging) -> bool:
        """Say whether the condition of a row can hold in any month of any future."""
        if not row.when:
            return True
        if self.mission.nodes:
            return any(row.when in node.conditions for node in self.mission.nodes)
        dates = {c.condition_id: c.holds_from for c in self.mission.mandate.condition}
        since = dates.get(row.when)
        return since is not None and since <= self.mission.months[-1]


def first_names(names: Sequence[str], most: int = 5) -> str:
    """Quote the first names of a list."""
    return ", ".join(f"'{name}'" for name in names[:most])
