"""Events and other bulk tables: the same rows from text and from Parquet, within a bound of memory."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.mission import events
from bluehelm.mission.bulk import Event, RiskRow
from bluehelm.mission.events import EVENT_SCHEMA, read_events, write_events
from bluehelm.mission.frames import clean_frame, write_frame
from tests.conftest import REPOSITORY


def some(count: int = 3) -> pl.DataFrame:
    numbers = pl.int_range(count, eager=True)
    return pl.DataFrame(
        {
            "event_id": numbers.cast(pl.String),
            "date": [date(2020, 2, 29)] * count,
            "latitude_deg": numbers % 90 / 7.0,
            "longitude_deg": numbers % 180 / 3.0,
            **{f"fatalities_{name}": numbers % 9 for name in ("best", "low", "high", "civilian")},
            "kind": ["one_sided"] * count,
            "place": ['a "place", with marks'] * count,
            "place_precision": [1] * count,
            "date_precision": [5] * count,
        },
        schema_overrides=EVENT_SCHEMA,
    )


def test_text_and_parquet_hold_the_same_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_events(some(), tmp_path)
    monkeypatch.setattr(events, "MOST_EVENTS_AS_TEXT", 2)
    write_events(some(), tmp_path)
    for name in ("events.csv", "events.parquet"):
        back, faults = read_events(tmp_path / name)
        assert back is not None
        assert back.equals(some())
        assert faults == []


def test_parquet_with_other_columns_or_values_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "events.parquet"
    some().rename({"latitude_deg": "latitude"}).write_parquet(file)
    assert [fault.column for fault in read_events(file)[1]] == ["latitude", "latitude_deg"]
    some().with_columns(kind=pl.lit("war"), latitude_deg=pl.lit(float("nan"))).write_parquet(file)
    assert {fault.column for fault in read_events(file)[1]} == {"kind", "latitude_deg"}
    file.write_bytes(b"PAR1 but no table PAR1")
    assert "cannot be read as Parquet" in str(read_events(file)[1][0])
    some().write_parquet(file)
    monkeypatch.setattr(events, "MOST_EVENTS", 2)
    assert "At most 2 events are read." in str(read_events(file)[1][0])


def test_frames_of_another_shape_are_refused_when_written(tmp_path: Path):
    with pytest.raises(InvalidRecordError, match="lacks the columns"):
        write_events(some().drop("kind"), tmp_path)
    with pytest.raises(InvalidRecordError, match="wrong type"):
        write_events(some().with_columns(fatalities_best=pl.lit("many")), tmp_path)
    with pytest.raises(InvalidRecordError, match="without loss"):
        write_events(some().with_columns(fatalities_best=pl.lit(-1)), tmp_path)


def test_columns_left_out_take_their_default_and_texts_lose_blank_ends():
    given = {"area_id": " a ", "month": "2020-01", "fatalities_per_month": 1, "source": "s", "status": "verified"}
    rows = pl.DataFrame([given])
    assert clean_frame(rows, RiskRow).row(0) == ("a", "2020-01", 1.0, "s", "verified", "", "")


@pytest.mark.full
def test_a_large_file_of_events_is_read_within_a_bound_of_memory(tmp_path: Path):
    write_frame(some(1_000_000), tmp_path / "events.csv", Event)
    code = (
        "import sys, resource; from pathlib import Path; from bluehelm.mission.events import read_events;"
        "frame, faults = read_events(Path(sys.argv[1])); assert frame.height == 1_000_000;"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "events.csv"],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    assert int(done.stdout) < 1_500
