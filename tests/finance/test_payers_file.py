"""Tables of payers: whatever is typed, the answer is payers or a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import BluehelmError
from bluehelm.finance.payers import Payer
from bluehelm.finance.payers_file import read_honour_roll, read_payers
from bluehelm.mission.tables import table_text
from tests.conftest import examples
from tests.finance.payers_made import payers

TABLE = "payer,rate_pct,behaviour,fiscal_month,cap_pct,arrears_usd\nUSA,60,capped,10,25,0\nChad,40,late,,,1.50\n"
SCALE = "member_state,regular_rate_pct,level,peacekeeping_rate_pct\nFrance,50,A,60\nChad,50,J,40\n"
SHARES = "payer,share\nFrance,0.6\nChad,0.4\n"
ROLL = "country,status,payment_status,payment_date\nSweden,member,punctual,28-Jan-26\nChad,member,,\n"
PIECES = st.sampled_from(["", ",", "\n", '"', "-1", "NaN", "inf", "€", "EUR", "1e999", "0", "\x00", "capped", "ü", " "])


@st.composite
def typed_wrongly(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from([TABLE, SCALE, SHARES, ROLL]))
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(text))), draw(st.integers(0, 6))
        text = text[:at] + draw(PIECES) + text[at + length :]
    return text


@examples(200, 20_000)
@given(typed_wrongly())
def test_a_table_typed_wrongly_ends_in_payers_or_a_sentence(tmp_path, text):
    path = tmp_path / "payers.csv"
    path.write_text(text, encoding="utf-8")
    told = []
    for read in (read_payers, lambda one: read_honour_roll(one, date(2026, 3, 1))):
        try:
            read(path)
        except BluehelmError as error:
            told.append(str(error))
    assert all(len(sentence) > 20 for sentence in told)


@examples(60, 5000)
@given(payers())
def test_a_table_that_was_written_reads_back_as_the_same_payers(tmp_path, who):
    path = tmp_path / "payers.csv"
    path.write_text(table_text(who, Payer), encoding="utf-8")
    assert read_payers(path) == who


def test_bytes_that_are_no_text_are_told(tmp_path):
    (tmp_path / "payers.csv").write_bytes(b"\xff\xfe\x00payer")
    with pytest.raises(BluehelmError):
        read_payers(tmp_path / "payers.csv")
