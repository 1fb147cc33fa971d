"""`bluehelm ensemble` at the command line."""

from __future__ import annotations

import json

from click.testing import CliRunner

from bluehelm.cli.main import cli
from tests.journey.ensemble.made import written

ONE = '[[axis]]\nname = "risk_scale"\nvalues = [1.0, 2.0]\n'


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="bluehelm")


def test_the_summary_is_told_and_the_table_printed_as_json(tmp_path):
    file = written(tmp_path, ONE)
    result = run("ensemble", file, "--out", tmp_path / "out", "--engine", "here", "--json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    assert [row["risk_scale"] for row in rows] == [1.0, 2.0] and {row["status"] for row in rows} == {"within_gap"}
    assert "2 settings" in result.stderr and "report.html" in result.stderr

    again = run("ensemble", file, "--out", tmp_path / "out", "--engine", "here")
    assert again.exit_code == 1 and "--resume" in again.stderr
    chinese = run("--lang", "zh", "ensemble", file, "--out", tmp_path / "out", "--engine", "here", "--resume")
    assert chinese.exit_code == 0 and "report_zh.html" in chinese.output


def test_a_wrong_axis_is_one_sentence_and_leaves_nothing_behind(tmp_path):
    file = written(tmp_path, ONE.replace("risk_scale", "risk_scal"))
    result = run("ensemble", file, "--out", tmp_path / "out")
    assert result.exit_code == 1 and "Nearest name: 'risk_scale'" in result.stderr
    assert not (tmp_path / "out").exists()
