"""Cents shared out by rates: by hand, by search through all ways, and the laws."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError, RuleError
from bluehelm.finance.apportion import apportion_usd, from_cents, share_out, to_cents
from tests.conftest import examples

NAMES = st.text("abcdefghij", min_size=1, max_size=3)
RATES = st.decimals(min_value=0, max_value=100, places=4)
SHARES = st.dictionaries(NAMES, RATES, min_size=1, max_size=12).filter(lambda rates: any(rates.values()))
CENTS = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("cents", "rates", "expected"),
    [
        (100, {"a": 1, "b": 1, "c": 1}, {"a": 34, "b": 33, "c": 33}),  # equal remainders: by name
        (10, {"a": 1, "b": 2, "c": 3}, {"a": 2, "b": 3, "c": 5}),  # 1.67, 3.33, 5
        (1, {"small": 1, "large": 3}, {"small": 0, "large": 1}),
        (3, {"a": 1, "b": 3}, {"a": 1, "b": 2}),  # 0.75 and 2.25
        (2, {"a": 1, "b": 3}, {"a": 0, "b": 2}),  # 0.5 and 1.5: equal remainders go to the larger rate
        (7, {"a": 0, "b": 5}, {"a": 0, "b": 7}),
        (0, {"a": 2, "b": 1}, {"a": 0, "b": 0}),
        (-10, {"a": 1, "b": 2, "c": 3}, {"a": -2, "b": -3, "c": -5}),
    ],
)
def test_shares_are_those_worked_out_by_hand(cents, rates, expected):
    assert share_out(cents, rates) == expected


@examples(60, 3_000)
@given(
    st.integers(0, 9),
    st.dictionaries(NAMES, st.integers(0, 7), min_size=1, max_size=4).filter(lambda w: any(w.values())),
)
def test_no_other_way_to_share_out_is_nearer_to_the_exact_amounts(cents, weights):
    total = sum(weights.values())
    exact = [Fraction(cents * weight, total) for weight in weights.values()]

    def distance(parts):
        return sum((part - wanted) ** 2 for part, wanted in zip(parts, exact, strict=True))

    ways = [way for way in product(range(cents + 1), repeat=len(exact)) if sum(way) == cents]
    assert distance(share_out(cents, weights).values()) == min(map(distance, ways))


@examples(200, 10_000)
@given(CENTS, SHARES)
def test_parts_add_up_to_the_last_cent_and_stay_within_a_cent_of_their_exact_amount(cents, rates):
    parts = share_out(cents, rates)
    total = sum(map(Fraction, rates.values()))
    assert sum(parts.values()) == cents
    assert all(abs(parts[name] - cents * Fraction(rate) / total) < 1 for name, rate in rates.items())


@examples(200, 10_000)
@given(CENTS, SHARES)
def test_a_credit_is_the_same_charge_with_its_sign_turned(cents, rates):
    assert share_out(-cents, rates) == {name: -part for name, part in share_out(cents, rates).items()}


@examples(200, 10_000)
@given(st.integers(0, 10**12), SHARES, st.randoms(use_true_random=False))
def test_the_order_of_rates_and_their_unit_change_nothing(cents, rates, random):
    names = list(rates)
    random.shuffle(names)
    again = share_out(cents, {name: Fraction(rates[name]) * Fraction(7, 3) for name in names})
    assert again == share_out(cents, rates)
    assert list(again) == names


@examples(200, 10_000)
@given(st.integers(0, 10**12), SHARES)
def test_who_has_the_larger_rate_never_owes_less(cents, rates):
    parts = share_out(cents, rates)
    ordered = sorted(rates, key=lambda name: rates[name])
    for smaller, larger in pairwise(ordered):
        assert parts[smaller] <= parts[larger] + (rates[smaller] == rates[larger])


@examples(100, 3_000)
@given(st.integers(0, 10**9), st.integers(0, 10**9), SHARES)
def test_a_dearer_amount_makes_no_part_cheaper_by_more_than_a_cent(cents, more, rates):
    before, after = share_out(cents, rates), share_out(cents + more, rates)
    assert all(after[name] >= before[name] - 1 for name in rates)


def test_amounts_in_dollars_keep_their_cents_at_any_size():
    assert from_cents(-1) == Decimal("-0.01") and str(from_cents(120)) == "1.20"
    assert to_cents(Decimal("123456789012345678901234567890.12")) == 12345678901234567890123456789012
    assert apportion_usd(Decimal("-0.03"), {"a": 1, "b": 2}) == {"a": Decimal("-0.01"), "b": Decimal("-0.02")}


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "10.005"])
def test_an_amount_with_a_part_of_a_cent_is_refused_not_rounded(amount):
    with pytest.raises(RuleError, match=r"whole number of cents.*United States dollars, to the cent"):
        to_cents(Decimal(amount))


@pytest.mark.parametrize("rate", [Decimal("-0.1"), Decimal("NaN"), -1, Fraction(-1, 3)])
def test_a_rate_that_is_negative_or_no_number_is_refused_by_name(rate):
    with pytest.raises(RuleError, match=r"'b'.*a rate is a share of expenses"):
        share_out(5, {"a": 1, "b": rate})


def test_cents_without_any_rate_are_refused():
    with pytest.raises(InvalidRecordError, match="no rate is above 0"):
        share_out(5, {"a": 0})
    assert share_out(0, {"a": 0}) == {"a": 0}
    assert share_out(0, {}) == {}
