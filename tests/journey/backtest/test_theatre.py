"""The ground of a planning year: who reaches what, and what is the mission's."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.journey.backtest.theatre import theatre_of
from tests.journey.backtest.ground import base, events, places, violence


def theatre(bases, table=None, **changes):
    given = {"radius_km": 50.0, "theatre_km": 300.0} | changes
    return theatre_of("UNTEST", 2014, bases, violence() if table is None else table, places(), **given)


def test_bases_come_first_among_the_spots_and_candidates_follow():
    found = theatre([base("Camp", 21.2)])
    assert found.spots["name"].to_list()[0] == "Camp"
    assert sorted(found.spots["name"].to_list()[1:]) == ["East", "Far", "Middle", "West"]


def test_a_base_reaches_what_lies_within_the_radius():
    found = theatre([base("Camp", 20.4)])
    west = found.events.point[0]
    assert found.reach[0, west] == 1  # 45 km
    assert theatre([base("Camp", 20.5)]).reach[0, west] == 0  # 56 km


def test_headquarters_of_mission_and_sector_are_permanent():
    found = theatre([base("HQ", 20.0, 3), base("Sector", 21.0, 2), base("Lower", 22.0, 1), base("Camp", 23.0)])
    assert found.permanent.tolist() == [True, True, False, False]


def test_events_beyond_the_theatre_are_left_out_and_their_deaths_told():
    far = events([(date(2015, 3, 1), 20.0, 4), (date(2015, 3, 2), 29.0, 7)])
    found = theatre([base("Camp", 20.0)], far)
    assert len(found.events.point) == 1
    assert found.beyond_deaths == 7


def test_a_base_of_unknown_strength_counts_as_a_company():
    assert theatre([base("Camp", 20.0, troops=None)]).persons.tolist() == [150]


def test_a_year_without_bases_or_places_is_refused():
    with pytest.raises(InvalidRecordError, match="no base"):
        theatre([])
    with pytest.raises(InvalidRecordError, match="city, town or village"):
        theatre([base("Camp", 80.0)])


def test_each_event_points_to_its_place():
    found = theatre([base("Camp", 21.0)])
    at = found.points["longitude_deg"].to_numpy()[found.events.point]
    assert np.array_equal(at, violence()["longitude_deg"].to_numpy())
