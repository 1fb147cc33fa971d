from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.figures.drawing import inline, svg_of
from bluehelm.reports.figures.gallery import gallery
from bluehelm.reports.pictures import write_figures
from bluehelm.reports.reading import Reading
from bluehelm.words import speaking
from tests.reports.example_extras import example_extras
from tests.reports.example_plan import example_plan

KEYS = ["map", "deployment", "timeline", "cost", "protection", "unmet", "yardsticks", "sensitivity"]


def test_every_figure_is_written_as_svg_and_png(tmp_path: Path) -> None:
    files = write_figures(example_plan(), tmp_path / "figures", extras=example_extras())
    assert sorted(f.name for f in files) == sorted(f"{key}.{kind}" for key in KEYS for kind in ("svg", "png"))
    assert all(f.read_bytes()[:4] == (b"<svg" if f.suffix == ".svg" else b"\x89PNG") for f in files)


def test_figures_follow_the_grammar_of_vega_lite() -> None:
    altair = pytest.importorskip("altair")
    for figure in gallery(Reading(example_plan(2)), example_extras()).values():
        altair.Chart.from_dict(figure.spec, validate=True)


def test_figures_hold_no_number_that_json_cannot_write() -> None:
    for figure in gallery(Reading(example_plan()), example_extras()).values():
        json.dumps(figure.spec, allow_nan=False)


def test_figures_that_need_extras_are_left_out_without_them() -> None:
    assert list(gallery(Reading(example_plan()), ReportExtras())) == KEYS[:-2]


def test_figures_speak_the_language_of_the_report() -> None:
    with speaking("zh"):
        specs = {key: f.spec for key, f in gallery(Reading(example_plan()), example_extras()).items()}
    assert "protected" not in json.dumps(specs["protection"], ensure_ascii=False).replace('"protected', "")


def test_ids_of_two_figures_on_one_page_never_collide() -> None:
    svg = '<svg width="1"><clipPath id="clip0"></clipPath><g clip-path="url(#clip0)"></g></svg>'
    page = inline(svg, "map", "a & b")
    assert 'id="map-clip0"' in page and "url(#map-clip0)" in page and 'aria-label="a &amp; b"' in page


def test_same_figure_is_drawn_with_the_same_bytes() -> None:
    spec = gallery(Reading(example_plan()), ReportExtras())["protection"].spec
    assert svg_of(spec) == svg_of(json.loads(json.dumps(spec)))


def test_months_of_an_axis_are_named_and_timeline_starts_on_the_day_before() -> None:
    spec = gallery(Reading(example_plan()), ReportExtras())["timeline"].spec
    x = spec["encoding"]["x"]
    assert x["sort"][0] == "before" and '"before": "Before"' in x["axis"]["labelExpr"]
    assert "Mar 2017" in x["axis"]["labelExpr"]
    assert any(value["month"] == "before" and value["persons"] > 0 for value in spec["data"]["values"])


def test_degrees_west_and_south_are_not_told_as_negative() -> None:
    spec = gallery(Reading(example_plan()), ReportExtras())["map"].spec
    axis = spec["hconcat"][0]["layer"][-1]["encoding"]["x"]["axis"]
    assert "° W" in axis["labelExpr"] and "abs(datum.value)" in axis["labelExpr"]


def test_sensitivity_names_norms_by_their_meaning_where_it_is_known() -> None:
    extras = example_extras()
    known = replace(extras, norms_used=(replace(extras.norms_used[0], meaning="Chance that a unit can act"),))
    spec = gallery(Reading(example_plan()), known)["sensitivity"].spec
    names = {value["norm"] for value in spec["layer"][0]["data"]["values"]}
    assert names == {"Chance that a unit can act", "road_speed_wet_km_per_hour"}
