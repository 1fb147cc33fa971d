from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import ImportFileError
from bluehelm.mission.events import write_events
from bluehelm.mission.importers.plain_events import read_plain_events
from tests.conftest import examples
from tests.mission.importers.garble import reads_or_says_why, spoiled

FULL = {
    "id": "a", "date": "2016-12-31", "date_start": "2016-12-30", "latitude": "12.5", "longitude": "24.28",
    "fatalities": "7", "low": "5", "high": "9", "civilian": "3", "kind": "state_based", "place": "Kas",
    "country": "Sudan", "actor": "Army", "opponent": "Rebels", "place_precision": "2", "date_precision": "3",
}  # fmt: skip
NEEDED = {name: FULL[name] for name in ("date", "latitude", "longitude", "fatalities", "kind")}
SAMPLE = "\n".join([",".join(FULL), *(",".join((FULL | {"id": str(i)}).values()) for i in range(4))])


def as_csv(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def read(tmp_path):
    def write_and_read(*changes: dict[str, str], form: dict[str, str] = FULL, mapping=None):
        path = tmp_path / "plain.csv"
        ids = [{"id": f"e{i}"} if "id" in form else {} for i in range(len(changes))]
        rows = [form | number | change for number, change in zip(ids, changes, strict=True)]
        path.write_text(as_csv(*rows), encoding="utf-8")
        return read_plain_events(path, mapping)

    return write_and_read


def test_every_column_is_kept_as_it_is_given(read):
    table, notes = read({})
    assert table.row(0) == (
        "e0", date(2016, 12, 31), 12.5, 24.28, 7, 5, 9, 3, "state_based", "Kas", 2, 3, date(2016, 12, 30), "Sudan",
        "Army", "Rebels",
    )  # fmt: skip
    assert notes == ()


def test_five_columns_are_enough_and_what_stands_in_for_the_others_is_told(read):
    table, notes = read({}, {"kind": "One-sided violence"}, form=NEEDED)
    assert table.rows() == [
        (
            "line-2",
            date(2016, 12, 31),
            12.5,
            24.28,
            7,
            7,
            7,
            0,
            "state_based",
            "",
            1,
            1,
            date(2016, 12, 31),
            "",
            "",
            "",
        ),
        ("line-3", date(2016, 12, 31), 12.5, 24.28, 7, 7, 7, 7, "one_sided", "", 1, 1, date(2016, 12, 31), "", "", ""),
    ]
    told = " ".join(notes)
    for words in (
        "named by its line",
        "no range of deaths",
        "only one-sided",
        "count as exact",
        "place, country, actor",
    ):
        assert words in told


def test_a_mapping_says_what_the_columns_are_called(read):
    theirs = {"Jour": "31 December 2016", "Lat": "12,5", "Lon": "24.28", "Morts": "7", "Type": "3", "Ref": "x"}
    mapping = {
        "date": "Jour",
        "latitude": "lat",
        "longitude": "Lon",
        "fatalities": "Morts",
        "kind": "Type",
        "id": "Ref",
    }
    table, _ = read({}, form=theirs, mapping=mapping)
    assert table.row(0)[:9] == ("x", date(2016, 12, 31), 12.5, 24.28, 7, 7, 7, 7, "one_sided")


def test_one_column_may_serve_twice_and_the_mapping_goes_before_the_name(read):
    table, _ = read({"place": "Nyala"}, mapping={"country": "place", "actor": "opponent"})
    assert table.select("place", "country", "actor", "opponent").row(0) == ("Nyala", "Nyala", "Rebels", "Rebels")


def test_events_of_a_mission_folder_are_read_back(read, tmp_path):
    table, _ = read({}, {"kind": "one_sided"})
    written = table.drop("date_start", "country", "actor", "opponent")
    write_events(written, tmp_path)
    again, _ = read_plain_events(tmp_path / "events.csv")
    assert again.select(written.columns).equals(written)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"fatality": "fatalities"}, r"names 'fatality', which is no column of events. \(nearest name: 'fatalities'\)"),
        ({"date": "Dat"}, r"'date' from the column 'Dat', which plain.csv does not have. \(nearest name: 'date'\)"),
    ],
)
def test_a_mapping_that_leads_nowhere_is_answered_with_the_nearest_name(read, mapping, words):
    with pytest.raises(ImportFileError, match=words):
        read({}, mapping=mapping)


def test_a_missing_column_is_named(read):
    with pytest.raises(ImportFileError, match="lacks 1 of 5 needed columns: 'kind'"):
        read({}, form={name: NEEDED[name] for name in NEEDED if name != "kind"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"date": "31/12/2016"}, "date that cannot be read for certain: e1"),
        ({"date": ""}, "date that cannot be read for certain: e1"),
        ({"date": "0016-12-31"}, "date that cannot be read for certain: e1"),
        ({"date_start": "soon"}, "date that cannot be read for certain: e1"),
        ({"date_start": "2017-01-01"}, "end before they start: e1"),
        ({"latitude": "100", "longitude": "12"}, "look swapped in 1 of 2 events: e1"),
        ({"latitude": "nan"}, "no coordinates on Earth: e1"),
        ({"longitude": "181"}, "no coordinates on Earth: e1"),
        ({"latitude": "0", "longitude": "0.0"}, "in the ocean: e1"),
        ({"fatalities": ""}, "missing or no number in 1 of 2 events: e1. Give a number in `fatalities`"),
        ({"low": "few"}, "missing or no number in 1 of 2 events: e1"),
        ({"civilian": "-1"}, "negative in 1 of 2 events: e1"),
        ({"high": "9.5"}, "not whole in 1 of 2 events: e1"),
        ({"high": "1e300"}, "more than 10000000 deaths: e1"),
        ({"kind": "war"}, "`kind` is none of state_based, non_state, one_sided"),
        ({"id": ""}, "1 of 2 events have no id"),
        ({"id": "e0", "place": "Nyala"}, "differ from it: e0, e0"),
    ],
)
def test_a_wrong_event_is_refused_with_the_count_and_its_id(read, change, words):
    with pytest.raises(ImportFileError, match=words):
        read({}, change)


def test_what_can_be_mended_is_mended_and_told(read):
    odd = {"id": "e0", "low": "8", "civilian": "9"}
    table, notes = read(odd, {"high": "", "place_precision": ""}, odd)
    deaths = table.select("fatalities_low", "fatalities_best", "fatalities_high", "fatalities_civilian").rows()
    assert deaths == [(7, 7, 9, 7), (5, 7, 7, 3)]
    assert table["place_precision"].to_list() == [2, 7]
    told = " ".join(notes)
    for words in (
        "were dropped: 1",
        "1 of 2 events the best",
        "1 of 2 events more civilians",
        "no rank in 1 of 2 events",
    ):
        assert words in told


def test_lines_without_ids_are_all_kept(read):
    assert read({}, {}, form=NEEDED)[0].height == 2


ROWS = st.builds(
    lambda kind, day, lasted, lat, lon, deaths, civilian, place: FULL
    | {
        "kind": kind, "date": str(day), "date_start": str(day - timedelta(lasted)), "latitude": repr(lat),
        "longitude": repr(lon), "low": str(deaths[0]), "fatalities": str(deaths[1]), "high": str(deaths[2]),
        "civilian": str(min(civilian, deaths[1])), "place": place,
    },
    st.sampled_from(["state_based", "non_state", "one_sided"]),
    st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    st.integers(0, 40),
    st.floats(-90, 90).filter(lambda x: abs(x) > 1e-3),
    st.floats(-180, 180),
    st.lists(st.integers(0, 10_000), min_size=3, max_size=3).map(sorted),
    st.integers(0, 10_000),
    st.sampled_from(["Kas", "Kas, north", 'The "old" camp', "名称"]),
)  # fmt: skip


@examples(60, 2_000)
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_a_valid_file_is_read_back_number_by_number(tmp_path_factory, rows):
    rows = [row | {"id": str(i)} for i, row in enumerate(rows)]
    path = tmp_path_factory.getbasetemp() / "plain_generated.csv"
    path.write_text(as_csv(*rows), encoding="utf-8")
    table, notes = read_plain_events(path)
    assert notes == ()
    assert table["date"].is_sorted()
    found = {row["event_id"]: row for row in table.iter_rows(named=True)}
    for row in rows:
        event = found[row["id"]]
        assert (str(event["date"]), str(event["date_start"])) == (row["date"], row["date_start"])
        assert (event["latitude_deg"], event["longitude_deg"]) == (float(row["latitude"]), float(row["longitude"]))
        names = {"low": "fatalities_low", "fatalities": "fatalities_best", "high": "fatalities_high"}
        assert {name: event[ours] for name, ours in names.items()} == {name: int(row[name]) for name in names}
        assert (event["fatalities_civilian"], event["place"]) == (int(row["civilian"]), row["place"])


@examples(60, 3_000)
@given(data=spoiled(SAMPLE))
def test_a_spoiled_file_is_read_without_gaps_or_refused_in_a_sentence(tmp_path_factory, data):
    def read_whole(path):
        table, _ = read_plain_events(path)
        assert sum(table.null_count().row(0)) == 0
        assert table.select(pl.col(pl.Float64).is_finite().all()).row(0) == (True, True)
        assert (table["fatalities_low"] <= table["fatalities_best"]).all()
        assert (table["fatalities_best"] <= table["fatalities_high"]).all()

    reads_or_says_why(read_whole, data, tmp_path_factory.getbasetemp())
