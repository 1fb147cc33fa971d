from __future__ import annotations

from datetime import date
from decimal import Decimal

from bluehelm.norms import assumed_ranges, load_norms

DAY = date(2017, 1, 1)


def test_what_is_assumed_is_listed_with_its_ends_and_reason():
    (found,) = assumed_ranges(load_norms(), ["protection_q"], DAY)
    assert (found.low, found.value, found.high) == (0.4, 0.6, 0.8)
    assert "platoon" in found.reason


def test_what_is_verified_on_the_day_is_not_listed():
    key = "personnel_reimbursement_usd_per_person_month"
    assert assumed_ranges(load_norms(), [key], DAY) == ()
    (early,) = assumed_ranges(load_norms(), [key], date(2005, 1, 1))
    assert (early.low, early.high) == (Decimal(1028), Decimal(1332))


def test_a_norm_that_is_amended_to_one_value_has_no_range():
    assert assumed_ranges(load_norms({"protection_q": 0.5}), ["protection_q"], DAY) == ()


def test_a_norm_that_has_no_value_yet_is_left_out():
    assert assumed_ranges(load_norms(), ["protection_q"], date(1980, 1, 1)) == ()


def test_every_range_can_be_laid_over_the_norms_at_both_ends():
    norms = load_norms()
    ranges = assumed_ranges(norms, None, DAY)
    assert len(ranges) > 100
    for found in ranges:
        for end in (found.low, found.high):
            assert norms.with_amendments({found.key: end}).value(found.key, DAY) == end
