from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import ImportFileError
from bluehelm.foresight.events import CONFLICT_SCHEMA, form_of, read_conflict_events
from bluehelm.foresight.first_risk import known_events
from bluehelm.mission.months import Month
from tests.conftest import examples
from tests.mission.importers import test_acled, test_plain_events
from tests.mission.importers.garble import reads_or_says_why, spoiled

UCDP = {
    "id": "1", "type_of_violence": "1", "source_headline": "Secret", "side_a": "Army", "side_b": "Rebels",
    "latitude": "13.0", "longitude": "25.0", "date_start": "2016-03-01 00:00:00.000", "date_end": "2016-03-04",
    "best": "10", "low": "8", "high": "12", "deaths_civilians": "4", "where_prec": "2", "date_prec": "1",
    "where_coordinates": "Kas town", "country": "Sudan",
}  # fmt: skip
FORMS = {"ucdp": UCDP, "acled": test_acled.NEW, "plain": test_plain_events.FULL}


@pytest.fixture
def write(tmp_path):
    def rows_of(*changes: dict[str, str], form: dict[str, str] = UCDP):
        path = tmp_path / "events.csv"
        key = next(iter(form))
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, list(form))
            rows.writeheader()
            rows.writerows(form | {key: f"e{i}"} | change for i, change in enumerate(changes))
        return path

    return rows_of


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_told_from_its_header_and_ends_in_the_same_table(write, form):
    read = read_conflict_events(write({}, {}, form=FORMS[form]))
    assert read.form == form
    assert read.table.schema == pl.Schema(CONFLICT_SCHEMA)
    assert sum(read.table.null_count().row(0)) == 0


def test_the_sides_and_the_first_day_are_kept_and_headlines_are_not(write):
    table = read_conflict_events(write({})).table
    assert table.row(0) == (
        "e0", date(2016, 3, 4), 13.0, 25.0, 10, 8, 12, 4, "state_based", "Kas town", 2, 1, date(2016, 3, 1), "Sudan",
        "Army", "Rebels",
    )  # fmt: skip


def test_capital_letters_of_a_header_do_not_matter(write):
    form = {name.upper(): value for name, value in test_acled.NEW.items()}
    assert read_conflict_events(write({}, form=form)).form == "acled"


def test_an_unknown_header_is_answered_with_what_each_form_lacks(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("id,type_of_violenc,latitude,longitude,date_start,deaths\n1,1,13,25,2016-01-01,5\n")
    with pytest.raises(ImportFileError) as told:
        form_of(path)
    sentence = str(told.value)
    assert "UCDP GED (missing: 'type_of_violence' (nearest name: 'type_of_violenc'), 'best')" in sentence
    assert "ACLED (missing: 'event_id_cnty', 'event_date', 'event_type', 'fatalities')" in sentence
    assert (
        "plain file (missing: 'date' (nearest name: 'deaths'), 'fatalities', 'kind' (nearest name: 'id'))" in sentence
    )


def test_a_mapping_makes_any_file_a_plain_one(write):
    mapping = {"date": "date_end", "fatalities": "best", "kind": "type_of_violence", "civilian": "deaths_civilians"}
    read = read_conflict_events(write({}), mapping=mapping)
    assert read.form == "plain"
    assert read.table.select("fatalities_best", "fatalities_civilian", "kind").row(0) == (10, 4, "state_based")


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("DR Congo (Zaire)", "COD"),
        ("DR Congo (Zaire)", "Democratic Republic of the Congo"),
        ("Democratic Republic of Congo", "DRC"),
        ("Myanmar (Burma)", "mmr"),
        ("Ivory Coast", "Côte d'Ivoire"),
        ("Yemen (North Yemen)", "Yemen"),
        ("Central African Republic", "CAR"),
        ("Central African Republic", "central african republic"),
        ("Serbia (Yugoslavia)", "SRB"),
        ("Madagascar (Malagasy)", "MDG"),
        ("Sri Lanka (Ceylon)", "Sri Lanka"),
        ("Land of Nowhere", "land of nowhere"),
    ],
)
def test_a_country_is_found_whatever_the_file_calls_it(write, written, asked):
    path = write({"country": "Chad"}, {"country": written})
    assert read_conflict_events(path, countries=[asked]).table["country"].to_list() == [written]


@pytest.mark.parametrize(("file", "asked"), [("Niger", "Nigeria"), ("South Sudan", "Sudan"), ("Congo", "COD")])
def test_a_country_is_not_taken_for_its_neighbour(write, file, asked):
    with pytest.raises(ImportFileError, match=f"no event in {asked}; it has events in {file}"):
        read_conflict_events(write({"country": file}), countries=asked)


@pytest.mark.parametrize(
    ("form", "column", "value"),
    [
        (UCDP, "iso3", "SDN"),
        (UCDP, "country_id", "625"),
        (test_acled.NEW, "iso", "729"),
        (test_acled.OLD, "iso", "729"),
    ],
)
def test_a_country_is_found_by_its_codes(write, form, column, value):
    path = write({}, {column: "" if column == "iso3" else "1"}, form=form | {"country": "", column: value})
    assert read_conflict_events(path, countries=["Sudan"]).table["event_id"].to_list() == ["e0"]


def test_every_country_asked_for_must_have_events(write):
    path = write({}, {"country": "Chad"})
    assert read_conflict_events(path, countries=["SDN", "TCD"]).table.height == 2
    with pytest.raises(ImportFileError, match=r"no event in Mali; it has events in Chad, Sudan\. "):
        read_conflict_events(path, countries=["SDN", "Mali"])


def test_lines_keep_their_numbers_when_a_country_is_picked_out(write):
    needed = {name: test_plain_events.FULL[name] for name in (*test_plain_events.NEEDED, "country")}
    path = write({}, {"country": "Chad"}, {"country": "Chad"}, form={"note": ""} | needed)
    assert read_conflict_events(path, countries=["TCD"]).table["event_id"].to_list() == ["line-3", "line-4"]


def test_more_countries_than_there_are_is_a_wrong_column(write):
    path = write(*({"where_coordinates": f"Place {i}"} for i in range(501)))
    mapping = {"date": "date_end", "fatalities": "best", "kind": "type_of_violence", "country": "where_coordinates"}
    with pytest.raises(ImportFileError, match="names 501 countries in where_coordinates"):
        read_conflict_events(path, countries=["SDN"], mapping=mapping)


def test_a_file_that_names_no_country_says_so_when_one_is_asked_for(write):
    path = write({}, form={name: value for name, value in UCDP.items() if name != "country"})
    with pytest.raises(ImportFileError, match="does not say in which country its events lie, so SDN cannot"):
        read_conflict_events(path, countries=["SDN"])


def test_a_wrong_event_elsewhere_does_not_stop_the_country_asked_for(write):
    path = write({}, {"country": "Chad", "best": "many"})
    assert read_conflict_events(path, countries=["SDN"]).table.height == 1


def test_rows_given_twice_are_one_event_and_those_that_differ_are_refused(write):
    read = read_conflict_events(write({}, {"id": "e0", "source_headline": "Another"}))
    assert read.table.height == 1
    assert any("were dropped: 1" in note for note in read.notes)
    with pytest.raises(ImportFileError, match="share an id with another: e0, e0"):
        read_conflict_events(write({}, {"id": "e0", "best": "11"}))


def test_events_that_look_alike_are_counted_and_kept(write):
    read = read_conflict_events(write({}, {"latitude": "13.001"}, {"best": "11"}, {"side_a": "Others"}))
    assert read.table.height == 4
    assert [note for note in read.notes if note.startswith("1 of 4 events have the day, place")]


def test_candidates_and_unknown_ranks_are_told(write):
    form = UCDP | {"code_status": "Clear"}
    read = read_conflict_events(
        write({}, {"code_status": "Check deaths"}, {"where_prec": "", "date_prec": "9"}, form=form)
    )
    assert read.table.select("place_precision", "date_precision").rows() == [(2, 1), (2, 1), (7, 5)]
    told = " ".join(read.notes)
    for words in ("1 of 3 events are candidates", "1 of 3 events have no precision of place", "no precision of date"):
        assert words in told


@pytest.mark.parametrize("form", ["acled", "plain"])
def test_coordinates_that_fit_the_country_only_when_swapped_are_refused(write, form):
    path = write({}, {"latitude": "24.28", "longitude": "12.5"}, form=FORMS[form])
    with pytest.raises(ImportFileError, match="swapped in 1 of 2 events, which lie far outside their country: e1"):
        read_conflict_events(path)


def test_a_ucdp_file_is_refused_when_most_coordinates_look_swapped_and_told_of_few(write):
    swapped = {"latitude": "25.0", "longitude": "13.0"}
    with pytest.raises(ImportFileError, match="swapped in 2 of 3 events"):
        read_conflict_events(write({}, swapped, swapped))
    read = read_conflict_events(write({}, {}, swapped))
    assert any("1 of 3 events lie far outside their country" in note and "e2" in note for note in read.notes)


def test_events_of_a_state_that_was_larger_are_not_taken_as_swapped(write):
    tajikistan = {"country": "Russia (Soviet Union)", "latitude": "38.6", "longitude": "68.8"}
    assert read_conflict_events(write(tajikistan)).notes == ()


def test_an_event_after_the_last_known_month_is_cut_off(write):
    path = write({}, {"date_start": "2016-03-31", "date_end": "2016-04-01"})
    known = known_events(read_conflict_events(path).table, Month(2016, 4), 0)
    assert known["event_id"].to_list() == ["e0"]


def test_a_packed_file_is_read_as_it_is(write, tmp_path):
    path = write({}, {"country": "Chad"})
    packed = tmp_path / "events.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for countries in (None, ["TCD"]):
        assert read_conflict_events(packed, countries=countries).table.equals(
            read_conflict_events(path, countries=countries).table
        )


@examples(40, 2_000)
@given(
    deaths=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=8),
    kinds=st.lists(st.sampled_from("123"), min_size=8, max_size=8),
)
def test_no_death_of_a_ucdp_file_is_lost_and_every_range_holds_the_best_estimate(tmp_path_factory, deaths, kinds):
    path = tmp_path_factory.getbasetemp() / "ucdp_generated.csv"
    rows = [
        UCDP | {"id": str(i), "type_of_violence": kind, "low": str(low), "best": str(best), "high": str(high)}
        for i, ((low, best, high), kind) in enumerate(zip(deaths, kinds, strict=False))
    ]
    path.write_text("\n".join([",".join(UCDP), *(",".join(row.values()) for row in rows)]), encoding="utf-8")
    read = read_conflict_events(path)
    table = read.table
    best = {row["id"]: int(row["best"]) for row in rows}
    assert dict(table.select("event_id", "fatalities_best").rows()) == best
    assert (
        table.select(
            (pl.col("fatalities_low") <= pl.col("fatalities_best"))
            & (pl.col("fatalities_best") <= pl.col("fatalities_high"))
            & (pl.col("fatalities_civilian") <= pl.col("fatalities_best"))
        )
        .to_series()
        .all()
    )
    crossed = any(not low <= best <= high for low, best, high in deaths)
    assert crossed == any("lies outside `low` to `high`" in note for note in read.notes)


@examples(40, 2_000)
@given(
    data=st.one_of(*(spoiled("\n".join([",".join(form), *[",".join(form.values())] * 3])) for form in FORMS.values()))
)
def test_a_spoiled_file_is_read_without_gaps_or_refused_in_a_sentence(tmp_path_factory, data):
    def read_whole(path):
        for countries in (None, ["Sudan"]):
            table = read_conflict_events(path, countries=countries).table
            assert sum(table.null_count().row(0)) == 0
            assert table.select(pl.col(pl.Float64).is_finite().all()).row(0) == (True, True)

    reads_or_says_why(read_whole, data, tmp_path_factory.getbasetemp())


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "asked"),
    [("ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz", "SDN"), ("ucdp_ged_car/ucdp_ged_car_1991_2018.csv.gz", "CAF")],
)
def test_real_files_agree_with_a_count_in_plain_python(shared, name, asked):
    path = shared / "data" / name
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = read_conflict_events(path, countries=[asked])
    assert read.form == "ucdp"
    assert read.table["date"].is_sorted()
    kinds = {"1": "state_based", "2": "non_state", "3": "one_sided"}
    deaths: Counter[tuple[str, str]] = Counter()
    for row in rows:
        deaths[kinds[row["type_of_violence"]], row["date_end"][:7]] += int(row["best"])
    month = pl.col("date").dt.strftime("%Y-%m")
    sums = read.table.group_by("kind", month).agg(pl.col("fatalities_best").sum())
    assert {(kind, when): total for kind, when, total in sums.rows()} == dict(deaths)
    sides = Counter((row["side_a"], row["side_b"]) for row in rows)
    assert Counter(read.table.select("actor", "opponent").rows()) == sides


@pytest.mark.real_data
def test_figures_of_the_real_files_are_those_seen_when_this_was_written(shared):
    sudan = read_conflict_events(shared / "data/ucdp_ged_sudan/ucdp_ged_sudan_1989_2017.csv.gz")
    car = read_conflict_events(shared / "data/ucdp_ged_car/ucdp_ged_car_1991_2018.csv.gz")
    for read, events, civilians, alike in ((sudan, 3027, 27557, 45), (car, 1458, 8452, 14)):
        assert read.table.height == events
        assert any(note.startswith(f"{alike} of {events} events have the day") for note in read.notes)
        assert read.table["fatalities_civilian"].sum() == civilians
