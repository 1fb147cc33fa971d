"""The main story: a folder is planned, told and written; what cannot be planned is refused in sentences."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import bluehelm
from bluehelm.errors import InvalidRecordError, MissionFilesError, PlanFilesError
from bluehelm.journey import plan_mission
from bluehelm.journey.plan_mission import plan_folder
from bluehelm.journey.write_report import report_folder
from bluehelm.mission.folder import read_mission
from bluehelm.mission.plan_folder import read_plan
from bluehelm.mission.template import write_template
from bluehelm.reports.extras import ReportExtras
from bluehelm.words import speaking
from tests.journey.worked import worked_mission
from tests.planning import small

GAP, SECONDS = 0.05, 20.0


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story")
    write_template(folder / "mission")
    news = []
    outcome = plan_folder(
        folder / "mission", folder / "plan", gap=GAP, seconds=SECONDS, progress=lambda *one: news.append(one)
    )
    return folder, outcome, news


def test_the_plan_folder_holds_all_that_a_planner_needs(planned):
    folder, outcome, _ = planned
    held = {path.relative_to(folder / "plan").as_posix() for path in (folder / "plan").rglob("*") if path.is_file()}
    assert {"plan.json", "run.json", "plan.geojson", "report.html", "report_zh.html", "extras.json"} <= held
    assert {"mission/mission.toml", "tables/deployments.csv", "figures/map.svg", "figures/map.png"} <= held
    assert outcome.report_path == folder / "plan" / "report.html"
    assert read_plan(folder / "plan").mission == read_mission(folder / "mission")


def test_the_run_is_timed_and_weighed(planned):
    folder, _, _ = planned
    run = json.loads((folder / "plan" / "run.json").read_bytes())
    parts = run["plan_seconds"] + run["extras_seconds"] + run["report_seconds"]
    assert run["seconds"] == pytest.approx(parts, rel=1e-6)
    assert 50 < run["peak_mb"] < 1500 and run["threads"] >= 1
    assert {"bluehelm", "highspy", "python"} <= set(run["versions"])


def test_progress_tells_the_titles_of_goals(planned):
    _, _, news = planned
    assert not any(title.startswith("priority_") for title, _, _ in news)


def test_the_summary_names_the_mission_and_the_report_its_yardsticks(planned):
    folder, outcome, _ = planned
    assert outcome.summary.startswith("Example 2027: a plan for EXAMPLE")
    page = (folder / "plan" / "report.html").read_text(encoding="utf-8")
    assert "Cut every site in proportion" in page
    assert "surgery" in page and "sites.csv" in page  # the warning of the check


def test_the_report_is_told_again_as_it_was(planned):
    folder, _, _ = planned
    for language, name in (("en", "report.html"), ("zh", "report_zh.html")):
        before = (folder / "plan" / name).read_bytes()
        assert report_folder(folder / "plan", language=language) == folder / "plan" / name
        assert (folder / "plan" / name).read_bytes() == before


def test_a_plan_is_told_from_python(planned, tmp_path):
    _, outcome, _ = planned
    path = bluehelm.report(outcome.plan, tmp_path / "told.html", extras=ReportExtras())
    assert "<h1" in path.read_text(encoding="utf-8")
    with speaking("zh"):
        chinese = bluehelm.report(outcome.plan, tmp_path / "zh.html", extras=ReportExtras())
    assert 'lang="zh-Hans"' in chinese.read_text(encoding="utf-8")


def test_a_report_for_which_there_is_no_place_is_refused(planned, tmp_path):
    with pytest.raises(PlanFilesError, match="cannot be written"):
        bluehelm.report(planned[1].plan, tmp_path / "nowhere" / "told.html", extras=ReportExtras())


def test_a_mission_is_planned_from_python():
    plan = bluehelm.plan(worked_mission(amendments=dict(small.FREE)), gap=GAP, seconds=SECONDS)
    assert plan.checked and plan.status == "within_gap"


def test_a_folder_with_errors_is_refused_with_all_of_them(tmp_path):
    write_template(tmp_path / "mission")
    units = tmp_path / "mission" / "units.csv"
    units.write_text(units.read_text("utf-8").replace("bela_base", "bela_bas"), encoding="utf-8")
    with pytest.raises(MissionFilesError) as caught:
        plan_folder(tmp_path / "mission", tmp_path / "plan")
    assert caught.value.faults
    assert not (tmp_path / "plan").exists()


def test_a_mission_that_cannot_be_is_refused_from_python():
    mission = worked_mission(amendments=dict(small.FREE))
    staying = tuple(replace(unit, may_leave=False) for unit in mission.units)
    with pytest.raises(MissionFilesError, match=r"errors? and was not planned"):
        bluehelm.plan(replace(mission, units=staying))


def test_a_place_that_is_taken_is_refused_before_any_work(tmp_path, monkeypatch):
    write_template(tmp_path / "mission")
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "mine.txt").write_text("mine")
    monkeypatch.setattr(plan_mission, "make_plan", lambda *_, **__: pytest.fail("planned all the same"))
    with pytest.raises(PlanFilesError, match="is there already"):
        plan_folder(tmp_path / "mission", tmp_path / "plan")
    assert (tmp_path / "plan" / "mine.txt").read_text() == "mine"


def test_ctrl_c_beside_the_plan_keeps_the_plan(tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    write_template(tmp_path / "mission")
    monkeypatch.setattr(plan_mission, "extras_of", interrupted)
    monkeypatch.setattr(plan_mission, "write_figures", lambda *_, **__: ())
    outcome = plan_folder(tmp_path / "mission", tmp_path / "plan", gap=GAP, seconds=SECONDS)
    assert "Stopped by hand" in outcome.report_path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("option", "told"),
    [({"order": "last"}, "order is 'last'"), ({"tail": 1.0}, "tail is 1.0"), ({"work": 0}, "work is 0")],
)
def test_an_option_that_cannot_be_is_refused_in_a_sentence(option, told):
    with pytest.raises(InvalidRecordError, match=told):
        bluehelm.plan(worked_mission(), **option)
