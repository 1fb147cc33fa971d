"""`bluehelm finance scale`, `assess` and `partners` from the shell."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from click.testing import CliRunner

from bluehelm.cli.main import cli
from bluehelm.finance.partner_support import CONDITIONS

WHOLE_YEAR = [
    "--mission", "M", "--amount", "1,000,000.00", "--fiscal-year", "2022/23", "--mandate", "2022-07-01:2023-06-30",
]  # fmt: skip
RATES = "member_state,regular_rate_pct\nP,40\nQ,10\nR,30\nS,20\n"
LEVELS = "member_state,level\nP,A\nQ,A\nR,B\nS,D\n"


def run(*words):
    return CliRunner().invoke(cli, ["finance", *[str(word) for word in words]], prog_name="bluehelm")


@pytest.fixture
def files(tmp_path):
    (tmp_path / "rates.csv").write_text(RATES, encoding="utf-8")
    (tmp_path / "levels.csv").write_text(LEVELS, encoding="utf-8")
    return ["--regular", tmp_path / "rates.csv", "--levels", tmp_path / "levels.csv"]


def test_the_scale_of_a_period_is_printed_as_csv_and_nothing_else():
    result = run("scale", "--period", "2022-2024", "--format", "csv")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert list(rows[0]) == ["member_state", "regular_rate_pct", "level", "peacekeeping_rate_pct"] and len(rows) == 193
    found = {row["member_state"]: row for row in rows}["United States of America"]
    assert found == {
        "member_state": "United States of America", "regular_rate_pct": "22.000", "level": "A",
        "peacekeeping_rate_pct": "26.9493",
    }  # fmt: skip
    assert "84 States are at level H or I" in result.stderr


def test_the_scale_as_json_says_what_it_was_made_from():
    record = json.loads(run("scale", "--period", "2019-2021", "--year", "2019", "--format", "json").stdout)
    assert (record["first_day"], record["last_day"]) == ("2019-01-01", "2019-12-31")
    assert {"2019-2021.csv", "norms", "rounding", "bluehelm"} <= set(record["made_from"])
    assert record["made_from"]["rounding"] == "largest remainder at four decimals"
    assert len(record["states"]) == 193 and record["permanent_pct"] == "45.404"


def test_a_scale_from_files_is_computed_and_written_whole(files, tmp_path):
    result = run("scale", *files, "--format", "csv", "--out", tmp_path / "out.csv")
    assert result.exit_code == 0 and result.stdout == "", result.output
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "P,40,A,43.2000", "Q,10,A,10.8000", "R,30,B,30.0000", "S,20,D,16.0000",
    ]  # fmt: skip
    assert "A what-if: no period is named" in result.stderr
    assert "2 States are above the ceiling of 22 per cent: P, R." in result.stderr


def test_the_table_shows_totals_and_levels():
    output = run("scale", "--period", "2022-2024").stdout
    assert "Discounts 10.7563 %, borne by permanent members with 47.813 %: multiplier 1.2249660." in output
    assert "A          5       47.813         58.5693" in output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["scale"], "A scale is asked for by --period"),
        (["scale", "--period", "2025-2027"], "cannot be computed"),
        (["scale", "--period", "2031-2033"], "No scale of '2031-2033' is at hand"),
        (["scale", "--period", "2022-2024", "--year", "2019"], "2019 is not in the period"),
        (["scale", "--regular", "none.csv"], "A scale is asked for by --period"),
        (["scale", "--regular", "none.csv", "--levels", "none.csv"], "'none.csv' does not exist"),
        (
            ["scale", "--regular", "x.csv", "--levels", "x.csv", "--period", "2028-2030"],
            "decided scale ends on 2027",
        ),
        (["scale", "--regular", "x.csv", "--levels", "x.csv", "--period", "soon"], "'soon' is no period of years"),
        (["assess", *WHOLE_YEAR[:-1], "today"], "'today' is no period of a mandate"),
        (["assess", *WHOLE_YEAR, "--amount", "EUR 5"], "United States dollars were expected"),
        (["assess", *WHOLE_YEAR, "--credit", "12"], "'12' is no credit"),
        (["assess", *WHOLE_YEAR, "--fiscal-year", "2022"], "'2022' is no fiscal year"),
        (["assess", *WHOLE_YEAR, "--fiscal-year", "2024/25"], "No mandate covers a day"),
        (["partners", "none.toml"], "'none.toml' does not exist"),
    ],
)
def test_a_wrong_line_is_told_in_one_sentence_with_status_1(words, told):
    result = run(*words)
    assert result.exit_code == 1 and result.stdout == "" and told in result.stderr, result.output


def test_nothing_is_written_where_a_rule_is_broken(files, tmp_path):
    (tmp_path / "levels.csv").write_text(LEVELS.replace("S,D", "S,K"), encoding="utf-8")
    result = run("scale", *files, "--out", tmp_path / "out.csv")
    assert result.exit_code == 1 and "Rule: a State is at one of the levels A to J" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["levels.csv", "rates.csv"]


def test_letters_are_printed_to_the_cent():
    result = run("assess", *WHOLE_YEAR, "--credit", "2020/21:10.01", "--format", "csv")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == 193
    assert sum(Decimal(row["assessed_usd"]) for row in rows) == Decimal("1000000.00")
    assert sum(Decimal(row["due_usd"]) for row in rows) == Decimal("999989.99")


def test_days_that_no_mandate_covers_are_told_and_one_letter_is_refused():
    cut = [*WHOLE_YEAR[:-1], "2022-07-01:2022-11-15:S/RES/1"]
    result = run("assess", *cut)
    assert result.exit_code == 0 and "Not assessed: 625,000.00 USD" in result.stdout and "S/RES/1" in result.stdout
    refused = run("assess", *cut, "--one-letter")
    assert refused.exit_code == 1 and refused.stdout == "" and "cut on 2022-11-15" in refused.stderr


def test_letters_by_a_scale_from_files_need_its_period(files):
    assert "a scale without a period" in run("assess", *WHOLE_YEAR, *files).stderr
    record = json.loads(run("assess", *WHOLE_YEAR, *files, "--period", "2022-2024", "--format", "json").stdout)
    lines = {line["member_state"]: line["due_usd"] for line in record["letters"][0]["lines"]}
    assert lines == {"P": "432000.00", "Q": "108000.00", "R": "300000.00", "S": "160000.00"}


def test_a_year_that_begins_on_a_shipped_scale_goes_on_by_the_one_given(files):
    words = [*WHOLE_YEAR, "--fiscal-year", "2021/22", "--mandate", "2021-07-01:2022-06-30"]
    result = run("assess", *words, *files, "--period", "2022-2024", "--format", "json")
    assert result.exit_code == 0, result.output
    assert [letter["scale"] for letter in json.loads(result.stdout)["letters"]] == ["2019-2021", "2022-2024"]


@pytest.mark.parametrize(("share", "status", "told"), [("75", 0, ""), ("75.01", 1, "75.01 per cent of its")])
def test_a_partners_operation_is_shown_with_every_rule_and_refused_above_75_per_cent(tmp_path, share, status, told):
    (tmp_path / "a.toml").write_text(
        f'operation = "X"\nfiscal_year = "2024/25"\nannual_budget_usd = "1000"\nassessed_pct = "{share}"\n'
        '[authorisation]\nfirst_day = 2024-07-01\nlast_day = 2025-06-30\nresolution = "S/RES/0"\n[conditions]\n'
        + "".join(f"{name} = true\n" for name in CONDITIONS)
        + '[[contribution]]\ngiver = "Y"\nkind = "trust fund"\nvalue_usd = "100"\nstands = "pledged"\n',
        encoding="utf-8",
    )
    result = run("partners", tmp_path / "a.toml")
    assert result.exit_code == status and told in result.stderr, result.output
    assert "100.00 USD  trust fund, pledged" in result.stdout and result.stdout.count("✓") == 7 - status
    assert "Source: S/RES/2719" in result.stdout


def test_commands_speak_chinese():
    result = run("scale", "--period", "2022-2024", "--lang", "zh")
    assert "折扣共 10.7563%，由比额合计 47.813% 的常任理事国承担" in result.stdout and "推断" in result.stderr
    refused = run("assess", *WHOLE_YEAR, "--amount", "EUR 5", "--lang", "zh")
    assert "应为美元" in refused.stderr and "规则：会费以美元分摊和缴付" in refused.stderr
    assert "全部 193 国" in run("assess", *WHOLE_YEAR, "--lang", "zh").stdout
