"""The path of receipts that holds: counted, as high as it says, and given to the planner to the cent."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.receipts_path import filled, holds_share, receipt_lines, receipts_path
from bluehelm.mission.months import Month
from tests.conftest import examples


@st.composite
def so_far(draw: st.DrawFn) -> np.ndarray:
    """Draw receipts so far of up to 9 futures and 4 months, with many equals among them."""
    shape = (draw(st.integers(1, 9)), draw(st.integers(1, 4)))
    came = draw(st.lists(st.integers(0, 4), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    return np.array(came, float).reshape(shape).cumsum(axis=1)


def test_by_hand_the_worst_of_ten_futures_is_left_out():
    futures = np.array([[float(i), 20.0 + i] for i in range(10)])
    assert receipts_path(futures, 0.9).tolist() == [1.0, 21.0]
    assert receipts_path(futures, 1.0).tolist() == [0.0, 20.0]


def test_two_months_with_different_worst_futures_show_why_each_month_alone_does_not_do():
    """Ten futures: one has nothing in the first month, another only 10 by the second."""
    futures = np.full((10, 2), [10.0, 20.0])
    futures[0], futures[1] = [0.0, 20.0], [10.0, 10.0]
    alone = np.sort(futures, axis=0)[1]
    assert holds_share(futures, alone) == 0.8
    path = receipts_path(futures, 0.9)
    assert holds_share(futures, path) == 0.9
    assert path.tolist() in ([10.0, 10.0], [0.0, 20.0])


@examples(150, 20_000)
@given(so_far(), st.sampled_from([0.1, 0.5, 0.75, 0.9, 1.0]))
def test_enough_futures_keep_to_the_path_and_no_month_of_it_can_be_raised(futures, hold):
    path = receipts_path(futures, hold)
    needed = int(np.ceil(hold * len(futures) - 1e-9))
    assert (futures >= path).all(axis=1).sum() >= needed
    assert (np.diff(path) >= 0).all()
    for month in range(len(path)):
        higher = path.copy()
        higher[month] += 0.5
        assert (futures >= higher).all(axis=1).sum() < needed


@examples(60, 5000)
@given(so_far(), st.sampled_from([0.5, 0.75, 0.9]))
def test_no_path_that_enough_futures_keep_to_lies_above_it_in_every_month(futures, hold):
    """Independent way: the lowest of every choice of so many futures is a path; none is above ours."""
    path = receipts_path(futures, hold)
    needed = int(np.ceil(hold * len(futures) - 1e-9))
    for chosen in combinations(range(len(futures)), needed):
        other = futures[list(chosen)].min(axis=0)
        assert not ((other >= path).all() and (other > path).any())


@examples(60, 5000)
@given(so_far(), st.integers(0, 3))
def test_where_more_comes_in_the_path_from_the_one_before_is_nowhere_lower(futures, month):
    path = receipts_path(futures, 0.75)
    more = futures.copy()
    more[:, min(month, more.shape[1] - 1) :] += 1.0
    higher = receipts_path(more, 0.75, at_least=path)
    assert (higher >= path).all() and holds_share(more, higher) >= 0.75


def test_lines_sum_to_the_path_rounded_down_to_the_cent():
    path = np.array([0.0, 1.239, 1.239, 7.0])
    lines = receipt_lines(path, Month(2020, 1), "note", "hand")
    assert [(str(line.first_month), line.amount_usd) for line in lines] == [
        ("2020-02", Decimal("1.23")), ("2020-04", Decimal("5.77"))
    ]  # fmt: skip


@examples(40, 2000)
@given(so_far())
def test_between_the_months_that_are_judged_a_path_rises_with_the_mean(futures):
    judged = [m for m in range(futures.shape[1]) if m % 2 == 0 or m == futures.shape[1] - 1]
    path = receipts_path(futures[:, judged], 0.75)
    whole = filled(path, judged, futures.mean(axis=0))
    assert whole[judged].tolist() == path.tolist()
    assert (np.diff(whole) >= -1e-9).all() and len(whole) == futures.shape[1]


@pytest.mark.parametrize("hold", [0.0, -0.1, 1.1, float("nan")])
def test_a_share_that_cannot_be_is_refused(hold):
    with pytest.raises(InvalidRecordError, match="a share above 0"):
        receipts_path(np.ones((3, 2)), hold)


def test_receipts_that_fall_or_a_path_that_too_few_keep_to_are_refused():
    with pytest.raises(InvalidRecordError, match="never falling"):
        receipts_path(np.array([[2.0, 1.0]]), 0.9)
    with pytest.raises(InvalidRecordError, match="keep to the path"):
        receipts_path(np.ones((4, 1)), 0.9, at_least=np.array([2.0]))
