from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given

from bluehelm.errors import BluehelmError, ImportFileError, InvalidRecordError
from bluehelm.foresight.spaced_areas import AREA_COLUMNS
from bluehelm.journey.forecast_ground import ground_of_forecast, read_areas
from bluehelm.mission.months import Month
from tests.conftest import examples
from tests.foresight.made import event, events, war, write_ucdp
from tests.mission.importers.garble import reads_or_says_why, spoiled

LAST = Month(2013, 12)


@pytest.fixture
def file(tmp_path) -> Path:
    return write_ucdp(war(80, 40), tmp_path / "events.csv")


def areas_file(folder: Path, text: str) -> Path:
    path = folder / "areas.csv"
    path.write_text(text, "utf-8")
    return path


def test_areas_are_drawn_from_shipped_places_and_said_to_be(file):
    ground = ground_of_forecast(file, "Sudan", None, LAST)
    assert ground.known == ground.events.height == 80 and len(ground.events_hash) == 64
    assert ground.areas.columns == list(AREA_COLUMNS) and ground.areas.height > 20
    assert "Khartoum" in ground.areas["name"].to_list()
    assert any("areas were drawn at least 30 km apart" in note for note in ground.notes)


def test_without_a_country_or_with_one_that_has_no_places_here_areas_come_from_events(tmp_path):
    table = war(80, 40).with_columns(country=pl.lit("Land of Nowhere"))
    file = write_ucdp(table, tmp_path / "events.csv")
    for country in (None, "Land of Nowhere"):
        ground = ground_of_forecast(file, country, None, LAST)
        assert any("No populated places are known" in note for note in ground.notes)
        assert ground.areas.height >= 1 and sum(ground.areas.null_count().row(0)) == 0


def test_places_of_a_file_are_taken_instead_of_those_shipped(file, tmp_path):
    places = tmp_path / "places.csv"
    places.write_text("name,latitude,longitude,population\nHere,8,20,500\nThere,9.5,20,\n")
    ground = ground_of_forecast(file, "Sudan", None, LAST, places=places)
    assert {"Here", "There"} <= set(ground.areas["name"].to_list()) and "Khartoum" not in ground.areas["name"].to_list()


def test_areas_depend_on_nothing_after_the_origin(file, tmp_path):
    origin = Month(2011, 6)
    one = ground_of_forecast(file, None, None, origin)
    planted = event(date(2011, 7, 1), 999, latitude_deg=15.0, longitude_deg=30.0, place="New front")
    more = pl.concat([war(80, 40), events(planted).with_columns(event_id=pl.lit("new"))])
    other = ground_of_forecast(write_ucdp(more, tmp_path / "more.csv"), None, None, origin)
    assert one.areas.equals(other.areas) and one.known == other.known and one.events_hash != other.events_hash
    assert one.notes == other.notes


def test_a_lag_takes_events_out_of_what_is_known(file):
    assert ground_of_forecast(file, None, None, LAST, lag_months=24).known < 80


def test_few_events_are_said_to_be_few(tmp_path):
    file = write_ucdp(war(10, 40), tmp_path / "events.csv")
    assert any("Only 10 events are known" in note for note in ground_of_forecast(file, None, None, LAST).notes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"origin": Month(2009, 12)}, "No event is known at the end of 2009-12.*run from 2010-.* to 20.*Choose an"),
        ({"origin": Month(2010, 1), "lag_months": 9}, "lag 9 months"),
        ({"country": "Chad"}, "has no event in Chad; it has events in Sudan"),
        ({"country": "Atlantis"}, "no event in Atlantis"),
        ({"lag_months": -1}, "0 or more was expected"),
        ({"events": Path("nowhere.csv")}, "nowhere.csv is not a file"),
        ({"areas": Path("nowhere.csv")}, "nowhere.csv is not a file"),
        ({"places": Path("nowhere.csv")}, "nowhere.csv is not a file"),
    ],
)
def test_what_cannot_be_is_told(file, change, said):
    given = {"events": file, "country": "Sudan", "areas": None, "origin": LAST} | change
    with pytest.raises((ImportFileError, InvalidRecordError), match=said):
        ground_of_forecast(**given)


def test_only_vague_events_and_no_places_are_told(tmp_path):
    file = write_ucdp(events(*[event(date(2012, 1, 1), place_precision=6)] * 12), tmp_path / "events.csv")
    with pytest.raises(InvalidRecordError, match="no populated place and no well-placed event"):
        ground_of_forecast(file, None, None, LAST)


GOOD = ["5", "2012-03-01", "2012-03-02", "13.0", "25.0", "4", "4", "4", "4", "3", "1", "1", "Sudan", "A", "Civilians"]
HEADER = (
    "id,date_start,date_end,latitude,longitude,best,low,high,deaths_civilians,type_of_violence,where_prec,date_prec,"
    "country,side_a,side_b"
)


def read_or_told(path: Path) -> str:
    try:
        return " ".join(ground_of_forecast(path, None, None, LAST).notes)
    except BluehelmError as told:
        return str(told)


@pytest.mark.parametrize(
    ("column", "value"),
    [("best", "-1"), ("best", ""), ("low", "9"), ("latitude", "0,longitude=0"), ("latitude", "91"), ("longitude", "NA"),
     ("date_end", "03/04/2012"), ("date_end", "2012-02-30"), ("date_end", "2012-01-01"), ("where_prec", "9")],
)  # fmt: skip
def test_a_value_that_cannot_be_is_an_error_that_names_the_file_or_a_stated_note(tmp_path, column, value):
    names = HEADER.split(",")
    row = dict(zip(names, GOOD, strict=True))
    for part in f"{column}={value}".split(","):
        row |= dict([part.split("=")])
    rows = [row | {"id": "bad"}, *(dict(zip(names, GOOD, strict=True)) | {"id": str(i)} for i in range(40))]
    path = tmp_path / "events.csv"
    pl.DataFrame(rows).select(names).write_csv(path)
    said = read_or_told(path)
    assert "1 of 41" in said, said


@pytest.mark.parametrize("missing", ["best", "latitude", "date_start", "type_of_violence"])
def test_a_missing_column_is_named(file, tmp_path, missing):
    path = tmp_path / "less.csv"
    pl.read_csv(file, infer_schema=False).drop(missing).write_csv(path)
    with pytest.raises(ImportFileError, match=missing):
        ground_of_forecast(path, None, None, LAST)


def test_areas_of_a_file_keep_their_ids_and_blanks_are_filled_and_said(tmp_path):
    path = areas_file(
        tmp_path, "name,area_id,latitude,longitude,population\nKas,kas-1,12.5,24,5000\nBo,,7.9,-11,\n,,1,2,3"
    )
    table, notes = read_areas(path)
    assert table.rows() == [
        ("kas-1", "Kas", 12.5, 24.0, 5000), ("bo", "Bo", 7.9, -11.0, 1000), ("area", "", 1.0, 2.0, 3)
    ]  # fmt: skip
    assert notes == ["1 of 3 areas have no population: 1000 persons each are assumed."]


def test_areas_of_a_mission_are_read_as_they_are(tmp_path):
    path = areas_file(tmp_path, "area_id,name,zone,latitude_deg,longitude_deg,population_persons\nx,Kas,w,12.5,24,77\n")
    table, notes = read_areas(path)
    assert table.rows() == [("x", "Kas", 12.5, 24.0, 77)] and notes == []


def test_an_id_made_from_a_name_does_not_take_one_given(tmp_path):
    path = areas_file(tmp_path, "name,area_id,latitude,longitude\nBo,,1,1\nOther,bo,2,2\n")
    assert read_areas(path)[0]["area_id"].to_list() == ["bo-2", "bo"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,latitude\nKas,5\n", "lacks 1 of 3 needed columns: 'longitude'"),
        ("name,latitude,longitude\n", "no row"),
        ("name,latitude,longitude\nKas,0,0\n", "1 of 1 areas have no coordinates on land: Kas"),
        ("name,latitude,longitude\nKas,95,5\nBo,5,5\n", "1 of 2 areas have no coordinates on land: Kas"),
        ("name,latitude,longitude\nKas,north,5\n", "no coordinates on land"),
        ("name,latitude,longitude,population\nKas,5,5,-4\n", "negative population or one above 50,000,000: Kas"),
        ("name,latitude,longitude,area_id\nKas,5,5,x\nBo,6,6,x\n", "area_id 'x' stands twice"),
        ("name,latitude,longitude\n" + "Kas,5,5\n" * 5001, "has 5001 areas; at most 5000"),
    ],
)
def test_areas_that_cannot_be_are_told(tmp_path, text, said):
    with pytest.raises(ImportFileError, match=said):
        read_areas(areas_file(tmp_path, text))


@examples(60, 5000)
@given(spoiled("name,area_id,latitude,longitude,population\nKas,kas,12.5,24,5000\nBo,bo,7.9,-11,\n"))
def test_a_spoiled_file_of_areas_is_read_or_told(tmp_path_factory, data):
    def read(path: Path) -> None:
        table, _notes = read_areas(path)
        assert sum(table.null_count().row(0)) == 0 and (table["population_persons"] >= 0).all()

    reads_or_says_why(read, data, tmp_path_factory.mktemp("areas"))
