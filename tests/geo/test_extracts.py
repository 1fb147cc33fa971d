from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.geo import extracts
from bluehelm.geo.countries import countries, countries_named
from bluehelm.geo.distance import distance_km

FOLDER = Path(extracts.__file__).with_suffix("")


@pytest.mark.parametrize(
    ("name", "lat", "lon", "iso3"),
    [
        ("Khartoum", 15.59, 32.53, "SDN"),
        ("Juba", 4.85, 31.58, "SSD"),
        ("Bangui, on the border river", 4.36, 18.56, "CAF"),
        ("Kinshasa, on the border river", -4.33, 15.31, "COD"),
        ("Bamako", 12.65, -8.0, "MLI"),
        ("Port-au-Prince, on the coast", 18.54, -72.34, "HTI"),
        ("Dili, on the coast", -8.56, 125.57, "TLS"),
        ("Windhoek, of the country with the code NA", -22.56, 17.08, "NAM"),
        ("Laayoune", 27.15, -13.2, "ESH"),
        ("Tifariti, east of the sand wall", 26.16, -10.57, "ESH"),
        ("Tarfaya, north of the parallel", 27.94, -12.92, "MAR"),
        ("Hargeisa", 9.56, 44.06, "SOM"),
        ("Nicosia, north", 35.2, 33.36, "CYP"),
        ("Pristina", 42.66, 21.17, "XKX"),
        ("El Geneina, 20 km from Chad", 13.45, 22.45, "SDN"),
        ("Adre, over the border from El Geneina", 13.47, 22.2, "TCD"),
        ("the middle of the Atlantic", 0.0, -20.0, ""),
    ],
)
def test_capitals_and_places_near_borders_lie_in_their_country(name, lat, lon, iso3):
    assert extracts.country_of([lat], [lon]).item() == iso3


def test_a_town_on_a_coarse_border_belongs_to_its_mission_when_asked_so():
    goma = ([-1.6833], [29.2333])
    assert extracts.country_of(*goma, among=["COD"]).item() == "COD"
    assert extracts.country_of(*goma, tolerance_km=0.0, among=["COD"]).item() == ""


@pytest.mark.parametrize("read", [extracts.places, extracts.airfields])
def test_extracts_have_unique_keys_true_degrees_and_no_gaps(read):
    table = read(extracts.mission_countries())
    key = table.columns[0]
    assert table[key].n_unique() == table.height > 3_000
    assert table["latitude_deg"].is_between(-40, 50).all()
    assert table["longitude_deg"].is_between(-95, 130).all()
    gaps = table.drop("population_persons", "runway_length_m", strict=False).null_count()
    assert gaps.sum_horizontal().item() == 0
    assert (table["name"].str.strip_chars() == table["name"]).all()
    assert (table["name"] != "").all()


@pytest.mark.parametrize("read", [extracts.places, extracts.airfields])
def test_nearly_every_row_lies_in_the_country_that_it_names(read):
    table = read(extracts.mission_countries())
    inside = extracts.country_of(table["latitude_deg"].to_numpy(), table["longitude_deg"].to_numpy(), 10.0)
    assert (inside == table["country_iso3"].to_numpy()).mean() > 0.96


def test_what_is_unknown_is_missing_and_never_zero():
    towns, fields = (read(extracts.mission_countries()) for read in (extracts.places, extracts.airfields))
    assert (towns["population_persons"].drop_nulls() > 0).all()
    assert (fields["runway_length_m"].drop_nulls() > 0).all()
    assert fields["runway_length_m"].null_count() > fields.height / 2
    assert set(fields["surface"]) == {"paved", "unpaved", "unknown"}


def test_known_towns_and_airfields_are_where_they_are():
    town = extracts.places("SDN").filter(pl.col("name") == "Nyala").row(0, named=True)
    assert distance_km([town["latitude_deg"]], [town["longitude_deg"]], [12.05], [24.88]).item() < 5
    juba = extracts.airfields("SSD").filter(pl.col("airfield_id") == "HJJJ").row(0, named=True)
    assert (juba["runway_length_m"], juba["surface"]) == (3100, "paved")


def test_several_countries_are_asked_for_at_once():
    assert set(extracts.places(["SDN", "SSD"])["country_iso3"]) == {"SDN", "SSD"}
    assert [border.iso3 for border in extracts.borders(["SSD", "SDN"])] == ["SDN", "SSD"]


@pytest.mark.parametrize("read", [extracts.places, extracts.airfields, extracts.borders])
def test_a_country_outside_the_extracts_is_refused(read):
    with pytest.raises(InvalidRecordError, match=r"1 of 2 countries are not in the bundled extracts: SDM\. Nearest"):
        read(["SDN", "SDM"])


def test_borders_have_known_codes_and_disputed_ground_is_marked():
    known = {country.iso3 for country in countries()}
    listed = extracts.borders()
    coded = [border.iso3 for border in listed if border.iso3]
    assert set(coded) <= known
    assert len(coded) == len(set(coded))
    assert set(extracts.mission_countries()) <= set(coded)
    assert {border.name for border in listed if border.disputed} == {"Western Sahara", "Kosovo", "Siachen Glacier"}


def test_countries_that_share_a_border_do_not_overlap():
    draw = np.random.default_rng(3)
    lat, lon = draw.uniform(-35, 45, 3_000), draw.uniform(-18, 80, 3_000)
    held = sum(
        extracts.country_of(lat, lon, 0.0, among=[border.iso3]) != "" for border in extracts.borders() if border.iso3
    )
    assert held.max() == 1


@pytest.mark.parametrize("extract", extracts.EXTRACTS)
def test_every_extract_says_its_source_licence_and_vintage(extract):
    said = extracts.attribution(extract)
    assert all((said.title, said.source, said.licence, said.vintage, said.changes, said.packages, said.notes))
    assert said.source in str(said)
    assert said.licence in str(said)
    assert said.vintage in str(said)


def test_an_unknown_extract_gets_the_nearest_name():
    with pytest.raises(InvalidRecordError, match="Nearest name: 'places'"):
        extracts.attribution("place")


def test_every_map_can_say_that_its_borders_are_not_those_of_the_united_nations():
    assert "do not imply official endorsement or acceptance by the United Nations" in extracts.disclaimer()
    assert "Natural Earth" in extracts.disclaimer()


def test_extracts_are_small_and_hold_no_date_of_packing():
    files = list(FOLDER.iterdir())
    assert sum(file.stat().st_size for file in files) < 1_500_000
    packed = [file for file in files if file.suffix == ".gz"]
    # Bytes 4 to 7 of a gzip file hold its time; zero means the same bytes on every machine.
    assert {file.read_bytes()[4:8] for file in packed} == {b"\0\0\0\0"}
    assert all(gzip.decompress(file.read_bytes()) for file in packed)


def test_importing_geo_brings_no_projection_library():
    code = "import sys, bluehelm.geo.extracts, bluehelm.geo.reach; sys.exit('pyproj' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.real_data
def test_bases_on_the_maps_lie_in_or_near_their_country(shared):
    table = pl.read_csv(shared / "data" / "geopko" / "geopko_v23_location_year_dev.csv.gz", infer_schema_length=0)
    table = table.with_columns(pl.col("latitude", "longitude").cast(pl.Float64, strict=False))
    table = table.drop_nulls(["latitude", "longitude"]).unique(["country", "location", "latitude", "longitude"])
    outside = 0
    for (name,), rows in table.group_by("country"):
        codes = {country.iso3 for country in countries_named(str(name))}
        # Older maps show South Sudan in Sudan, and the Golan is drawn with Israel.
        codes |= {"Sudan": {"SSD"}, "Syria": {"ISR"}}.get(str(name), set())
        outside += int((extracts.country_of(rows["latitude"], rows["longitude"], 10.0, among=codes) == "").sum())
    assert outside <= 2
