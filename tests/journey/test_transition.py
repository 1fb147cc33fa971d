"""The story of a transition: a folder and a file become a plan folder, a record and a page in each language."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest

import bluehelm
from bluehelm.errors import InvalidRecordError, MissionFilesError, PlanFilesError
from bluehelm.journey.transition import transition, transition_folder
from bluehelm.journey.transition_again import met_later
from bluehelm.mission.folder import read_mission, write_mission
from bluehelm.mission.plan_folder import read_plan
from bluehelm.planning.make import make_plan
from bluehelm.words import speaking
from tests.adaptation import leaving
from tests.adaptation.leaving import HEAD, benchmark, handover, write_file
from tests.planning import small

GAP, SECONDS = 0.0, 12.0


def mission(**more):
    """Write the norms of the case into the mission, so that the folder holds all of it."""
    given = leaving.leaving_mission(**more)
    return replace(given, amendments={**small.FREE, **leaving.PRICES})


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leaving")
    given = mission(
        handover=(handover(),), condition=(benchmark(),), floors=(small.floor(0.3, "near"),),
        ceilings=(small.ceiling(400), small.ceiling(300, after=4, when="calm")),
    )  # fmt: skip
    write_mission(given, folder / "mission")
    write_file(folder, HEAD)
    before = {path.name: path.read_bytes() for path in (folder / "mission").iterdir()}
    outcome = transition_folder(
        folder / "mission", folder / "plan", file=folder / "transition.toml", gap=GAP, seconds=SECONDS
    )
    return folder, outcome, before


def test_the_folder_is_a_plan_with_a_record_and_pages(planned):
    folder, outcome, _ = planned
    held = {path.name for path in (folder / "plan").iterdir()}
    assert {"plan.json", "transition.json", "transition.html", "transition_zh.html", "report.html"} <= held
    assert outcome.page_path == folder / "plan" / "transition.html"
    assert read_plan(folder / "plan").mission.mandate.ceiling[-1].persons == 200
    assert json.loads((folder / "plan" / "transition.json").read_bytes()) == outcome.planned.record


def test_nothing_is_written_into_the_mission(planned):
    folder, _, before = planned
    assert {path.name: path.read_bytes() for path in (folder / "mission").iterdir()} == before


def test_by_the_month_of_the_end_only_what_stays_is_open(planned):
    _, outcome, _ = planned
    rows = {row["month"]: row for row in outcome.planned.record["months"]}
    assert rows["2020-06"]["sites"] == ["hq"] and rows["2020-10"]["persons"]["military"] <= 200


def test_each_closure_has_its_place_and_its_reason(planned):
    _, outcome, _ = planned
    (row,) = outcome.planned.record["closures"]
    assert (row["order"], row["site_id"]) == (1, "out")
    assert row["reason"]["message"]


def test_small_missions_are_planned_again_for_a_later_benchmark(planned):
    _, outcome, _ = planned
    (one,) = outcome.planned.record["benchmarks"]
    assert {delay["how"] for delay in one["delays"]} == {"planned again"}


def test_both_pages_answer_the_four_questions(planned):
    folder, _, _ = planned
    english = (folder / "plan" / "transition.html").read_text("utf-8")
    chinese = (folder / "plan" / "transition_zh.html").read_text("utf-8")
    for word in ("Strategy", "Footprint", "Capacities", "Protection environment", "National police"):
        assert word in english
    assert "zh-Hans" in chinese and "Footprint" not in chinese


def test_what_would_be_held_if_nobody_left_is_that_of_todays_units(planned):
    _, outcome, _ = planned
    # Two companies hold three quarters of each area, in every month.
    assert outcome.planned.record["unchanged"] == pytest.approx([0.75] * 10)


def test_the_record_names_its_proof(planned):
    _, outcome, _ = planned
    record = outcome.planned.record
    assert record["input_hash"] == outcome.planned.plan.input_hash
    assert {"norms_hash", "options", "solver"} <= set(record["provenance"])
    assert record["tiers"][0]["bound"] >= record["tiers"][0]["objective"] - 1e-6


def test_same_inputs_give_the_same_bytes(planned, tmp_path):
    folder, _, _ = planned
    for name in ("one", "two"):
        transition_folder(folder / "mission", tmp_path / name, file=folder / "transition.toml", gap=GAP, work=2)
    files = [path.name for path in (tmp_path / "one").iterdir() if path.is_file() and path.name != "run.json"]
    assert "transition.json" in files
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_a_transition_in_the_mission_folder_is_found(planned, tmp_path):
    folder, _, _ = planned
    write_mission(read_mission(folder / "mission"), tmp_path / "mission")
    write_file(tmp_path / "mission", HEAD)
    found = transition_folder(tmp_path / "mission", tmp_path / "plan", gap=GAP, seconds=SECONDS)
    assert found.planned.record["file"] == "transition.toml"


def test_without_a_file_the_mandate_alone_is_planned_and_the_note_says_so():
    found = bluehelm.transition(mission(), gap=GAP, seconds=SECONDS)
    assert found.record["file"] == "" and found.record["ends"] == "2020-10"
    assert any("No transition.toml was given" in note["message"] for note in found.record["notes"] if note != "")


def test_a_floor_that_no_force_could_hold_is_explained():
    found = transition(mission(floors=(small.floor(0.99, "far"),)), gap=GAP, seconds=SECONDS)
    (one,) = found.record["conflicts"]
    assert one["floors"][0]["area_id"] == "far"
    assert found.record["cases"][1]["broken"][0]["area_id"] == "far"


def test_a_change_to_a_political_mission_leaves_no_soldier_and_brings_civilians():
    given = mission(ceilings=(small.ceiling(400),))
    shorter = replace(given, amendments={**given.amendments, "lead_months.2": 3})
    found = transition(shorter, form="political_mission", gap=GAP, seconds=SECONDS)
    last = found.record["months"][-1]["persons"]
    assert last["military"] == 0
    assert found.record["forms"]["asked"]["after"] == "political_mission"
    assert {task["task_id"] for task in found.record["tasks"] if task["ends"]} == {"protect"}
    assert last["civilian"] > 0


def test_a_change_to_a_form_that_protects_by_presence_sends_nobody_home():
    found = transition(mission(), form="protection_of_civilians", gap=GAP, seconds=SECONDS)
    assert found.record["months"][-1]["sites"] == ["hq", "out"]
    assert found.record["forms"]["asked"]["persons_go"] == 0


def test_an_unknown_form_and_a_wrong_stop_are_refused():
    with pytest.raises(InvalidRecordError, match="peacekeeping"):
        transition(mission(), form="peacekeeping")
    with pytest.raises(InvalidRecordError, match="1 round or more"):
        transition(mission(), work=0)


def test_a_place_that_holds_something_else_is_refused_before_the_work(planned, tmp_path):
    folder, _, _ = planned
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(PlanFilesError):
        transition_folder(folder / "mission", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_wrong_file_leaves_nothing_behind(planned, tmp_path):
    folder, _, _ = planned
    write_file(tmp_path, HEAD.replace('"hq"', '"hk"'))
    with pytest.raises(MissionFilesError):
        transition_folder(folder / "mission", tmp_path / "plan", file=tmp_path / "transition.toml")
    assert not (tmp_path / "plan").exists()


def test_a_benchmark_met_later_never_lowers_the_first_goal_where_only_falling_ceilings_hang_on_it():
    # A ceiling that falls later leaves every plan open that there was: a law of plans, held here exactly.
    given = mission(
        condition=(benchmark(after=2),), ceilings=(small.ceiling(400), small.ceiling(100, after=3, when="calm"))
    )
    norms = small.norms(leaving.PRICES)
    goals = [
        small.tier(make_plan(met_later(given, "calm", later), norms, small.EXACT), "priority_1").objective
        for later in (0, 1, 3, 5)
    ]
    assert all(more >= less - 1e-6 for less, more in pairwise(goals))
    assert goals[-1] > goals[0]


def test_the_summary_is_complete_in_chinese(planned):
    from bluehelm.reports.transition.summary import transition_text

    _, outcome, _ = planned
    with speaking("zh"):
        told = transition_text(outcome.planned.record)
    assert "Leaving" not in told and "Way back" not in told


CAUTIOUS = 'ends = "2020-10"\nsource = "hand"\nstatus = "assumed"\nnote = "made up"\nplan_for = "{case}"\n'


@pytest.mark.parametrize(
    ("case", "low", "stated", "broken"), [("stated", 0.66, 0.75, 1), ("low", 0.68, 0.725, 0)]
)  # fmt: skip
def test_a_plan_for_actors_that_stay_low_puts_the_third_company_where_they_would_fail(
    tmp_path, case, low, stated, broken
):
    # q = 0.5: a second company adds a quarter of the deaths of its area that nobody else answers. Near: 2 · 0.25 = 0.5.
    # Far: 3 · 0.25 · (1 - s) = 0.375 where the police take s = 0.5, and 0.6 where they take 0.2. So it goes to `near`
    # in the plan for the stated share, and to `far` in that for the low one. In the last month, if s is 0.2 and 0.5:
    #   near 0.75, far 1 - 0.5 · 0.8 = 0.60 and 0.75:  (2 · 0.75 + 3 · 0.60) / 5 = 0.66 and 0.75
    #   near 0.50, far 1 - 0.25 · 0.8 = 0.80 and 0.875: (2 · 0.50 + 3 · 0.80) / 5 = 0.68 and 0.725
    given = mission(
        handover=(handover(from_month=small.FIRST + 4, full_month=small.FIRST + 4, share_start=0.0),),
        floors=(small.floor(0.7, "far", after=4),),
    )  # fmt: skip
    areas = tuple(replace(area, fatalities_per_month={"near": 2.0, "far": 3.0}[area.area_id]) for area in given.areas)
    given = replace(given, areas=areas, units=given.units[1:])
    made = transition(given, file=write_file(tmp_path, CAUTIOUS.format(case=case)), gap=GAP, seconds=SECONDS)
    assert [row["by_month"][-1] for row in made.record["cases"]][:2] == pytest.approx([low, stated])
    assert len(made.record["cases"][0]["broken"]) == broken
    told = {row["plan_for"]: row for row in made.record["caution"]}
    assert [told[case][name] for name in ("if_low", "if_stated", "broken_low")] == pytest.approx([low, stated, broken])
    other = told["low" if case == "stated" else "stated"]
    assert other["broken_low"] == 1 - broken
    assert made.plan.mission.mandate.handover[0].share_high == 0.8


def test_a_plan_for_an_unknown_share_is_refused(tmp_path):
    with pytest.raises(MissionFilesError) as caught:
        transition(mission(), file=write_file(tmp_path, CAUTIOUS.format(case="worst")))
    assert "plan_for is 'worst'" in str(caught.value.faults[0])


def test_the_head_may_name_the_political_mission_as_the_option_does(tmp_path):
    text = 'ends = "2020-08"\nsource = "hand"\nstatus = "assumed"\nnote = "x"\nnew_form = "{form}"\n'
    made = transition(mission(), file=write_file(tmp_path, text.format(form="political_mission")), gap=0.02, seconds=6)
    assert made.record["form"] == "political_mission"
    assert made.record["months"][-1]["persons"]["military"] == 0
    with pytest.raises(MissionFilesError) as caught:
        transition(mission(), file=write_file(tmp_path, text.format(form="political_misson")))
    assert "Did you mean 'political_mission'?" in str(caught.value.faults[0])
