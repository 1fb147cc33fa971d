from __future__ import annotations

import json
from pathlib import Path

from bluehelm.reports.geojson import write_geojson
from tests.reports.example_plan import example_plan


def test_layer_holds_every_site_and_area_with_longitude_first(tmp_path: Path) -> None:
    plan = example_plan()
    layer = json.loads(write_geojson(plan, tmp_path / "plan.geojson").read_text(encoding="utf-8"))
    assert layer["type"] == "FeatureCollection" and "crs" not in layer
    found = {feature["id"]: feature for feature in layer["features"]}
    assert len(found) == len(plan.mission.sites) + len(plan.mission.areas)
    hq = found["site:north_hq"]
    assert hq["type"] == "Feature" and hq["geometry"] == {"type": "Point", "coordinates": [25.35, 13.62]}


def test_layer_says_what_closes_and_what_is_protected(tmp_path: Path) -> None:
    layer = json.loads(write_geojson(example_plan(2), tmp_path / "plan.geojson").read_text(encoding="utf-8"))
    told = {feature["id"]: feature["properties"] for feature in layer["features"]}
    assert told["site:acacia"]["closes"] == "2017-07" and told["site:acacia"]["open_after"] is False
    assert round(told["area:mountain"]["deaths_per_month_last"], 6) == 14.2
    assert 0 <= told["area:mountain"]["protected_share_last"] <= 1
