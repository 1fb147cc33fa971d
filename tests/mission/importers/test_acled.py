from __future__ import annotations

import csv
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import ImportFileError
from bluehelm.mission.importers.acled import read_acled_events
from tests.conftest import examples
from tests.mission.importers.garble import reads_or_says_why, spoiled

NEW = {
    "event_id_cnty": "SUD1", "event_date": "01 January 2017", "time_precision": "1", "event_type": "Battles",
    "sub_event_type": "Armed clash", "actor1": "Military Forces of Sudan (1989-2019)", "inter1": "State Forces",
    "actor2": "Rebels", "inter2": "Rebel Group", "civilian_targeting": "", "iso": "729", "country": "Sudan",
    "location": "Kas", "latitude": "12.5", "longitude": "24.28", "geo_precision": "1", "notes": "A name",
    "fatalities": "7",
}  # fmt: skip
OLD = {
    "data_id": "5", "iso": "729", "event_date": "18/04/2001", "time_precision": "1", "event_type": "Remote violence",
    "actor1": "Rebels", "inter1": "2", "actor2": "Others", "inter2": "3", "country": "Sudan", "location": "Kas",
    "latitude": "12.5", "longitude": "24.28", "geo_precision": "1", "fatalities": "7",
}  # fmt: skip
SAMPLE = "\n".join([",".join(NEW), *(",".join((NEW | {"event_id_cnty": f"SUD{i}"}).values()) for i in range(4))])


@pytest.fixture
def read(tmp_path):
    def write_and_read(*changes: dict[str, str], form: dict[str, str] = NEW):
        path = tmp_path / "acled.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, list(form))
            rows.writeheader()
            rows.writerows(form | {next(iter(form)): f"E{i}"} | change for i, change in enumerate(changes))
        return read_acled_events(path)

    return write_and_read


def test_an_event_is_told_in_our_words_and_its_notes_are_not_kept(read):
    table, _ = read({})
    assert table.rows(named=True) == [
        {
            "event_id": "E0", "date": date(2017, 1, 1), "latitude_deg": 12.5, "longitude_deg": 24.28,
            "fatalities_best": 7, "fatalities_low": 7, "fatalities_high": 7, "fatalities_civilian": 0,
            "kind": "state_based", "place": "Kas", "place_precision": 1, "date_precision": 1,
            "date_start": date(2017, 1, 1), "country": "Sudan", "actor": "Military Forces of Sudan (1989-2019)",
            "opponent": "Rebels",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind", "civilians"),
    [
        ({"event_type": "Violence against civilians"}, "one_sided", 7),
        ({"event_type": "Explosions/Remote violence", "civilian_targeting": "Civilian targeting"}, "one_sided", 7),
        ({"event_type": "Explosions/Remote violence", "inter2": "Civilians"}, "one_sided", 7),
        ({"event_type": "Explosions/Remote violence"}, "state_based", 0),
        ({"inter1": "Rebel Group", "actor1": "Rebels"}, "non_state", 0),
        ({"inter1": "Rebel Group", "actor1": "Rebels", "inter2": "1"}, "state_based", 0),
        ({"inter1": "", "inter2": "8", "actor2": "Police Forces of Chad"}, "state_based", 0),
        ({"event_type": "Riots", "inter1": "Rioters"}, "non_state", 0),
        ({"event_type": "Riots", "civilian_targeting": "Civilian targeting"}, "one_sided", 7),
        ({"event_type": "Protests", "inter1": "Protesters"}, "one_sided", 7),
        ({"event_type": "Battle-No change of territory", "inter1": "1"}, "state_based", 0),
    ],
)
def test_what_happens_becomes_who_acts_against_whom(read, change, kind, civilians):
    table, _ = read(change)
    assert table.select("kind", "fatalities_civilian").rows() == [(kind, civilians)]


def test_an_old_export_is_read_with_its_day_first(read):
    table, notes = read({}, {"event_date": "03/04/2001"}, form=OLD)
    assert table["date"].to_list() == [date(2001, 4, 3), date(2001, 4, 18)]
    assert any("day first" in note for note in notes)


@pytest.mark.parametrize("written", ["01 January 2017", "2017-01-01", "01-January-2017", "1 Jan 2017", "01/01/2017"])
def test_a_day_is_read_in_each_way_in_which_exports_write_it(read, written):
    assert read({"event_date": written})[0]["date"].to_list() == [date(2017, 1, 1)]


def test_ways_of_writing_days_may_mix_and_it_is_told(read):
    table, notes = read({"event_date": "2017-01-01"}, {"event_date": "02 January 2017"})
    assert table["date"].to_list() == [date(2017, 1, 1), date(2017, 1, 2)]
    assert any("Dates are written in 2 ways" in note for note in notes)


def test_vague_days_and_places_are_ranked_as_ucdp_ranks_them(read):
    table, _ = read(
        {"time_precision": "2", "geo_precision": "2", "event_date": "10 February 2017"},
        {"time_precision": "3", "geo_precision": "3", "event_date": "15 February 2017"},
    )
    found = table.select("date_start", "date", "date_precision", "place_precision").rows()
    assert found == [
        (date(2017, 2, 7), date(2017, 2, 13), 3, 2),
        (date(2017, 2, 1), date(2017, 2, 28), 4, 4),
    ]


def test_what_is_no_deadly_violence_is_left_out_and_counted(read):
    table, notes = read(
        {},
        {"event_type": "Protests", "fatalities": "0"},
        {"event_type": "Riots", "fatalities": "0"},
        {"event_type": "Strategic developments", "fatalities": "3"},
        {"event_type": "Protests", "fatalities": "0"},
    )
    assert table["event_id"].to_list() == ["E0"]
    assert "4 of 5 events" in notes[0] and "Protests 2" in notes[0]


def test_a_battle_without_deaths_stays_an_event(read):
    assert read({"fatalities": "0"})[0]["fatalities_best"].to_list() == [0]


def test_blank_ranks_count_as_unknown_and_it_is_told(read):
    table, notes = read({"geo_precision": "", "time_precision": "9"}, {})
    assert table.select("place_precision", "date_precision").rows() == [(7, 5), (1, 1)]
    assert sum("counts as unknown" in note for note in notes) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event_type": "Dispute"}, "none of ACLED's in 1 of 2 events: E1. The types here are Battles, Dispute"),
        ({"event_type": ""}, "none of ACLED's in 1 of 2 events"),
        ({"event_date": "04/13/2017"}, "cannot be read for certain: E1"),
        ({"event_date": ""}, "cannot be read for certain: E1"),
        ({"fatalities": ""}, "missing or no number in 1 of 2 events: E1"),
        ({"fatalities": "", "event_type": "Riots"}, "missing or no number in 1 of 2 events: E1"),
        ({"fatalities": "-1"}, "negative in 1 of 2 events: E1"),
        ({"fatalities": "1,234"}, "not whole in 1 of 2 events: E1"),
        ({"fatalities": "1e9"}, "more than 10000000 deaths: E1"),
        ({"latitude": "112"}, "look swapped in 1 of 2 events: E1"),
        ({"latitude": "0", "longitude": "0"}, "in the ocean: E1"),
        ({"event_id_cnty": "E0"}, "share an id with another and differ from it: E0, E0"),
    ],
)
def test_a_wrong_event_is_refused_with_the_count_and_its_id(read, change, words):
    with pytest.raises(ImportFileError, match=words):
        read({}, {"location": "Elsewhere"} | change)


def test_a_row_given_twice_is_one_event(read):
    table, notes = read({}, {"event_id_cnty": "E0"})
    assert table.height == 1
    assert any("were dropped: 1" in note for note in notes)


def test_a_file_without_violence_is_refused(read):
    with pytest.raises(ImportFileError, match="1 events and none of them is violent"):
        read({"event_type": "Strategic developments"})


@st.composite
def exports(draw: st.DrawFn) -> list[dict[str, str]]:
    types = st.sampled_from(["Battles", "Violence against civilians", "Riots", "Protests", "Strategic developments"])
    return [
        NEW
        | {
            "event_id_cnty": f"E{i}",
            "event_type": draw(types),
            "event_date": (date(2015, 1, 1) + timedelta(draw(st.integers(0, 2000)))).strftime("%d %B %Y"),
            "time_precision": draw(st.sampled_from(["1", "2", "3"])),
            "fatalities": str(draw(st.integers(0, 300))),
            "latitude": f"{draw(st.floats(9, 20)):.4f}",
        }
        for i in range(draw(st.integers(1, 8)))
    ]


@examples(60, 2_000)
@given(export=exports())
def test_deaths_of_what_stays_are_those_of_the_file_and_no_event_ends_before_its_day(tmp_path_factory, export):
    path = tmp_path_factory.getbasetemp() / "acled_generated.csv"
    path.write_text("\n".join([",".join(NEW), *(",".join(row.values()) for row in export)]), encoding="utf-8")
    quiet = ("Riots", "Protests")
    stay = {
        row["event_id_cnty"]: int(row["fatalities"])
        for row in export
        if row["event_type"] != "Strategic developments"
        and not (row["event_type"] in quiet and row["fatalities"] == "0")
    }
    if not stay:
        with pytest.raises(ImportFileError, match="none of them is violent"):
            read_acled_events(path)
        return
    table, _ = read_acled_events(path)
    assert dict(table.select("event_id", "fatalities_best").rows()) == stay
    said = {row["event_id_cnty"]: row["event_date"] for row in export}
    days = table.with_columns(pl.col("event_id").replace_strict(said).str.to_date("%d %B %Y").alias("said"))
    assert days.select((pl.col("date_start") <= pl.col("said")) & (pl.col("said") <= pl.col("date"))).to_series().all()


@examples(60, 3_000)
@given(data=spoiled(SAMPLE))
def test_a_spoiled_file_is_read_without_gaps_or_refused_in_a_sentence(tmp_path_factory, data):
    def read_whole(path):
        table, _ = read_acled_events(path)
        assert sum(table.null_count().row(0)) == 0
        assert table.select(pl.col(pl.Float64).is_finite().all()).row(0) == (True, True)

    reads_or_says_why(read_whole, data, tmp_path_factory.getbasetemp())
