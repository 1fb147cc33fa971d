"""The command line as a newcomer meets it: help, typing errors, errors as sentences, Ctrl-C, a closed pipe."""

from __future__ import annotations

import errno
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from bluehelm import __version__
from bluehelm.cli.main import cli
from bluehelm.errors import InfeasibleMissionError, InvalidRecordError, MissionFilesError
from bluehelm.mission.faults import Fault
from tests.conftest import REPOSITORY

COMMANDS = [[], ["mission"], ["mission", "new"], ["mission", "check"], ["mission", "from-geopko"], ["plan"], ["why"],
            ["forecast"], ["forecast", "run"], ["forecast", "score"], ["scenario"], ["scenario", "tree"], ["backtest"],
            ["backtest", "siting"],
            ["report"], ["version"]]  # fmt: skip


def run(*words, **keep):
    return CliRunner().invoke(cli, list(words), prog_name="bluehelm", **keep)


@pytest.fixture
def failing(monkeypatch):
    """Make `bluehelm version` raise an error."""

    def fail_with(error):
        def fail():
            raise error

        monkeypatch.setattr(cli.commands["version"], "callback", fail)

    return fail_with


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(words):
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: bluehelm")
    assert "Show this message and exit." in result.stdout


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_chinese_help_holds_no_english_sentence(words):
    text = run(*words, "--help", "--lang", "zh").stdout
    # What stays Latin: names to type, units of measure and names of things, never three common words in a row.
    assert not re.findall(r"(?:\b[a-z]{2,}\b[ \n]+){2}\b[a-z]{2,}\b", re.sub(r"--?[a-z-]+|bluehelm[a-z -]*", "", text))
    assert re.search(r"[\u4e00-\u9fff]", text)


def test_the_version_is_printed():
    assert run("version").stdout == f"bluehelm {__version__}\n"


def test_an_unknown_command_offers_the_nearest_name():
    result = run("plann")
    assert result.exit_code == 2
    assert "Did you mean 'plan'?" in result.stderr


def test_an_unknown_option_offers_the_nearest_name():
    result = run("plan", "here", "--gapp", "3")
    assert result.exit_code == 2
    assert "Did you mean '--gap'?" in result.stderr


def test_a_complaint_about_the_line_is_in_the_readers_language():
    result = run("--lang", "zh", "plann")
    assert result.exit_code == 2
    assert "plann" in result.stderr
    assert "There is no command" not in result.stderr


def test_a_language_that_is_none_is_refused_with_the_ones_there_are():
    result = run("--lang", "tlh", "version")
    assert result.exit_code == 2
    assert "'en', 'zh'" in result.stderr


def test_an_error_a_reader_can_mend_is_one_paragraph_and_status_1(failing):
    failing(InvalidRecordError("Unit '{unit}' is not there. Nearest name: '{near}'.", unit="inf-9", near="inf-1"))
    result = run("version")
    assert result.exit_code == 1
    assert result.stderr == "Error: Unit 'inf-9' is not there. Nearest name: 'inf-1'.\n"
    assert result.stdout == ""


def test_an_infeasible_mission_lists_the_demands_in_conflict(failing):
    failing(InfeasibleMissionError("No plan satisfies the mission.", ("Ceiling of 100 in 2017-01.", "Unit x stays.")))
    result = run("version")
    assert result.exit_code == 1
    assert "In conflict:\n  - Ceiling of 100 in 2017-01.\n  - Unit x stays." in result.stderr


def test_a_faulty_mission_lists_every_fault_errors_first(failing):
    faults = (
        Fault("warning", "areas.csv", "Odd.", "", "", line=2),
        Fault("error", "units.csv", "Wrong.", "Right was expected.", "Mend it.", line=7, column="site_id"),
    )
    failing(MissionFilesError("The mission cannot be read.", faults))
    lines = run("version").stderr.splitlines()
    assert lines == [
        "Error: The mission cannot be read.",
        "Errors (1):",
        "  - units.csv:7:site_id: Wrong. Right was expected. Mend it.",
        "Warnings (1):",
        "  - areas.csv:2: Odd.",
    ]


def test_a_path_that_the_system_refuses_is_told_as_a_sentence(failing):
    failing(PermissionError(errno.EACCES, "Permission denied", "secret/plan"))
    result = run("version")
    assert result.exit_code == 1
    assert "secret/plan: the system refuses (Permission denied)." in result.stderr


def test_a_bug_of_ours_keeps_its_traceback(failing):
    failing(ZeroDivisionError("ours"))
    with pytest.raises(ZeroDivisionError):
        run("version", catch_exceptions=False)


def test_interrupting_ends_with_status_130(failing):
    failing(KeyboardInterrupt())
    result = run("version")
    assert result.exit_code == 130
    assert "Interrupted" in result.stderr


def test_help_is_asked_for_by_name_on_every_option():
    def silent(command, path):
        for param in command.params:
            if not param.help:
                yield f"{path} {param.name}"
        if isinstance(command, click.Group):
            for name, inner in command.commands.items():
                yield from silent(inner, f"{path} {name}")

    assert list(silent(cli, "bluehelm")) == []


def bluehelm(*words, **keep):
    return subprocess.run(
        [sys.executable, "-m", "bluehelm", *words], capture_output=True, text=True, cwd=REPOSITORY, check=False, **keep
    )


def test_the_module_runs_as_the_command_does():
    done = bluehelm("version")
    assert (done.returncode, done.stdout) == (0, f"bluehelm {__version__}\n")


def test_a_mission_that_is_not_there_is_no_traceback(tmp_path):
    done = bluehelm("mission", "check", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "nowhere" in done.stdout + done.stderr


def test_a_reader_that_closes_the_pipe_early_sees_no_traceback():
    with subprocess.Popen(
        [sys.executable, "-m", "bluehelm", "mission", "from-geopko", "--help"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
