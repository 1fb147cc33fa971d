from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.events import read_conflict_events
from bluehelm.foresight.first_risk import known_events
from bluehelm.foresight.history import history_at, observed_deaths
from bluehelm.foresight.models import MODELS, PRODUCT, YARDSTICKS
from bluehelm.foresight.rolling import ScoreRules, expected_shares, futures, origins_between, score_origin
from bluehelm.foresight.scores import crps, log_score
from bluehelm.foresight.spaced_areas import spaced_areas
from bluehelm.mission.importers.places import read_places
from bluehelm.mission.months import Month
from tests.foresight.made import event, events, grid, record, war

JUNE = Month(2012, 6)
WAR, PLACES = war(200, 48), grid(9)


def test_scores_of_no_violence_are_worked_out_by_hand():
    table = events(
        event(date(2012, 5, 1), 9, latitude_deg=8.0, longitude_deg=20.0),
        event(date(2012, 7, 1), 4, latitude_deg=8.0, longitude_deg=20.5),
        event(date(2012, 9, 1), 30, latitude_deg=8.0, longitude_deg=20.0),
    )
    found = score_origin(table, grid(2), JUNE, ScoreRules(("none",), (1, 3), 10, top=1))
    assert found.select("horizon", "month", "area", "observed", "crps").rows() == [
        (1, "2012-07", 0, 0, 0.0), (1, "2012-07", 1, 4, 4.0), (1, "2012-07", -1, 4, 4.0),
        (3, "2012-09", 0, 30, 30.0), (3, "2012-09", 1, 0, 0.0), (3, "2012-09", -1, 30, 30.0),
    ]  # fmt: skip
    # A forecast that points nowhere finds half of the deaths in one of two areas.
    assert found.filter(pl.col("area") < 0)["captured"].to_list() == [2.0, 15.0]


def test_scores_are_those_of_the_paths_drawn():
    rules = ScoreRules(("sampled_history",), (1, 6), 50, seed=3)
    found = score_origin(WAR, PLACES, JUNE, rules)
    paths = futures("sampled_history", history_at(WAR, PLACES, JUNE, seed=3), 6, 50, 3)
    came = observed_deaths(WAR, PLACES, JUNE + 1, 6, seed=3)
    for ahead in (1, 6):
        rows = found.filter(pl.col("horizon") == ahead, pl.col("area") >= 0)
        assert rows["crps"].to_list() == crps(paths[:, :, ahead - 1], came[:, ahead - 1]).tolist()
        total = found.filter(pl.col("horizon") == ahead, pl.col("area") < 0)
        assert total["log_score"][0] == log_score(paths[:, :, ahead - 1].sum(axis=1), came[:, ahead - 1].sum())
        assert total["expected"][0] == pytest.approx(rows["expected"].sum())
        assert total["observed"][0] == rows["observed"].sum()


def test_a_lag_is_bridged_by_forecasting_further():
    history = record(grid(1), 12, [(0, month, 10 * month) for month in range(1, 12)])
    ahead = futures("sampled_history", history, 3, 20, 0, lag_months=2)
    assert (ahead == futures("sampled_history", history, 5, 20, 0)[:, :, 2:]).all()


@pytest.mark.parametrize("lag", [0, 2])
def test_events_after_the_origin_change_what_came_and_never_what_was_expected(lag):
    later = (JUNE + 1 + -lag).first_day
    known = WAR.filter(pl.col("date") < later)
    rules = ScoreRules(MODELS, (1, 3), 30, lag)
    one, other = (score_origin(some, PLACES, JUNE, rules) for some in (WAR, known))
    assert one["expected"].to_list() == other["expected"].to_list()
    assert one["observed"].sum() > 0


def test_every_score_is_a_number():
    found = score_origin(WAR, PLACES, JUNE, ScoreRules(MODELS, (1, 12), 20))
    numbers = found.select(pl.col(pl.Float64))
    assert found.height == len(MODELS) * 2 * 10 and not any(found.null_count().row(0))
    assert np.isfinite(numbers.to_numpy()).all() and found["pit"].is_between(0, 1).all()
    total = found.filter(pl.col("area") < 0)
    assert (total["captured"] <= total["observed"]).all()


def test_a_forecast_points_where_its_futures_suffer_most_often_not_where_one_has_a_massacre():
    paths = np.zeros((10, 2), np.int32)
    paths[:9, 0], paths[9, 1] = 1, 5000
    assert expected_shares(paths).tolist() == [0.9, 0.1]
    assert expected_shares(np.zeros((3, 2), np.int32)).tolist() == [0.0, 0.0]


def test_origins_are_counted_from_the_first():
    assert [str(one) for one in origins_between(Month(2015, 11), Month(2016, 4), 2)] == [
        "2015-11",
        "2016-01",
        "2016-03",
    ]
    assert origins_between(JUNE, JUNE) == (JUNE,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"models": ()}, "0 models"),
        ({"models": ("sampled_histry",)}, "Nearest name: 'sampled_history'"),
        ({"horizons": ()}, "months ahead from 1 to 36"),
        ({"horizons": (1, 0)}, "the horizons 1, 0"),
        ({"horizons": (37,)}, "months ahead from 1 to 36"),
        ({"samples": 1}, "2 or more samples"),
        ({"top": 0}, "1 or more top areas"),
    ],
)
def test_rules_that_cannot_be_are_refused(changes, said):
    with pytest.raises(InvalidRecordError, match=said):
        ScoreRules(**({"models": ("none",)} | changes))


HORIZONS = (1, 3, 6, 12)
RIVALS = (*YARDSTICKS, PRODUCT)
THEATRES = {
    "darfur": ("ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz", "sudan", (9, 20, 21.5, 28), Month(2008, 1), 36),
    "car": ("ucdp_ged_car/ucdp_ged_car_1991_2018.csv.gz", "central-african-republic", None, Month(2010, 1), 32),
}


def theatre(shared, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the events of a theatre, and draw its areas from what was known at its first origin."""
    file, country, box, first, _ = THEATRES[name]
    table = read_conflict_events(shared / "data" / file).table
    places = read_places(shared / "data" / "osm_places" / f"{country}.csv.gz")
    if box:
        inside = pl.col("latitude_deg").is_between(*box[:2]) & pl.col("longitude_deg").is_between(*box[2:])
        table, places = table.filter(inside), places.filter(inside)
    return table, spaced_areas(places, known_events(table, first + 1, 0))


def quarterly_scores(shared, name: str, samples: int) -> pl.DataFrame:
    """Mean scores by model, horizon and scope over an origin each quarter."""
    table, there = theatre(shared, name)
    rules = ScoreRules(RIVALS, HORIZONS, samples)
    first, quarters = THEATRES[name][-2:]
    frames = [score_origin(table, there, first + 3 * quarter, rules) for quarter in range(quarters)]
    scope = pl.when(pl.col("area") < 0).then(pl.lit("total")).otherwise(pl.lit("areas"))
    return pl.concat(frames).with_columns(scope=scope).group_by("model", "horizon", "scope").agg(
        pl.col("crps", "log_score").mean()
    )  # fmt: skip


def beaten(scores: pl.DataFrame, score: str, scope: str) -> dict[int, set[str]]:
    """Name the yardsticks that the product scores better than, by horizon."""
    part = scores.filter(pl.col("scope") == scope)
    mean = {(model, ahead): value for model, ahead, value in part.select("model", "horizon", score).iter_rows()}
    return {ahead: {name for name in YARDSTICKS if mean[PRODUCT, ahead] < mean[name, ahead]} for ahead in HORIZONS}


@pytest.mark.real_data
@pytest.mark.parametrize("name", THEATRES)
def test_real_events_after_the_origin_change_no_forecast_and_every_score_is_a_number(shared, name):
    table, there = theatre(shared, name)
    origin, rules = THEATRES[name][3] + 60, ScoreRules(("sampled_history", "self_exciting"), HORIZONS, 50)
    whole, cut = (score_origin(some, there, origin, rules) for some in (table, known_events(table, origin + 1, 0)))
    assert whole["expected"].to_list() == cut["expected"].to_list()
    assert whole["observed"].sum() > 0 == cut["observed"].sum()
    assert np.isfinite(whole.select(pl.col(pl.Float64)).to_numpy()).all()


# Whether a model is better takes years of origins to tell: with two, totals are sixteen numbers and a matter of luck.
@pytest.mark.real_data
@pytest.mark.full
@pytest.mark.parametrize("name", THEATRES)
def test_over_years_of_real_origins_the_product_beats_the_yardsticks(shared, name):
    scores = quarterly_scores(shared, name, samples=400)
    everyone = {ahead: set(YARDSTICKS) for ahead in HORIZONS}
    assert beaten(scores, "log_score", "areas") == everyone
    assert beaten(scores, "log_score", "total") == everyone
    # Where most areas stay quiet, to expect nothing is hard to beat by CRPS far ahead: in the Central African Republic
    # it is about 1 % better at 6 and 12 months, as is sampled history for all of Darfur at 3 months.
    by_area, in_all = beaten(scores, "crps", "areas"), beaten(scores, "crps", "total")
    assert all(found >= set(YARDSTICKS) - {"none"} for found in by_area.values())
    assert by_area[1] == by_area[3] == in_all[1] == set(YARDSTICKS)
    assert all(found >= set(YARDSTICKS) - {"sampled_history"} for found in in_all.values())
