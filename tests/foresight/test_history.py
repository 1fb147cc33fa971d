from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.history import LONGEST_RECORD_MONTHS, MOST_GROUPS, history_at, observed_deaths
from bluehelm.mission.months import Month
from tests.conftest import examples
from tests.foresight.made import areas, event, events, grid, same, war

TWO = areas((10.0, 20.0, 500), (12.0, 20.0, 900))
MARCH = Month(2016, 3)


def at(latitude: float, day: date, deaths: int, civilian: int, **others) -> dict:
    return event(day, deaths, civilian, latitude_deg=latitude, longitude_deg=20.0, **others)


WORKED = events(
    at(10, date(2016, 1, 5), 3, 3, actor="Army"),
    at(12, date(2016, 1, 31), 7, 0, actor="Army", opponent="Rebels"),
    at(10, date(2016, 3, 31), 9, 4, actor="Rebels"),
    at(10, date(2016, 4, 1), 50, 50, actor="Army"),
)


def test_a_record_counts_deaths_of_civilians_fights_and_armed_groups_by_area_and_month():
    record = history_at(WORKED, TWO, MARCH)
    assert (record.first_month, record.last_month, record.months) == (Month(2016, 1), MARCH, 3)
    assert record.deaths.tolist() == [[3, 0, 4], [0, 0, 0]]
    assert [part.tolist() for part in (record.harm.area, record.harm.month, record.harm.deaths)] == [
        [0, 0], [0, 2], [3, 4]
    ]  # fmt: skip
    # In March five others died beside four civilians.
    assert record.fights.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert record.fight_marks == pytest.approx(np.log([[1, 1, 6], [8, 1, 1]]))
    rebels, army = ([[0, 0, 10], [8, 1, 1]], [[4, 1, 1], [8, 1, 1]])
    assert record.group_marks == pytest.approx(np.log(np.maximum([rebels, army], 1)))


def test_the_record_ends_with_the_last_day_of_its_last_month():
    assert history_at(WORKED, TWO, Month(2016, 4)).deaths.sum() == 57
    assert history_at(WORKED, TWO, MARCH).deaths.sum() == 7
    assert history_at(WORKED, TWO, Month(2016, 2)).deaths.tolist() == [[3, 0], [0, 0]]


def test_a_lag_leaves_out_what_was_not_published():
    late = history_at(WORKED, TWO, MARCH, lag_months=1)
    assert late.last_month == Month(2016, 2) and late.deaths.sum() == 3
    assert same(late, history_at(WORKED, TWO, Month(2016, 2)))


@pytest.mark.parametrize(("origin", "lag"), [(Month(2015, 12), 0), (MARCH, 3)])
def test_nothing_known_is_told_with_the_lag(origin, lag):
    with pytest.raises(InvalidRecordError, match=f"end of {origin} with a lag of {lag} months"):
        history_at(WORKED, TWO, origin, lag_months=lag)


def test_a_record_is_not_longer_than_twenty_years():
    old = events(at(10, date(1989, 5, 1), 5, 5), at(10, date(2016, 1, 1), 1, 1))
    record = history_at(old, TWO, MARCH)
    assert record.months == LONGEST_RECORD_MONTHS and record.deaths.sum() == 1
    silent = history_at(old[:1], TWO, MARCH)
    assert silent.months == LONGEST_RECORD_MONTHS and silent.deaths.sum() == 0 and not silent.group_marks.any()


def test_civilians_are_no_armed_group_in_any_form_of_file():
    table = events(at(10, date(2016, 1, 5), 3, 3, actor="Army", opponent="Civilians (Sudan)"))
    assert history_at(table, TWO, MARCH).group_marks.shape == (1, 2, 3)


def test_only_the_most_active_groups_are_kept():
    table = events(*(at(10, date(2016, 1, 5), i + 1, 0, actor=f"Group {i}", opponent="") for i in range(20)))
    marks = history_at(table, TWO, MARCH).group_marks
    assert marks.sum(axis=(1, 2)) == pytest.approx(np.log1p(np.arange(20, 20 - MOST_GROUPS, -1)))


def test_what_came_is_counted_after_the_origin_alone():
    assert observed_deaths(WORKED, TWO, Month(2016, 3), 2).tolist() == [[4, 50], [0, 0]]
    assert observed_deaths(WORKED, TWO, Month(2016, 5), 2).tolist() == [[0, 0], [0, 0]]


@examples(25, 1000)
@given(st.integers(0, 50), st.integers(0, 3), st.integers(2, 30))
def test_deaths_add_up_to_those_known_and_what_came_to_the_rest(seed, lag, month):
    table, there = war(80, 30, seed), grid(9)
    origin = Month(2010, 1) + month
    known = table.filter(pl.col("date") < (origin + 1 + -lag).first_day)
    if known.is_empty():
        return
    record = history_at(table, there, origin, lag_months=lag, seed=seed)
    assert record.deaths.sum() == known["fatalities_civilian"].sum() == record.harm.deaths.sum()
    others = known["fatalities_best"] - known["fatalities_civilian"]
    assert record.fights.sum() == (others > 0).sum()
    assert record.fight_marks.sum() == pytest.approx(np.log1p(others.to_numpy()).sum())
    came = observed_deaths(table, there, record.first_month, 60, seed=seed)
    assert came.sum() == table["fatalities_civilian"].sum()
    assert (came[:, : record.months] >= record.deaths).all()


@examples(20, 500)
@given(st.integers(0, 30), st.integers(3, 20), st.integers(0, 3))
def test_a_planted_later_event_changes_nothing(seed, month, lag):
    table, origin = war(80, 30, seed), Month(2010, 1) + month
    later = (origin + 1 + -lag).first_day
    table = pl.concat([table, events(at(10, date(2010, 1, 2), 1, 1))]).sort("date", "event_id")
    planted = at(9, later, 9000, 9000, place_precision=4, date_start=date(2010, 1, 1), actor="New group")
    more = pl.concat([table, events(planted)]).sort("date", "event_id")
    one, other = (history_at(some, grid(9), origin, lag_months=lag, seed=seed) for some in (table, more))
    assert same(one, other)


@examples(20, 500)
@given(st.integers(0, 30), st.integers(1, 12))
def test_an_earlier_record_is_that_made_earlier_where_events_are_exact(seed, months):
    table = war(80, 30, seed).with_columns(place_precision=pl.lit(1, pl.Int64))
    last = Month(2012, 6)
    earlier = history_at(table, grid(9), last + -months)
    cut = history_at(table, grid(9), last).before(months)
    # A group that appeared later is an empty one here.
    kept = cut.group_marks.any(axis=(1, 2))
    assert earlier.last_month == cut.last_month and earlier.deaths.tolist() == cut.deaths.tolist()
    assert earlier.harm.deaths.tolist() == cut.harm.deaths.tolist()
    assert earlier.fight_marks == pytest.approx(cut.fight_marks)
    assert sorted(earlier.group_marks.sum(axis=(1, 2))) == pytest.approx(sorted(cut.group_marks[kept].sum(axis=(1, 2))))


def test_at_least_one_month_is_left_of_a_record():
    assert history_at(WORKED, TWO, MARCH).before(99).months == 1
