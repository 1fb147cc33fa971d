"""The pieces of a fiscal year: by hand, and the law that they add up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError, RuleError
from bluehelm.finance.assessed_pieces import Authorisation, months_between, pieces_of
from bluehelm.finance.fiscal_year import fiscal_year_days
from bluehelm.finance.shipped_scales import all_shipped_scales
from bluehelm.norms import load_norms
from tests.conftest import examples

SCALES = all_shipped_scales(load_norms())


def mandate(first: str, last: str, resolution: str = "") -> Authorisation:
    return Authorisation(first_day=date.fromisoformat(first), last_day=date.fromisoformat(last), resolution=resolution)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2023-07-01", "2024-06-30", Fraction(12)), ("2023-07-01", "2023-11-15", Fraction(9, 2)),
        ("2024-02-01", "2024-02-29", Fraction(1)), ("2024-02-29", "2024-02-29", Fraction(1, 29)),
        ("2023-12-31", "2024-01-01", Fraction(2, 31)), ("2024-01-02", "2024-01-01", Fraction(0)),
    ],
)  # fmt: skip
def test_months_count_by_the_days_of_each(first, last, months):
    assert months_between(date.fromisoformat(first), date.fromisoformat(last)) == months


@pytest.mark.parametrize("text", ["2023/25", "2023", "23/24", "2023/2025", "2023-2023", "", "1900/01", "next"])
def test_what_is_no_fiscal_year_is_refused(text):
    with pytest.raises(InvalidRecordError, match="1 July to 30 June"):
        fiscal_year_days(text)


def test_a_fiscal_year_over_the_turn_of_the_century_is_read():
    assert fiscal_year_days("1999/00") == (date(1999, 7, 1), date(2000, 6, 30))
    assert fiscal_year_days("2023/2024") == fiscal_year_days("2023-24") == (date(2023, 7, 1), date(2024, 6, 30))


def test_a_year_is_assessed_only_until_the_mandate_ends():
    """12 million a year is a million a month: 4.5 months to 15 November are assessed, 7.5 wait for the Council."""
    pieces, rest = pieces_of("2023/24", Decimal(12_000_000), [mandate("2022-11-16", "2023-11-15", "S/RES/1")], SCALES)
    assert [(piece.first_day, piece.last_day, piece.amount_usd) for piece in pieces] == [
        (date(2023, 7, 1), date(2023, 11, 15), Decimal("4500000.00"))
    ]
    assert rest == Decimal("7500000.00") and pieces[0].resolution == "S/RES/1"


def test_a_year_is_cut_where_the_mandate_is_renewed_and_where_the_scale_changes():
    pieces, rest = pieces_of(
        "2021/22",
        Decimal(12),
        [mandate("2021-11-16", "2022-11-15", "b"), mandate("2020-11-16", "2021-11-15", "a")],
        SCALES,
    )
    assert [(str(piece.last_day), piece.resolution, piece.scale.period, piece.amount_usd) for piece in pieces] == [
        ("2021-11-15", "a", "2019-2021", Decimal("4.50")),
        ("2021-12-31", "b", "2019-2021", Decimal("1.50")),
        ("2022-06-30", "b", "2022-2024", Decimal("6.00")),
    ]
    assert rest == 0


def test_a_gap_between_mandates_is_not_assessed():
    pieces, rest = pieces_of(
        "2022/23", Decimal(12), [mandate("2022-07-01", "2022-08-31"), mandate("2022-10-01", "2022-10-31")], SCALES
    )
    assert [piece.amount_usd for piece in pieces] == [Decimal("2.00"), Decimal("1.00")] and rest == Decimal("9.00")


@pytest.mark.parametrize(
    ("year", "mandates", "words"),
    [
        ("2022/23", [("2023-07-01", "2024-06-30")], "No mandate covers a day.*Security Council has authorised"),
        ("2022/23", [], "No mandate covers a day"),
        ("2022/23", [("2022-07-01", "2022-12-31"), ("2022-12-31", "2023-06-30")], "Mandates overlap"),
        ("2024/25", [("2024-07-01", "2025-06-30")], "No scale is at hand for 2025-01-01.*has decided"),
        ("2017/18", [("2017-07-01", "2018-06-30")], "No scale is at hand for 2017-07-01"),
    ],
)
def test_days_without_a_mandate_or_a_decided_scale_are_refused_with_the_rule(year, mandates, words):
    with pytest.raises(RuleError, match=words):
        pieces_of(year, Decimal(12), [mandate(*days) for days in mandates], SCALES)


def test_a_mandate_that_ends_before_it_begins_is_refused():
    with pytest.raises(InvalidRecordError, match="ends before it begins"):
        mandate("2023-07-02", "2023-07-01")


@examples(100, 3_000)
@given(
    st.integers(0, 10**12), st.sampled_from(["2019/20", "2020/21", "2021/22", "2022/23", "2023/24"]),
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 300)), min_size=1, max_size=4),
)  # fmt: skip
def test_pieces_and_rest_add_up_and_no_day_is_assessed_twice(cents, year, spans):
    first, last = fiscal_year_days(year)
    day, mandates = first - timedelta(days=100), []
    for gap, length in spans:
        day += timedelta(days=gap)
        mandates.append(Authorisation(first_day=day, last_day=day + timedelta(days=length - 1)))
        day += timedelta(days=length)
    if not any(one.first_day <= last and one.last_day >= first for one in mandates):
        return
    pieces, rest = pieces_of(year, Decimal(cents) / 100, mandates, SCALES)
    assert sum((piece.amount_usd for piece in pieces), rest) == Decimal(cents) / 100
    days = [piece.first_day + timedelta(days=step) for piece in pieces
            for step in range((piece.last_day - piece.first_day).days + 1)]  # fmt: skip
    asked = {one for start in mandates for one in days if start.first_day <= one <= start.last_day}
    assert len(days) == len(set(days)) == len(asked)
    for piece in pieces:
        assert piece.scale.first_day and piece.scale.last_day
        assert piece.scale.first_day <= piece.first_day <= piece.last_day <= piece.scale.last_day
