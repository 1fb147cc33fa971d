"""A mission: all its facts in one frozen object, as held by a folder of small files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from bluehelm.mission.columns import Column
from bluehelm.mission.mandate import Mandate
from bluehelm.mission.months import Month
from bluehelm.mission.records import STATUSES, Area, BudgetLine, Closure, Node, Pledge, Restriction, Route, Site, Unit

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What `mission.toml` says beside its sources and amendments."""

    name: Annotated[str, Column("text", "short name of the mission as planned, such as Darfur 2017")]
    operation: Annotated[str, Column("text", "acronym of the operation, such as UNAMID")]
    countries: Annotated[tuple[str, ...], Column("list", "ISO 3166 alpha-3 codes of the host countries")]
    first_month: Annotated[Month, Column("month", "first month planned")]
    months: Annotated[int, Column("month", "number of months planned", low=1, high=120)]
    wet_months: Annotated[
        tuple[int, ...],
        Column("list", "calendar months (1–12) in which roads are wet", low=1, high=12, may_be_blank=True),
    ]
    mission_model: Annotated[str, Column("key", "form of operation, a key of the mission models in the norms")]
    fixed_cost_usd_per_month: Annotated[
        Decimal, Column("USD/month", "civilian staff and services that no unit or site drives", low=0)
    ]
    fixed_cost_source: Annotated[str, Column("key", "key of [sources]")]
    fixed_cost_status: Annotated[str, Column("text", "how well the fixed cost is known", choices=STATUSES)]
    title: Annotated[str, Column("text", "one sentence on what is planned")] = ""
    licence_note: Annotated[str, Column("text", "licence and attribution of the figures")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """One operation: its mandate, ground, units, pledges, money and events.

    risk: columns area_id, month ("2017-01"), fatalities_per_month, node_id ("" = every node); where given, it
    replaces the area's own figure for that month. events: columns of `bluehelm.mission.events`.
    hindsight_*: what happened later. Yardsticks of the report only: no plan may depend on them.
    """

    setting: Setting
    mandate: Mandate
    areas: tuple[Area, ...]
    sites: tuple[Site, ...]
    units: tuple[Unit, ...]
    pledges: tuple[Pledge, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    routes: tuple[Route, ...] = ()
    nodes: tuple[Node, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    risk: pl.DataFrame | None = None
    events: pl.DataFrame | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    amendments: Mapping[str, object] = field(default_factory=dict)
    hindsight_closures: tuple[Closure, ...] = ()
    hindsight_violence: pl.DataFrame | None = None

    def __eq__(self, other: object) -> bool:
        """Compare all facts; tables of Polars are compared as wholes."""
        if not isinstance(other, Mission):
            return NotImplemented
        return all(_same(getattr(self, part.name), getattr(other, part.name)) for part in fields(self))

    def stands_today(self, unit: Unit) -> bool:
        """Say whether a unit is in place on the day before the first month; one that was due earlier is."""
        return unit.arrives is None or unit.arrives < self.setting.first_month

    @property
    def zones(self) -> tuple[str, ...]:
        """Zones in the order in which areas first name them."""
        return tuple(dict.fromkeys(area.zone for area in self.areas))

    @property
    def months(self) -> tuple[Month, ...]:
        """All months planned."""
        return tuple(self.setting.first_month + i for i in range(self.setting.months))


def _same(one: Any, other: Any) -> bool:
    """Frames answer == with a frame, so they are asked with `equals`."""
    if hasattr(one, "equals"):
        return hasattr(other, "equals") and one.schema == other.schema and bool(one.equals(other))
    return bool(one is other or (not hasattr(other, "equals") and one == other))
