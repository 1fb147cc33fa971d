"""Payers: what is refused, what the norms know, and tables from files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bluehelm.errors import BluehelmError, ImportFileError, InvalidRecordError, MissionFilesError
from bluehelm.finance.payers import Payer, checked_payers, with_known_behaviour
from bluehelm.finance.payers_file import read_honour_roll, read_payers, with_honour_roll
from tests.finance.payers_made import NORMS, ON, payer


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"rate_pct": Decimal("-1")}, "0 to 100 was expected"),
        ({"rate_pct": Decimal("NaN")}, "0 to 100 was expected"),
        ({"behaviour": "punctuel"}, "Nearest name: 'punctual'"),
        ({"behaviour": "fiscal"}, "fiscal_month is blank"),
        ({"behaviour": "capped"}, "cap_pct is blank"),
        ({"fiscal_month": 13}, "from 1 to 12"),
        ({"arrears_usd": Decimal(-5)}, "0 or more"),
        ({"share_low": 0.8, "share_high": 0.2}, "the lower one first"),
    ],
)
def test_a_payer_that_cannot_be_is_refused(wrong, told):
    with pytest.raises(InvalidRecordError, match=told):
        Payer(**{"payer": "a", "rate_pct": Decimal(100), **wrong})


def test_a_payer_twice_a_wrong_sum_a_rate_of_the_future_and_no_payer_are_refused():
    with pytest.raises(InvalidRecordError, match=r"1 payer stands twice: 'a'"):
        checked_payers([payer("a", 50), payer("a", 50)])
    with pytest.raises(InvalidRecordError, match=r"sum to 99\.98 %"):
        checked_payers([payer("a", 50), payer("b", "49.98")])
    assert checked_payers([payer("a", 50), payer("b", "49.991")])
    with pytest.raises(InvalidRecordError, match="lie in the future"):
        checked_payers([payer("a", 100, valid_from=date(2025, 1, 1))], ON)
    with pytest.raises(InvalidRecordError, match="There is no payer"):
        checked_payers([])


def test_what_a_table_says_of_a_payer_stands_before_what_the_norms_know():
    said = [payer("United States of America", 50, "silent"), payer("USA", 50, "unknown")]
    assert [one.behaviour for one in with_known_behaviour(said, NORMS, ON)] == ["silent", "capped"]


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_a_table_of_shares_and_a_scale_are_read(tmp_path):
    table = write(tmp_path / "payers.csv", "payer,rate_pct,behaviour,fiscal_month,arrears_usd\n"
                  "France,60,fiscal,1,1000.50\nChad,40,,,\n")  # fmt: skip
    first, second = read_payers(table)
    assert (first.behaviour, first.fiscal_month, first.arrears_usd) == ("fiscal", 1, Decimal("1000.50"))
    assert second.behaviour == "unknown" and second.arrears_usd == 0
    shares = read_payers(write(tmp_path / "shares.csv", "payer,share\nFrance,0.6\nChad,0.4\n"))
    assert [one.rate_pct for one in shares] == [60, 40]
    scale = write(tmp_path / "scale.csv", "member_state,regular_rate_pct,level,peacekeeping_rate_pct\n"
                  "France,50,A,60\nChad,50,J,40\n")  # fmt: skip
    assert read_payers(scale) == shares


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("payer,rate_pct\nFrance,-1\nChad,101\n", "-1"),
        ("payer,rate_pct,behavior\nFrance,100,late\n", "behaviour"),
        ("payer,rate_pct,behaviour\nFrance,100,latte\n", "late"),
        ("payer,rate_pct\nFrance,60\nFrance,40\n", "twice"),
        ("payer,rate_pct\nFrance,60\n", "sum to 60"),
        ("payer,rate_pct,arrears_usd\nFrance,100,EUR 5\n", "another currency"),
        ("payer,rate_pct,arrears_eur\nFrance,100,5\n", "another currency"),
        ("payer,rate_pct,valid_from\nFrance,100,2030-01-01\n", "future"),
        ("payer,share\nFrance,eighty\n", "a number of 0 or more"),
        ("payer,share,behaviour\nFrance,1,late\n", "rate_pct"),
        ("", ""),
    ],
)
def test_a_table_with_a_fault_is_refused_in_a_sentence(tmp_path, text, told):
    with pytest.raises(BluehelmError) as caught:
        read_payers(write(tmp_path / "payers.csv", text), ON)
    faults = caught.value.faults if isinstance(caught.value, MissionFilesError) else ()
    assert told in " ".join([str(caught.value), *map(str, faults)])


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ImportFileError, match=r"none\.csv"):
        read_payers(tmp_path / "none.csv")


def test_who_paid_on_time_is_taken_to_do_so_again_whatever_the_spelling(tmp_path):
    roll = write(tmp_path / "roll.csv", "country,status,payment_status,payment_date\n"
                 "Sweden,member,punctual,28-Jan-26\nChad,member,,\n")  # fmt: skip
    found = read_honour_roll(roll, date(2026, 2, 1))
    assert found == {"Sweden": date(2026, 1, 28)}
    given = [payer("SWE", 50, "unknown"), payer("Chad", 25, "unknown"), payer("France", 25, "late")]
    assert [one.behaviour for one in with_honour_roll(given, found)] == ["punctual", "unknown", "late"]
    with pytest.raises(ImportFileError, match="still to come"):
        read_honour_roll(roll, date(2026, 1, 27))


@pytest.mark.real_data
def test_the_published_list_names_39_states_all_within_the_term_of_a_letter_of_january(shared):
    roll = read_honour_roll(shared / "data/un_financing/member_states_honour_roll.csv", date(2026, 12, 1))
    assert len(roll) == 39 and NORMS.norm("payers_punctual_share").on(ON).low == pytest.approx(39 / 193, abs=5e-4)
    assert all(day is not None and (day - date(2026, 1, 1)).days < 30 for day in roll.values())
