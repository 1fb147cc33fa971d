from __future__ import annotations

from datetime import date
from math import inf, nan

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.nearest import EARTH_RADIUS_KM, degrees_of, on_sphere
from bluehelm.foresight.spaced_areas import AREA_COLUMNS, SpacingRules, spaced_areas
from tests.conftest import examples
from tests.foresight.made import event, events, war


def towns(*rows: tuple[str, float, float, int | None], kind: str = "town") -> pl.DataFrame:
    return pl.DataFrame(
        [(*row[:3], row[3], kind) for row in rows],
        schema={"name": pl.String, "latitude_deg": pl.Float64, "longitude_deg": pl.Float64,
                "population_persons": pl.Int64, "kind": pl.String},
        orient="row",
    )  # fmt: skip


def killing(latitude: float, longitude: float, deaths: int = 1, **others) -> dict:
    return event(date(2016, 1, 1), deaths, latitude_deg=latitude, longitude_deg=longitude, **others)


NONE = events()
# 0.15 degrees of latitude are 17 km, 0.4 are 44 km.
THREE = towns(("Big", 10.0, 20.0, 9000), ("Close", 10.15, 20.0, 500), ("Away", 10.4, 20.0, 100))


def km_between(areas: pl.DataFrame) -> np.ndarray:
    points = on_sphere(*degrees_of(areas))
    return EARTH_RADIUS_KM * np.arccos(np.clip(points @ points.T, -1, 1))


def test_a_place_too_close_to_a_larger_one_is_left_out_and_its_people_join_the_nearest():
    areas = spaced_areas(THREE, NONE)
    assert areas.columns == list(AREA_COLUMNS)
    assert areas.rows() == [("big", "Big", 10.0, 20.0, 9500), ("away", "Away", 10.4, 20.0, 100)]


def test_violence_comes_before_people():
    areas = spaced_areas(THREE, events(killing(10.15, 20.0)))
    assert areas["name"].to_list() == ["Close"]
    assert areas["population_persons"].to_list() == [9600]


def test_an_exact_event_far_from_every_place_makes_an_area_and_a_vague_one_does_not():
    far, vague = killing(12.0, 20.0, place="Wells"), killing(14.0, 20.0, place="Province", place_precision=4)
    areas = spaced_areas(THREE, events(far, vague))
    assert "Wells" in areas["name"].to_list() and "Province" not in areas["name"].to_list()
    assert areas.filter(pl.col("name") == "Wells")["population_persons"].to_list() == [1000]


def test_two_events_at_one_spot_are_one_place_with_the_people_of_one():
    areas = spaced_areas(None, events(killing(12.0, 20.0, place=""), killing(12.01, 20.01, place="")))
    assert areas.select("name", "population_persons").rows() == [("unnamed place", 1000)]


def test_people_of_a_place_are_those_usual_for_its_kind_where_unknown_and_suburbs_are_no_places():
    assert spaced_areas(towns(("Blank", 1.0, 1.0, None)), NONE)["population_persons"].to_list() == [15_000]
    mixed = pl.concat([towns(("Part", 5.0, 5.0, 9), kind="suburb"), towns(("Whole", 1.0, 1.0, 7), kind="village")])
    assert spaced_areas(mixed, NONE)["name"].to_list() == ["Whole"]


def test_names_that_stand_twice_get_ids_of_their_own():
    twins = towns(("Bo", 1.0, 1.0, 5), ("Bo", 5.0, 1.0, 5))
    assert sorted(spaced_areas(twins, NONE)["area_id"].to_list()) == ["bo", "bo-2"]


@pytest.mark.parametrize("rules", [{"most_areas": 0}, {"most_areas": 5001}, {"spacing_km": 0}, {"spacing_km": -3},
                                   {"spacing_km": nan}, {"spacing_km": inf}])  # fmt: skip
def test_rules_that_cannot_be_are_refused(rules):
    with pytest.raises(InvalidRecordError, match="1 to 5000 areas and a positive distance"):
        SpacingRules(**rules)


@pytest.mark.parametrize("places", [None, THREE[:0]])
def test_neither_a_place_nor_a_well_placed_event_is_told(places):
    with pytest.raises(InvalidRecordError, match="no populated place and no well-placed event"):
        spaced_areas(places, events(killing(1.0, 1.0, place_precision=5)))


@st.composite
def countries(draw):
    spots = st.tuples(st.floats(-3, 3), st.floats(20, 26), st.integers(0, 10**6))
    rows = draw(st.lists(spots, min_size=1, max_size=25))
    return towns(*((f"T{i}", *row) for i, row in enumerate(rows)))


@examples(60, 2000)
@given(countries(), st.integers(0, 20), st.floats(5, 300), st.integers(1, 30))
def test_areas_lie_apart_hold_all_people_and_begin_with_the_most_violent(places, count, spacing_km, most):
    known = war(count, 20, seed=count) if count else NONE
    areas = spaced_areas(places, known, SpacingRules(spacing_km, most))
    apart = km_between(areas) + np.where(np.eye(areas.height), inf, 0)
    assert areas.height <= most and apart.min() >= spacing_km - 1e-3
    assert (areas["population_persons"] >= 0).all()
    lonely = sum(name not in places["name"].to_list() for name in spaced_areas(places, known)["name"])
    people = places["population_persons"].sum()
    assert areas["population_persons"].sum() >= people
    if not count:
        assert areas["population_persons"].sum() == people and not lonely


@examples(30, 1000)
@given(countries(), st.data())
def test_the_most_violent_place_is_always_an_area(places, data):
    row = places.row(data.draw(st.integers(0, places.height - 1)), named=True)
    worst = killing(row["latitude_deg"], row["longitude_deg"], 500)
    areas = spaced_areas(places, events(worst), SpacingRules(60.0, 3))
    cell = (np.floor(10 * row["latitude_deg"]), np.floor(10 * row["longitude_deg"]))
    first = areas.row(0, named=True)
    # Places in one cell of 0.1 degree are one; the worst event is nearest to one in its own cell or a neighbour's.
    assert abs(np.floor(10 * first["latitude_deg"]) - cell[0]) <= 1
    assert abs(np.floor(10 * first["longitude_deg"]) - cell[1]) <= 1


def test_areas_depend_on_the_events_given_and_on_nothing_else():
    known = war(80, 30)
    again = spaced_areas(THREE, known.sample(fraction=1.0, shuffle=True, seed=4))
    assert spaced_areas(THREE, known).equals(again)
