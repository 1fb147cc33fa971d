from __future__ import annotations

import pytest
from hypothesis import given

from bluehelm.errors import ImportFileError
from bluehelm.mission.importers.places import read_places
from tests.conftest import examples
from tests.mission.importers.garble import reads_or_says_why, spoiled

OSM = """id,lat,lon,name,name_en,tag,value,population,elevation
1,15.59,32.53,الخرطوم,Khartoum,place,city,2682431.0,382.0
2,15.60,32.54,,,amenity,fuel,,
3,12.05,24.88,Nyala,,place,town,0,
4,12.06,24.89,,,place,village,,
5,12.07,24.90,Lake,,place,sea,,
"""
PLAIN = "name,latitude,longitude,population\nGao,16.27,-0.04,86633\nBer,16.8,-2.5,\n"


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "places.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_places_of_openstreetmap_keep_settlements_under_their_english_name(file):
    assert read_places(file(OSM)).rows() == [
        ("Khartoum", "city", 15.59, 32.53, 2682431),
        ("Nyala", "town", 12.05, 24.88, None),
    ]


def test_a_plain_list_of_places_is_read(file):
    assert read_places(file(PLAIN)).rows() == [("Gao", "", 16.27, -0.04, 86633), ("Ber", "", 16.8, -2.5, None)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Nowhere,,1,5", "no coordinates on Earth: Nowhere"),
        ("Far,16,190,5", "no coordinates on Earth: Far"),
        ("Null,0,0,5", "in the ocean: Null"),
        ("Less,16,1,-5", "negative or above 50 million: Less"),
    ],
)
def test_a_wrong_place_is_refused_by_name(file, row, words):
    with pytest.raises(ImportFileError, match=words):
        read_places(file(PLAIN + row + "\n"))


def test_a_file_without_names_is_refused(file):
    with pytest.raises(ImportFileError, match="names no populated place"):
        read_places(file("name,latitude,longitude\n,1,1\n"))


@examples(60, 3_000)
@given(data=spoiled(OSM) | spoiled(PLAIN))
def test_a_spoiled_file_is_read_or_refused_in_a_sentence(tmp_path_factory, data):
    reads_or_says_why(read_places, data, tmp_path_factory.getbasetemp())


@pytest.mark.real_data
def test_real_places_are_read(shared):
    places = read_places(shared / "data/osm_places/sudan.csv.gz")
    assert places.height == 923
    assert places.filter(name="Khartoum", kind="city")["population_persons"].to_list() == [2682431]
