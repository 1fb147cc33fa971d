"""A plan folder: whole or not at all, the same bytes each time, and never of a mission that was changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bluehelm.checks.plan_check import check_plan
from bluehelm.errors import PlanCheckError, PlanFilesError
from bluehelm.mission.plan import TABLES
from bluehelm.mission.plan_folder import is_plan_folder, json_bytes, read_plan, table_bytes, table_schema, write_plan
from tests.checks.tiny import tiny_norms, tiny_plan

PLAN = tiny_plan()


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_plan_comes_back_as_it_was_and_still_passes_its_check(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "plan")
    read = read_plan(tmp_path / "plan")
    assert read.mission == replace(PLAN.mission, risk=read.mission.risk)
    assert (read.status, read.checked, read.input_hash) == (PLAN.status, True, PLAN.input_hash)
    assert read.provenance["share"] == pytest.approx(1 / 3)
    assert [tier.name for tier in read.tiers] == [tier.name for tier in PLAN.tiers]
    for name in TABLES:
        assert_frame_equal(read.tables[name], PLAN.tables[name], rel_tol=1e-8)
    assert check_plan(read, tiny_norms()).sentences == ()


def test_the_same_plan_has_the_same_bytes_but_for_the_run(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "one")
    write_plan(replace(PLAN, run={"seconds": 99.0, "peak_mb": 1.0, "threads": 1}), tmp_path / "two")
    one, two = _bytes(tmp_path / "one"), _bytes(tmp_path / "two")
    assert one.pop("run.json") != two.pop("run.json")
    assert one == two


def test_a_plan_read_and_written_again_has_the_same_bytes(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "one")
    write_plan(read_plan(tmp_path / "one"), tmp_path / "two")
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_plan_json_and_run_json_hold_what_others_rely_on(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "plan")
    record = json.loads((tmp_path / "plan" / "plan.json").read_text())
    assert set(record) == {"status", "tiers", "gap", "checked", "input_hash", "provenance"}
    assert record["gap"] == pytest.approx(PLAN.gap)
    assert {"objective", "bound", "gap"} <= set(record["tiers"][0])
    run = json.loads((tmp_path / "plan" / "run.json").read_text())
    assert {"seconds", "peak_mb", "versions", "threads", "written_on"} <= set(run)


def test_further_files_are_written_with_the_plan(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "plan", {"report.html": "<p>ü</p>", "figures/map.png": b"\x89PNG"})
    assert (tmp_path / "plan" / "report.html").read_text(encoding="utf-8") == "<p>ü</p>"
    assert (tmp_path / "plan" / "figures" / "map.png").read_bytes() == b"\x89PNG"


def test_a_plan_that_has_not_passed_its_check_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(PlanCheckError, match="has not passed its check"):
        write_plan(replace(PLAN, checked=False), tmp_path / "plan")
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_plan_is_replaced_with_all_its_files(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "plan", {"old.txt": "old"})
    write_plan(PLAN, tmp_path / "plan", {"new.txt": "new"})
    assert not (tmp_path / "plan" / "old.txt").exists()
    assert (tmp_path / "plan" / "new.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    write_plan(PLAN, tmp_path / "plan")
    assert is_plan_folder(tmp_path / "plan")


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_not_a_plan_is_left_alone(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "mine"
    if kind == "folder":
        target.mkdir()
        (target / "letter.txt").write_text("dear")
    else:
        target.write_text("dear")
    with pytest.raises(PlanFilesError, match="is not a plan, so nothing was written"):
        write_plan(PLAN, target)
    assert (target / "letter.txt" if kind == "folder" else target).read_text() == "dear"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_write_that_fails_leaves_the_earlier_plan_and_nothing_else(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "plan")
    before = _bytes(tmp_path / "plan")
    tables = {name: frame for name, frame in PLAN.tables.items() if name != "names"}
    with pytest.raises(KeyError):
        write_plan(replace(PLAN, tables=tables), tmp_path / "plan")
    assert _bytes(tmp_path / "plan") == before
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_a_frozen_mission_that_was_changed_is_refused(tmp_path: Path) -> None:
    write_plan(PLAN, tmp_path / "plan")
    areas = tmp_path / "plan" / "mission" / "areas.csv"
    areas.write_text(areas.read_text().replace("10.0", "11.0"))
    with pytest.raises(PlanFilesError, match="is not the one that was planned"):
        read_plan(tmp_path / "plan")


@pytest.mark.parametrize("name", ["plan.json", "run.json", "tables/cash.csv", "mission/areas.csv"])
def test_a_file_that_is_missing_is_told(tmp_path: Path, name: str) -> None:
    write_plan(PLAN, tmp_path / "plan")
    (tmp_path / "plan" / name).unlink()
    with pytest.raises(PlanFilesError, match=name.split("/")[-1]):
        read_plan(tmp_path / "plan")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.json", b"{"),
        ("plan.json", b"[]"),
        ("plan.json", b"{}"),
        ("plan.json", b"\xff\xfe"),
        ("plan.json", b'{"status": 1, "tiers": 3, "checked": true, "input_hash": "", "provenance": {}}'),
        ("run.json", b""),
        ("tables/cash.csv", b""),
        ("tables/cash.csv", b"node_id\n2017-05\n"),
        (
            "tables/deployments.csv",
            b"node_id,month,class_id,unit_type,component,site_id,units,persons\na,b,c,d,e,f,many,1\n",
        ),
        ("tables/deployments.csv", b"\xff\xff\xff"),
    ],
)
def test_a_file_that_is_broken_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    write_plan(PLAN, tmp_path / "plan")
    (tmp_path / "plan" / name).write_bytes(content)
    with pytest.raises(PlanFilesError):
        read_plan(tmp_path / "plan")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlanFilesError, match=r"it has no plan\.json"):
        read_plan(tmp_path / "nowhere")


def test_numbers_are_written_with_nine_digits_and_keys_sorted() -> None:
    assert json_bytes({"b": 1 / 3, "a": (1, -0.0)}) == b'{\n  "a": [\n    1,\n    0.0\n  ],\n  "b": 0.333333333\n}\n'
    frame = PLAN.tables["protection"].head(1).with_columns(presence=pl.lit(2 / 3), floor_share=pl.lit(float("nan")))
    row = table_bytes(frame, "protection").decode().splitlines()[1].split(",")
    assert (row[4], row[7]) == ("0.666666667", "")


def test_every_column_of_every_table_has_a_type() -> None:
    for name, columns in TABLES.items():
        assert list(table_schema(name)) == list(columns)
