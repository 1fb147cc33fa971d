"""A plan as a map layer: one GeoJSON file (RFC 7946) that opens in QGIS and other map programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from bluehelm.mission.plan import Plan
from bluehelm.reports.reading import Reading

Feature = dict[str, Any]


def write_geojson(plan: Plan, path: Path | str) -> Path:
    """Write sites and areas with their state in the first and the last month of the most likely future."""
    reading = Reading(plan)
    layer = {"type": "FeatureCollection", "features": [*_sites(reading), *_areas(reading)]}
    target = Path(path)
    target.write_text(json.dumps(layer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    return target


def _point(key: str, longitude_deg: float, latitude_deg: float, told: dict[str, object]) -> Feature:
    # RFC 7946: longitude first, WGS 84, seven decimals are far below a metre.
    place = [round(longitude_deg, 7), round(latitude_deg, 7)]
    return {"type": "Feature", "id": key, "geometry": {"type": "Point", "coordinates": place}, "properties": told}


def _sites(reading: Reading) -> list[Feature]:
    last = reading.path[-1]
    at_end = reading.plan.tables["deployments"].filter(pl.col("node_id") == last)
    persons = dict(at_end.group_by("site_id").agg(pl.col("persons").sum()).iter_rows())
    units: dict[str, list[str]] = {}
    for site, kind, count in at_end.select("site_id", "unit_type", "units").sort("site_id", "unit_type").iter_rows():
        units.setdefault(site, []).append(f"{count:.0f} {kind}")
    closes = {change.site_id: change.month for change in reading.closures}
    opens = {change.site_id: change.month for change in reading.openings}
    open_at_end = set(reading.sites_open(last))
    return [
        _point(f"site:{site.site_id}", site.longitude_deg, site.latitude_deg, {
            "layer": "site", "site_id": site.site_id, "name": site.name, "kind": site.kind, "zone": site.zone,
            "open_before": site.open_at_start, "opens": opens.get(site.site_id), "closes": closes.get(site.site_id),
            "open_after": site.site_id in open_at_end or (site.kind == "partner_hospital" and site.open_at_start),
            "persons_before": reading.persons_at_start(site.site_id),
            "persons_after": float(persons.get(site.site_id, 0)),
            "units_after": "; ".join(units.get(site.site_id, [])), "status": site.status,
        })
        for site in reading.mission.sites
    ]  # fmt: skip


def _areas(reading: Reading) -> list[Feature]:
    table = reading.plan.tables["protection"]
    lengths = dict(reading.plan.tables["nodes"].select("node_id", "months").iter_rows())
    found = {
        when: {row["area_id"]: row for row in table.filter(pl.col("node_id") == node).iter_rows(named=True)}
        for when, node in (("first", reading.path[0]), ("last", reading.path[-1]))
    }
    features = []
    for area in reading.mission.areas:
        told: dict[str, object] = {
            "layer": "area", "area_id": area.area_id, "name": area.name, "zone": area.zone,
            "population_persons": area.population_persons, "status": area.status,
        }  # fmt: skip
        for when, node in (("first", reading.path[0]), ("last", reading.path[-1])):
            row = found[when].get(area.area_id)
            told[f"deaths_per_month_{when}"] = row and row["fatalities"] / lengths[node]
            told[f"protected_share_{when}"] = row and row["protected_share"]
        features.append(_point(f"area:{area.area_id}", area.longitude_deg, area.latitude_deg, told))
    return features
