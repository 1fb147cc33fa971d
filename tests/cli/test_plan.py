"""`bluehelm plan`, `why` and `report` on the small mission that `mission new` writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli
from bluehelm.mission.template import write_template


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="bluehelm")


@pytest.fixture(scope="module")
def planned(tmp_path_factory) -> tuple[Path, dict[str, dict[str, object]]]:
    """Plan the small mission once."""
    folder = tmp_path_factory.mktemp("small")
    write_template(folder / "mission")
    result = run("plan", folder / "mission", "--out", folder / "plan", "--json")
    assert result.exit_code == 0, result.output
    return folder / "plan", json.loads(result.stdout)


def test_both_objects_are_printed_as_they_are_written(planned):
    folder, printed = planned
    assert set(printed) == {"plan", "run"}
    for name, told in printed.items():
        assert json.loads((folder / f"{name}.json").read_text("utf-8")) == told


def test_the_plan_says_its_proof(planned):
    _, printed = planned
    plan = printed["plan"]
    assert plan["checked"] is True
    assert plan["status"] == "within_gap"
    assert plan["gap"] == max(tier["gap"] for tier in plan["tiers"]) <= 0.01
    assert {"objective", "bound", "gap"} <= set(plan["tiers"][0])
    assert {"seconds", "peak_mb"} <= set(printed["run"])


def test_the_folder_holds_mission_tables_map_and_report(planned):
    folder, _ = planned
    for name in ("mission/mission.toml", "tables/deployments.csv", "plan.geojson", "report.html"):
        assert (folder / name).is_file(), name


@pytest.mark.parametrize(
    ("words", "option", "told"),
    [
        (["--order", "reverse"], {"order": "reverse"}, "reverse order"),
        (["--order", "weighted"], {"order": "weighted"}, "weighted by 1/priority"),
        (["--tail", "0.5"], {"tail": 0.5}, "worst 50.0% of the futures"),
        (["--work", "1"], {"work": 1, "seconds": None}, None),
    ],
    ids=lambda one: "" if not isinstance(one, list) else " ".join(one),
)
def test_other_measures_and_stops_are_one_option_away_and_the_report_says_so(tmp_path, words, option, told):
    write_template(tmp_path / "mission")
    result = run("plan", tmp_path / "mission", "--out", tmp_path / "plan", "--json", *words)
    assert result.exit_code == 0, result.output
    options = json.loads(result.stdout)["plan"]["provenance"]["options"]
    assert option.items() <= options.items()
    report = (tmp_path / "plan" / "report.html").read_text("utf-8")
    assert told is None or told in report


@pytest.mark.parametrize("words", [["--order", "revers"], ["--tail", "1"], ["--work", "0"]], ids=lambda one: one[0])
def test_a_measure_that_cannot_be_is_refused_before_the_work(tmp_path, words):
    result = run("plan", tmp_path, "--out", tmp_path / "plan", *words)
    assert result.exit_code == 2
    assert words[0] in result.stderr and not (tmp_path / "plan").exists()


@pytest.mark.parametrize(("option", "name"), [("--site", "bela_base"), ("--unit", "inf-3"), ("--area", "bela")])
def test_why_is_answered_in_sentences(planned, option, name):
    result = run("why", planned[0], option, name)
    assert result.exit_code == 0, result.output
    assert result.stdout.strip().endswith(".")


def test_why_offers_the_nearest_name(planned):
    result = run("why", planned[0], "--site", "bela_bas")
    assert result.exit_code == 1
    assert "bela_base" in result.stderr


@pytest.mark.parametrize("words", [[], ["--site", "bela_base", "--area", "bela"]], ids=["nothing", "two things"])
def test_why_asks_for_exactly_one_thing(words, tmp_path):
    result = run("why", tmp_path, *words)
    assert result.exit_code == 2
    assert "exactly one of --site, --unit, --area and --shortfall" in result.stderr


def test_the_report_is_written_again(planned):
    result = run("report", planned[0])
    assert result.exit_code == 0, result.output
    assert Path(result.stdout.split(": ", 1)[1].strip()).is_file()


def test_a_folder_that_is_no_plan_is_said_to_be_none(tmp_path):
    result = run("report", tmp_path)
    assert result.exit_code == 1
    assert str(tmp_path) in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("option", "value"), [("--gap", "2"), ("--gap", "-1"), ("--seconds", "0"), ("--seed", "-1"), ("--gap", "small")]
)
def test_a_number_out_of_range_is_refused_before_anything_is_done(option, value, tmp_path):
    result = run("plan", tmp_path, "--out", tmp_path / "out", option, value)
    assert result.exit_code == 2
    assert option in result.stderr
    assert not (tmp_path / "out").exists()
