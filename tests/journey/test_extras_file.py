"""What a report tells beside its plan, written and read back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bluehelm.errors import PlanFilesError
from bluehelm.journey.extras_file import EXTRAS_FILE, extras_bytes, read_extras
from bluehelm.journey.sentences import joined, listed, month_told, usd_told
from bluehelm.reports.extras import GapItem, NormUse, ReportExtras, Yardstick, read, tell
from bluehelm.words import speaking

EXTRAS = ReportExtras(
    yardsticks=(
        Yardstick(
            name="plan", title=tell("This plan"), protected_share=0.5, protected_deaths=1.0, cost_usd=2.0, moves=3.0,
            sites_closed=("a", "b"), note=joined([tell("This plan"), "", usd_told(2e6)]),
        ),
    ),
    norms_used=(
        NormUse(key="k", unit="USD", value=Decimal("1428.50"), status="assumed", source="", low=Decimal("1")),
    ),
    gap_list=(GapItem(what="x", where="y", first_month="2020-01", amount=1, unit="units", buys=month_told("2020-03")),),
    notes=(listed([tell("This plan"), "b", "c"], 2),),
    closure_reasons={"a": tell("{deaths} of {total}", deaths=1, total=usd_told(5e6))},
)  # fmt: skip


def test_extras_read_back_say_the_same_in_every_language(tmp_path):
    (tmp_path / EXTRAS_FILE).write_bytes(extras_bytes(EXTRAS))
    again = read_extras(tmp_path)
    for language in ("en", "zh"):
        with speaking(language):
            assert read(again.yardsticks[0].note) == read(EXTRAS.yardsticks[0].note)
            assert read(again.closure_reasons["a"]) == read(EXTRAS.closure_reasons["a"])
            assert read(again.notes[0]) == read(EXTRAS.notes[0])
            assert read(again.gap_list[0].buys) == read(EXTRAS.gap_list[0].buys)
    assert again.yardsticks[0].sites_closed == ("a", "b")
    assert str(again.norms_used[0].value) == "1428.50"


def test_written_again_they_have_the_same_bytes(tmp_path):
    (tmp_path / EXTRAS_FILE).write_bytes(extras_bytes(EXTRAS))
    assert extras_bytes(read_extras(tmp_path)) == extras_bytes(EXTRAS)


def test_a_plan_folder_without_them_has_none(tmp_path):
    assert read_extras(tmp_path) == ReportExtras()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"yardsticks": 3}', "\x00"])
def test_a_file_that_is_not_ours_is_a_clear_error(tmp_path, text):
    (tmp_path / EXTRAS_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(PlanFilesError, match=EXTRAS_FILE):
        read_extras(tmp_path)


def test_an_empty_list_of_sentences_is_no_sentence():
    assert joined([]) == "" and listed([]) == ""
