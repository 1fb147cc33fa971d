"""`bluehelm adapt` on the small mission that `mission new` writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli
from bluehelm.journey.adapt_folder import adapt_folder
from bluehelm.mission.folder import read_mission
from bluehelm.mission.plan_folder import read_plan, write_plan
from bluehelm.mission.template import write_template
from bluehelm.norms import load_norms
from bluehelm.planning.make import Options, make_plan

CUT = '[[shock]]\nkind = "funding_cut"\nfrom_month = "2027-04"\nuntil_month = "2027-12"\nshare = 0.1\n'


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="bluehelm")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A plan, and a file of shocks."""
    folder = tmp_path_factory.mktemp("adapt")
    write_template(folder / "mission")
    mission = read_mission(folder / "mission")
    write_plan(make_plan(mission, load_norms(mission.amendments), Options(gap=0.05)), folder / "plan")
    (folder / "cut.toml").write_text(CUT, "utf-8")
    return folder


@pytest.fixture(scope="module")
def adapted(folder) -> Path:
    words = (
        "adapt",
        folder / "plan",
        "--shock",
        folder / "cut.toml",
        "--out",
        folder / "out",
        "--work",
        1,
        "--gap",
        0.05,
    )
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == json.loads((folder / "out" / "adapt.json").read_text("utf-8"))
    assert "Money falls by 10.0%" in result.stderr and "adapt.html" in result.stderr
    return folder / "out"


def test_the_folder_is_a_plan_with_what_changed_and_a_report_in_each_language(adapted):
    assert read_plan(adapted).checked
    for name in ("adapt.json", "adapt.html", "adapt_zh.html", "plan.geojson", "run.json"):
        assert (adapted / name).is_file(), name
    told = json.loads((adapted / "adapt.json").read_text("utf-8"))
    assert {arm["name"] for arm in told["arms"]} >= {"before", "held", "adapted"}
    assert all({"objective", "bound", "gap"} <= set(tier) for tier in told["tiers"])
    assert told["adapted_from"] != told["input_hash"] and told["provenance"]["options"]["seed"] == 0
    assert "调整后的计划" in (adapted / "adapt_zh.html").read_text("utf-8")


def test_the_adapted_plan_can_be_asked_why_and_reported(adapted):
    result = run("why", adapted, "--site", "bela_base")
    assert result.exit_code == 0, result.output
    assert run("report", adapted).exit_code == 0


def test_the_same_shocks_give_the_same_bytes(folder, adapted):
    adapt_folder(folder / "plan", folder / "cut.toml", folder / "again", gap=0.05, work=1)
    for name in ("adapt.json", "adapt.html", "plan.json", "tables/deployments.csv"):
        assert (folder / "again" / name).read_bytes() == (adapted / name).read_bytes(), name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CUT.replace("funding_cut", "funding_kut"), "'funding_kut' is not known"),
        (CUT.replace("2027-04", "2031-04"), "2027-01 to 2027-12 are planned"),
        ('[[shock]]\nkind = "site_lost"\nfrom_month = "2027-04"\nsite_id = "bela_bse"\n', "Nearest name: 'bela_base'"),
        ("", "no list of shocks"),
    ],
)
def test_shocks_that_cannot_be_are_refused_and_nothing_is_written(folder, tmp_path, text, told):
    (tmp_path / "wrong.toml").write_text(text, "utf-8")
    result = run("adapt", folder / "plan", "--shock", tmp_path / "wrong.toml", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert told in result.stderr and "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_the_plan_itself_and_other_folders_are_never_overwritten(folder, tmp_path):
    result = run("adapt", folder / "plan", "--shock", folder / "cut.toml", "--out", folder / "plan")
    assert result.exit_code == 1 and "is the plan that is adapted" in result.stderr
    (tmp_path / "mine.txt").write_text("mine")
    result = run("adapt", folder / "plan", "--shock", folder / "cut.toml", "--out", tmp_path)
    assert result.exit_code == 1 and "is not a plan" in result.stderr


def test_what_is_not_a_plan_or_a_file_is_told(folder, tmp_path):
    result = run("adapt", folder / "mission", "--shock", folder / "cut.toml", "--out", tmp_path / "out")
    assert result.exit_code == 1 and "is not a plan" in result.stderr
    result = run("adapt", folder / "plan", "--shock", tmp_path / "none.toml", "--out", tmp_path / "out")
    assert result.exit_code == 1 and "not there" in result.stderr
