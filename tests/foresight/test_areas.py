from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.areas import AreaRules, area_of_events, area_records, draw_areas
from bluehelm.foresight.nearest import Points, nearest_of
from bluehelm.geo.distance import distance_km
from bluehelm.mission.events import EVENT_SCHEMA

BASES = Points(("nyala", "kas"), np.array([12.05, 12.5]), np.array([24.88, 24.28]))


def places(*rows: tuple[str, str, float, float, int | None]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={
            "name": pl.String, "kind": pl.String, "latitude_deg": pl.Float64, "longitude_deg": pl.Float64,
            "population_persons": pl.Int64,
        },
        orient="row",
    )  # fmt: skip


def events(*rows: tuple[float, float, str, int]) -> pl.DataFrame:
    day = date(2016, 5, 1)
    listed = [
        (str(i), day, lat, lon, 3, 3, 3, 3, "one_sided", place, precision, 1)
        for i, (lat, lon, place, precision) in enumerate(rows)
    ]
    return pl.DataFrame(listed, schema=EVENT_SCHEMA, orient="row")


TOWNS = places(
    ("Nyala", "city", 12.05, 24.88, 500_000),
    ("Nyala suburb", "suburb", 12.051, 24.881, 90_000),
    ("Bileil", "village", 12.02, 24.89, None),
    ("Kas", "town", 12.5, 24.28, None),
    ("Khartoum", "city", 15.6, 32.5, 2_600_000),
)


def draw(happened: pl.DataFrame | None, rate: list[float], towns: pl.DataFrame = TOWNS, **rules: object):
    return draw_areas(towns, happened, np.array(rate, float), BASES, BASES, AreaRules(**rules))  # type: ignore[arg-type]


def test_places_near_bases_become_areas_with_the_people_around_them():
    table = draw(None, []).table
    assert table["name"].to_list() == ["Nyala", "Kas"]
    assert table["population_persons"].to_list() == [501_000, 15_000]
    assert table["zone"].to_list() == ["nyala", "kas"]
    assert table["people_known"].to_list() == pytest.approx([500_000 / 501_000, 0])


def test_an_event_joins_the_nearest_place_or_makes_its_own():
    happened = events(
        (12.1, 24.9, "Nyala outskirts", 2), (12.9, 25.3, "Khor Abeche", 1), (12.9, 25.31, "Khor Abeche", 1)
    )
    drawn = draw(happened, [1, 1, 1])
    assert drawn.table["name"].to_list() == ["Nyala", "Kas", "Khor Abeche"]
    assert drawn.event_area.tolist() == [0, 2, 2]


def test_events_far_away_or_placed_nowhere_join_no_area_and_it_is_said():
    drawn = draw(
        events((15.6, 32.5, "Khartoum", 1), (12.05, 24.88, "South Darfur", 5), (12.05, 24.88, "Nyala", 1)), [2, 1, 1]
    )
    assert drawn.event_area.tolist() == [-1, -1, 0]
    assert any("75%" in note for note in drawn.notes)


def test_half_of_the_areas_are_the_most_violent_and_the_rest_the_most_peopled():
    happened = events((11.5, 24.0, "Small", 1), (11.0, 24.0, "Smaller", 1))
    drawn = draw(happened, [5, 1], most_areas=2)
    assert drawn.table["name"].to_list() == ["Nyala", "Small"]


def test_areas_have_their_own_names_in_the_tables():
    towns = places(
        ("Mano", "town", 12.05, 24.88, 10), ("Mano", "town", 12.5, 24.28, 10), ("مانو", "town", 12.9, 24.5, 10)
    )
    records = area_records(draw(None, [], towns), np.array([0.5, 0.25, 0]), "places", "")
    assert [area.area_id for area in records] == ["mano", "mano-2", "area"]
    assert [area.fatalities_per_month for area in records] == [0.5, 0.25, 0]


def test_without_any_place_or_event_there_is_no_area_and_it_says_what_to_give():
    with pytest.raises(InvalidRecordError, match="Give places"):
        draw(None, [], TOWNS.filter(name="Khartoum"))
    with pytest.raises(InvalidRecordError, match="1 to 5000 areas"):
        AreaRules(most_areas=0)


def test_events_of_later_months_join_areas_without_changing_them():
    drawn = draw(events((12.05, 24.88, "Nyala", 1)), [1])
    later = events((12.1, 24.9, "Nyala", 1), (14.0, 24.9, "Far", 1), (12.05, 24.88, "Darfur", 6))
    assert area_of_events(drawn.table, later).tolist() == [0, -1, -1]


@given(
    st.lists(st.tuples(st.floats(11.5, 13), st.floats(24, 25.2), st.integers(0, 1_000_000)), min_size=1, max_size=40),
    st.lists(st.tuples(st.floats(11.5, 13), st.floats(24, 25.2), st.floats(0, 50)), max_size=40),
    st.integers(1, 30),
)
def test_areas_are_never_more_than_asked_and_hold_no_more_people_or_deaths_than_there_are(towns, deaths, most):
    listed = places(*((f"Town {i}", "town", lat, lon, people) for i, (lat, lon, people) in enumerate(towns)))
    happened = events(*((lat, lon, "", 1) for lat, lon, _ in deaths))
    drawn = draw(happened, [rate for *_, rate in deaths], listed, most_areas=most)
    assert 1 <= drawn.table.height <= most
    own_places = 1000 * len(deaths)
    assert drawn.table["population_persons"].sum() <= listed["population_persons"].sum() + own_places
    assert set(drawn.event_area.tolist()) <= {-1, *range(drawn.table.height)}
    assert set(drawn.table["zone"]) <= set(BASES.names)


def test_the_nearest_place_is_that_of_the_ellipsoid():
    rng = np.random.default_rng(0)
    lat, lon = rng.uniform(-60, 60, 200), rng.uniform(-180, 180, 200)
    points = pl.DataFrame({"latitude_deg": lat[:100], "longitude_deg": lon[:100]})
    row, km = nearest_of(points, lat[100:], lon[100:])
    exact = distance_km(lat[:100], lon[:100], lat[100:], lon[100:])
    assert km == pytest.approx(exact[np.arange(100), row], rel=0.006)
    assert exact[np.arange(100), row] == pytest.approx(exact.min(axis=1), rel=0.01)


def test_areas_are_drawn_fast_for_a_large_country():
    import time

    rng = np.random.default_rng(1)
    n, m = 30_000, 5_000
    towns = pl.DataFrame(
        {"name": [f"P{i}" for i in range(n)], "kind": "village", "latitude_deg": rng.uniform(10, 14, n),
         "longitude_deg": rng.uniform(22, 27, n), "population_persons": rng.integers(1, 9999, n)},
    )  # fmt: skip
    happened = events(
        *((lat, lon, "", 1) for lat, lon in zip(rng.uniform(10, 14, m), rng.uniform(22, 27, m), strict=True))
    )
    start = time.perf_counter()
    draw(happened, [1.0] * m, towns, most_areas=200)
    assert time.perf_counter() - start < 5
