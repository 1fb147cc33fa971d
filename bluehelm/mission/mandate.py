"""The mandate: what a resolution asks, in which order, with which ceilings and conditions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bluehelm.mission.columns import Column
from bluehelm.mission.months import Month
from bluehelm.mission.records import COMPONENTS, Note, Source, Status

MODALITIES = ("monitor", "assist", "secure")
ACTOR_KINDS = (
    "national_police", "national_army", "un_country_team", "regional_organisation", "peacebuilding_partner", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A benchmark that the Council named; things that hang on it hold from the month in which it is met."""

    condition_id: Annotated[str, Column("key", "name of the condition")]
    text: Annotated[str, Column("text", "the benchmark in words")]
    source: Source
    status: Status
    holds_from: Annotated[
        Month | None, Column("month", "month from which a plan with one future takes it as met; blank = never")
    ] = None
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """Most persons of a component in theatre, counted on the last day of each month from `from_month` on."""

    component: Annotated[str, Column("text", "part of the mission", choices=COMPONENTS)]
    persons: Annotated[int, Column("person", "most persons in theatre", low=0)]
    from_month: Annotated[Month, Column("month", "first month on whose last day it is counted")]
    source: Source
    status: Status
    when: Annotated[str, Column("key", "condition on which it hangs; blank = none")] = ""
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLimit:
    """Most sites open (partner hospitals not counted), from `from_month` on."""

    at_most: Annotated[int, Column("site", "most sites open", low=0)]
    from_month: Annotated[Month, Column("month", "first month in which it holds")]
    source: Source
    status: Status
    when: Annotated[str, Column("key", "condition on which it hangs; blank = none")] = ""
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing the mandate asks. Its kind (a norm) says whether presence or effort answers it."""

    task_id: Annotated[str, Column("key", "name of the task")]
    title: Annotated[str, Column("text", "the task in words")]
    kind: Annotated[str, Column("key", "kind of task, a key of the task kinds in the norms")]
    priority: Annotated[int, Column("rank", "1 is solved first", low=1)]
    starts: Annotated[Month, Column("month", "first month in which it is asked")]
    source: Source
    status: Status
    ends: Annotated[Month | None, Column("month", "last month in which it is asked; blank = to the end")] = None
    when: Annotated[str, Column("key", "condition on which its start hangs; blank = none")] = ""
    weight: Annotated[float, Column("ratio", "weight among tasks of the same priority", low=0)] = 1.0
    zones: Annotated[tuple[str, ...], Column("list", "zones where it is asked; blank = all")] = ()
    minimum_share: Annotated[float, Column("share", "share that is met before anything else", low=0, high=1)] = 0.0
    demand_hours_per_zone_month: Annotated[
        float | None, Column("hour/month", "effort asked in each zone; blank = norm of its kind", low=0)
    ] = None
    modality: Annotated[str, Column("text", "how it is done; blank = unknown", choices=("", *MODALITIES))] = ""
    source_paragraph: Annotated[str, Column("text", "paragraph of the resolution, or unknown")] = "unknown"
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Protection of an area does not fall below a share, unless a named actor has taken it over."""

    share: Annotated[float, Column("share", "least share of the area's expected harm protected", low=0, high=1)]
    from_month: Annotated[Month, Column("month", "first month in which it holds")]
    source: Source
    status: Status
    areas: Annotated[tuple[str, ...], Column("list", "areas it covers; blank = all")] = ()
    taken_over_by: Annotated[str, Column("text", "actor that takes protection over; blank = none")] = ""
    taken_over_from: Annotated[Month | None, Column("month", "month from which that actor holds it")] = None
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A named actor takes a share of tasks over: it rises in a straight line, then stays."""

    handover_id: Annotated[str, Column("key", "name of the handover")]
    actor: Annotated[str, Column("text", "who takes over, as people say it")]
    actor_kind: Annotated[str, Column("text", "what the actor is", choices=ACTOR_KINDS)]
    tasks: Annotated[tuple[str, ...], Column("list", "tasks taken over")]
    from_month: Annotated[Month, Column("month", "month in which the actor begins, with share_start")]
    full_month: Annotated[Month, Column("month", "month from which it holds share_full")]
    share_full: Annotated[float, Column("share", "share taken over from full_month on", low=0, high=1)]
    share_low: Annotated[float, Column("share", "share_full if the actor grows less than expected", low=0, high=1)]
    share_high: Annotated[float, Column("share", "share_full if the actor grows more than expected", low=0, high=1)]
    source: Source
    status: Status
    share_start: Annotated[float, Column("share", "share taken over in from_month", low=0, high=1)] = 0.0
    zones: Annotated[tuple[str, ...], Column("list", "zones where it takes over; blank = all")] = ()
    when: Annotated[str, Column("key", "condition on which it hangs; blank = none")] = ""
    note: Note = ""


# Stands for the symbol of a resolution where none is named.
NOT_GIVEN = "not given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A resolution as data (`mandate.toml`)."""

    resolution: Annotated[str, Column("text", "symbol of the resolution, or not given")]
    adopted_on: Annotated[date, Column("date", "day of adoption")]
    valid_until: Annotated[date, Column("date", "last day of the mandate")]
    source: Source
    status: Status
    note: Note = ""
    condition: tuple[Condition, ...] = ()
    ceiling: tuple[Ceiling, ...] = ()
    site_limit: tuple[SiteLimit, ...] = ()
    task: tuple[Task, ...] = ()
    floor: tuple[Floor, ...] = ()
    handover: tuple[Handover, ...] = ()
