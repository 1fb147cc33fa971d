from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.geo.travel import MeasuredTimes, travel_hours, use_measured

distances = st.lists(st.floats(0, 5_000), min_size=1, max_size=20)


def test_a_convoy_of_60_km_with_a_detour_by_hand():
    # 60 km x 1.5 / 30 km/h = 3 h on the road, and half an hour to leave.
    assert travel_hours([60.0], 30.0, 1.5, 0.5) == pytest.approx([3.5])


def test_a_helicopter_flies_straight():
    assert travel_hours([200.0], 200.0, 1.0, 1.0) == pytest.approx([2.0])


def test_where_no_way_is_there_is_no_time():
    assert travel_hours([math.inf], 30.0, 1.5, 0.5) == [math.inf]


@given(distances, st.floats(1, 100), st.floats(0.05, 0.99), st.floats(1, 3), st.floats(0, 5))
def test_the_wet_season_is_never_faster_than_the_dry(distance, dry_speed, wet_part, detour, reaction):
    dry = travel_hours(distance, dry_speed, detour, reaction)
    wet = travel_hours(distance, dry_speed * wet_part, detour, reaction)
    assert (wet >= dry).all()
    assert (wet > dry)[np.array(distance) > 1].all()


@pytest.mark.parametrize("wrong", [-1.0, math.nan])
def test_distances_that_cannot_be_are_counted_and_placed(wrong):
    table = np.ones((3, 4))
    table[1, 2:] = wrong
    with pytest.raises(InvalidRecordError, match=r"distance_km .* 2 of 12 values \(positions \[\(1, 2\), \(1, 3\)\]\)"):
        travel_hours(table, 30.0, 1.5, 0.5)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("speed_km_per_hour", (0.0, 1.5, 0.5)),
        ("speed_km_per_hour", (math.inf, 1.5, 0.5)),
        ("detour_ratio", (30.0, 0.9, 0.5)),
        ("reaction_hours", (30.0, 1.5, -0.5)),
        ("reaction_hours", (30.0, 1.5, math.nan)),
    ],
)
def test_numbers_that_cannot_be_are_named(name, values):
    with pytest.raises(InvalidRecordError, match=name):
        travel_hours([1.0], *values)


def measured(starts, ends, hours):
    return MeasuredTimes(np.array(starts), np.array(ends), np.array(hours, float))


def test_measured_times_replace_computed_ones_and_nothing_else():
    hours = np.ones((2, 3))
    replaced = use_measured(hours, measured([0, 1], [2, 0], [9.0, math.inf]))
    assert replaced.tolist() == [[1, 1, 9], [math.inf, 1, 1]]
    assert hours.tolist() == [[1, 1, 1], [1, 1, 1]]


def test_no_measured_times_change_nothing():
    assert use_measured(np.ones((2, 2)), measured([], [], [])).tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [([2], [0], "1 name a place outside"), ([0], [-1], "1 name a place outside"), ([0, 0], [1, 1], "1 repeat a pair")],
)
def test_measured_pairs_that_do_not_fit_are_refused(starts, ends, said):
    with pytest.raises(InvalidRecordError, match=said):
        use_measured(np.ones((2, 2)), measured(starts, ends, [1.0] * len(starts)))


def test_a_measured_time_cannot_be_negative_or_missing():
    with pytest.raises(InvalidRecordError, match="hours"):
        measured([0, 0], [0, 1], [-1.0, math.nan])


def test_measured_times_without_their_pairs_are_refused():
    with pytest.raises(InvalidRecordError, match="1 starts, 2 ends and 2 times"):
        measured([0], [0, 1], [1.0, 2.0])
