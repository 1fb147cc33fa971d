"""`bluehelm mission ...`"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="bluehelm")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert run("mission", "new", tmp_path / "new").exit_code == 0
    return tmp_path / "new"


def test_a_new_mission_has_no_error(folder):
    result = run("mission", "check", folder)
    assert result.exit_code == 0, result.output
    assert ": errors 0, " in result.stdout.splitlines()[-1]


def test_a_new_mission_is_written_again_without_loss(folder, tmp_path):
    from bluehelm import read_mission, write_mission

    write_mission(read_mission(folder), tmp_path / "again")
    assert read_mission(tmp_path / "again") == read_mission(folder)


def test_a_new_mission_never_overwrites(folder):
    before = (folder / "sites.csv").read_text("utf-8")
    (folder / "sites.csv").write_text("mine", "utf-8")
    result = run("mission", "new", folder)
    assert result.exit_code == 1
    assert "Name a new folder" in result.stderr
    assert (folder / "sites.csv").read_text("utf-8") == "mine" != before


def test_every_fault_is_listed_at_once_with_its_place(folder):
    units = (folder / "units.csv").read_text("utf-8")
    (folder / "units.csv").write_text(units.replace(",bela_base,180,", ",bela_bas,180,"), "utf-8")
    areas = (folder / "areas.csv").read_text("utf-8")
    (folder / "areas.csv").write_text(areas.replace(",120000,", ",many,"), "utf-8")
    result = run("mission", "check", folder)
    assert result.exit_code == 1
    assert "areas.csv:2:population_persons" in result.stdout
    assert "units.csv:3:site_id" in result.stdout
    assert "bela_base" in result.stdout


def test_faults_as_json_can_be_read_by_a_machine(folder):
    (folder / "budget.csv").unlink()
    result = run("mission", "check", folder, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["errors"] == sum(fault["grade"] == "error" for fault in told["faults"]) >= 1
    assert {"grade", "file", "line", "column", "value", "message", "expected", "next_step"} <= set(told["faults"][0])


def test_bases_that_are_not_there_are_named(tmp_path):
    result = run(
        "mission",
        "from-geopko",
        "--bases",
        tmp_path / "no.csv",
        "--mission",
        "UNAMID",
        "--year",
        2016,
        tmp_path / "out",
    )
    assert result.exit_code == 1
    assert "no.csv" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.real_data
def test_a_mission_is_built_from_bases_and_events(shared, tmp_path):
    result = run(
        "mission", "from-geopko", "--bases", shared / "data/geopko/geopko_v21_location_map_dev.csv.gz",
        "--events", shared / "data/ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz",
        "--mission", "UNAMID", "--year", 2012, "--months", 12, tmp_path / "out",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert run("mission", "check", tmp_path / "out").exit_code == 0
