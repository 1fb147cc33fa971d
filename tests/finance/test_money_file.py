from __future__ import annotations

import contextlib
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import BluehelmError, ImportFileError, InvalidRecordError
from bluehelm.finance.fiscal_year import check_fiscal_year, fiscal_year_of, months_planned
from bluehelm.finance.money_file import MoneyRow, chosen, mission_key, read_money
from bluehelm.finance.variance import APPROVED_FIRST
from bluehelm.mission.months import Month
from bluehelm.mission.tables import table_text
from tests.conftest import examples

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "published_money.toml").read_text("utf-8"))
HEAD = "mission,fiscal_year,measure,amount_usd,military_and_police_usd,civilian_usd,operational_usd,currency\n"


def written(tmp_path, text, head=HEAD):
    path = tmp_path / "money.csv"
    path.write_text(head + text, encoding="utf-8")
    return path


def refused(path):
    with pytest.raises(BluehelmError) as error:
        read_money(path)
    return str(error.value)


@pytest.mark.parametrize("case", CASES["sum"], ids=lambda case: case["name"])
def test_parts_add_up_to_the_published_total_to_the_dollar(case):
    assert sum(Decimal(part) for part in case["parts"]) == Decimal(case["total"])


@pytest.mark.parametrize("case", CASES["variance"], ids=lambda case: case["name"])
def test_the_variance_of_a_published_year_comes_out_of_its_file_to_the_dollar(case, tmp_path):
    text = f"M,2018/19,expenditure (actual),{case['amount']},,,,\nM,2018/19,appropriation,{case['base']},,,,\n"
    spent, base = (row.record.amount_usd for row in read_money(written(tmp_path, text)))
    assert spent is not None and base is not None
    assert spent - base == Decimal(case["difference"])


def test_groups_that_do_not_add_up_to_their_amount_are_told_to_the_dollar(tmp_path):
    right = "MINURSO,2024/25,proposed,70705000,7525000,25440000,37740000,\n"
    (row,) = read_money(written(tmp_path, right))
    assert sum(row.record.groups.values()) == row.record.amount_usd
    told = refused(written(tmp_path, right.replace("70705000", "70705001")))
    assert "MINURSO 2024/25 come to 70,705,000 USD, its amount is 70,705,001 USD" in told


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("MINUSCA,2018/19,x,900,,,,EUR", "the amounts are in EUR; US dollars were expected"),
        ("MINUSCA,2018/19,x,-900,,,,", "out of its range"),
        ("MINUSCA,2018/19,x,900 EUR,,,,", "900 EUR"),
        ("MINUSCA,2018/20,x,900,,,,", "'2018/20' is not a fiscal year of peacekeeping"),
        ("MINUSCA,2018,x,900,,,,", "runs from 1 July to 30 June"),
        ("MINUSCA,2018-2019,x,900,,,,", "such as 2018/19"),
        ("MINUSCA,2018/19,x,1,,,,\nMINUSCA,2018/19,y,3,,,,\nminusca,2018/19,x,2,,,,", "line 2"),
    ],
)
def test_what_a_newcomer_may_write_is_refused_with_the_step_to_take(tmp_path, row, told):
    assert told in refused(written(tmp_path, row + "\n"))


def test_an_unknown_column_is_named_with_the_nearest_one(tmp_path):
    told = refused(written(tmp_path, "M,2018/19,1\n", "mission,fiscal_year,amount_eur\n"))
    assert "Column 'amount_eur' is not known" in told and "Did you mean 'amount_usd'?" in told


def test_a_file_that_is_missing_or_empty_is_told(tmp_path):
    assert "missing" in refused(tmp_path / "none.csv")
    assert "no rows below its header" in refused(written(tmp_path, ""))


def test_of_several_measures_the_first_in_order_is_taken(tmp_path):
    text = "M,2018/19,proposed,1,,,,\nM,2018/19,approved,2,,,,\nM,2018/19,mission maintenance,,,,,\n"
    text += "M,2019/20,unspent,4,,,,\n"
    kept = chosen(read_money(written(tmp_path, text)), APPROVED_FIRST)
    assert [row.record.amount_usd for row in kept] == [2]


def test_fiscal_years_run_from_july_to_june_and_a_cut_one_has_fewer_months():
    months = [Month(2019, 5) + i for i in range(16)]
    assert months_planned(months) == {"2018/19": 2, "2019/20": 12, "2020/21": 2}
    assert check_fiscal_year(" 1999/00 ", "here") == "1999/00"
    with pytest.raises(InvalidRecordError, match="line 7"):
        check_fiscal_year("2018/18", "line 7")


@examples(50, 2000)
@given(st.integers(1945, 2149), st.integers(1, 12))
def test_every_month_lies_in_a_fiscal_year_that_is_one(year, month):
    name = fiscal_year_of(Month(year, month))
    assert check_fiscal_year(name, "here") == name
    assert int(name[:4]) * 12 + 6 <= year * 12 + month - 1 <= int(name[:4]) * 12 + 17


@examples(50, 2000)
@given(st.lists(st.text("AB,é\"'=;1 ", min_size=1, max_size=5).filter(str.strip), max_size=4, unique_by=mission_key),
       st.decimals(0, 10**9, places=2))  # fmt: skip
def test_what_is_written_is_read_back_to_the_cent(tmp_path_factory, names, usd):
    rows = [MoneyRow(mission=name.strip(), fiscal_year="2018/19", amount_usd=usd) for name in names]
    path = tmp_path_factory.mktemp("money") / "m.csv"
    path.write_text(table_text(rows, MoneyRow), encoding="utf-8")
    if rows:
        assert [row.record for row in read_money(path)] == rows


@examples(100, 5000)
@given(st.text(max_size=80))
def test_no_text_ends_in_a_traceback(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("money") / "m.csv"
    path.write_bytes((HEAD + text).encode("utf-8", "surrogatepass"))
    with contextlib.suppress(ImportFileError, InvalidRecordError):
        assert read_money(path)


@pytest.mark.real_data
def test_the_published_file_reads_whole_and_its_arithmetic_holds_to_the_dollar(shared):
    rows = [row.record for row in read_money(shared / "facts" / "mission_budgets.csv")]
    found = {(row.mission, row.fiscal_year, row.measure): row for row in rows}
    proposal = found["MINURSO", "2024/25", "proposed by category"]
    assert sum(proposal.groups.values()) == proposal.amount_usd == 70_705_000
    minurso = [found["MINURSO", "2021/22", m].amount_usd
               for m in ("total appropriation (with prorated shares)", "mission maintenance")]  # fmt: skip
    assert minurso[0] is not None and minurso[1] is not None
    assert minurso[0] - minurso[1] == 3_344_000 + 617_200 + 409_900
    spent, given_ = (found["MINUSCA", "2018/19", m].amount_usd for m in ("expenditure (actual)", "appropriation"))
    assert spent is not None and given_ is not None
    assert spent == 900_643_400 and given_ == 930_211_900 and given_ - spent == 29_568_500
    proposed = found["MINUSCA", "2019/20", "proposed"].amount_usd
    assert proposed is not None
    assert proposed - 8_341_400 == 917_157_500
    # No group is known of UNAMID, and those of MINURSO are of a proposal: nothing is fitted to groups.
    assert {row.mission for row in rows if row.groups} == {"MINURSO"}
