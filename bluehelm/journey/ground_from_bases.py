"""The ground of a mission made from bases: its countries, the people there, and the violence they can expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.areas import AreaDraw, AreaRules, Points, area_of_events, area_records, draw_areas, near
from bluehelm.foresight.first_risk import deaths_per_month, first_risk, known_events
from bluehelm.geo import extracts
from bluehelm.geo.countries import countries_named
from bluehelm.geo.distance import distance_km
from bluehelm.mission.importers.base import Base
from bluehelm.mission.importers.places import read_places
from bluehelm.mission.months import Month
from bluehelm.mission.records import Area
from bluehelm.norms import Norms
from bluehelm.words import say

HOST_SHARE = 0.1
BORDER_KM = 20.0
LEAST_EXTENT_KM = 50.0
PLACE_COLUMNS = ("name", "kind", "latitude_deg", "longitude_deg", "population_persons")


@dataclass(frozen=True, slots=True)
class Ground:
    """Areas with their risk, the events known, the violence that came later, sources used, and notes."""

    areas: tuple[Area, ...]
    events: pl.DataFrame | None
    later: pl.DataFrame | None
    sources: dict[str, str]
    notes: tuple[str, ...]


def countries_of(bases: Sequence[Base]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of all countries with bases, most bases first, and of those that host the mission.

    Hosts hold at least a tenth of the bases; liaison offices abroad do not make a country a host. Where a base lies
    outside the country that the file names (borders have moved since), the country of today counts too.
    """
    counted: Counter[str] = Counter()
    for base in bases:
        counted.update(_named(base.country) or _on_map(base, None) or ())
    for base in bases:
        if not _on_map(base, tuple(counted)):
            counted.update(_on_map(base, None))
    ranked = tuple(code for code, _ in counted.most_common())
    hosts = tuple(code for code in ranked if counted[code] >= HOST_SHARE * len(bases))
    return ranked, hosts or ranked


def _named(country: str) -> tuple[str, ...]:
    try:
        return tuple(known.iso3 for known in countries_named(country))
    except InvalidRecordError:
        return ()


def _on_map(base: Base, among: tuple[str, ...] | None) -> tuple[str, ...]:
    codes = {border.iso3 for border in extracts.borders()}
    drawn = None if among is None else tuple(code for code in among if code in codes)
    if drawn == ():
        return ()
    found = extracts.country_of([base.latitude_deg], [base.longitude_deg], BORDER_KM, drawn)
    return tuple(str(code) for code in found if code)


def ground_of(
    bases: Sequence[Base],
    hosts: tuple[str, ...],
    headquarters: Points,
    places: Path | str | None,
    events: pl.DataFrame | None,
    first_month: Month,
    months: int,
    lag_months: int,
    norms: Norms,
    rules: AreaRules,
) -> Ground:
    """Draw areas in the host countries and expect violence in each from what was known at the start."""
    rules = replace(rules, within_km=_extent_km(bases, rules))
    towns, source, notes = _towns(bases, hosts, places)
    there = None if events is None else _inside(near(events, points_of(bases), rules.within_km), hosts)
    known = None if there is None else known_events(there, first_month, lag_months)
    half_life = norms.number("risk_half_life_months", first_month.first_day)
    rate = np.zeros(0) if known is None else deaths_per_month(known, first_month, lag_months, half_life)
    draw = draw_areas(_inside(towns, hosts), known, rate, points_of(bases), headquarters, rules)
    people = draw.table.get_column("population_persons").to_numpy().astype(float)
    risk = first_risk(rate, draw.event_area, people, norms, first_month)
    sources = {"places": source}
    if known is None:
        notes += (say("No events are given: risk is the prior on population alone."),)
    elif known.is_empty():
        notes += (say("No event was known in the mission's countries: risk is the prior on population alone."),)
    areas = area_records(draw, risk, "places" if known is None else "ucdp", _reason(known, lag_months, half_life))
    later = None if there is None else _later(draw, areas, there, first_month, months, rules)
    return Ground(areas, known, later, sources, (*notes, *draw.notes))


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
    return pl.concat([towns, around_bases]), str(extracts.attribution("places")), ()


def _around(bases: Sequence[Base]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "name": [base.location for base in bases],
            "kind": "village",
            "latitude_deg": [base.latitude_deg for base in bases],
            "longitude_deg": [base.longitude_deg for base in bases],
            "population_persons": None,
        },
        schema_overrides={"population_persons": pl.Int64},
    )


def _inside(points: pl.DataFrame, hosts: tuple[str, ...]) -> pl.DataFrame:
    """Keep what lies in the host countries or within 20 km of them; their neighbours are not the mission's."""
    drawn = [code for code in hosts if code in {border.iso3 for border in extracts.borders()}]
    if not drawn or points.is_empty():
        return points
    latitude, longitude = (points.get_column(name).to_numpy() for name in ("latitude_deg", "longitude_deg"))
    return points.filter(pl.Series(extracts.country_of(latitude, longitude, BORDER_KM, drawn) != "", dtype=pl.Boolean))


def _reason(known: pl.DataFrame | None, lag_months: int, half_life_months: float) -> str:
    if known is None or known.is_empty():
        return "Risk: prior on population alone"
    return (
        f"Risk: decayed mean of past civilian deaths (half-life {half_life_months:g} months, known with a lag of "
        f"{lag_months} months) plus a prior on population"
    )


def _later(
    draw: AreaDraw, areas: tuple[Area, ...], events: pl.DataFrame, first_month: Month, months: int, rules: AreaRules
) -> pl.DataFrame | None:
    """Count the civilian deaths that came in the months planned: a yardstick, kept apart from all that is planned with."""
    first, end = first_month.first_day, (first_month + months).first_day
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
