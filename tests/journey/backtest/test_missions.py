"""Many missions at once: the same records on every engine, and mission-years pooled as counted by hand."""

from __future__ import annotations

import importlib.util

import pytest

from bluehelm.journey.backtest.missions import backtest_missions, difference_over_missions
from tests.journey.backtest.test_run import order  # noqa: F401  (a fixture)


def record(mission, rows):
    return {
        "mission": mission,
        "rows": [
            {"arm": arm, "year": year, "deaths": deaths, "share_deaths": share} for arm, year, deaths, share in rows
        ],
    }


def test_mission_years_are_pooled_by_their_deaths():
    records = [
        record("A", [("rigid", 2014, 100, 0.5), ("adaptive_2", 2014, 100, 0.7)]),
        record("B", [("rigid", 2014, 300, 0.4), ("adaptive_2", 2014, 300, 0.3), ("rigid", 2015, 0, None)]),
    ]
    found = difference_over_missions(records, "adaptive_2", "rigid")
    assert found["share_deaths"] == pytest.approx((20 - 30) / 400)
    assert (found["mission_years"], found["won"], found["lost"]) == (2, 1, 1)


def test_one_mission_year_has_no_interval():
    records = [record("A", [("rigid", 2014, 100, 0.5), ("adaptive_2", 2014, 100, 0.7)])]
    assert difference_over_missions(records, "adaptive_2", "rigid")["share_deaths_low"] is None


@pytest.mark.parametrize("engine", ["processes", "dask"])
def test_missions_give_the_same_on_every_engine(order, engine):  # noqa: F811
    if engine == "dask" and importlib.util.find_spec("distributed") is None:
        pytest.skip("needs Dask, which is not installed here")
    orders = [order(moves=(1,)), order(moves=(1,), radius_km=80.0)]
    assert backtest_missions(orders, engine=engine, workers=2) == backtest_missions(orders, engine="here")
