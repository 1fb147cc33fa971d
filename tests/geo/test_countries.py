from __future__ import annotations

import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.geo.countries import LANGUAGES, countries, countries_named, country, country_numbered


def codes(name):
    return [found.iso3 for found in countries_named(name)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DRC", "COD"),
        ("Congo", "COG"),
        ("Ivory Coast", "CIV"),
        ("Cote d Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("the Sudan", "SDN"),
        ("Kosovo", "XKX"),
        ("中非共和国", "CAF"),
        ("Mali", "MLI"),
        ("Мали", "MLI"),
        ("Soudan du Sud", "SSD"),
        ("Yemen (North Yemen)", "YEM"),
        ("Bosnia-Herzegovina", "BIH"),
        ("Namibia", "NAM"),
        ("nam", "NAM"),
    ],
)
def test_names_of_many_kinds_are_understood(name, code):
    assert codes(name) == [code]


def test_joined_names_are_several_countries():
    assert codes("Ethiopia/Eritrea") == ["ETH", "ERI"]


def test_an_unknown_name_gets_the_nearest_one():
    with pytest.raises(InvalidRecordError, match=r"'Suddan'\. Nearest name: 'Sudan'"):
        countries_named("Suddan")
    with pytest.raises(InvalidRecordError, match="No country is named ''"):
        countries_named("")


def test_an_unknown_code_gets_the_nearest_one():
    with pytest.raises(InvalidRecordError, match="Nearest code: 'SDN'"):
        country("sdn")


def test_every_country_has_a_name_in_every_language():
    nameless = [found.iso3 for found in countries() if not all(found.name(language) for language in LANGUAGES)]
    assert nameless == []
    with pytest.raises(InvalidRecordError, match="'de' is not one of en, fr"):
        country("CAF").name("de")


def test_no_spelling_means_two_countries():
    owners: dict[str, set[str]] = {}
    for found in countries():
        for text in (*found.names, *found.other_names, found.iso3):
            owners.setdefault(text.casefold(), set()).add(found.iso3)
    assert {text: iso3 for text, iso3 in owners.items() if len(iso3) > 1} == {}


def test_codes_are_unique():
    for field in ("iso3", "iso2", "iso_numeric"):
        values = [getattr(found, field) for found in countries() if getattr(found, field)]
        assert len(values) == len(set(values)), field
    numbers = [number for found in countries() for number in found.gleditsch_ward]
    assert len(numbers) == len(set(numbers)) > 190


@pytest.mark.parametrize(("number", "code"), [(625, "SDN"), (482, "CAF"), (490, "COD"), (345, "SRB"), (678, "YEM")])
def test_countries_are_found_by_their_number_in_ucdp(number, code):
    assert country_numbered(number).iso3 == code


def test_an_unknown_number_is_refused():
    with pytest.raises(InvalidRecordError, match="999 is not the number"):
        country_numbered(999)


@pytest.mark.real_data
def test_every_country_of_geopko_and_of_the_contributors_is_known(shared):
    import json

    import polars as pl

    for file in ("geopko_v21_location_map_dev", "geopko_v23_location_year_dev"):
        named = pl.read_csv(shared / "data" / "geopko" / f"{file}.csv.gz", columns=["country"])["country"].unique()
        assert all(countries_named(name) for name in named)
    listed = json.loads((shared / "data" / "ipi_contributions" / "countries.json").read_text(encoding="utf-8"))
    assert [iso3 for iso3 in listed if iso3 and country(iso3).iso3 != iso3] == []
