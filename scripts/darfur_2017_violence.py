"""Past and later violence in Darfur by area, counted from UCDP events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from darfur_2017_inputs import FIRST_DAY, Row, read_csv
from darfur_2017_places import bare_areas

from bluehelm.geo.distance import distance_km
from bluehelm.mission.bulk import ViolenceRow
from bluehelm.mission.months import Month
from bluehelm.mission.records import Area
from bluehelm.norms.norms import load_norms

YEARS = range(2012, 2017)
EXACT_ENOUGH = 3  # UCDP where_prec: 1 exact, 2 near, 3 district; 4 state; 5 stretch or wide area.
# UCDP names states as they were: Southern and Western Darfur were divided in 2012.
ZONES_OF_STATE = {
    "North Darfur state": ("north_darfur",),
    "Northern Darfur state": ("north_darfur",),
    "South Darfur state": ("south_darfur",),
    "Southern Darfur state": ("south_darfur", "east_darfur"),
    "East Darfur state": ("east_darfur",),
    "West Darfur state": ("west_darfur",),
    "Western Darfur state": ("west_darfur", "central_darfur"),
    "Central Darfur state": ("central_darfur",),
}


def events(shared: Path) -> list[Row]:
    """Return the events in Darfur with civilian deaths."""
    rows = read_csv(shared / "data/ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz")
    return [r for r in rows if r["adm_1"] in ZONES_OF_STATE and float(r["deaths_civilians"]) > 0]


Deaths = dict[str, dict[str, float]]


def deaths_by_area(rows: list[Row], areas: list[Area]) -> tuple[Deaths, Deaths]:
    """Put civilian deaths in areas, by month: (those at a known place, those spread by population) (rule 1)."""
    away_km = distance_km(
        [float(r["latitude"]) for r in rows],
        [float(r["longitude"]) for r in rows],
        [a.latitude_deg for a in areas],
        [a.longitude_deg for a in areas],
    )
    placed: Deaths = {a.area_id: defaultdict(float) for a in areas}
    spread: Deaths = {a.area_id: defaultdict(float) for a in areas}
    for row, nearest in zip(rows, away_km.argmin(axis=1), strict=True):
        month, deaths = row["date_start"][:7], float(row["deaths_civilians"])
        if int(row["where_prec"]) <= EXACT_ENOUGH:
            placed[areas[nearest].area_id][month] += deaths
            continue
        hit = [a for a in areas if a.zone in ZONES_OF_STATE[row["adm_1"]]]
        people = sum(a.population_persons for a in hit)
        for area in hit:
            spread[area.area_id][month] += deaths * area.population_persons / people
    return placed, spread


def yearly(months: Mapping[str, float]) -> list[float]:
    """Return deaths per year of `YEARS`."""
    return [sum(n for month, n in months.items() if month.startswith(str(year))) for year in YEARS]


def monthly_rate(deaths_per_year: list[float], population_persons: int) -> float:
    """Return expected civilian deaths per month: decayed history plus a population prior (rule 2)."""
    norms = load_norms()
    half_life_months = norms.number("risk_half_life_months", FIRST_DAY)
    prior = norms.number("risk_prior_deaths_per_million_month", FIRST_DAY)
    weights = [0.5 ** (((2017 - year) * 12 - 6) / half_life_months) for year in YEARS]
    history = sum(w * n for w, n in zip(weights, deaths_per_year, strict=True)) / (12 * sum(weights))
    return float(round(history + prior * population_persons / 1e6, 4))


def areas(shared: Path, mapped: Mapping[str, Row]) -> list[Area]:
    """Return all areas with what violence of 2012-2016 lets expect."""
    bare = bare_areas(mapped)
    placed, spread = deaths_by_area([r for r in events(shared) if int(r["year"]) in YEARS], bare)
    made = []
    for area in bare:
        known, wide = yearly(placed[area.area_id]), yearly(spread[area.area_id])
        counts = ", ".join(f"{n:.0f}" for n in known)
        parts = ", ".join(f"{n:.2f}" for n in wide)
        note = f"UCDP civilian deaths 2012-2016: {counts}; spread from the state: {parts}. {area.note}"
        # The rate is computed from the figures as printed, so that a reader can redo it from this note.
        both = [n + round(w, 2) for n, w in zip(known, wide, strict=True)]
        made.append(replace(area, fatalities_per_month=monthly_rate(both, area.population_persons), note=note))
    return made


def hindsight_violence(shared: Path, mapped: Mapping[str, Row]) -> list[ViolenceRow]:
    """Return civilian deaths of 2017 by area and month, by the rule of the history (rule 1)."""
    placed, spread = deaths_by_area([r for r in events(shared) if r["year"] == "2017"], bare_areas(mapped))
    rows = []
    for area_id in placed:
        for month in sorted(placed[area_id].keys() | spread[area_id].keys()):
            known, wide = placed[area_id].get(month, 0.0), spread[area_id].get(month, 0.0)
            note = "Partly or wholly spread from the state by population." if wide else ""
            rows.append(
                ViolenceRow(
                    area_id=area_id,
                    month=Month.parse(month),
                    fatalities=round(known + wide, 4),
                    source="ucdp_ged",
                    status="verified",
                    note=note,
                )
            )
    return rows
