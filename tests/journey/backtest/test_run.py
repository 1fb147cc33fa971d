"""A backtest from files to figures: every arm and year, pooled, with intervals, and nothing that is not a number."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import polars as pl
import pytest

from bluehelm.errors import BluehelmError, ImportFileError, InvalidRecordError
from bluehelm.journey.backtest.measure import Measured
from bluehelm.journey.backtest.pool import backtest_record
from bluehelm.journey.backtest.risk import FutureRules
from bluehelm.journey.backtest.run import BacktestOrder, backtest_siting
from tests.journey.backtest.ground import events, ucdp_file

BASES = """mission,year,country,location,latitude,longitude,Infantry,NoTroops,Reserve,hq,UNPOL,Med,Av,UNMO,ave.no.troops
UNTEST,2014,Central African Republic,Bangui,4.39,18.56,1,0,0,3,0,0,0,0,500
UNTEST,2014,Central African Republic,Bangui,4.39,18.56,1,0,0,0,0,0,0,0,500
UNTEST,2014,Central African Republic,Bouar,5.94,15.60,1,0,0,0,0,0,0,0,150
UNTEST,2015,Central African Republic,Bangui,4.39,18.56,1,0,0,3,0,0,0,0,500
UNTEST,2015,Central African Republic,Bria,6.54,21.99,1,0,0,0,0,0,0,0,150
"""
PLACES = """name,latitude,longitude,population,kind
Bangui,4.39,18.56,800000,city
Bouar,5.94,15.60,40000,town
Bria,6.54,21.99,35000,town
Bambari,5.76,20.67,41000,town
"""
SETTINGS = {"radius_km": 50.0, "theatre_km": 300.0, "draws": 5, "lag_months": 0, "seed": 0}


def killings() -> pl.DataFrame:
    """Bambari bleeds from 2013 to 2016, Bangui sometimes."""
    rows = [(date(year, month, 10), 20.67, 4) for year in (2013, 2014, 2015, 2016) for month in range(1, 13)]
    rows += [(date(year, 6, 20), 18.56, 30) for year in (2013, 2015, 2016)]
    table = events(rows)
    latitude = pl.when(pl.col("longitude_deg") == 20.67).then(5.76).otherwise(4.39)
    return table.with_columns(latitude_deg=latitude)


@pytest.fixture
def order(tmp_path):
    (tmp_path / "bases.csv").write_text(BASES)
    (tmp_path / "places.csv").write_text(PLACES)
    ucdp_file(tmp_path / "events.csv", killings(), "Central African Republic")

    def make(**changes) -> BacktestOrder:
        given = {
            "bases": tmp_path / "bases.csv", "events": tmp_path / "events.csv", "places": tmp_path / "places.csv",
            "mission": "UNTEST", "years": (2014,), "draws": 20, "moves": (0, 1, None), "theatre_km": 400.0,
            "futures": FutureRules(paths=40), "engine": "here",
        }  # fmt: skip
        return BacktestOrder(**(given | changes))

    return make


def share(record, arm, year=2014):
    return next(row["share_deaths"] for row in record["rows"] if (row["arm"], row["year"]) == (arm, year))


def test_every_arm_is_told_for_every_year(order):
    record = backtest_siting(order(years=(2014, 2015)))
    assert record["arms"] == [
        "own_planning_year", "own_scored_year", "random_towns", "most_violent_last_year", "rigid", "recipe_0",
        "recipe_1", "recipe_all", "recipe_paid_1", "recipe_paid_all", "adaptive_0", "adaptive_1", "adaptive_all",
        "oracle",
    ]  # fmt: skip
    told = {(row["arm"], row["year"]) for row in record["rows"]}
    # 2016 has no bases in the file, so the scored year's own bases are told for 2014 alone.
    assert told == {(a, y) for a in record["arms"] for y in (2014, 2015)} - {("own_scored_year", 2015)}
    assert all(row["bases"] == 2 for row in record["rows"])
    json.dumps(record, allow_nan=False)


def test_shares_are_those_counted_by_hand(order):
    record = backtest_siting(order())
    # In 2015: 48 deaths in Bambari, 30 in Bangui. Bangui's headquarters covers its own.
    assert next(row["deaths"] for row in record["rows"]) == 78
    assert share(record, "own_planning_year") == pytest.approx(30 / 78, abs=1e-6)
    assert share(record, "own_scored_year") == pytest.approx(30 / 78, abs=1e-6)
    assert share(record, "oracle") == 1.0
    assert share(record, "recipe_1") == 1.0
    # A paid move in January misses the killing of the 10th: 4 deaths.
    assert share(record, "recipe_paid_1") == pytest.approx(74 / 78, abs=1e-6)
    assert share(record, "adaptive_1") == pytest.approx(74 / 78, abs=1e-6)


def test_moves_cost_what_the_norm_says(order):
    record = backtest_siting(order())
    row = next(row for row in record["rows"] if row["arm"] == "adaptive_1")
    assert row["moves"] == 1
    assert row["move_cost_usd"] == 150 * 400


def test_years_without_events_or_bases_are_left_out_and_told(order):
    record = backtest_siting(order(years=(2014, 2015, 2016, 2017)))
    assert record["years"] == [2014, 2015]
    assert sum("2016" in note or "2017" in note for note in record["notes"]) >= 2


def test_nothing_to_score_is_an_error_that_says_so(order):
    with pytest.raises(ImportFileError, match="no map of UNTEST"):
        backtest_siting(order(years=(2001, 2002)))
    with pytest.raises(BluehelmError, match="UNTESST"):
        backtest_siting(order(mission="UNTESST"))
    with pytest.raises(InvalidRecordError, match="radius"):
        order(radius_km=0.5)


def test_processes_give_the_same_figures(order):
    here = backtest_siting(order(years=(2014, 2015)))
    assert backtest_siting(order(years=(2014, 2015), engine="processes", workers=2)) == here


def test_a_longer_reach_never_covers_less(order):
    near, far = (backtest_siting(order(radius_km=radius)) for radius in (30.0, 90.0))
    assert share(far, "own_planning_year") >= share(near, "own_planning_year")
    assert share(far, "oracle") >= share(near, "oracle")


def measured(arm, year, deaths, within):
    one = np.array(within, float)
    return Measured(arm, year, 3, np.array(deaths, float), one, one / 2, 1, 100.0, 10.0)


def test_pooled_shares_weigh_years_by_their_deaths():
    record = backtest_record(
        "UNTEST",
        [
            measured("own_planning_year", 2014, [10, 10], [1, 0]),
            measured("own_planning_year", 2015, [30, 50], [1, 1]),
            measured("rigid", 2014, [10, 10], [1, 1]),
            measured("rigid", 2015, [30, 50], [0, 1]),
        ],
        SETTINGS,
        [],
    )
    pooled = {row["arm"]: row for row in record["pooled"]}
    assert pooled["own_planning_year"]["share_deaths"] == pytest.approx(0.9)
    assert pooled["own_planning_year"]["mean_of_years"] == pytest.approx(0.75)
    assert pooled["own_planning_year"]["share_events"] == pytest.approx(0.75)
    assert pooled["own_planning_year"]["share_deaths_by_company"] == pytest.approx(0.45)
    [difference] = record["differences"]
    assert difference["share_deaths"] == pytest.approx(-0.2)
    assert (difference["years_won"], difference["years_lost"]) == (1, 1)


def test_years_without_deaths_have_no_share_and_break_nothing():
    record = backtest_record("UNTEST", [measured("own_planning_year", 2014, [], [])], SETTINGS, [])
    assert record["rows"][0]["share_deaths"] is None
    assert record["pooled"][0]["share_deaths"] is None
    json.dumps(record, allow_nan=False)
