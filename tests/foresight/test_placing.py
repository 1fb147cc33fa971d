from __future__ import annotations

import math
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.foresight.placing import PlaceRules, area_chances, place_events
from tests.conftest import examples
from tests.foresight.made import areas, event, events, grid, war

# One hundredth of a degree of latitude is 1.1057 km near the equator.
NEAR = areas((0.0, 20.0, 1000), (0.1, 20.0, 4000))
JANUARY_2016 = 2016 * 12


def vague(latitude: float, precision: int, **others) -> dict:
    return event(
        date(2016, 1, 10), latitude_deg=latitude, longitude_deg=20.0, place_precision=precision, **others
    )  # fmt: skip


def test_an_exact_event_goes_to_the_nearest_area():
    drawn = place_events(events(vague(0.01, 1), vague(0.06, 1), vague(7.0, 1)), NEAR, seed=3)
    assert drawn.area.tolist() == [0, 1, 1]
    assert drawn.month.tolist() == [JANUARY_2016] * 3


def test_the_chance_of_an_area_is_its_people_times_the_bell_of_its_distance():
    chance = area_chances(events(vague(0.0, 2)), NEAR)
    # The bell is measured on the ellipsoid, the chances on a sphere: half a percent of distance.
    bell = 4 * math.exp(-0.5 * (11.0574 / 12.0) ** 2)
    assert chance[0] == pytest.approx([1 / (1 + bell), bell / (1 + bell)], rel=5e-3)


def test_rules_say_how_far_a_precision_spreads():
    chance = area_chances(events(vague(0.0, 2)), NEAR, PlaceRules({2: 1e6}))
    assert chance[0] == pytest.approx([0.2, 0.8], rel=1e-6)


def test_an_area_without_people_counts_as_one_person():
    chance = area_chances(events(vague(0.0, 6)), areas((0.0, 20.0, 0), (0.0, 20.0, 3)))
    assert chance[0] == pytest.approx([0.25, 0.75])


def test_an_event_far_from_every_area_still_belongs_to_the_nearest_ones():
    chance = area_chances(events(vague(60.0, 2)), NEAR)
    assert chance[0] == pytest.approx([0.0, 1.0], abs=1e-9)


@given(st.integers(1, 7), st.floats(-60, 60), st.floats(-170, 170), st.permutations(range(9)))
def test_chances_add_up_to_1_and_follow_the_areas_when_these_are_shuffled(precision, latitude, longitude, order):
    point = events(event(date(2016, 1, 1), latitude_deg=latitude, longitude_deg=longitude, place_precision=precision))
    there = grid(9)
    chance = area_chances(point, there)
    assert (chance >= 0).all() and chance.sum() == pytest.approx(1)
    assert area_chances(point, there[list(order)])[0] == pytest.approx(chance[0][list(order)])


def test_draws_of_many_seeds_match_the_chances():
    there = grid(9)
    spot = event(date(2016, 1, 10), latitude_deg=8.5, longitude_deg=20.5, place_precision=4)
    three, seeds = events(spot, spot, spot), 200
    counts = np.bincount([area for seed in range(seeds) for area in place_events(three, there, seed).area], minlength=9)
    expected = 3 * seeds * area_chances(three, there)[0]
    # 8 degrees of freedom: above 26.1 once in a thousand.
    assert ((counts - expected) ** 2 / expected).sum() < 26.1


def test_many_events_at_one_spot_are_drawn_one_by_one():
    there = grid(9)
    spot = events(*(event(date(2016, 1, 10), latitude_deg=8.52, longitude_deg=20.47, place_precision=4)
                    for _ in range(3000)))  # fmt: skip
    counts = np.bincount(place_events(spot, there, 0).area, minlength=9)
    expected = 3000 * area_chances(spot[:1].with_columns(latitude_deg=8.5, longitude_deg=20.5), there)[0]
    assert ((counts - expected) ** 2 / expected).sum() < 26.1


def test_an_event_over_two_months_falls_in_each_by_its_days():
    # 21 days in January, 9 in February.
    long = event(date(2016, 2, 9), date_start=date(2016, 1, 11))
    drawn = place_events(events(*[long] * 4000), NEAR, seed=1)
    assert set(drawn.month.tolist()) == {JANUARY_2016, JANUARY_2016 + 1}
    assert (drawn.month == JANUARY_2016).mean() == pytest.approx(0.7, abs=0.03)


@examples(25, 500)
@given(st.integers(0, 60), st.integers(0, 5))
def test_later_events_never_move_earlier_ones(known, seed):
    table = war(60, 40, seed)
    whole, part = (place_events(some, grid(16), seed) for some in (table, table[:known]))
    assert whole.area[:known].tolist() == part.area.tolist()
    assert whole.month[:known].tolist() == part.month.tolist()


def test_another_seed_moves_only_what_is_not_exact():
    table = war(200, 30)
    one, other = (place_events(table, grid(16), seed) for seed in (0, 1))
    exact = (table["place_precision"] == 1).to_numpy()
    assert (one.area[exact] == other.area[exact]).all()
    assert (one.area[~exact] != other.area[~exact]).any()


def test_one_area_takes_everything_and_no_event_makes_no_trouble():
    assert set(place_events(war(50, 12), areas((0, 0, 5)), 0).area.tolist()) == {0}
    assert place_events(war(50, 12)[:0], NEAR, 0).month.tolist() == []


def test_chances_of_thousands_of_spots_are_those_of_each_alone():
    draw = np.random.default_rng(0)
    rows = [vague(float(latitude), 3) for latitude in draw.uniform(-80, 80, 2100).round(1)]
    table = events(*rows)
    table = table.with_columns(longitude_deg=pl.Series(draw.uniform(-170, 170, 2100).round(1)))
    drawn = place_events(table, NEAR, 7)
    luck = np.random.default_rng(7).random((2100, 2))[:, 0]
    assert drawn.area.tolist() == (luck >= area_chances(table, NEAR)[:, 0]).astype(int).tolist()
