"""Sites and areas of Darfur 2017, and how many people are counted in each area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from darfur_2017_inputs import ROWS, Row

from bluehelm.mission.months import Month
from bluehelm.mission.records import Area, Site, Unit

SPARE_BEDS_PERSONS = {"company_base": 400, "sector_headquarters": 1000, "mission_headquarters": 1000}


def place_of(row: Mapping[str, Any], mapped: Mapping[str, Row]) -> tuple[float, float]:
    """Return latitude and longitude: the handwritten place, or the one on the map."""
    if "latitude_deg" in row:
        return row["latitude_deg"], row["longitude_deg"]
    return round(float(mapped[row["name"]]["latitude"]), 4), round(float(mapped[row["name"]]["longitude"]), 4)


def sites(mapped: Mapping[str, Row], units: Iterable[Unit]) -> list[Site]:
    """Return the 36 locations of the map, and Golo."""
    persons: Counter[str] = Counter()
    for unit in units:
        persons[unit.site_id] += unit.persons
    made = []
    for row in ROWS["site"]:
        latitude, longitude = place_of(row, mapped)
        kind, on_map = row.get("kind", "company_base"), row["name"] in mapped
        made.append(
            Site(
                site_id=row["site_id"],
                name=row["name"],
                kind=kind,
                zone=row["zone"],
                latitude_deg=latitude,
                longitude_deg=longitude,
                open_at_start=on_map,
                may_close="headquarters" not in kind,
                source=row.get("source", "geopko_v21"),
                status="verified",
                opens_from=Month.parse(row["opens_from"]) if "opens_from" in row else None,
                capacity_persons=beds(persons[row["site_id"]], kind) if on_map else None,
                airfield=row.get("airfield", False),
                note=row.get("note", ""),
            )
        )
    return made


def beds(persons: int, kind: str) -> int:
    """Return beds at a site: they are not published, so what stands there fits, and a reinforcement beside it."""
    return -(-persons // 100) * 100 + SPARE_BEDS_PERSONS[kind]


def populations() -> dict[str, int]:
    """Return people per area: as listed, plus an equal part of what remains of the former state (rule 3)."""
    areas = ROWS["site"] + ROWS["area"]
    persons = {}
    for group in ROWS["population"]:
        members = [row for row in areas if row["zone"] in group["zones"]]
        listed = sum(row.get("population_persons", 0) for row in members)
        shares = sum(not row.get("camp", False) for row in members)
        rest = (group["persons"] - listed) / shares
        for row in members:
            exact = row.get("population_persons", 0) + (0 if row.get("camp", False) else rest)
            persons[row["area_id"] if "area_id" in row else row["site_id"]] = round(exact / 100) * 100
    return persons


def bare_areas(mapped: Mapping[str, Row]) -> list[Area]:
    """Return all areas before any violence is counted: the town of every site, then the further places."""
    people = populations()
    made = []
    for row in ROWS["site"] + ROWS["area"]:
        area_id = row.get("area_id") or row["site_id"]
        latitude, longitude = place_of(row, mapped)
        default = "geopko_v21" if row["name"] in mapped else "ucdp_ged"
        made.append(
            Area(
                area_id=area_id,
                name=row["name"],
                zone=row["zone"],
                latitude_deg=latitude,
                longitude_deg=longitude,
                population_persons=people[area_id],
                fatalities_per_month=0.0,
                source=row.get("source", default) if row["name"] != "Golo" else "ucdp_ged",
                status="assumed",
                note=said_population(row),
            )
        )
    return made


def said_population(row: Mapping[str, Any]) -> str:
    """Say where the population of an area comes from."""
    if "population_persons" not in row:
        return "Population: equal part of the state's people outside listed towns and camps."
    where = row.get("population_source", "geonames")
    if row.get("camp", False):
        return f"Population: {row['population_persons']} in the camp ({where})."
    return f"Population: {row['population_persons']} in the town ({where}) plus an equal part of the state's people."
