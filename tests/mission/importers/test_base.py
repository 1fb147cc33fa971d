from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.mission.importers.base import distance_km, plain_name, same_places

NAMES = st.text(max_size=12)
PLACES = st.lists(st.tuples(NAMES, st.floats(-90, 90), st.floats(-180, 180)), max_size=12)


def test_spellings_of_one_base_get_one_number():
    places = [
        ("Al Da'ein", 11.46, 26.12),
        ("Nyala", 12.05, 24.88),
        ("El Da’ein", 11.45, 26.13),
        ("Nyála", 12.06, 24.88),
    ]
    assert same_places(places) == [0, 1, 0, 1]


def test_a_name_far_away_is_another_base():
    assert same_places([("Mano", 8.03, -12.1), ("Mano", 7.6, -12.1)]) == [0, 1]


def test_numbered_camps_beside_each_other_stay_apart():
    assert same_places([("Position 60", 33.1, 35.8), ("Position 62", 33.1, 35.8), ("Camp 1", 0.5, 25.2)]) == [0, 1, 2]


def test_other_names_at_one_place_stay_apart():
    assert same_places([("Nicosia", 35.17, 33.36), ("UNPA", 35.17, 33.36)]) == [0, 1]


def test_distance_is_that_of_the_globe():
    assert distance_km(0, 0, 0, 1) == pytest.approx(111.2, abs=0.1)
    assert distance_km(12.05, 24.88, 13.63, 25.35) == pytest.approx(182, abs=1)


@given(PLACES)
def test_numbers_run_from_zero_without_gaps(places):
    numbers = same_places(places)
    assert len(numbers) == len(places)
    assert sorted(set(numbers)) == list(range(len(set(numbers))))


@given(NAMES)
def test_a_plain_name_is_its_own_plain_name_and_never_lost(name):
    assert plain_name(plain_name(name)) == plain_name(name)
    assert plain_name(name) or not name.strip()
