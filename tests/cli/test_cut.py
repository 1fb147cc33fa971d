"""`bluehelm cut` at the command line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli


def run(*words: str):
    return CliRunner().invoke(cli, ["cut", *words], prog_name="bluehelm")


def test_the_table_is_the_one_worked_out_by_hand():
    """Nine months left: at once 0.15 · 12 / 9 = 20 %, and 25 % where 80 % of the budget falls with people."""
    result = run("--share", "0.15", "--start-weeks", "0", "--take-weeks", "0", "--cost-shares", "10,80,100")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[2].split() == ["0", "weeks", "–", "25.0%", "20.0%"]


@pytest.mark.parametrize("words", [
    [], ["--share", "2"], ["--share", "0.1", "--months", "0"], ["--share", "0.1", "--take-weeks", "soon"],
    ["--share", "0.1", "--cost-shares", "0"],
])  # fmt: skip
def test_a_wrong_line_is_refused(words):
    result = run(*words)
    assert result.exit_code == 2 and "Traceback" not in result.output
