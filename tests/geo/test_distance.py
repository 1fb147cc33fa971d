from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from bluehelm.errors import InvalidRecordError
from bluehelm.geo.distance import distance_km

GEOD = Geod(ellps="WGS84")
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def one_km(start, end, limit_km=math.inf):
    return float(distance_km([start[0]], [start[1]], [end[0]], [end[1]], limit_km)[0, 0])


def exact_km(start, end):
    return GEOD.inv(start[1], start[0], end[1], end[0])[2] / 1000


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        ((0, 0), (0, 1), 111.3195),  # a degree of the equator: 6378.137 x pi / 180
        ((0, 0), (90, 0), 10001.9657),  # the quarter meridian of WGS 84
        ((13.63, 25.35), (12.05, 24.88), 182.08),  # El Fasher to Nyala
        ((4.85, 31.58), (15.59, 32.53), 1192.5),  # Juba to Khartoum
        ((-18.0, 179.9), (-18.0, -179.9), 21.18),  # over the 180th meridian
    ],
)
def test_known_distances(start, end, km):
    assert one_km(start, end) == pytest.approx(km, rel=1e-4)
    assert one_km(start, end) == pytest.approx(exact_km(start, end), rel=1e-5)


@given(points, points)
def test_distance_agrees_with_the_exact_geodesic(start, end):
    # A millimetre aside: closer points are told apart no better by their degrees.
    assert one_km(start, end) == pytest.approx(exact_km(start, end), rel=1e-5, abs=1e-6)


@given(points, st.floats(0, 360), st.sampled_from([0.01, 1.0, 50.0, 700.0, 9_000.0, 15_900.0, 16_100.0, 19_900.0]))
def test_distance_agrees_with_the_exact_geodesic_at_every_length(start, bearing, km):
    lon, lat, _ = GEOD.fwd(start[1], start[0], bearing, km * 1000)
    end = (lat, (lon + 180) % 360 - 180)
    assert one_km(start, end) == pytest.approx(exact_km(start, end), rel=1e-5, abs=1e-6)


@given(points, points)
def test_the_way_back_is_as_long(start, end):
    assert one_km(start, end) == pytest.approx(one_km(end, start), rel=1e-12, abs=1e-9)


@given(points)
def test_a_place_is_no_distance_from_itself(place):
    assert one_km(place, place) == 0


@given(points, points, points)
def test_no_detour_is_shorter(start, middle, end):
    # Twice the error of the formula, since the two legs and the whole way may err apart.
    assert one_km(start, end) <= (one_km(start, middle) + one_km(middle, end)) * (1 + 2e-5) + 1e-6


@given(points, points, st.floats(0, 25_000))
def test_a_limit_leaves_out_only_what_is_beyond_it(start, end, limit_km):
    whole = one_km(start, end)
    assert one_km(start, end, limit_km) == (whole if whole <= limit_km else math.inf)


def test_many_rows_are_as_good_as_one():
    draw = np.random.default_rng(1)
    lat, lon = draw.uniform(-40, 40, 1500), draw.uniform(-30, 60, 1500)
    whole = distance_km(lat, lon, lat[:400], lon[:400], limit_km=3_000)
    some = [0, 7, 1249, 1250, 1499]
    np.testing.assert_array_equal(whole[some], distance_km(lat[some], lon[some], lat[:400], lon[:400], 3_000))


def test_no_places_give_an_empty_table():
    assert distance_km([], [], [1.0, 2.0], [1.0, 2.0]).shape == (0, 2)
    assert distance_km([1.0], [1.0], [], []).shape == (1, 0)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 90.1, -91])
def test_wrong_latitudes_are_counted_and_the_first_five_placed(wrong):
    lat = np.zeros(10)
    lat[[1, 3, 4, 6, 8, 9]] = wrong
    with pytest.raises(InvalidRecordError, match=r"from_lat .* 6 of 10 values \(positions \[1, 3, 4, 6, 8\]\)"):
        distance_km(lat, np.zeros(10), [0], [0])


def test_longitudes_beyond_180_are_refused():
    with pytest.raises(InvalidRecordError, match=r"to_lon .* -180 to 180"):
        distance_km([0], [0], [0], [200])


def test_rows_of_unequal_length_are_refused():
    with pytest.raises(InvalidRecordError, match="equally long"):
        distance_km([0, 1], [0], [0], [0])


@pytest.mark.parametrize("limit_km", [-1, math.nan])
def test_a_limit_that_cannot_be_is_refused(limit_km):
    with pytest.raises(InvalidRecordError, match="limit_km"):
        distance_km([0], [0], [0], [0], limit_km)
