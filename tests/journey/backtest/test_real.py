"""MINUSCA's first year on real bases and real violence, against figures counted by other means."""

from __future__ import annotations

import csv
import gzip
from math import asin, cos, radians, sin, sqrt

import pytest

from bluehelm.journey.backtest.run import BacktestOrder, backtest_siting


def rows_of(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def km_between(a, b):
    """Great circle by the haversine, written out."""
    north, east = radians(b[0] - a[0]), radians(b[1] - a[1])
    half = sin(north / 2) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(east / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(half))


@pytest.fixture(scope="module")
def record(shared):
    return backtest_siting(
        BacktestOrder(
            bases=shared / "data/geopko/geopko_v23_location_year_dev.csv.gz",
            events=shared / "data/ucdp_ged_car/ucdp_ged_car_1991_2018.csv.gz",
            places=shared / "data/osm_places/central-african-republic.csv.gz",
            mission="MINUSCA",
            years=(2014,),
            moves=(0, 2),
            draws=200,
            engine="here",
        )
    )


@pytest.mark.real_data
def test_the_missions_own_share_is_the_one_counted_by_plain_python(record, shared):
    bases = [
        (float(row["latitude"]), float(row["longitude"]))
        for row in rows_of(shared / "data/geopko/geopko_v23_location_year_dev.csv.gz")
        if row["mission"] == "MINUSCA" and row["year"] == "2014"
    ]
    total = within = 0
    for row in rows_of(shared / "data/ucdp_ged_car/ucdp_ged_car_1991_2018.csv.gz"):
        if row["year"] != "2015" or row["type_of_violence"] != "3" or row["country"] != "Central African Republic":
            continue
        nearest = min(km_between(base, (float(row["latitude"]), float(row["longitude"]))) for base in bases)
        if nearest <= 300:
            total += int(row["best"])
            within += int(row["best"]) * (nearest <= 50)
    own = next(row for row in record["rows"] if row["arm"] == "own_planning_year")
    assert own["deaths"] == total == 425
    assert own["share_deaths"] == pytest.approx(within / total, abs=1e-6)


@pytest.mark.real_data
def test_planning_to_adapt_reaches_more_than_the_mission_and_less_than_the_oracle(record):
    share = {row["arm"]: row["share_deaths"] for row in record["rows"]}
    assert share["random_towns"] < share["own_planning_year"] < share["adaptive_2"] < share["oracle"]
    assert share["adaptive_0"] == share["recipe_0"] == share["own_planning_year"]
