"""`bluehelm value` from the line to a folder with figures and reports."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli
from bluehelm.mission.folder import write_mission
from tests.journey.two_towns import two_towns


@pytest.fixture(scope="module")
def mission_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("value") / "two_towns"
    write_mission(two_towns(), folder)
    return folder


def run(*words):
    return CliRunner().invoke(cli, ["value", *(str(word) for word in words)], prog_name="bluehelm")


def test_the_line_writes_figures_and_both_reports_and_says_what_adaptability_is_worth(mission_dir, tmp_path):
    knows = tmp_path / "information.toml"
    knows.write_text('[units]\nknows = "nothing"\n', encoding="utf-8")
    out = tmp_path / "out"
    done = run(mission_dir, "--out", out, "--gap", 0, "--engine", "here", "--knows", knows, "--work", 1)
    assert done.exit_code == 0, done.output
    assert "Adaptability is worth 3.0 deaths averted (proven: 3.0) for about the same money over 2 months." in " ".join(
        done.stdout.split()
    )
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "report_zh.html", "run.json", "value.json"]
    record = json.loads((out / "value.json").read_text("utf-8"))
    assert [row["arm"] for row in record["arms"]] == ["rigid", "rolling", "adaptive", "clairvoyant", "as_told"]
    assert record["provenance"]["asked"]["knows"]["units"] == {"knows": "nothing", "months": 0}
    again = run(mission_dir, "--out", out, "--engine", "here")
    assert again.exit_code != 0
    assert "not an empty folder" in again.output


def test_json_goes_to_standard_output_and_words_elsewhere(mission_dir, tmp_path):
    done = run(mission_dir, "--out", tmp_path / "out", "--engine", "here", "--no-rolling", "--json")
    assert json.loads(done.stdout)["mission"] == "Two towns"
    assert "Report:" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--alpha", "1"), "alpha"),
        (("--knows", "none.toml"), "is not there"),
        (("--work", "0"), "--work"),
    ],
)
def test_what_cannot_be_asked_ends_in_a_sentence_and_writes_nothing(mission_dir, tmp_path, words, told):
    out = tmp_path / "out"
    done = run(mission_dir, "--out", out, *words)
    assert done.exit_code != 0
    assert told in done.output
    assert "Traceback" not in done.output
    assert not out.exists()


def test_a_folder_without_a_tree_is_told_how_to_make_one(tmp_path):
    write_mission(two_towns(nodes=(), risk=None), tmp_path / "plain")
    done = run(tmp_path / "plain", "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "bluehelm scenario tree" in done.output
    assert not (tmp_path / "out").exists()
