from __future__ import annotations

import gzip
from datetime import date

import polars as pl
import pytest

from bluehelm.errors import ImportFileError
from bluehelm.mission.importers.reading import (
    DAY_FIRST,
    DAY_FORMS,
    ISO_DAY,
    demand_all,
    header_of,
    hint,
    read_days,
    read_numbers,
    read_rows,
    scan_table,
    unique_slugs,
    unread,
    without_repeats,
)


def table(path, *needed):
    return read_rows(path, scan_table(path, needed)).rows()


@pytest.mark.parametrize(
    "text",
    [
        "name,persons\nGao,12\n",
        "\ufeffname,persons\r\nGao,12\r\n",
        "name;persons\nGao;12\n",
        "Name\tPersons\nGao\t12",
        '"name","persons"\n"Gao","12"\n',
        "persons,other,name\n12,x, Gao \n",
    ],
)
def test_a_csv_file_is_read_in_each_of_its_usual_forms(tmp_path, text):
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert table(path, "name", "persons") == [("Gao", "12")]


def test_a_packed_file_is_read_as_the_plain_one(tmp_path):
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(b"name\nGao\n"))
    assert table(path, "name") == [("Gao",)]


def test_words_for_unknown_become_blank(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("name,persons\nGao,unknown\nKidal,NA\nBer,\n")
    assert table(path, "persons") == [(None,)] * 3


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("latitud,name\n1,x\n")
    with pytest.raises(ImportFileError, match=r"'latitude' \(nearest name: 'latitud'\)"):
        scan_table(path, ("latitude", "name"))


def test_a_header_in_chinese_is_answered_with_what_was_expected(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("名称,纬度\n加奥,16\n", encoding="utf-8")
    with pytest.raises(ImportFileError, match="'name', 'latitude'"):
        scan_table(path, ("name", "latitude"))


@pytest.mark.parametrize(("content", "words"), [(b"", "empty"), (b"name\n", "no row"), (b"\xff\xfe\x00n", "UTF-8")])
def test_a_file_without_rows_or_not_in_utf8_is_refused(tmp_path, content, words):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(ImportFileError, match=words):
        table(path, "name")


def test_a_missing_file_is_answered_with_the_nearest_name_beside_it(tmp_path):
    (tmp_path / "events.csv").write_text("id\n1\n")
    with pytest.raises(ImportFileError, match=r"nearest name: 'events\.csv'"):
        header_of(tmp_path / "evnts.csv")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path):
    with pytest.raises(ImportFileError, match="not a file"):
        header_of(tmp_path)


def test_names_in_any_script_give_identifiers_that_differ():
    names = ["Cap-Haïtien", "الخرطوم", "名称", "Cap Haitien"]
    assert unique_slugs(names) == ["cap-haitien", "place", "place-2", "cap-haitien-2"]


def test_numbers_are_read_and_what_is_none_is_pointed_out():
    text = pl.DataFrame({"a": ["1", " 2,5 ", "NA", None, "inf", "many"], "b": ["1", "2", "3", "4", None, "6"]})
    table, odd = read_numbers(text, ["a", "b"])
    assert table["a"].to_list() == [1.0, 2.5, None, None, None, None]
    assert table["b"].to_list() == [1.0, 2.0, 3.0, 4.0, None, 6.0]
    assert table.filter(odd).height == 2


@pytest.mark.parametrize(
    ("written", "day", "form"),
    [
        ("2017-02-01", date(2017, 2, 1), "2016-12-31"),
        ("2017-02-01 00:00:00.000", date(2017, 2, 1), "2016-12-31"),
        ("2017-02-01T12:00:00Z", date(2017, 2, 1), "2016-12-31"),
        ("01 February 2017", date(2017, 2, 1), "31 December 2016"),
        ("1-Feb-2017", date(2017, 2, 1), "31 December 2016"),
        ("01/02/2017", date(2017, 2, 1), "31/12/2016"),
        ("1.2.2017", date(2017, 2, 1), "31/12/2016"),
        ("02/13/2017", None, None),
        ("2017-02-30", None, None),
        ("2017-02-011", None, None),
        ("01 Feb 17", None, None),
        ("0017-02-01", None, None),
        ("2017", None, None),
    ],
)
def test_a_day_is_read_in_one_of_three_ways_or_not_at_all(written, day, form):
    days, forms = read_days(pl.Series("day", [written]), DAY_FORMS)
    assert (days.to_list(), forms) == ([day], (form,) if form else ())


def test_only_the_ways_asked_for_are_tried():
    text = pl.Series("day", ["2017-02-01", "01/02/2017", "NA", None])
    days, forms = read_days(text, [ISO_DAY])
    assert days.to_list() == [date(2017, 2, 1), None, None, None]
    assert forms == (ISO_DAY,)
    assert unread(text, days).to_list() == [False, True, False, False]
    assert read_days(text, [ISO_DAY, DAY_FIRST])[1] == (ISO_DAY, DAY_FIRST)


def test_rows_that_are_the_same_are_one_and_rows_without_a_key_all_stay():
    table = pl.DataFrame({"id": ["a", "a", "b", "b", None, None], "n": [1, 1, 2, 3, 4, 4]})
    once, dropped = without_repeats(table, "id")
    assert dropped == 1
    assert sorted(once.rows(), key=str) == [("a", 1), ("b", 2), ("b", 3), (None, 4), (None, 4)]


def test_the_first_check_that_fails_is_told():
    table = pl.DataFrame({"id": ["a", "b"], "n": [1, 2]})
    with pytest.raises(ImportFileError, match=r"x\.csv: 1 of 2 are large, over 1: b"):
        demand_all(
            "x.csv",
            table,
            (
                (pl.col("n") > 5, "never"),
                (pl.col("n") > 1, "{file}: {count} of {rows} are large, over {most}: {first}"),
            ),
            "id",
            most=1,
        )


def test_the_nearest_name_is_found_whatever_its_capitals():
    assert hint("LATITUD", ["Latitude", "Name"]) == "(nearest name: 'Latitude') "
