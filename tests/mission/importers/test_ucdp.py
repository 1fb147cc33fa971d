from __future__ import annotations

import resource
from datetime import date

import polars as pl
import pytest
from hypothesis import given

from bluehelm.errors import ImportFileError
from bluehelm.mission.events import EVENT_SCHEMA
from bluehelm.mission.importers.ucdp import read_ucdp_events, read_ucdp_with_faults
from tests.conftest import examples
from tests.mission.importers.garble import reads_or_says_why, spoiled

HEADER = (
    "id,type_of_violence,source_headline,side_a,latitude,longitude,date_start,date_end,best,low,high,deaths_civilians,"
    "where_prec,date_prec,where_coordinates,country,priogrid_gid"
)
GOOD = {
    "id": "1", "type_of_violence": "1", "source_headline": "Secret", "side_a": "A person", "latitude": "13.0",
    "longitude": "25.0", "date_start": "2016-03-01", "date_end": "2016-03-04 00:00:00.000", "best": "10", "low": "8",
    "high": "12", "deaths_civilians": "4", "where_prec": "2", "date_prec": "1", "where_coordinates": "Kas town",
    "country": "Sudan", "priogrid_gid": "148731",
}  # fmt: skip
SAMPLE = "\n".join([HEADER, *(",".join((GOOD | {"id": str(i)}).values()) for i in range(1, 5))])


@pytest.fixture
def file(tmp_path):
    def write(*changes: dict[str, str], header: str = HEADER):
        path = tmp_path / "events.csv"
        rows = [",".join((GOOD | {"id": str(i + 1)} | change).values()) for i, change in enumerate(changes)]
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


def test_an_event_is_read_with_what_a_mission_needs_and_no_more(file):
    events = read_ucdp_events(file({}))
    assert events.schema == pl.Schema(EVENT_SCHEMA)
    assert events.rows() == [("1", date(2016, 3, 4), 13.0, 25.0, 10, 8, 12, 4, "state_based", "Kas town", 2, 1)]


def test_all_deaths_of_one_sided_violence_are_civilian(file):
    events = read_ucdp_events(file({"type_of_violence": "3", "deaths_civilians": "0"}))
    assert events["fatalities_civilian"].to_list() == [10]


def test_columns_that_are_not_needed_may_be_absent(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("id,type_of_violence,latitude,longitude,date_start,best\n7,3,13,25,2016-03-01,5\n")
    events = read_ucdp_events(path)
    assert events.row(0)[:8] == ("7", date(2016, 3, 1), 13.0, 25.0, 5, 5, 5, 5)
    assert events["place_precision"][0] == 7


def test_a_best_estimate_outside_its_range_widens_it_and_is_told(file):
    events, faults = read_ucdp_with_faults(file({"low": "11"}, {"high": "9"}, {}))
    assert events.select("fatalities_low", "fatalities_best", "fatalities_high").rows()[:2] == [
        (10, 10, 12),
        (8, 10, 10),
    ]
    assert [fault.grade for fault in faults] == ["warning"]
    assert "2 of 3 events" in str(faults[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"latitude": "25.0", "longitude": "13.0"}, "look swapped in 1 of 2 events: 2"),
        ({"latitude": "125.0", "longitude": "13.0", "priogrid_gid": ""}, "look swapped in 1 of 2 events: 2"),
        ({"latitude": "0", "longitude": "0", "priogrid_gid": ""}, "in the ocean: 2"),
        ({"latitude": "", "priogrid_gid": ""}, "no coordinates on Earth: 2"),
        ({"longitude": "225"}, "no coordinates on Earth: 2"),
        ({"best": "-3"}, "negative in 1 of 2 events: 2"),
        ({"best": "many"}, "`best` is not a number in 1 of 2 events"),
        ({"date_start": "03/01/2016"}, "not year-month-day"),
        ({"date_end": "4 March"}, "not year-month-day"),
        ({"date_start": "2016-02-30"}, "not year-month-day"),
        ({"date_end": "2015-01-01"}, "end before they start: 2"),
        ({"type_of_violence": "4"}, "not 1, 2 or 3 in 1 of 2 events: 2"),
        ({"id": "1"}, "share an id with another: 1, 1"),
        ({"id": ""}, "1 of 2 events have no id"),
    ],
)
def test_a_wrong_event_is_refused_with_the_count_and_its_id(file, change, words):
    with pytest.raises(ImportFileError, match=words):
        read_ucdp_events(file({}, change))


def test_only_the_first_five_of_many_wrong_events_are_listed(file):
    with pytest.raises(ImportFileError, match=r"9 of 9 events: 1, 2, 3, 4, 5 \.\.\."):
        read_ucdp_events(file(*[{"best": "-1"}] * 9))


def test_a_row_of_tags_under_the_header_is_passed_over(file):
    tags = dict.fromkeys(GOOD, "") | {"id": "#event+id", "latitude": "#geo+lat"}
    assert read_ucdp_events(file(tags, {})).height == 1


def test_a_country_is_found_by_its_name_and_an_unknown_one_is_answered_with_those_there(file):
    path = file({}, {"country": "Chad"})
    assert read_ucdp_events(path, ["sudan"])["event_id"].to_list() == ["1"]
    with pytest.raises(
        ImportFileError, match=r"no event in Chat; it has events in Chad, Sudan\. \(nearest name: 'Chad'\)"
    ):
        read_ucdp_events(path, ["Chat"])


@examples(60, 3_000)
@given(data=spoiled(SAMPLE))
def test_a_spoiled_file_is_read_or_refused_in_a_sentence(tmp_path_factory, data):
    reads_or_says_why(read_ucdp_events, data, tmp_path_factory.getbasetemp())


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "events", "deaths"),
    [
        ("ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz", 3027, 94756),
        ("ucdp_ged_car/ucdp_ged_car_1991_2018.csv.gz", 1458, 12305),
    ],
)
def test_real_files_are_read_whole(shared, name, events, deaths):
    read, faults = read_ucdp_with_faults(shared / "data" / name)
    assert (read.height, read["fatalities_best"].sum()) == (events, deaths)
    assert all(fault.grade == "warning" for fault in faults)
    assert (read["fatalities_civilian"] <= read["fatalities_best"]).all()


@pytest.mark.full
@pytest.mark.real_data
def test_two_gigabytes_are_read_within_bounded_memory(shared, tmp_path):
    import gzip

    packed = shared / "data" / "ucdp_ged_sudan" / "ucdp_ged_sudan_1989_2017.csv.gz"
    header, body = gzip.decompress(packed.read_bytes()).split(b"\n", 1)
    path = tmp_path / "large.csv"
    with path.open("wb") as out:
        out.write(header + b"\n")
        out.writelines(body for _ in range(2_000_000_000 // len(body) + 1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImportFileError, match="no event in Mali"):
        read_ucdp_events(path, ["Mali"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_500_000
