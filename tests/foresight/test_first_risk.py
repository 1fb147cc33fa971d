from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.first_risk import deaths_per_month, first_risk, known_events
from bluehelm.mission.months import Month
from bluehelm.norms import load_norms

JANUARY = Month(2017, 1)


def events(*rows: tuple[date, int]) -> pl.DataFrame:
    return pl.DataFrame(
        {"date": [day for day, _ in rows], "fatalities_civilian": [dead for _, dead in rows]},
        schema={"date": pl.Date, "fatalities_civilian": pl.Int64},
    )


def test_an_event_one_half_life_old_counts_half_of_a_new_one():
    known = events((date(2016, 12, 5), 8), (date(2016, 10, 5), 8))
    rate = deaths_per_month(known, JANUARY, 0, half_life_months=2)
    weights = 1 + 0.5**0.5 + 0.5
    assert rate == pytest.approx([8 / weights, 4 / weights])


def test_steady_violence_gives_its_own_rate_back():
    known = events(*((date(2015 + i // 12, i % 12 + 1, 10), 7) for i in range(24)))
    assert deaths_per_month(known, JANUARY, 0, half_life_months=5).sum() == pytest.approx(7)


def test_with_a_lag_the_last_months_are_not_known_and_age_counts_from_before_them():
    known = known_events(events((date(2016, 11, 30), 3), (date(2016, 12, 1), 5)), JANUARY, publication_lag_months=1)
    assert known["fatalities_civilian"].to_list() == [3]
    assert deaths_per_month(known, JANUARY, 1, half_life_months=12) == pytest.approx([3])


@given(
    st.lists(st.tuples(st.dates(date(2010, 1, 1), date(2020, 12, 31)), st.integers(0, 500)), max_size=20),
    st.integers(0, 6),
)
def test_no_event_of_the_months_planned_is_ever_known(rows, lag):
    known = known_events(events(*rows), JANUARY, lag)
    assert known.filter(pl.col("date") >= JANUARY.first_day).is_empty()
    assert (deaths_per_month(known, JANUARY, lag, 12.0) >= 0).all()


def test_risk_is_the_history_of_an_area_plus_a_prior_on_its_people():
    norms = load_norms({"risk_prior_deaths_per_million_month": 2.0})
    risk = first_risk(np.array([1.5, 2.0, 9.0]), np.array([1, 1, -1]), np.array([5e5, 1e6]), norms, JANUARY)
    assert risk == pytest.approx([1.0, 2.0 + 3.5])


def test_without_events_risk_is_the_prior_alone():
    norms = load_norms()
    prior = norms.number("risk_prior_deaths_per_million_month", JANUARY.first_day)
    risk = first_risk(np.zeros(0), np.zeros(0, np.int64), np.array([1e6, 0.0]), norms, JANUARY)
    assert risk == pytest.approx([prior, 0.0])


def test_a_negative_lag_and_a_half_life_of_nothing_are_refused():
    with pytest.raises(InvalidRecordError, match="0 or more"):
        known_events(events(), JANUARY, -1)
    with pytest.raises(InvalidRecordError, match="positive"):
        deaths_per_month(events((date(2016, 1, 1), 1)), JANUARY, 0, 0)
