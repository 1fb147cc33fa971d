"""Columns of the bulk tables: these are held as Polars frames, and no record is ever made of a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bluehelm.mission.columns import Column
from bluehelm.mission.months import Month
from bluehelm.mission.records import Latitude, Longitude, Note, Source, Status

EVENT_KINDS = ("state_based", "non_state", "one_sided")


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow:
    """Violence expected in an area in one month; it replaces the area's own figure for that month (`risk.csv`)."""

    area_id: Annotated[str, Column("key", "area, as in areas.csv")]
    month: Annotated[Month, Column("month", "month for which it is expected")]
    fatalities_per_month: Annotated[float, Column("person/month", "civilian deaths expected, before any plan", low=0)]
    source: Source
    status: Status
    node_id: Annotated[str, Column("key", "node of nodes.csv; blank = every node")] = ""
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolenceRow:
    """Violence that came later: a yardstick in the report, never read by the planner (`hindsight_violence.csv`)."""

    area_id: Annotated[str, Column("key", "area, as in areas.csv")]
    month: Annotated[Month, Column("month", "month in which it came")]
    fatalities: Annotated[float, Column("person", "civilian deaths in that month", low=0)]
    source: Source
    status: Status
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of violence, without names of persons and without headlines (`events.csv` or `events.parquet`)."""

    event_id: Annotated[str, Column("key", "name of the event in its source")]
    date: Annotated[date, Column("date", "day, the last one where it took several")]
    latitude_deg: Latitude
    longitude_deg: Longitude
    fatalities_best: Annotated[int, Column("person", "deaths, best estimate", low=0)]
    fatalities_low: Annotated[int, Column("person", "deaths, low estimate", low=0)]
    fatalities_high: Annotated[int, Column("person", "deaths, high estimate", low=0)]
    fatalities_civilian: Annotated[int, Column("person", "deaths of civilians", low=0)]
    kind: Annotated[str, Column("text", "who acts against whom", choices=EVENT_KINDS)]
    place: Annotated[str, Column("text", "place in words; blank = unknown", may_be_blank=True)]
    place_precision: Annotated[int, Column("rank", "1 exact place … 7 unknown place", low=1, high=7)]
    date_precision: Annotated[int, Column("rank", "1 exact day; higher is vaguer", low=1, high=7)]
