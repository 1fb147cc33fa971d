"""`bluehelm plan --tree` and `--risk`: from the line to policy.json and the report; what cannot be is refused."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli
from bluehelm.journey import plan_mission
from bluehelm.mission.template import write_template
from bluehelm.reports.extras import ReportExtras


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="bluehelm")


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """Plan the small mission, which has two futures, for the worst of them."""
    folder = tmp_path_factory.mktemp("tree")
    write_template(folder / "mission")
    words = ["plan", folder / "mission", "--out", folder / "plan", "--tree", "--risk", "worst", "--gap", "0.05"]
    with pytest.MonkeyPatch.context() as patch:  # yardsticks and ranges have tests of their own
        patch.setattr(plan_mission, "extras_of", lambda *_, notes, **__: ReportExtras(notes=tuple(notes)))
        result = run(*words)
    assert result.exit_code == 0, result.output
    return folder, result


def test_the_summary_and_the_report_tell_futures_policy_and_measure(planned):
    folder, result = planned
    assert "Over its futures" in result.stdout and "Policy" in result.stdout
    page = (folder / "plan" / "report.html").read_text("utf-8")
    for told in ("The plan over its futures", "The plan as a policy", "in the worst future alone", "What every future"):
        assert told in page, told
    assert "计划在各种未来中的表现" in (folder / "plan" / "report_zh.html").read_text("utf-8")


def test_the_folder_holds_the_policy_and_the_plan_its_tail(planned):
    folder, _ = planned
    held = json.loads((folder / "plan" / "policy.json").read_text("utf-8"))
    assert len(held["futures"]) == 2 and held["triggers"] and held["keeps"]
    made = json.loads((folder / "plan" / "plan.json").read_text("utf-8"))
    assert made["provenance"]["options"]["tail"] == pytest.approx(0.6)
    assert held["tail"] == made["provenance"]["options"]["tail"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_is_told_again_with_its_policy(planned, language):
    folder, _ = planned
    path = folder / "plan" / ("report.html" if language == "en" else "report_zh.html")
    before = path.read_bytes()
    assert run("--lang", language, "report", folder / "plan").exit_code == 0
    assert path.read_bytes() == before


def test_ctrl_c_while_rules_are_sought_keeps_the_plan(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    write_template(tmp_path / "mission")
    monkeypatch.setattr(plan_mission, "extras_of", lambda *_, notes, **__: ReportExtras(notes=tuple(notes)))
    monkeypatch.setattr(plan_mission, "policy_of", interrupted)
    monkeypatch.setattr(plan_mission, "write_figures", lambda *_, **__: ())
    result = run("plan", tmp_path / "mission", "--out", tmp_path / "plan", "--tree", "--gap", "0.2")
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "plan" / "policy.json").exists()
    assert "futures and policy are left out" in (tmp_path / "plan" / "report.html").read_text("utf-8")


def test_a_policy_that_was_damaged_is_refused_in_a_sentence(planned, tmp_path):
    import shutil

    copy = shutil.copytree(planned[0] / "plan", tmp_path / "plan")
    (copy / "policy.json").write_text("{}")
    result = run("report", copy)
    assert result.exit_code == 1 and "policy.json" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize(("nodes", "told"), [(0, "has no tree of futures"), (1, "has one future only")])
def test_without_a_tree_the_way_to_make_one_is_said_and_nothing_is_written(tmp_path, nodes, told):
    write_template(tmp_path / "mission")
    path = tmp_path / "mission" / "nodes.csv"
    head, first, *_ = path.read_text("utf-8").splitlines()
    months = head.split(",").index("months")
    whole = ",".join("12" if i == months else cell for i, cell in enumerate(first.split(",")))
    path.write_text("\n".join([head, whole][: 1 + nodes]) + "\n", "utf-8")
    if not nodes:
        path.unlink()
    risk = tmp_path / "mission" / "risk.csv"
    risk.write_text(risk.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    result = run("plan", tmp_path / "mission", "--out", tmp_path / "plan", "--tree")
    assert result.exit_code == 1, result.output
    assert told in result.stderr and "bluehelm scenario tree" in result.stderr
    assert not (tmp_path / "plan").exists()


def test_what_nodes_have_seen_has_to_fit_the_mission(tmp_path):
    write_template(tmp_path / "mission")
    (tmp_path / "mission" / "tree.json").write_text('{"deaths_a_month_seen_before": {"nowhere": {}}}')
    result = run("plan", tmp_path / "mission", "--out", tmp_path / "plan", "--tree")
    assert result.exit_code == 1
    assert "does not fit the mission" in result.stderr and not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--risk", "mean", "--tail", "0.5"], "Leave out one of them"),
        (["--risk", "worst", "--tail", "0.5"], "Leave out one of them"),
        (["--risk", "cvar"], "Add --tail"),
        (["--risk", "best"], "'--risk'"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_measures_that_contradict_each_other_are_a_fault_of_the_line(tmp_path, words, told):
    result = run("plan", tmp_path, "--out", tmp_path / "plan", *words)
    assert result.exit_code == 2
    assert told in result.stderr and not (tmp_path / "plan").exists()
