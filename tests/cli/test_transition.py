"""`bluehelm transition` from the shell, on the mission that `mission new` writes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli
from bluehelm.mission.template import write_template

FILE = """\
ends = "2027-10"
residual_sites = ["adiri_hq", "dumat_hq"]
residual_military_persons = 720
source = "invented"
status = "assumed"
note = "made up"

[[handover]]
handover_id = "police"
actor = "National police"
actor_kind = "national_police"
tasks = ["protect"]
zones = ["east"]
from_month = "2027-04"
full_month = "2027-10"
share_full = 0.4
share_low = 0.2
share_high = 0.6
source = "invented"
status = "assumed"
note = "made up"
"""


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="bluehelm")


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("left")
    write_template(folder / "mission")
    (folder / "left.toml").write_text(FILE, "utf-8")
    result = run(
        "transition", folder / "mission", "--out", folder / "plan", "--file", folder / "left.toml", "--gap", "0.05",
        "--seconds", "20", "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder, result


def test_the_record_is_printed_as_it_is_written(printed):
    folder, result = printed
    assert json.loads(result.stdout) == json.loads((folder / "plan" / "transition.json").read_text("utf-8"))


def test_words_go_to_the_reader_and_name_the_page(printed):
    _, result = printed
    assert "Transition: Example 2027" in result.stderr and "transition.html" in result.stderr
    assert "National police" in result.stderr


def test_what_stays_is_open_at_the_end(printed):
    folder, _ = printed
    record = json.loads((folder / "plan" / "transition.json").read_text("utf-8"))
    assert record["months"][-1]["sites"] == ["adiri_hq", "dumat_hq"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"adiri_hq"', '"adiri"'), "adiri_hq"),
        (('ends = "2027-10"', 'ends = "2029-10"'), "2029-10"),
        (("share_low = 0.2", "share_low = 0.5"), "share_low"),
        (("[[handover]]", "[[handower]]"), "handover"),
    ],
)
def test_bad_input_ends_in_a_sentence_and_leaves_nothing(tmp_path, change, told):
    write_template(tmp_path / "mission")
    (tmp_path / "left.toml").write_text(FILE.replace(*change), "utf-8")
    result = run("transition", tmp_path / "mission", "--out", tmp_path / "plan", "--file", tmp_path / "left.toml")
    assert result.exit_code == 1
    assert told in result.stderr and "Traceback" not in result.output
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize("words", [["--form", "peacekeping"], ["--file", "nowhere.toml"]], ids=lambda one: one[0])
def test_a_form_or_file_that_is_not_there_is_told(tmp_path, words):
    write_template(tmp_path / "mission")
    result = run("transition", tmp_path / "mission", "--out", tmp_path / "plan", *words)
    assert result.exit_code == 1 and words[1] in result.stderr
    assert not (tmp_path / "plan").exists()


def test_no_mission_is_told(tmp_path):
    result = run("transition", tmp_path / "none", "--out", tmp_path / "plan")
    assert result.exit_code == 1 and "does not exist" in result.stderr
