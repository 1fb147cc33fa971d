"""The ground of a mission made from bases: the people there, and the violence they can expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from bluehelm.errors import ImportFileError
from bluehelm.foresight.areas import AreaDraw, AreaRules, area_of_events, area_records, draw_areas
from bluehelm.foresight.first_risk import deaths_per_month, first_risk, known_events
from bluehelm.foresight.nearest import Points, near
from bluehelm.geo import extracts
from bluehelm.geo.distance import distance_km
from bluehelm.mission.importers.base import Base
from bluehelm.mission.importers.places import read_places
from bluehelm.mission.months import Month
from bluehelm.mission.records import Area
from bluehelm.norms import Norms
from bluehelm.words import say, speaking

LEAST_EXTENT_KM = 50.0
PLACE_COLUMNS = ("name", "kind", "latitude_deg", "longitude_deg", "population_persons")


@dataclass(frozen=True, slots=True)
class Horizon:
    """First month planned, number of months, and the months by which events are known late."""

    first_month: Month
    months: int
    lag_months: int


@dataclass(frozen=True, slots=True)
class Ground:
    """Areas with their risk, the events known, the violence that came later, sources used, and notes."""

    areas: tuple[Area, ...]
    events: pl.DataFrame | None
    later: pl.DataFrame | None
    sources: dict[str, str]
    notes: tuple[str, ...]


def ground_of(
    bases: Sequence[Base],
    hosts: tuple[str, ...],
    headquarters: Points,
    places: Path | str | None,
    events: pl.DataFrame | None,
    time: Horizon,
    norms: Norms,
    rules: AreaRules,
) -> Ground:
    """Draw areas in the host countries and expect violence in each from what was known at the start."""
    rules = replace(rules, within_km=_extent_km(bases, rules))
    towns, source, notes = _towns(bases, hosts, places)
    there = None if events is None else _inside(_near_bases(events, bases, rules.within_km), hosts)
    known = None if there is None else known_events(there, time.first_month, time.lag_months)
    half_life = norms.number("risk_half_life_months", time.first_month.first_day)
    rate = np.zeros(0) if known is None else deaths_per_month(known, time.first_month, time.lag_months, half_life)
    draw = draw_areas(_inside(towns, hosts), known, rate, points_of(bases), headquarters, rules)
    people = draw.table.get_column("population_persons").to_numpy().astype(float)
    risk = first_risk(rate, draw.event_area, people, norms, time.first_month)
    sources = {"places": source}
    if known is None:
        notes += (say("No events are given: risk is the prior on population alone."),)
    elif known.is_empty():
        notes += (say("No event was known in the mission's countries: risk is the prior on population alone."),)
    areas = area_records(draw, risk, "places" if known is None else "ucdp", _reason(known, time.lag_months, half_life))
    later = None if there is None else _later(draw, areas, there, time, rules)
    return Ground(areas, known, later, sources, (*notes, *draw.notes))


def _near_bases(events: pl.DataFrame, bases: Sequence[Base], within_km: float) -> pl.DataFrame:
    there = near(events, points_of(bases), within_km)
    if there.is_empty():
        _refuse_swapped_events(events, points_of(bases), within_km)
    return there


def _refuse_swapped_events(events: pl.DataFrame, bases: Points, within_km: float) -> None:
    turned = events.rename({"latitude_deg": "longitude_deg", "longitude_deg": "latitude_deg"})
    turned = near(turned.filter(pl.col("latitude_deg").abs() <= 90), bases, within_km)
    if not turned.is_empty():
        raise ImportFileError(
            "No event lies within {km} km of a base, but {count} of {rows} do once latitude and longitude are swapped. "
            "Swap them in the file of events.",
            km=within_km,
            count=turned.height,
            rows=events.height,
        )


def _extent_km(bases: Sequence[Base], rules: AreaRules) -> float:
    """Look as far beyond the bases as they lie apart, between 50 km and the limit of the rules."""
    latitude, longitude = [base.latitude_deg for base in bases], [base.longitude_deg for base in bases]
    apart = float(distance_km(latitude, longitude, latitude, longitude).max())
    return min(rules.within_km, max(LEAST_EXTENT_KM, round(apart)))


def points_of(bases: Sequence[Base]) -> Points:
    """Return bases as named points."""
    return Points(
        tuple(base.location for base in bases),
        np.array([base.latitude_deg for base in bases]),
        np.array([base.longitude_deg for base in bases]),
    )


def _towns(
    bases: Sequence[Base], hosts: tuple[str, ...], places: Path | str | None
) -> tuple[pl.DataFrame, str, tuple[str, ...]]:
    """Return populated places with their source: the file, else the extract, else the bases themselves."""
    around_bases = _around(bases)
    if places is not None:
        # Every base stands among people, even where the file shows none.
        return pl.concat([read_places(places), around_bases]), f"Populated places of {Path(places).name}", ()
    drawn = [code for code in hosts if code in extracts.mission_countries()]
    if not drawn:
        return around_bases, "Places named by Geo-PKO", (say("No populated places are known: areas lie at the bases."),)
    towns = extracts.places(drawn).with_columns(kind=pl.lit("")).select(PLACE_COLUMNS)
    with speaking("en"):  # what is written into a mission does not depend on its reader's language
        source = str(extracts.attribution("places"))
    return pl.concat([towns, around_bases]), source, ()


def _around(bases: Sequence[Base]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "name": [base.location for base in bases],
            "kind": "hamlet",
            "latitude_deg": [base.latitude_deg for base in bases],
            "longitude_deg": [base.longitude_deg for base in bases],
            "population_persons": None,
        },
        schema_overrides={"population_persons": pl.Int64},
    )


def _inside(points: pl.DataFrame, hosts: tuple[str, ...]) -> pl.DataFrame:
    """Keep what lies in the host countries; violence across the border is not the mission's."""
    drawn = [code for code in hosts if code in {border.iso3 for border in extracts.borders()}]
    if not drawn or points.is_empty():
        return points
    latitude, longitude = (points.get_column(name).to_numpy() for name in ("latitude_deg", "longitude_deg"))
    country = extracts.country_of(latitude, longitude, among=drawn)
    return points.filter(pl.Series(country != "", dtype=pl.Boolean))


def _reason(known: pl.DataFrame | None, lag_months: int, half_life_months: float) -> str:
    if known is None or known.is_empty():
        return "Risk: prior on population alone"
    return (
        f"Risk: decayed mean of past civilian deaths (half-life {half_life_months:g} months, known with a lag of "
        f"{lag_months} months) plus a prior on population"
    )


def _later(
    draw: AreaDraw, areas: tuple[Area, ...], events: pl.DataFrame, time: Horizon, rules: AreaRules
) -> pl.DataFrame | None:
    """Count the civilian deaths that came in the months planned: a yardstick that no plan reads."""
    first, end = time.first_month.first_day, (time.first_month + time.months).first_day
    came = events.filter(pl.col("date") >= first, pl.col("date") < end)
    area = area_of_events(draw.table, came, rules)
    counted = (
        came.with_columns(area=pl.Series(area, dtype=pl.Int64), month=pl.col("date").dt.strftime("%Y-%m"))
        .filter(pl.col("area") >= 0, pl.col("fatalities_civilian") > 0)
        .group_by("area", "month")
        .agg(pl.col("fatalities_civilian").sum().cast(pl.Float64).alias("fatalities"))
        .sort("area", "month")
    )
    if counted.is_empty():
        return None
    names = dict(enumerate(area.area_id for area in areas))
    return counted.select(
        area_id=pl.col("area").replace_strict(names, return_dtype=pl.String),
        month="month",
        fatalities="fatalities",
        source=pl.lit("ucdp"),
        status=pl.lit("verified"),
        note=pl.lit(""),
    )
