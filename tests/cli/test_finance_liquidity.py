"""`bluehelm finance liquidity` and `bluehelm finance plan` from the line to files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import openpyxl
import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli
from bluehelm.mission.folder import write_mission
from tests.journey.test_cash_into_plan import mission


@pytest.fixture(scope="module")
def mission_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finance") / "mission"
    write_mission(mission(), folder)
    return folder


def run(*words):
    return CliRunner().invoke(cli, ["finance", *(str(word) for word in words)], prog_name="bluehelm")


def test_the_line_says_when_the_money_comes_and_writes_what_is_asked_for(mission_dir, tmp_path):
    done = run("liquidity", mission_dir, "--futures", 300, "--seed", 3, "--json", tmp_path / "l.json",
               "--csv", tmp_path / "c.csv", "--report", tmp_path / "r.html", "--out", tmp_path / "out",
               "--xlsx", tmp_path / "c.xlsx")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert openpyxl.load_workbook(tmp_path / "c.xlsx").sheetnames[:2] == ["Cash by month", "Payers"]
    assert "When the money comes: Small" in done.stdout and "A month earlier" in done.stdout
    record = json.loads((tmp_path / "l.json").read_text("utf-8"))
    assert (record["futures"], record["provenance"]["asked"]["seed"], record["payers_count"]) == (300, 3, 193)
    with (tmp_path / "c.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["month"] for row in rows] == [row["month"] for row in record["by_month"]]
    assert float(rows[2]["net_usd_q50"]) == pytest.approx(record["by_month"][2]["net_usd"]["q50"])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "cash_by_month.csv", "liquidity.json", "report.html", "report_zh.html"
    ]  # fmt: skip
    assert (tmp_path / "r.html").read_bytes() == (tmp_path / "out" / "report.html").read_bytes()
    again = run("liquidity", mission_dir, "--futures", 300, "--seed", 3, "--json", tmp_path / "again.json")
    assert again.exit_code == 0
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "l.json").read_bytes()


def test_missions_side_by_side_are_told_beside_the_first(mission_dir, tmp_path):
    other = tmp_path / "other"
    write_mission(replace(mission(), setting=replace(mission().setting, name="Other")), other)
    done = run("liquidity", mission_dir, "--beside", other, "--closed-cash", 100, "--futures", 200,
               "--json", tmp_path / "l.json", "--report", tmp_path / "r.html")  # fmt: skip
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "l.json").read_text("utf-8"))["side_by_side"]
    assert [one["mission"] for one in found["missions"]] == ["Small", "Other"] and found["closed_cash_usd"] == 100
    assert "2 missions side by side" in " ".join(done.stdout.split())
    assert "All from one account" in (tmp_path / "r.html").read_text("utf-8")


def test_a_scale_written_by_its_command_is_read_and_gives_what_the_shipped_one_gives(mission_dir, tmp_path):
    scale = tmp_path / "scale.csv"
    done = run("scale", "--period", "2019-2021", "--year", 2020, "--format", "csv", "--out", scale)
    assert done.exit_code == 0, done.output
    with scale.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:4] == ["member_state", "regular_rate_pct", "level", "peacekeeping_rate_pct"]
    done = run("liquidity", mission_dir, "--futures", 100, "--payers", scale, "--json", tmp_path / "l.json")
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "l.json").read_text("utf-8"))
    assert told["payers_count"] == 193 and told["rates"] == {}
    assert "carried" not in done.stdout
    printed = {row["member_state"]: float(row["peacekeeping_rate_pct"]) for row in rows}
    assert all(row["rate_pct"] == printed[row["payer"]] for row in told["payers"])
    largest = told["payers"][0]
    assert (largest["payer"], largest["behaviour"]) == ("United States of America", "capped")


def test_rates_that_are_carried_are_told_in_summary_json_and_report(tmp_path):
    new = tmp_path / "new"
    assert CliRunner().invoke(cli, ["mission", "new", str(new)]).exit_code == 0
    done = run("liquidity", new, "--futures", 50, "--json", tmp_path / "l.json", "--report", tmp_path / "r.html")
    assert done.exit_code == 0, done.output
    told = "Rates of 2022-2024 carried forward to Jan 2027 – Dec 2027 (12 months)"
    assert told in " ".join(done.stdout.split()) and told in (tmp_path / "r.html").read_text("utf-8")
    rates = json.loads((tmp_path / "l.json").read_text("utf-8"))["rates"]
    assert rates["carried_forward"] == {"from": "2027-01", "to": "2027-12", "months": 12}


def test_it_speaks_chinese(mission_dir):
    done = run("liquidity", mission_dir, "--futures", 50, "--lang", "zh")
    assert done.exit_code == 0 and "资金何时到位" in done.stdout


def test_a_plan_is_made_that_holds_and_its_spending_is_taken_back(mission_dir, tmp_path):
    payers = tmp_path / "payers.csv"
    payers.write_text("payer,rate_pct,behaviour,fiscal_month\nFrance,50,punctual,\nChad,50,fiscal,4\n", "utf-8")
    out = tmp_path / "out"
    done = run("plan", mission_dir, "--out", out, "--payers", payers, "--futures", 300, "--seconds", 20, "--gap", 0,
               "--engine", "here", "--largest", 1, "--json")  # fmt: skip
    assert done.exit_code == 0, done.output
    record = json.loads(done.stdout)
    assert record == json.loads((out / "payments.json").read_text("utf-8"))
    assert record["plan_holds_share"] >= 0.9 and record["punctual"]["averted"] == pytest.approx(6.0)
    assert "Report:" in done.stderr and (out / "report_zh.html").is_file()
    back = run("liquidity", mission_dir, "--plan", out / "plan", "--futures", 300, "--payers", payers,
               "--json", tmp_path / "l.json")  # fmt: skip
    assert back.exit_code == 0, back.output
    told = json.loads((tmp_path / "l.json").read_text("utf-8"))
    assert told["spending_from"] == "plan" and told["spending_usd"] == pytest.approx(600.0)
    other = tmp_path / "other"
    write_mission(replace(mission(), setting=replace(mission().setting, name="Other")), other)
    wrong = run("liquidity", other, "--plan", out / "plan", "--futures", 300)
    assert wrong.exit_code == 1 and "Name a plan of the same mission" in wrong.output
    # The sentence "holds in 90 of 100 futures" is the same by the cash of the other command.
    assert told["by_month"][-1]["exhausted_by_share"] <= 0.1 + 1e-9


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--months", "0"), "--months"),
        (("--months", "7"), "1 to 6"),
        (("--futures", "0"), "--futures"),
        (("--payers", "none.csv"), "none.csv"),
        (("--plan", "none"), "none"),
        (("--closed-cash", "5"), "--beside"),
    ],
)
def test_what_cannot_be_asked_ends_in_a_sentence(mission_dir, tmp_path, words, told):
    done = run("liquidity", mission_dir, "--out", tmp_path / "out", *words)
    assert done.exit_code != 0 and told in done.output
    assert "Traceback" not in done.output and not (tmp_path / "out").exists()


def test_a_mission_without_money_is_told_what_to_add(tmp_path):
    write_mission(mission(budget=()), tmp_path / "poor")
    for words in (("liquidity", tmp_path / "poor"), ("plan", tmp_path / "poor", "--out", tmp_path / "out")):
        done = run(*words)
        assert done.exit_code == 1 and "has no money" in done.output and "appropriation" in done.output
    assert not (tmp_path / "out").exists()
