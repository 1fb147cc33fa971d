from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.models import MODELS, PRODUCT, YARDSTICKS
from bluehelm.foresight.rolling import ScoreRules
from bluehelm.journey.forecast_ground import ground_of_forecast
from bluehelm.journey.forecast_score import ScoreOrder, score_forecasts
from bluehelm.mission.months import Month
from tests.foresight.made import war, write_ucdp

FIRST, LAST = Month(2011, 10), Month(2013, 4)
RULES = ScoreRules(MODELS, (1, 3), 20)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write_ucdp(war(150, 48), tmp_path_factory.mktemp("score") / "events.csv")


@pytest.fixture(scope="module")
def scored(file):
    return score_forecasts(ScoreOrder(file, FIRST, LAST, step=3, rules=RULES, engine="here"))


def test_a_row_stands_for_each_model_and_horizon_with_scores_and_their_intervals(scored):
    rows = scored.record["rows"]
    assert {(row["model"], row["horizon"]) for row in rows} == {(name, ahead) for name in MODELS for ahead in (1, 3)}
    assert len(rows) == 2 * len(MODELS) == len(scored.record["total_rows"])
    for row in rows:
        for score in ("crps", "log_score", "captured_share"):
            assert row[f"{score}_low"] <= row[score] <= row[f"{score}_high"]
        assert row["yardstick"] is (row["model"] in YARDSTICKS)


def test_no_number_of_the_record_is_missing_or_infinite(scored):
    text = json.dumps(scored.record, allow_nan=False)
    assert json.loads(text) == scored.record


def test_means_are_those_of_the_table(scored):
    for row in scored.record["rows"]:
        part = scored.table.filter(
            pl.col("model") == row["model"], pl.col("horizon") == row["horizon"], pl.col("area") >= 0
        )  # fmt: skip
        assert row["crps"] == pytest.approx(part["crps"].mean())
        assert row["log_score"] == pytest.approx(part["log_score"].mean())
        assert row["forecasts"] == part.height == scored.record["origins_scored"] * scored.record["areas"]


def test_the_share_captured_is_deaths_in_the_top_areas_over_all_deaths(scored):
    for row in scored.record["rows"]:
        total = scored.table.filter(
            pl.col("model") == row["model"], pl.col("horizon") == row["horizon"], pl.col("area") < 0
        )  # fmt: skip
        assert row["captured_share"] == pytest.approx(total["captured"].sum() / total["observed"].sum())
        assert row["deaths"] == total["observed"].sum()


def test_differences_are_our_scores_less_those_of_the_yardsticks(scored):
    rows = {(row["model"], row["horizon"]): row for row in scored.record["rows"]}
    found = [row for row in scored.record["differences"] if row["scope"] == "areas"]
    assert len(found) == 2 * len(YARDSTICKS) * (len(MODELS) - len(YARDSTICKS))
    for row in found:
        ours, theirs = rows[row["model"], row["horizon"]], rows[row["yardstick"], row["horizon"]]
        assert row["crps"] == pytest.approx(ours["crps"] - theirs["crps"])
        assert row["log_score_ratio"] == pytest.approx(ours["log_score"] / theirs["log_score"])
        assert row["crps_low"] <= row["crps"] <= row["crps_high"]


def test_calibration_by_year_and_by_area_stand_in_the_record(scored):
    record = scored.record
    assert len(record["calibration"]) == 2 * 2 * len(MODELS)
    for one in record["calibration"]:
        assert sum(one["shares"]) == pytest.approx(1) and 0 <= one["covered_share"] <= 1
        assert len(one["low"]) == len(one["high"]) == len(one["shares"])
    assert {row["year"] for row in record["by_year"]} == {2011, 2012, 2013}
    assert record["by_area"][0]["observed"] == max(row["observed"] for row in record["by_area"])
    assert {row["area_id"] for row in record["by_area"]} and record["product"] == PRODUCT


def test_processes_give_the_same_record_as_one_process(file):
    rules = ScoreRules(("sampled_history",), (1,), 20)
    one, other = (
        score_forecasts(ScoreOrder(file, FIRST, LAST, step=9, rules=rules, engine=engine, workers=2))
        for engine in ("here", "processes")
    )
    assert one.record == other.record and one.table.equals(other.table)


def test_origins_that_nothing_came_after_are_left_out_and_counted(file):
    order = ScoreOrder(file, Month(2013, 10), Month(2014, 6), rules=ScoreRules(("none",), (1,), 5), engine="here")
    record = score_forecasts(order).record
    assert record["origins_scored"] + record["origins_left_out"] == 9 and record["origins_left_out"] >= 6
    assert not any("are not used" in note for note in record["notes"])


def test_areas_are_drawn_from_what_was_known_at_the_first_origin(tmp_path, file):
    cut = write_ucdp(war(150, 48).filter(pl.col("date") < (FIRST + 1).first_day), tmp_path / "early.csv")
    order = ScoreOrder(file, FIRST, FIRST, rules=ScoreRules(("none",), (1,), 5), engine="here")
    early = ground_of_forecast(cut, None, None, FIRST)
    assert score_forecasts(order).record["areas"] == early.areas.height


@pytest.mark.parametrize("case", ["ten events", "one area", "one origin", "no harm"])
def test_little_to_score_gives_null_where_nothing_can_be_said_and_never_a_wrong_number(tmp_path, case):
    table, areas, last = war(150, 48), None, LAST
    if case == "ten events":
        table = war(10, 48)
    if case == "no harm":
        table = table.with_columns(fatalities_civilian=pl.lit(0), kind=pl.lit("state_based"))
    if case == "one area":
        areas = tmp_path / "areas.csv"
        areas.write_text("name,latitude,longitude\nAll,8,20\n")
    if case == "one origin":
        last = FIRST
    file = write_ucdp(table, tmp_path / "events.csv")
    first = max(FIRST, Month.of(table["date"][0]))
    order = ScoreOrder(file, first, max(first, last), areas=areas, step=6, rules=ScoreRules(MODELS, (1,), 10),
                       engine="here")  # fmt: skip
    record = score_forecasts(order).record
    assert json.dumps(record, allow_nan=False)
    assert len(record["rows"]) == len(MODELS) and np.isfinite([row["crps"] for row in record["rows"]]).all()
    if case == "no harm":
        assert {row["captured_share"] for row in record["rows"]} == {None}
    if case == "one area":
        assert all(row["captured_share"] in (None, 1.0) for row in record["rows"])


def test_the_last_origin_before_the_first_and_months_without_events_are_told(file):
    with pytest.raises(InvalidRecordError, match="The last origin 2011-01 lies before the first 2011-10"):
        ScoreOrder(file, FIRST, Month(2011, 1))
    with pytest.raises(InvalidRecordError, match="step is 0"):
        ScoreOrder(file, FIRST, LAST, step=0)
    with pytest.raises(InvalidRecordError, match=r"Events end in 201\d-\d\d, so nothing can be scored 12 months after"):
        score_forecasts(ScoreOrder(file, Month(2013, 6), LAST + 20, rules=ScoreRules(("none",), (12,))))
