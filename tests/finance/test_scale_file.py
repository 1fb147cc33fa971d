"""Scales from files: what people save, what they get wrong, and that nothing breaks the reader."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import ImportFileError, InvalidRecordError, RuleError
from bluehelm.finance.scale import peacekeeping_scale
from bluehelm.finance.scale_file import read_rates_and_levels
from bluehelm.norms import load_norms
from tests.conftest import examples

NORMS, DAY = load_norms(), date(2022, 1, 1)
PERIOD = (date(2022, 1, 1), date(2024, 12, 31))
RATES = "member_state,regular_rate_pct\nP,40\nQ,10\nR,30\nS,20\n"
LEVELS = "member_state,level\nP,A\nQ,A\nR,B\nS,D\n"


@pytest.fixture
def read(tmp_path):
    """Write two files and read them."""

    def reader(rates=RATES, levels=LEVELS, period=None, encoding="utf-8"):
        for name, text in (("rates.csv", rates), ("levels.csv", levels)):
            (tmp_path / name).write_bytes(text.encode(encoding))
        return read_rates_and_levels(tmp_path / "rates.csv", tmp_path / "levels.csv", period)

    return reader


def printed(given_scale):
    scale = peacekeeping_scale(given_scale.rates, given_scale.norms(NORMS), DAY)
    return {state.member_state: str(state.peacekeeping_rate_pct) for state in scale.states}


def test_two_files_give_the_scale_worked_out_by_hand(read):
    """4 of S's 20 go to P and Q, which have 40 and 10."""
    assert printed(read()) == {"P": "43.2000", "Q": "10.8000", "R": "30.0000", "S": "16.0000"}


@pytest.mark.parametrize("change", [
    lambda text: text.replace(",", ";"), lambda text: text.replace(",", "\t"), lambda text: text.replace("\n", "\r\n"),
    lambda text: "\ufeff" + text, lambda text: text + "\n\n", lambda text: text.replace(",", " , "),
])  # fmt: skip
def test_files_are_read_as_spreadsheets_save_them(read, change):
    assert printed(read(change(RATES), change(LEVELS))) == printed(read())


def test_the_order_of_rows_and_other_columns_change_nothing(read):
    levels = "note,level,member_state\nx,D,S\n,B,R\n,A,Q\n,A,P\n"
    assert printed(read(levels=levels)) == printed(read())


def test_the_column_of_a_period_is_found_by_the_period(read):
    both = "member_state,regular_rate_2019_2021_pct,regular_rate_2022_2024_pct\nP,1,40\nQ,1,10\nR,1,30\nS,97,20\n"
    assert printed(read(both, period=PERIOD)) == printed(read())
    with pytest.raises(ImportFileError, match=r"several periods: regular_rate_2019.*--period"):
        read(both)


def test_a_table_of_levels_may_take_the_place_of_the_norms(read):
    """By a table with 50 % at level D, S pays 10 and P and Q bear 10 more: 48 and 12."""
    rates = "member_state,regular_rate_pct,level\nP,40,A\nQ,10,A\nR,30,B\nS,20,D\n"
    levels = "level,discount_pct\nA,0\nB,0\nD,50\n"
    assert printed(read(rates, levels)) == {"P": "48.0000", "Q": "12.0000", "R": "30.0000", "S": "10.0000"}
    with pytest.raises(RuleError, match="level 'D' stands twice"):
        read(rates, levels + "D,20\n")
    with pytest.raises(ImportFileError, match=r"rates\.csv' has no column 'level'"):
        read(RATES, levels)


def test_a_discount_beside_the_level_is_held_against_the_table(read):
    told = "member_state,level,discount_pct\nP,A,\nQ,A,0\nR,B,\nS,D,20\n"
    assert printed(read(levels=told)) == printed(read())
    with pytest.raises(RuleError, match=r"'S' is at level D with a discount of 40 per cent.*is 20"):
        printed(read(levels=told.replace("D,20", "D,40")))
    on_the_way = "member_state,level,discount_pct,from_level\nP,A,,\nQ,A,,\nR,B,,\nS,D,30,E\n"
    assert printed(read(levels=on_the_way))["S"] == "14.0000"


@pytest.mark.parametrize(
    ("rates", "levels", "words"),
    [
        (RATES.replace("S,20\n", ""), LEVELS, r"rates\.csv' has no row for 1 State: 'S'"),
        (RATES, LEVELS.replace("R,B\n", ""), r"levels\.csv' has no row for 1 State: 'R'"),
        (RATES.replace("S,20", "S,10\nS,10"), LEVELS, "row 6: the State is 'S', which is empty or stands in row 5 too"),
        (RATES, LEVELS + "S,D\n", "stands in row 5 too"),
        (RATES.replace("R,30", ",30"), LEVELS, "row 4: the State is ''"),
        (RATES.replace("R,30", "R,-30"), LEVELS, r"'R' is -30; 0 or more.*Charter"),
        (RATES, LEVELS.replace("S,D", "S,K"), "'S' is at level 'K'; one of A to J"),
        (RATES, LEVELS.replace("S,D", "S,"), "'S' is at level ''"),
        (RATES, LEVELS.replace("R,B", "Republic,B"), "Nearest name for the first"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_file_row_and_rule(read, rates, levels, words):
    with pytest.raises(RuleError, match=words):
        read(rates, levels)


@pytest.mark.parametrize("text", ["", "30 %", "thirty", "1e1", "nan", "inf", "30,5", "0.0000000001", "1000", "٣٠"])
def test_a_rate_that_is_no_per_cent_is_refused_with_its_row(read, text):
    with pytest.raises(InvalidRecordError, match="row 4"):
        read(RATES.replace("R,30", f'R,"{text}"'))


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ("", "no column 'member_state'; its columns are –"),
        ("state,rate\nP,1\n", "no column 'member_state'; its columns are state, rate"),
        ("member_state,rate\nP,1\nQ,1\nR,1\nS,1\n", "no column 'regular_rate_pct'"),
        ("member_state,regular_rate_pct\n", "no row below its header"),
        ("member_state,regular_rate_pct,regular_rate_pct\n", "has a column twice"),
        (RATES.replace("R,30", "R,30,1"), "row 4, has 3 cells; 2 were expected"),
        (RATES.replace("R,30", '"R,30'), "cannot be read as CSV"),
    ],
)
def test_a_file_of_another_form_is_refused(read, rates, words):
    with pytest.raises(ImportFileError, match=words):
        read(rates)


def test_files_that_are_absent_or_no_text_are_refused(read, tmp_path):
    with pytest.raises(ImportFileError, match="does not exist"):
        read_rates_and_levels(tmp_path / "none.csv", tmp_path / "none.csv")
    with pytest.raises(ImportFileError, match="UTF-8"):
        read(encoding="utf-16")
    with pytest.raises(ImportFileError, match="UTF-8"):
        read_rates_and_levels(tmp_path, tmp_path)


def test_rates_of_years_that_nobody_has_decided_are_refused(read):
    with pytest.raises(RuleError, match=r"until 2030-12-31.*ends on 2027-12-31.*three years"):
        read(period=(date(2028, 1, 1), date(2030, 12, 31)))


@examples(150, 5_000)
@given(data=st.data())
def test_files_with_a_part_cut_out_or_put_in_never_break_the_reader(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("cut")
    for name, text in (("rates.csv", RATES), ("levels.csv", LEVELS)):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        put = data.draw(st.text(max_size=4))
        (folder / name).write_text(text[:start] + put + text[end:], encoding="utf-8", newline="")
    try:
        found = read_rates_and_levels(folder / "rates.csv", folder / "levels.csv")
        scale = peacekeeping_scale(found.rates, NORMS, DAY)
    except (InvalidRecordError, ImportFileError):
        return
    assert sum(state.peacekeeping_rate_pct for state in scale.states) == Decimal(100)


@pytest.mark.real_data
def test_the_facts_file_itself_can_be_given_for_both(shared):
    file = shared / "facts" / "assessment_rates.csv"
    found = read_rates_and_levels(file, file, PERIOD)
    by_table = read_rates_and_levels(file, shared / "facts" / "assessment_levels.csv", PERIOD)
    assert printed(found) == printed(by_table)
    assert printed(found)["United States of America"] == "26.9493"
