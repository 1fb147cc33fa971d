"""A mission's money from its budget, and cash by month: by hand, and its laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.cash import cash_of, pooled
from bluehelm.finance.mission_money import MissionMoney, money_of
from tests.conftest import examples
from tests.finance.payers_made import FIRST, NORMS
from tests.planning import small


def mission(*budget, months=12, valid_until=date(2031, 1, 1)):
    made = small.mission(areas=[small.area("a")], sites=[small.site("s")], units=[], months=months, budget=budget)
    return replace(made, mandate=replace(made.mandate, valid_until=valid_until))


def money(**changes):
    zeros = np.zeros(3)
    given = {"name": "m", "first_month": FIRST, "opening_usd": 0.0, "letters_usd": zeros, "credits_usd": zeros,
             "spending_usd": zeros, "owed_limit_usd": zeros, "borrowing_limit_usd": zeros}  # fmt: skip
    return MissionMoney(**{**given, **changes})


def test_an_appropriation_is_asked_for_at_its_start_and_spent_evenly():
    found = money_of(mission(small.money("appropriation", 600, last=5), small.money("opening_cash", 7),
                             small.money("owed_limit", 9, after=2, last=3)), NORMS)  # fmt: skip
    assert found.letters_usd.tolist() == [600.0, *[0.0] * 11]
    assert found.spending_usd.tolist() == [100.0] * 6 + [0.0] * 6
    assert found.opening_usd == 7
    assert found.owed_limit_usd.tolist() == [0, 0, 9, 9, *[0] * 8]


def test_only_the_months_that_the_council_has_authorised_are_asked_for_at_once():
    given = mission(small.money("appropriation", 1000, last=11), valid_until=date(2020, 4, 30))
    found = money_of(given, NORMS)
    assert found.letters_usd[0] == pytest.approx(333.33) and found.letters_usd[4] == pytest.approx(666.67)
    assert round(Decimal(found.letters_usd.sum()), 2) == 1000
    assert found.notes == (("taken_as_renewed", 1),)


def test_receipts_are_what_is_assessed_where_nothing_is_approved():
    found = money_of(mission(small.money("receipt", 50, last=3)), NORMS)
    assert found.letters_usd.tolist() == [50.0] * 4 + [0.0] * 8
    assert ("assessed_as_received", 1) in found.notes


def test_what_is_not_spent_is_credited_a_year_later_whether_or_not_it_was_received():
    given = mission(small.money("appropriation", 600, last=5), small.money("appropriation", 900, after=17, last=23),
                    months=24)  # fmt: skip
    spent = np.zeros(24)
    spent[:6] = 60.0
    found = money_of(given, NORMS, spending_usd=spent)
    assert found.credits_usd[17] == 240 and found.letters_usd[17] == 660
    assert money_of(given, NORMS, spending_usd=spent, return_credits=False).letters_usd[17] == 900


@pytest.mark.parametrize(
    ("budget", "months", "told"),
    [((), None, "has no money"), ((small.money("owed_limit", 5),), None, "has no money"),
     ((small.money("appropriation", 0),), None, "has no money"), ((small.money("appropriation", 5),), 0, "1 to 12"),
     ((small.money("appropriation", 5),), 13, "1 to 12")],
)  # fmt: skip
def test_a_mission_without_money_and_months_that_cannot_be_are_refused(budget, months, told):
    with pytest.raises(InvalidRecordError, match=told):
        money_of(mission(*budget), NORMS, months=months)


def test_by_hand_debt_comes_first_then_borrowing_then_nothing_is_left():
    receipts = np.array([[[0.0, 5.0, 0.0]]])
    one = money(opening_usd=10.0, spending_usd=np.array([12.0, 9.0, 6.0]), owed_limit_usd=np.full(3, 4.0),
                borrowing_limit_usd=np.full(3, 3.0))  # fmt: skip
    found = cash_of(receipts, [one])
    assert found.net_usd.ravel().tolist() == [-2, -6, -12]
    assert found.owed_usd.ravel().tolist() == [2, 4, 4]
    assert found.borrowed_usd.ravel().tolist() == [0, 2, 3]
    assert found.short_usd.ravel().tolist() == [0, 0, 5]
    assert found.exhausted_by.ravel().tolist() == [0, 0, 1]
    assert found.months_in_hand.ravel().tolist() == [0, 0, 0]
    assert cash_of(receipts + 5, [one]).months_in_hand.ravel().tolist() == pytest.approx([3 / 9, 4 / 9, 3 / 9])


def test_cash_of_closed_missions_is_shared_by_what_each_lacks():
    one = money(spending_usd=np.array([30.0, 0.0, 0.0]), borrowing_limit_usd=np.full(3, 100.0))
    other = replace(one, name="n", spending_usd=np.array([10.0, 0.0, 0.0]))
    found = cash_of(np.zeros((1, 2, 3)), [one, other], closed_cash_usd=20.0)
    assert found.borrowed_usd[0, :, 0].tolist() == [15, 5]
    assert found.short_usd[0, :, 0].tolist() == [15, 5]


AMOUNTS = st.lists(st.floats(0, 1e9), min_size=3, max_size=3).map(np.array)


@examples(60, 5000)
@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.floats(0, 1e9))
def test_cash_in_hand_less_debt_borrowing_and_shortage_is_what_came_less_what_went(
    came, spent, owed, borrowed, opening
):
    one = money(opening_usd=opening, spending_usd=spent, owed_limit_usd=owed, borrowing_limit_usd=borrowed)
    found = cash_of(came[None, None], [one])
    net = found.in_hand_usd - found.owed_usd - found.borrowed_usd - found.short_usd
    assert net.ravel() == pytest.approx(opening + (came - spent).cumsum(), abs=1e-4)
    assert (found.owed_usd <= owed).all() and (found.borrowed_usd <= borrowed).all()


@examples(30, 2000)
@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_missions_that_pool_their_cash_are_never_shorter_than_apart(came, more, spent, other):
    two = [money(spending_usd=spent, owed_limit_usd=np.full(3, 1e8)), money(name="n", spending_usd=other)]
    receipts = np.array([[came, more]])
    together = cash_of(receipts.sum(axis=1, keepdims=True), [pooled(two, "both")])
    assert (together.short_usd[:, 0] <= cash_of(receipts, two).short_usd.sum(axis=1) + 1e-4).all()


def test_what_does_not_fit_is_refused():
    with pytest.raises(InvalidRecordError, match="one month of receipts"):
        cash_of(np.zeros((1, 1, 4)), [money()])
    with pytest.raises(InvalidRecordError, match="closed missions"):
        cash_of(np.zeros((1, 1, 3)), [money()], closed_cash_usd=-1.0)
    with pytest.raises(InvalidRecordError, match="cannot be pooled"):
        pooled([money(), money(first_month=FIRST + 1)], "both")
