"""A mission folder as far as it could be read: every row with its place, before anything is known to fit together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bluehelm.errors import nearest
from bluehelm.mission.bulk import Event, RiskRow, ViolenceRow
from bluehelm.mission.faults import Fault
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import Area, BudgetLine, Closure, Node, Pledge, Restriction, Route, Site, Unit
from bluehelm.mission.tables import Row, Table
from bluehelm.mission.toml_files import MandateToml, MissionToml

if TYPE_CHECKING:
    import polars as pl

MISSION_FILE = "mission.toml"
MANDATE_FILE = "mandate.toml"
REQUIRED_TABLES: Mapping[str, type] = {
    "areas.csv": Area, "sites.csv": Site, "units.csv": Unit, "pledges.csv": Pledge, "budget.csv": BudgetLine,
}  # fmt: skip
OPTIONAL_TABLES: Mapping[str, type] = {
    "routes.csv": Route, "nodes.csv": Node, "restrictions.csv": Restriction, "hindsight_closures.csv": Closure,
}  # fmt: skip
BULK_TABLES: Mapping[str, type] = {
    "risk.csv": RiskRow, "hindsight_violence.csv": ViolenceRow, "events.csv": Event, "events.parquet": Event,
}  # fmt: skip
# Read by the commands that need them, not as part of the mission.
SIDE_FILES = ("transition.toml",)
FILES = (MISSION_FILE, MANDATE_FILE, *REQUIRED_TABLES, *OPTIONAL_TABLES, *BULK_TABLES, *SIDE_FILES)


def _unread() -> Table[Any]:
    return Table(readable=False)


@dataclass(slots=True, kw_only=True)
class Draft:
    """What was read of a folder. A table that is not readable is unknown, not empty: nothing is said against it."""

    mission_toml: MissionToml = field(default_factory=MissionToml)
    mandate_toml: MandateToml = field(default_factory=MandateToml)
    areas: Table[Area] = field(default_factory=_unread)
    sites: Table[Site] = field(default_factory=_unread)
    units: Table[Unit] = field(default_factory=_unread)
    pledges: Table[Pledge] = field(default_factory=_unread)
    budget: Table[BudgetLine] = field(default_factory=_unread)
    routes: Table[Route] = field(default_factory=_unread)
    nodes: Table[Node] = field(default_factory=_unread)
    restrictions: Table[Restriction] = field(default_factory=_unread)
    hindsight_closures: Table[Closure] = field(default_factory=_unread)
    risk: pl.DataFrame | None = None
    events: pl.DataFrame | None = None
    hindsight_violence: pl.DataFrame | None = None

    @property
    def zones(self) -> frozenset[str] | None:
        """Every zone that an area names; None where areas could not be read."""
        return self.areas.names_in("zone")

    @property
    def conditions(self) -> frozenset[str] | None:
        """Every condition that the mandate names; None where it could not be read."""
        return self.mandate_toml.condition.names_in("condition_id")

    def mission(self) -> Mission | None:
        """Put the mission together; None where a part is missing."""
        toml, mandate = self.mission_toml, self.mandate_toml
        if toml.setting is None or toml.sources is None or toml.amendments is None or mandate.head is None:
            return None
        return Mission(
            setting=toml.setting.record,
            mandate=replace(
                mandate.head.record,
                condition=mandate.condition.records,
                ceiling=mandate.ceiling.records,
                site_limit=mandate.site_limit.records,
                task=mandate.task.records,
                floor=mandate.floor.records,
                handover=mandate.handover.records,
            ),
            areas=self.areas.records,
            sites=self.sites.records,
            units=self.units.records,
            pledges=self.pledges.records,
            budget=self.budget.records,
            routes=self.routes.records,
            nodes=self.nodes.records,
            restrictions=self.restrictions.records,
            risk=self.risk,
            events=self.events,
            sources=toml.sources,
            amendments=toml.amendments,
            hindsight_closures=self.hindsight_closures.records,
            hindsight_violence=self.hindsight_violence,
        )


def unknown_name(row: Row[Any], column: str, name: str, known: Collection[str], where: str) -> Fault:
    """Say that a row names something that is not there."""
    near = nearest(name, known)
    return row.error(
        column,
        "{column} names '{name}', which is not in {where} ({count} {count:name|names}).",
        "A name that stands in {where} was expected.",
        "Did you mean '{nearest}'?" if near else "Correct the name, or add '{name}' to {where}.",
        name=name,
        where=where,
        count=len(known),
        nearest=near,
    )
