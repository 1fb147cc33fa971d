from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bluehelm.errors import BluehelmError, InvalidRecordError
from bluehelm.foresight.forecast import read_forecast, risk_table, write_forecast
from bluehelm.foresight.models import MODELS, YARDSTICKS
from bluehelm.journey.forecast_run import ForecastOrder, forecast, forecast_folder
from bluehelm.mission.months import Month
from tests.foresight.made import event, events, war, write_ucdp

ORIGIN = Month(2013, 12)
FILES = ("areas.csv", "paths.parquet", "risk.csv")


@pytest.fixture
def order(tmp_path):
    def of(table: pl.DataFrame | None = None, name: str = "events.csv", **changes) -> ForecastOrder:
        path = write_ucdp(war(120, 60) if table is None else table, tmp_path / name)
        usual: dict[str, Any] = {"origin": ORIGIN, "horizon": 3, "samples": 40, "model": "self_exciting"}
        return ForecastOrder(path, **(usual | changes))

    return of


def written(order: ForecastOrder, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    write_forecast(forecast(order), folder)
    head = json.loads((folder / "forecast.json").read_text("utf-8"))
    del head["events_hash"], head["notes"]
    return {name: (folder / name).read_bytes() for name in FILES} | {"head": json.dumps(head).encode()}


def test_a_forecast_tells_what_it_was_made_from(order):
    made = forecast(order(samples=60, seed=4))
    assert made.paths.shape == (60, made.areas.height, 3) and made.paths.dtype == np.int32
    facts = made.facts
    known = war(120, 60).filter(pl.col("date") < (ORIGIN + 1).first_day)
    assert (facts["seed"], facts["lag_months"], facts["country"]) == (4, 0, None)
    assert facts["events_known"] == known.height
    assert facts["record"][1] == "2013-12" and facts["recent"][-1]["month"] == "2013-12"
    assert sum(month["deaths"] for month in facts["recent"]) <= known["fatalities_civilian"].sum()
    later = 120 - known.height
    assert f"{later} of 120 events were not over or not published at the end of 2013-12" in facts["notes"][0]


def test_the_same_order_gives_the_same_bytes_and_another_seed_others(order, tmp_path):
    one, two, other = (
        written(order(seed=seed), tmp_path / f"f{i}") for i, seed in enumerate((1, 1, 2))
    )  # fmt: skip
    assert one == two
    assert one["paths.parquet"] != other["paths.parquet"] and one["areas.csv"] == other["areas.csv"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("lag", [0, 2])
def test_events_after_the_origin_change_no_number(order, tmp_path, model, lag):
    later = (ORIGIN + 1 + -lag).first_day
    planted = events(
        event(later, 9999, latitude_deg=8.0, longitude_deg=20.0, actor="New group"),
        event(date(2015, 1, 1), 5000, date_start=date(2012, 1, 1), latitude_deg=30.0, place_precision=3),
    ).with_columns(event_id=pl.concat_str(pl.lit("new"), "event_id"))
    known = war(120, 60).filter(pl.col("date") < later)
    one = written(order(known, model=model, lag_months=lag), tmp_path / "one")
    other = written(order(pl.concat([known, planted]), "more.csv", model=model, lag_months=lag), tmp_path / "other")
    assert one == other


def test_last_errors_name_the_model_beside_every_yardstick(order):
    made = forecast(order(horizon=6))
    errors = made.facts["errors"]
    assert {row["model"] for row in errors} == {"self_exciting", *YARDSTICKS}
    assert {row["horizon"] for row in errors} == {1, 3, 6} and {row["scope"] for row in errors} == {"areas", "total"}
    assert all(np.isfinite([row["crps"], row["log_score"], row["expected"]]).all() for row in errors)


def test_a_record_too_short_to_look_back_on_tells_no_errors(order):
    assert forecast(order(origin=Month(2010, 12))).facts["errors"] == []


CASES: dict[str, dict[str, Any]] = {
    "ten events": {"table": war(10, 40)},
    "one event": {"table": war(10, 40)[:1]},
    "fights alone": {"table": war(60, 40).with_columns(fatalities_civilian=pl.lit(0), kind=pl.lit("state_based"))},
    "events without deaths": {
        "table": war(40, 40).with_columns(fatalities_civilian=pl.lit(0), fatalities_best=pl.lit(0),
                                          fatalities_low=pl.lit(0))
    },
    "one month of record": {"origin": Month(2010, 1), "table": events(*[event(date(2010, 1, 4), 3)] * 12)},
    "a horizon of three years": {"horizon": 36, "samples": 10},
    "two paths": {"samples": 2},
    "twenty years of silence": {"origin": Month(2039, 1)},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("model", ["self_exciting", "combination"])
def test_little_to_go_by_still_gives_numbers_and_no_traceback(order, tmp_path, case, model):
    made = forecast(order(**({"model": model} | CASES[case])))
    assert made.paths.min() >= 0
    table = risk_table(made)
    assert sum(table.null_count().row(0)) == 0 and np.isfinite(table.select(pl.col(pl.Float64)).to_numpy()).all()
    folder = tmp_path / "out"
    folder.mkdir()
    write_forecast(made, folder)
    assert read_forecast(folder).paths.tobytes() == made.paths.tobytes()


def test_one_area_holds_all_deaths(order, tmp_path):
    areas = tmp_path / "areas.csv"
    areas.write_text("name,latitude,longitude\nAll,8,20\n")
    made = forecast(order(areas=areas))
    known = war(120, 60).filter(pl.col("date") < (ORIGIN + 1).first_day)
    assert made.areas.height == 1
    recent = known.filter(pl.col("date") >= (ORIGIN + -35).first_day)["fatalities_civilian"].sum()
    # An event over the edge of the first month may count on either side; there is none here.
    assert sum(month["deaths"] for month in made.facts["recent"]) == recent


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"horizon": 0}, "horizon is 0; 1 to 36 months"),
        ({"horizon": 37}, "1 to 36 months"),
        ({"samples": 1}, "samples is 1; 2 or more"),
        ({"model": "combinatoin"}, "Nearest name: 'combination'"),
        ({"country": "Chad"}, "no event in Chad"),
        ({"origin": Month(2001, 1)}, "No event is known at the end of 2001-01"),
        ({"lag_months": -3}, "0 or more was expected"),
    ],
)
def test_an_order_that_cannot_be_is_told(order, changes, said):
    with pytest.raises(InvalidRecordError if "country" not in changes else BluehelmError, match=said):
        forecast(order(**changes))


def test_a_forecast_is_written_whole_or_not_at_all(order, tmp_path):
    out = tmp_path / "out"
    made = forecast_folder(order(), out)
    assert read_forecast(out).paths.tobytes() == made.paths.tobytes()
    with pytest.raises(BluehelmError):
        forecast_folder(order(country="Chad"), tmp_path / "none")
    assert not (tmp_path / "none").exists()
