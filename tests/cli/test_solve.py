"""`bluehelm solve` at the command line: a share with its bound, or a sentence that says what is wrong."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.instances.files import arrays, write_npz
from benchmarks.instances.stripped import stripped
from bluehelm.cli.main import cli

MADE = stripped(stages=2, branch=2, areas=5, sites=3)


def run(*words):
    return CliRunner().invoke(cli, ["solve", *map(str, words)], prog_name="bluehelm")


@pytest.fixture
def path(tmp_path):
    write_npz(MADE, tmp_path / "made.npz")
    return tmp_path / "made.npz"


def test_share_bound_and_gap_are_told(path):
    result = run(path, "--seconds", "10")
    assert result.exit_code == 0, result.output
    assert "Share" in result.stdout and "gap" in result.stdout
    assert "5.0%" in result.stdout and "1.0%" in result.stdout


def test_as_json_everything_is_told_and_the_solution_is_written(path, tmp_path):
    result = run(path, "--seconds", "10", "--gap", "0.01", "--json", "--out", tmp_path / "answer.npz")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert 0 <= found["share"] <= found["bound"] + 1e-9 and found["gap"] <= 0.01
    assert set(found["seconds_to_gap"]) == {"0.05", "0.02", "0.01", "0.005"}
    assert found["worst_violation"] <= 1e-6 and found["peak_mb"] > 0
    values = np.load(tmp_path / "answer.npz")["values"]
    assert -MADE.objective @ values / MADE.base == pytest.approx(found["share"])


@pytest.mark.parametrize("words", [
    ["--gap", "2"], ["--gap", "-1"], ["--gap", "near"], ["--seconds", "0"], ["--seconds", "-5"], ["--seed", "-1"],
])  # fmt: skip
def test_a_wrong_line_is_refused(path, words):
    result = run(path, *words)
    assert result.exit_code == 2 and words[0] in result.output and "Traceback" not in result.output


def test_without_a_file_the_line_is_refused():
    assert run().exit_code == 2


@pytest.mark.parametrize("other", [
    {"objective": MADE.objective[:-1]}, {"objective": np.full(len(MADE.objective), np.nan)},
    {"probability": np.array([1.0, 0.5, 0.4])}, {"parent": np.array([-1, -1, 0])}, {"parent": np.array([-1, 2, 0])},
    {"parent": np.zeros(0, int), "probability": np.zeros(0)},
])  # fmt: skip
def test_a_file_that_cannot_be_is_named_in_a_sentence(tmp_path, other):
    np.savez(tmp_path / "bad.npz", **(arrays(MADE) | other))
    result = run(tmp_path / "bad.npz", "--out", tmp_path / "answer.npz")
    assert result.exit_code not in (0, 2)
    assert "bad.npz" in result.output and "Traceback" not in result.output
    assert not (tmp_path / "answer.npz").exists()


def test_a_file_that_is_missing_or_something_else_is_named(tmp_path):
    (tmp_path / "words.npz").write_text("words")
    for name in ("none.npz", "words.npz"):
        result = run(tmp_path / name)
        assert result.exit_code not in (0, 2)
        assert name in result.output and "Traceback" not in result.output


def test_a_folder_that_is_not_there_is_no_place_for_a_solution(path, tmp_path):
    result = run(path, "--out", tmp_path / "none" / "answer.npz")
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(("other", "told"), [
    ({"lower": np.where(np.arange(len(MADE.lower)) < 24, 50.0, MADE.lower)}, "has no solution"),
    ({"upper": np.full(len(MADE.upper), np.inf), "row_upper": np.full(len(MADE.row_upper), np.inf)},
     "has no best solution"),
])  # fmt: skip
def test_what_has_no_solution_or_no_end_ends_in_a_sentence_and_a_status(tmp_path, other, told):
    np.savez(tmp_path / "bad.npz", **(arrays(MADE) | other))
    result = run(tmp_path / "bad.npz", "--out", tmp_path / "answer.npz", "--seconds", "5")
    assert result.exit_code == 1
    assert told in result.output and "make the file again" in result.output and "Traceback" not in result.output
    assert not (tmp_path / "answer.npz").exists()
