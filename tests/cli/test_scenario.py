"""`bluehelm scenario tree` from the line to a folder that can be planned."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli
from bluehelm.foresight.forecast import AREA_SCHEMA, Forecast, write_forecast
from bluehelm.mission.folder import read_mission
from bluehelm.mission.months import Month
from bluehelm.mission.template import write_template

STATES = """
[[state]]
name = "funding"
start = "full"
[[value]]
state = "funding"
name = "full"
[[value]]
state = "funding"
name = "cut"
chance_per_year = 0.4
receipts_share = 0.85
"""


def run(*words):
    return CliRunner().invoke(cli, ["scenario", "tree", *(str(word) for word in words)], prog_name="bluehelm")


@pytest.fixture
def line(tmp_path):
    """Write a mission and a forecast for it, and give the words of a good line."""
    write_template(tmp_path / "mission")
    areas = read_mission(tmp_path / "mission").areas
    rng = np.random.default_rng(4)
    deaths = np.array([area.fatalities_per_month for area in areas])
    paths = rng.poisson(rng.gamma(0.5, 2, (100, 1, 1)) * deaths[:, None], (100, len(deaths), 12)).astype(np.int32)
    table = pl.DataFrame(
        [(a.area_id, a.name, a.latitude_deg, a.longitude_deg, a.population_persons) for a in areas],
        schema=AREA_SCHEMA, orient="row",
    )  # fmt: skip
    (tmp_path / "forecast").mkdir()
    write_forecast(Forecast(table, Month(2026, 12), paths, "made up"), tmp_path / "forecast")
    return ["--forecast", tmp_path / "forecast", "--mission", tmp_path / "mission", "--out", tmp_path / "out"]


def test_the_folder_holds_the_mission_with_its_tree_and_says_its_error(line, tmp_path):
    (tmp_path / "states.toml").write_text(STATES, encoding="utf-8")
    result = run(*line, "--leaves", 6, "--states", tmp_path / "states.toml", "--stages", "0, 3, 6")
    assert result.exit_code == 0, result.output
    assert "6 leaves, made from 100 sample paths; stages begin after 0, 3, 6 months." in result.stdout
    assert "Approximation error, violence:" in result.stdout and "Approximation error, receipts:" in result.stdout
    made = read_mission(tmp_path / "out")
    assert {node.receipts_scale for node in made.nodes} >= {1.0, 0.85}
    record = json.loads((tmp_path / "out" / "tree.json").read_text("utf-8"))
    assert (record["leaves"], record["nodes"]) == (6, len(made.nodes))
    assert read_mission(tmp_path / "mission").nodes != made.nodes


@pytest.mark.parametrize("words", [[], ["tree"]], ids=" ".join)
def test_the_help_speaks_chinese_too(words):
    told = CliRunner().invoke(cli, ["scenario", *words, "--help", "--lang", "zh"], prog_name="bluehelm").stdout
    assert "情景树" in told
    assert "futures" not in told


def test_json_is_all_that_is_printed_and_the_same_each_time(line, tmp_path):
    first = run(*line, "--json", "--branches", "2,2", "--stages", "0,3,6")
    again = run(*line[:-1], tmp_path / "again", "--json", "--branches", "2,2", "--stages", "0,3,6")
    assert json.loads(first.stdout)["leaves"] == 4
    assert first.stdout == again.stdout
    assert "bluehelm mission check" in first.stderr


def test_a_node_may_know_the_months_to_come_and_the_reader_is_warned(line):
    assert "which nobody will" in run(*line, "--knows", "coming").stdout


def test_a_folder_that_is_there_is_left_alone(line, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    result = run(*line)
    assert result.exit_code == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("option", ["--stages", "--branches"])
def test_a_list_that_is_none_is_refused(line, option):
    result = run(*line, option, "0;3")
    assert result.exit_code == 2
    assert "'0;3' is not a list of whole numbers" in result.stderr


def test_what_the_states_cannot_carry_is_refused_loudly(line, tmp_path):
    (tmp_path / "states.toml").write_text(STATES.replace("receipts_share", "appropriation_share"), encoding="utf-8")
    result = run(*line, "--states", tmp_path / "states.toml")
    assert result.exit_code == 1
    assert "is not an effect that a value can have by itself" in result.stderr and "restrictions.csv" in result.stderr
    assert not (tmp_path / "out").exists()
