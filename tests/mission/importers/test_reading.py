from __future__ import annotations

import gzip

import pytest

from bluehelm.errors import ImportFileError
from bluehelm.mission.importers.reading import header_of, read_rows, scan_table, unique_slugs


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
