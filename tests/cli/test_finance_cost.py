"""`bluehelm finance cost`, `calibrate` and `strengths` from the line to files, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli
from bluehelm.mission.hashing import mission_hash
from bluehelm.mission.plan_folder import read_plan, write_plan
from tests.finance.worked_plan import planned, tree_mission


@pytest.fixture(scope="module")
def plan_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cost") / "plan"
    write_plan(planned(tree_mission()), folder)
    return folder


def run(*words):
    return CliRunner().invoke(cli, ["finance", *(str(word) for word in words)], prog_name="bluehelm")


def test_without_out_the_lines_go_to_standard_output_and_words_elsewhere(plan_dir):
    done = run("cost", plan_dir)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("fiscal_year,month,node_id,probability,")
    assert "Reconciled" in done.stderr and "The mean over 3 futures" in " ".join(done.stderr.split())


def test_a_plan_on_disk_reconciles_after_its_numbers_were_rounded(plan_dir):
    assert mission_hash(read_plan(plan_dir).mission) == read_plan(plan_dir).input_hash
    before = {path: path.read_bytes() for path in plan_dir.rglob("*") if path.is_file()}
    assert run("cost", plan_dir, "--format", "xlsx").exit_code == 0
    assert before == {path: path.read_bytes() for path in plan_dir.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_files_are_written_whole_and_the_same_each_time(plan_dir, tmp_path, form):
    for name in ("one", "two"):
        done = run("cost", plan_dir, "--format", form, "--out", tmp_path / name, "--report", tmp_path / "page.html")
        assert done.exit_code == 0, done.output
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "page.html", "two"]


def test_chinese_is_spoken_where_it_is_asked_for(plan_dir, tmp_path):
    done = run("cost", plan_dir, "--out", tmp_path / "lines.csv", "--lang", "zh")
    assert "军事和警务人员" in done.stderr
    assert (tmp_path / "lines.csv").read_text("utf-8").startswith("fiscal_year,")


def test_a_what_if_and_another_plan_are_told_as_a_variance(plan_dir, tmp_path):
    what_if = tmp_path / "dear.toml"
    what_if.write_text('site_run_usd_per_month.company_base = "400000"\n', encoding="utf-8")
    done = run("cost", plan_dir, "--what-if", what_if, "--against", plan_dir, "--out", tmp_path / "c.csv")
    assert done.exit_code == 0, done.output
    assert "Most of it: Site running +USD" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "ods"), "ods"),
        (("--supply-from", "hq"), "--fuel-by-route"),
        (("--fuel-by-route", "--supply-from", "nowhere"), "is not in sites"),
        (("--what-if", "none.toml"), "cannot be read"),
        (("--against", "none.csv"), "missing"),
    ],
)
def test_what_cannot_be_asked_ends_in_a_sentence_and_writes_nothing(plan_dir, tmp_path, words, told):
    done = run("cost", plan_dir, "--out", tmp_path / "c.csv", *words)
    assert done.exit_code != 0 and "Traceback" not in done.output
    assert told in " ".join(done.output.split())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_plan_and_one_whose_cash_was_changed_are_refused(plan_dir, tmp_path):
    assert "is not a plan" in run("cost", tmp_path).output
    plan = read_plan(plan_dir)
    cash = plan.tables["cash"].with_columns(fixed_usd=plan.tables["cash"]["fixed_usd"] + 5)
    write_plan(replace(plan, tables={**plan.tables, "cash": cash}), tmp_path / "changed")
    done = run("cost", tmp_path / "changed", "--out", tmp_path / "c.csv")
    assert done.exit_code == 1 and "does not reconcile" in done.output
    assert not (tmp_path / "c.csv").exists()


@pytest.fixture
def two_files(tmp_path):
    spending, strengths = tmp_path / "spending.csv", tmp_path / "strengths.csv"
    known = {"A": (1000, 70), "B": (2000, 110), "C": (8000, 400), "D": (15000, 800), "E": (19000, 1000)}
    spending.write_text(
        "mission,fiscal_year,amount_usd\n" + "".join(f"{m},2018/19,{u}000000\n" for m, (_, u) in known.items()), "utf-8"
    )
    strengths.write_text(
        "mission,fiscal_year,uniformed_persons\n" + "".join(f"{m},2018/19,{p}\n" for m, (p, _) in known.items()),
        "utf-8",
    )
    return spending, strengths


def test_a_model_is_fitted_and_its_error_stated_in_words_json_table_and_plot(two_files, tmp_path):
    spending, strengths = two_files
    out = tmp_path / "out"
    done = run("calibrate", "--spending", spending, "--strengths", strengths, "--json", out / "model.json",
               "--csv", out / "model.csv", "--plot", out / "model.svg")  # fmt: skip
    assert done.exit_code == 0, done.output
    record = json.loads((out / "model.json").read_text("utf-8"))
    assert record["missions"] == 5
    assert "On missions it was not fitted to, its median absolute error is" in done.stdout
    assert ("The target of 12% is met." in done.stdout) == record["target_reached"]
    assert (out / "model.csv").read_text("utf-8").count("\n") == 6
    assert "<svg" in (out / "model.svg").read_text("utf-8")


def test_what_a_newcomer_may_type_to_calibrate_is_answered_in_a_sentence(two_files, tmp_path):
    spending, strengths = two_files
    out = tmp_path / "model.json"
    done = run("calibrate", "--spending", spending, "--strengths", spending, "--json", out)
    assert done.exit_code == 1 and "Column 'amount_usd' is not known" in done.output
    done = run("calibrate", "--spending", spending, "--strengths", strengths, "--json", out, "--plot", "model.gif")
    assert done.exit_code == 2 and "neither .svg nor .png" in done.output
    done = run("calibrate", "--spending", spending, "--strengths", strengths, "--json", out, "--measure", "approved")
    assert done.exit_code == 1 and "no amount that is 'approved'" in done.output
    assert not out.exists()
    assert "not a span of years" in run("strengths", "--persons", spending, "--years", "12", "--out", out).output
    assert run("strengths", "--persons", spending, "--years", "2012", "--out", out).exit_code == 1
