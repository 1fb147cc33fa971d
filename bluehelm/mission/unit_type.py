"""Nouns that norms fill in: a unit type (deployable building block) and a kind of task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from bluehelm.mission.columns import Column
from bluehelm.mission.records import COMPONENTS

MOBILITIES = ("road", "air", "static")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitType:
    """A deployable building block, as the norms describe it."""

    unit_type: Annotated[str, Column("key", "name of the type")]
    title: Annotated[str, Column("text", "name as people say it")]
    component: Annotated[str, Column("text", "part of the mission it counts in", choices=COMPONENTS)]
    strength_persons: Annotated[int, Column("person", "usual strength", low=1)]
    mobility: Annotated[str, Column("text", "how it answers: by road, by air, or not at all", choices=MOBILITIES)]
    presence_share: Annotated[
        float, Column("share", "share of a harm in full reach that it can answer, before q", low=0, high=1)
    ]
    guards: Annotated[bool, Column("yes/no", "its persons count for the guard of a base")]
    needs_airfield: Annotated[bool, Column("yes/no", "can be based only where there is an airfield")]
    casualty_lift: Annotated[bool, Column("yes/no", "carries casualties by air")]
    medical_level: Annotated[int, Column("level", "0 none; 1 enhanced care; 2 and above surgery", low=0, high=4)]
    effort_share: Annotated[
        Mapping[str, float], Column("share", "kinds of task it can do, each with the share of its hours that counts")
    ] = field(default_factory=dict)
    aircraft: Annotated[int, Column("aircraft", "aircraft in the unit", low=0)] = 0
    status: Annotated[str, Column("text", "how well the description is known")] = "assumed"
    source: Annotated[str, Column("text", "where the description comes from")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskKind:
    """A kind of task, as the norms describe it."""

    kind: str
    title: str
    answered_by: Literal["presence", "effort"]
    demand_hours_per_zone_month: float
    status: str = "assumed"
    source: str = ""
