from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.geo.distance import distance_km
from bluehelm.geo.reach import Movement, chance_steps, limit_km, reach, reach_share
from bluehelm.geo.travel import MeasuredTimes

ROAD = Movement("road", 20.0, 1.5, 0.5, full_hours=2.0, zero_hours=4.0)
AIR = Movement("air", 200.0, 1.0, 1.0, full_hours=1.5, zero_hours=3.0)
shares = st.floats(0, 1)


def test_reach_falls_in_a_straight_line():
    assert reach_share([0, 2, 2.5, 3, 4, 9, math.inf], 2.0, 4.0).tolist() == [1, 1, 0.75, 0.5, 0, 0, 0]


def test_equal_limits_are_the_rule_of_all_or_nothing():
    assert reach_share([0, 2, 2.0001, math.inf], 2.0, 2.0).tolist() == [1, 1, 0, 0]


@given(st.lists(st.floats(0, 50), min_size=2, max_size=30), st.floats(0, 10), st.floats(0, 10))
def test_a_longer_way_never_reaches_more(hours, full, more):
    found = reach_share(np.sort(hours), full, full + more)
    assert (np.diff(found) <= 0).all()
    assert found.min() >= 0
    assert found.max() <= 1


def test_limits_in_the_wrong_order_are_refused():
    with pytest.raises(InvalidRecordError, match="zero_hours is 1"):
        reach_share([1.0], 2.0, 1.0)
    with pytest.raises(InvalidRecordError, match="zero_hours is 1"):
        Movement("road", 20.0, 1.5, 0.5, full_hours=2.0, zero_hours=1.0)


def test_missing_times_are_counted_and_placed():
    with pytest.raises(InvalidRecordError, match=r"hours .* 1 of 3 values \(positions \[2\]\)"):
        reach_share([1.0, 2.0, math.nan], 1.0, 2.0)


def test_reach_of_several_types_by_hand():
    # By road 20 km take 0.5 + 1.5 h: full. 40 km take 3.5 h: a quarter. By air 200 km take 2 h: two thirds.
    found = reach([[20.0, 40.0, 200.0]], [ROAD, AIR, Movement.static(30.0)])
    assert found.dtype == np.float32
    assert found[:, 0].ravel().tolist() == pytest.approx([1, 0.25, 0, 1, 1, 2 / 3, 1, 0, 0], rel=1e-6)


def test_types_that_move_alike_reach_alike():
    found = reach([[20.0, 40.0]], [ROAD, AIR, ROAD])
    np.testing.assert_array_equal(found[0], found[2])


def test_no_types_reach_nothing():
    assert reach([[1.0]], []).shape == (0, 1, 1)
    assert limit_km([]) == 0


@given(st.sampled_from([ROAD, AIR, Movement.static(15.0)]), st.floats(0, 2_000))
def test_nothing_is_reached_beyond_the_limit_of_a_movement(movement, km):
    found = float(reach([[km]], [movement])[0, 0, 0])
    assert found == 0 or km <= limit_km([movement]) * (1 + 1e-12)


def test_leaving_later_than_the_limit_reaches_nothing():
    late = Movement("road", 20.0, 1.0, reaction_hours=5.0, full_hours=2.0, zero_hours=4.0)
    assert late.limit_km == 0
    assert reach([[0.0]], [late]).item() == 0


def test_measured_roads_count_for_types_that_go_by_road_only():
    closed = MeasuredTimes(np.array([0]), np.array([0]), np.array([math.inf]))
    found = reach([[20.0, 20.0]], [ROAD, AIR], {"road": closed})
    assert found[:, 0].tolist() == [[0, 1], [1, 1]]


def test_a_measured_road_reaches_beyond_the_limit_of_distance():
    fast = MeasuredTimes(np.array([0]), np.array([0]), np.array([1.0]))
    assert reach([[math.inf]], [ROAD], {"road": fast}).item() == 1


def test_a_limit_of_distance_changes_no_reach():
    draw = np.random.default_rng(2)
    (site_lat, site_lon), (area_lat, area_lon) = draw.uniform(9, 20, (2, 30)), draw.uniform(9, 20, (2, 200))
    types = [ROAD, AIR, Movement.static(15.0)]
    whole = reach(distance_km(site_lat, site_lon, area_lat, area_lon), types)
    near = distance_km(site_lat, site_lon, area_lat, area_lon, limit_km(types))
    np.testing.assert_array_equal(whole, reach(near, types))


def test_a_table_of_distances_needs_sites_and_areas():
    with pytest.raises(InvalidRecordError, match="1 axes"):
        reach([1.0], [ROAD])


@pytest.mark.parametrize(
    "change", [{"speed_km_per_hour": 0.0}, {"detour_ratio": 0.5}, {"reaction_hours": -1.0}, {"full_hours": math.nan}]
)
def test_a_movement_that_cannot_be_is_refused(change):
    given_values = {"speed_km_per_hour": 20.0, "detour_ratio": 1.0, "reaction_hours": 0.0, "full_hours": 1.0}
    with pytest.raises(InvalidRecordError, match=next(iter(change))):
        Movement("road", **(given_values | change), zero_hours=2.0)


@given(shares, st.floats(1e-6, 0.999_999))
def test_steps_give_back_the_chance_that_one_unit_acts(rho, q):
    sigma = chance_steps(rho, q)
    assert 1 - (1 - q) ** sigma == pytest.approx(q * rho, abs=1e-9)


@given(shares, shares, st.floats(0.01, 0.99))
def test_steps_of_two_units_add_up_as_independent_chances(rho, other_rho, q):
    sigma = chance_steps(rho, q) + chance_steps(other_rho, q)
    assert 1 - (1 - q) ** sigma == pytest.approx(1 - (1 - q * rho) * (1 - q * other_rho), abs=1e-9)


def test_full_reach_is_a_whole_step_and_certainty_is_reach_itself():
    assert chance_steps([0.0, 1.0], 0.6).tolist() == [0, 1]
    assert chance_steps([0.0, 0.3, 1.0], 1.0).tolist() == [0, 0.3, 1]


@pytest.mark.parametrize("q", [0.0, -0.1, 1.1, math.nan])
def test_a_chance_that_cannot_be_is_refused(q):
    with pytest.raises(InvalidRecordError, match="q is"):
        chance_steps([0.5], q)


def test_shares_outside_0_to_1_are_counted_and_placed():
    with pytest.raises(InvalidRecordError, match=r"reach_share .* 2 of 3 values \(positions \[0, 2\]\)"):
        chance_steps([-0.1, 0.5, math.nan], 0.5)
