"""Amounts as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError, RuleError
from bluehelm.finance.usd_amount import MOST_USD, usd_amount
from tests.conftest import examples


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234.50", "1234.50"), ("1,234.50", "1234.50"), ("USD 1,234", "1234"), ("$12", "12"), ("12 usd", "12"),
        ("-0.01", "-0.01"), ("  7 ", "7"), ("US$ 1,036,595,600", "1036595600"), ("1.5", "1.5"), ("2.500", "2.5"),
    ],
)  # fmt: skip
def test_dollars_are_read_in_the_forms_people_write(text, expected):
    assert usd_amount(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["EUR 100", "100 CHF", "€5", "12 £", "¥1", "CNY1,000"])
def test_another_currency_is_refused_with_the_rule(text):
    with pytest.raises(RuleError, match=r"United States dollars.*Financial Regulations"):
        usd_amount(text)


@pytest.mark.parametrize("text", ["", "much", "1,23", "1.2.3", "1 000", "--5", "1e9", "12,34.5", "nan", "9" * 17])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(InvalidRecordError):
        usd_amount(text)


def test_a_part_of_a_cent_is_refused_not_rounded():
    with pytest.raises(RuleError, match="whole number of cents"):
        usd_amount("10.005")


@examples(300, 10_000)
@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        amount = usd_amount(text)
    except InvalidRecordError:
        return
    assert amount.is_finite() and abs(amount) <= MOST_USD


@examples(200, 5_000)
@given(st.integers(-(10**14), 10**14))
def test_an_amount_written_with_commas_comes_back_to_the_cent(cents):
    amount = Decimal(cents) / 100
    assert usd_amount(f"{amount:,.2f}") == amount
