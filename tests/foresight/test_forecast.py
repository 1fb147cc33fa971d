from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import ImportFileError, InvalidRecordError
from bluehelm.foresight.forecast import Forecast, read_forecast, risk_table, write_forecast
from bluehelm.mission.months import Month
from tests.conftest import examples
from tests.foresight.made import areas, grid

FILES = ("areas.csv", "forecast.json", "paths.parquet", "risk.csv")


def made(paths: int = 6, count: int = 3, months: int = 4, seed: int = 0, **facts) -> Forecast:
    deaths = np.random.default_rng(seed).poisson(0.7, (paths, count, months)) ** 3
    return Forecast(grid(count), Month(2016, 11), deaths.astype(np.int32), "self_exciting", facts)


def test_risk_is_worked_out_by_hand():
    deaths = np.zeros((20, 1, 2), np.int32)
    deaths[:, 0, 1] = [0] * 10 + [1] * 4 + [5] * 3 + [10, 25, 100]
    table = risk_table(Forecast(grid(1), Month(2016, 12), deaths, "none"))
    assert table.rows()[0] == ("a0", "2017-01", 1, 0.0, *[0] * 6, 0.0, 0.0, 0.0)
    # 5, 25, 50, 75, 95 and 99 % of 20 paths: the 1st, 5th, 10th, 15th, 19th and 20th.
    assert table.rows()[1] == ("a0", "2017-02", 2, 7.7, 0, 0, 0, 5, 25, 100, 0.5, 0.15, 0.1)
    assert table.columns[4:] == ["p05", "p25", "p50", "p75", "p95", "p99", "chance_1", "chance_10", "chance_25"]


def test_risk_has_a_row_for_each_area_and_month_in_order():
    table = risk_table(made())
    assert table["area_id"].to_list() == [f"a{i}" for i in range(3) for _ in range(4)]
    assert table["month"].to_list() == ["2016-12", "2017-01", "2017-02", "2017-03"] * 3
    assert table["months_ahead"].to_list() == [1, 2, 3, 4] * 3
    assert table["mean"].to_numpy() == pytest.approx(made().paths.mean(axis=0).ravel(), abs=1e-6)


@examples(25, 1000)
@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 6), st.integers(0, 999))
def test_a_folder_gives_back_what_was_written(tmp_path_factory, paths, count, months, seed):
    folder = tmp_path_factory.mktemp("forecast")
    forecast = made(paths, count, months, seed, country="Sudan", notes=["为"], numbers=[0.1, None])
    write_forecast(forecast, folder)
    found = read_forecast(folder)
    assert found.areas.equals(forecast.areas) and found.areas.schema == forecast.areas.schema
    assert (found.origin, found.model, found.months) == (forecast.origin, forecast.model, months)
    assert found.facts == forecast.facts
    assert found.paths.dtype == np.int32 and found.paths.tobytes() == forecast.paths.tobytes()


def test_names_with_commas_quotes_and_nothing_in_them_come_back(tmp_path):
    there = areas((0.1, 1 / 3, 5), (-0.0001, 179.999999, 0), (5, 5, 1)).with_columns(
        name=pl.Series(['Kas, "old"', "", "名\n称"]), area_id=pl.Series(["007", "1e5", "null"])
    )
    write_forecast(Forecast(there, Month(2016, 1), np.ones((2, 3, 1), np.int32), "none"), tmp_path)
    assert read_forecast(tmp_path).areas.equals(there)


def test_no_death_at_all_is_a_forecast_too(tmp_path):
    write_forecast(Forecast(grid(2), Month(2016, 1), np.zeros((3, 2, 2), np.int32), "none"), tmp_path)
    assert not read_forecast(tmp_path).paths.any()


def test_the_same_forecast_gives_the_same_bytes_of_every_file(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_forecast(made(seed=4, seed_told=4), tmp_path / name)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_files_can_be_read_without_us(tmp_path):
    forecast = made()
    write_forecast(forecast, tmp_path)
    head = json.loads((tmp_path / "forecast.json").read_text("utf-8"))
    assert (head["first_month"], head["months"], head["paths"], head["areas"]) == ("2016-12", 4, 6, 3)
    rows = pl.read_parquet(tmp_path / "paths.parquet")
    assert (rows["deaths"] > 0).all() and rows["deaths"].sum() == forecast.paths.sum()
    assert rows["month_ahead"].min() == 1
    assert pl.read_csv(tmp_path / "risk.csv").height == 12


@pytest.mark.parametrize("shape", [(2, 4, 1), (2, 3), (0, 3, 1), (2, 3, 0)])
def test_futures_of_another_shape_are_refused(shape):
    with pytest.raises(InvalidRecordError, match="3 areas"):
        Forecast(grid(3), Month(2016, 1), np.zeros(shape, np.int32), "none")


def test_a_number_that_is_none_is_never_written(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        write_forecast(made(errors=float("nan")), tmp_path)


def parquet(folder: Path, **columns) -> None:
    given = {"path": [0], "area": [0], "month_ahead": [1], "deaths": [1]} | columns
    pl.DataFrame({name: value for name, value in given.items() if value is not None}).write_parquet(
        folder / "paths.parquet"
    )


def head(folder: Path, **changes) -> None:
    path = folder / "forecast.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes))


DAMAGES = {
    "no JSON": lambda folder: (folder / "forecast.json").write_text("{"),
    "no UTF-8": lambda folder: (folder / "forecast.json").write_bytes(b"\xff\xfe{}"),
    "a list": lambda folder: (folder / "forecast.json").write_text("[]"),
    "an empty object": lambda folder: (folder / "forecast.json").write_text("{}"),
    "a later form": lambda folder: head(folder, form=2),
    "no month": lambda folder: head(folder, origin="2016-13"),
    "a number as month": lambda folder: head(folder, origin=201612),
    "too few paths": lambda folder: head(folder, paths=1),
    "no paths": lambda folder: head(folder, paths=0),
    "paths without end": lambda folder: head(folder, paths=10**15),
    "negative paths": lambda folder: head(folder, paths=-6),
    "more areas than there are": lambda folder: head(folder, areas=4),
    "no parquet": lambda folder: (folder / "paths.parquet").write_bytes(b"PAR1 no"),
    "an empty parquet": lambda folder: (folder / "paths.parquet").write_bytes(b""),
    "a column that is missing": lambda folder: parquet(folder, deaths=None),
    "a month before the first": lambda folder: parquet(folder, month_ahead=[0]),
    "a month after the last": lambda folder: parquet(folder, month_ahead=[5]),
    "an area that is none": lambda folder: parquet(folder, area=[-1]),
    "negative deaths": lambda folder: parquet(folder, deaths=[-1]),
    "missing deaths": lambda folder: parquet(folder, deaths=pl.Series([None], dtype=pl.Int32)),
    "words for deaths": lambda folder: parquet(folder, deaths=["many"]),
    "too many deaths": lambda folder: parquet(folder, deaths=[2**40]),
    "no areas": lambda folder: (folder / "areas.csv").write_text(""),
    "areas without names": lambda folder: (folder / "areas.csv").write_text("area_id\na\nb\nc\n"),
    "areas without a place": lambda folder: (folder / "areas.csv").write_text(
        (folder / "areas.csv").read_text().replace(",8.0,", ",,")
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_is_told_with_the_way_out(tmp_path, damage):
    write_forecast(made(), tmp_path)
    DAMAGES[damage](tmp_path)
    with pytest.raises(ImportFileError, match=r"is damaged: .+Make it again with 'bluehelm forecast run'"):
        read_forecast(tmp_path)


@pytest.mark.parametrize("name", ["forecast.json", "areas.csv", "paths.parquet"])
def test_a_missing_file_is_named(tmp_path, name):
    write_forecast(made(), tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ImportFileError, match=f"is no forecast: {name} is missing"):
        read_forecast(tmp_path)


@examples(40, 3000)
@given(st.sampled_from(["forecast.json", "areas.csv", "paths.parquet"]), st.integers(0, 10**6), st.binary(max_size=8))
def test_no_change_of_bytes_ends_in_a_traceback(tmp_path_factory, name, place, other):
    folder = tmp_path_factory.mktemp("forecast")
    write_forecast(made(), folder)
    data = (folder / name).read_bytes()
    at = place % len(data)
    (folder / name).write_bytes(data[:at] + other + data[at + len(other) :])
    with suppress(ImportFileError):
        assert read_forecast(folder).paths.min() >= 0
