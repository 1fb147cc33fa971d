"""Countries with their codes and their names in six languages."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bluehelm.errors import InvalidRecordError, nearest

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
_FILE = Path(__file__).parent / "extracts" / "countries.csv"


@dataclass(frozen=True, slots=True)
class Country:
    """One country or territory. gleditsch_ward: its numbers in UCDP data; other_names: spellings found in data."""

    iso3: str
    iso2: str
    iso_numeric: int | None
    gleditsch_ward: tuple[int, ...]
    names: tuple[str, ...]
    other_names: tuple[str, ...]

    def name(self, language: str = "en") -> str:
        """Return the short name in one of the six official languages of the United Nations."""
        if language not in LANGUAGES:
            raise InvalidRecordError(
                "Language '{language}' is not one of {languages}.", language=language, languages=", ".join(LANGUAGES)
            )
        return self.names[LANGUAGES.index(language)]


@cache
def countries() -> tuple[Country, ...]:
    """Return all countries, by code."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_country(row) for row in csv.DictReader(file))


def country(iso3: str) -> Country:
    """Return the country with a code of three letters.

    Examples
    --------
    >>> country("CAF").name("zh")
    '中非共和国'
    """
    if iso3 not in _by_code():
        near = nearest(iso3.upper(), _by_code())
        raise InvalidRecordError(
            "'{iso3}' is not an ISO code of a country ({total} are known). Nearest code: '{nearest}'.",
            iso3=iso3,
            total=len(_by_code()),
            nearest=near,
        )
    return _by_code()[iso3]


def countries_named(name: str) -> tuple[Country, ...]:
    """Find the country that a name or code means; several names may be joined by "/".

    Names in all six languages count, as do ISO codes and spellings of UCDP, Geo-PKO and lists of contributors.

    Raises
    ------
    InvalidRecordError
        If a name means no country; the nearest known name is given.

    Examples
    --------
    >>> [country.iso3 for country in countries_named("Ethiopia/Eritrea")]
    ['ETH', 'ERI']
    >>> [country.iso3 for country in countries_named("ivory coast")]
    ['CIV']
    """
    return tuple(_named(part) for part in name.split("/"))


def country_numbered(gleditsch_ward: int) -> Country:
    """Return the country with a number of Gleditsch and Ward, the `country_id` of UCDP."""
    found = [known for known in countries() if gleditsch_ward in known.gleditsch_ward]
    if not found:
        raise InvalidRecordError(
            "{number} is not the number of a country in the list of Gleditsch and Ward (such as 625, Sudan).",
            number=gleditsch_ward,
        )
    return found[0]


def _named(name: str) -> Country:
    known = _by_name()
    if _plain(name) not in known:
        near = nearest(_plain(name), known)
        raise InvalidRecordError(
            "No country is named '{name}'. Nearest name: '{nearest}'. Give an ISO code of three letters if in doubt.",
            name=name,
            nearest=known[near].name() if near else "",
        )
    return known[_plain(name)]


@cache
def _by_code() -> dict[str, Country]:
    return {known.iso3: known for known in countries()}


@cache
def _by_name() -> dict[str, Country]:
    by_name = {_plain(text): known for known in countries() for text in (*known.names, *known.other_names)}
    return by_name | {_plain(known.iso3): known for known in countries()}


def _plain(name: str) -> str:
    """Reduce a name to small letters without accents, signs and a leading article."""
    letters = "".join(
        sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign)
    )
    return re.sub(r"\W+", " ", letters).strip().removeprefix("the ")


def _country(row: dict[str, str]) -> Country:
    return Country(
        row["iso3"],
        row["iso2"],
        int(row["iso_numeric"]) if row["iso_numeric"] else None,
        tuple(int(number) for number in row["gleditsch_ward"].split(";") if number),
        tuple(row[f"name_{language}"] for language in LANGUAGES),
        tuple(text for text in row["other_names"].split(";") if text),
    )
