"""Futures of payments: exact sums, common random numbers, and the same answer by another way."""

from __future__ import annotations

import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.behaviour import mean_paid_by, payment_of
from bluehelm.finance.payment_futures import payment_futures
from tests.conftest import examples
from tests.finance.payers_made import FIRST, NORMS, ON, letters, payer, payers

# Sums of floats differ by their order: a millionth of a cent for each USD billion.
RELATIVE = 1e-12


def drawn(who, asked, **more):
    return payment_futures(who, np.asarray(asked, float), FIRST, NORMS, **{"futures": 7, **more})


def test_punctual_payers_pay_every_letter_in_its_month():
    asked = [[100.0, 0.0, 50.0], [0.0, 30.0, 0.0]]
    found = drawn([payer("a", 60), payer("b", 40)], asked)
    assert found.receipts_usd == pytest.approx(np.broadcast_to(asked, (7, 2, 3)))


def test_a_capped_payer_with_an_october_year_pays_its_july_letter_from_october_and_never_the_rest():
    us = payer("USA", 40, "capped")  # may pay 10 of 40: a quarter
    found = drawn([us, payer("b", 60, "silent")], [[1000.0, *[0.0] * 11]], futures=500)
    assert found.receipts_usd[:, 0, :3].max() == 0
    assert found.receipts_usd.sum(axis=(1, 2)) == pytest.approx(np.full(500, 100.0))
    assert found.arrears_of("USA")[:, 0, -1] == pytest.approx(np.full(500, 300.0))


def test_arrears_grow_year_by_year_by_the_norm():
    one = payer("a", 100, "growing")
    found = drawn([one], [[100.0, *[0.0] * 11, 100.0, *[0.0] * 11, 100.0, *[0.0] * 11]])
    by_year = found.receipts_usd[:, 0].reshape(7, 3, 12).sum(axis=2)
    assert by_year == pytest.approx(np.broadcast_to([80.0, 60.0, 45.0], (7, 3)))


def test_what_is_unpaid_from_before_is_settled_by_those_who_pay_in_full():
    who = [payer("full", 50, arrears_usd=Decimal(70)), payer("part", 50, "partial", arrears_usd=Decimal(30))]
    found = drawn(who, [[0.0] * 14])
    assert found.receipts_usd.sum(axis=(1, 2)) == pytest.approx(np.full(7, 70.0))
    assert found.arrears_of("part")[:, 0, -1] == pytest.approx(np.full(7, 30.0))


@examples(40, 2000)
@given(payers(), letters(), st.integers(0, 5))
def test_what_is_paid_and_what_is_owed_is_what_was_assessed(who, asked, seed):
    found = drawn(who, asked, seed=seed)
    total = np.zeros_like(found.receipts_usd)
    size = asked.sum() + found.unpaid_usd.sum() + 1
    for one in who:
        paid, owed = found.payments_of(one.payer), found.arrears_of(one.payer)
        share = float(one.rate_pct) / 100
        assessed = found.unpaid_usd[found.row_of(one.payer)][:, None] + share * asked.cumsum(axis=1)
        assert np.abs(paid.cumsum(axis=2) + owed - assessed).max() <= RELATIVE * size
        assert paid.min() >= 0 and owed.min() >= -RELATIVE * size
        total += paid
    assert np.abs(total - found.receipts_usd).max() <= RELATIVE * size


@examples(25, 1000)
@given(payers(), letters(), st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_order_of_payers_and_missions_changes_nothing(who, asked, seed, mixed: random.Random):
    turned = list(who)
    mixed.shuffle(turned)
    order = list(range(len(asked)))
    mixed.shuffle(order)
    unpaid = np.tile([[float(one.arrears_usd)] for one in who], len(asked))
    turned_unpaid = np.tile([[float(one.arrears_usd)] for one in turned], len(asked))
    one = drawn(who, asked, seed=seed, unpaid_usd=unpaid)
    other = drawn(turned, asked[order], seed=seed, unpaid_usd=turned_unpaid)
    assert other.receipts_usd == pytest.approx(one.receipts_usd[:, order], rel=1e-12, abs=1e-6)


@examples(25, 1000)
@given(payers(), letters(), st.sampled_from(["punctual", "late", "silent", "partial"]))
def test_a_changed_payer_changes_its_own_payments_only(who, asked, behaviour):
    changed = (payer(who[0].payer, who[0].rate_pct, behaviour), *who[1:])
    one, other = drawn(who, asked), drawn(changed, asked)
    for same in who[1:]:
        assert (one.payments_of(same.payer) == other.payments_of(same.payer)).all()
    own = other.payments_of(who[0].payer) - one.payments_of(who[0].payer)
    assert other.receipts_usd - one.receipts_usd == pytest.approx(own, abs=1e-12 * (asked.sum() + 1e7))


def test_the_same_seed_gives_the_same_futures_and_more_of_them_begin_with_the_same():
    who, asked = [payer("a", 70, "late"), payer("b", 30, "unknown")], [[9.0] * 15]
    few, again, many = (drawn(who, asked, futures=count) for count in (7, 7, 2500))
    assert (few.receipts_usd == again.receipts_usd).all()
    assert (many.receipts_usd[:7] == few.receipts_usd).all()
    assert (drawn(who, asked, seed=1).receipts_usd != few.receipts_usd).any()
    # A longer horizon leaves the first months as they were.
    longer = drawn(who, [[9.0] * 30])
    assert longer.receipts_usd[:, :, :15] == pytest.approx(few.receipts_usd)


@pytest.mark.parametrize("behaviour", ["punctual", "late", "fiscal", "partial", "capped", "silent", "unknown"])
def test_the_mean_of_many_futures_is_what_the_formulas_say(behaviour):
    """Independent way: shares paid by month summed over all waits, without random numbers."""
    one = payer("a", 100, behaviour)
    found = drawn([one], [[1.0, *[0.0] * 19]], futures=20_000)
    expected = mean_paid_by(payment_of(one, NORMS, ON), FIRST.month, 20)
    assert found.receipts_usd[:, 0].cumsum(axis=1).mean(axis=0) == pytest.approx(expected, abs=0.012)


def test_a_payer_that_pays_a_month_earlier_pays_the_same_sooner_and_never_before_its_letter():
    who, asked = [payer("a", 100, "late")], [[5.0, 0.0, 7.0, *[0.0] * 20]]
    one, sooner = drawn(who, asked), drawn(who, asked, earlier={"a": 1})
    assert (sooner.receipts_usd[:, :, :-1] == one.receipts_usd[:, :, 1:])[:, :, 3:].all()
    assert sooner.receipts_usd.sum(axis=2) == pytest.approx(one.receipts_usd.sum(axis=2))
    assert (sooner.receipts_usd.cumsum(axis=2) >= one.receipts_usd.cumsum(axis=2) - 1e-9).all()
    punctual = drawn([payer("a", 100)], asked, earlier={"a": 1})
    assert punctual.receipts_usd == pytest.approx(np.broadcast_to(asked, punctual.receipts_usd.shape))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"futures": 0}, "1 to 1000000 futures"), ({"seed": -1}, "seed of 0 or more"),
        ({"earlier": {"aa": 1}}, "Nearest name: ''|Nearest name: 'a'"),
        ({"unpaid_usd": np.zeros((2, 2))}, "unpaid_usd has shape"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_are_refused(changes, told):
    with pytest.raises(InvalidRecordError, match=told):
        drawn([payer("a", 100)], [[1.0]], **changes)


@pytest.mark.parametrize("asked", [[[]], [[-1.0]], [[np.nan]], [[1.0] * 121]])
def test_letters_that_cannot_be_are_refused(asked):
    with pytest.raises(InvalidRecordError):
        drawn([payer("a", 100)], asked)
