"""A base as maps show it, and which rows of a map file speak of the same base."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from math import asin, cos, radians, sin, sqrt

SAME_BASE_WITHIN_KM = 5.0
SAME_SPELLING_SHARE = 0.85
EARTH_RADIUS_KM = 6371.0088
ARTICLES = {"al", "el", "ad", "ed", "an", "en", "as", "es", "um", "umm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Where peacekeepers stood, as the maps of one year show it.

    hq_level: 3 mission, 2 sector, 1 lower headquarters, 0 none. troops_persons: None where no map tells; it includes
    infantry_persons (with reserves) and formed_police_persons where these are known. kinds: support on the maps, of
    eng, sig, med, avia, trans, riv, maint, recon, mp, demining, sf, uav, fpu. contributors: persons by country, None
    where the size is unknown.
    """

    location: str
    country: str
    latitude_deg: float
    longitude_deg: float
    hq_level: int
    troops_persons: int | None
    infantry_persons: int | None
    formed_police_persons: int | None
    kinds: frozenset[str]
    police: bool
    observers: bool
    contributors: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BasesRead:
    """Bases of one mission and year, with what was assumed in reading them, as sentences."""

    mission: str
    year: int
    version: str
    bases: tuple[Base, ...]
    notes: tuple[str, ...]


def plain_name(name: str) -> str:
    """Reduce a place name to what its spellings share: no accents, marks or Arabic articles.

    Examples
    --------
    >>> plain_name("Al Da'ein") == plain_name("El Da’ein")
    True
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", ascii_name.replace("'", ""))
    return " ".join(word for word in words if word not in ARTICLES) or " ".join(words) or name.strip().lower()


def same_places(places: Sequence[tuple[str, float, float]]) -> list[int]:
    """Number the places (name, latitude, longitude) so that spellings of one base get one number.

    Two are one base if they lie within 5 km and are spelled alike; a name shared by camps farther apart stays apart.
    """
    numbers: list[int] = []
    for i, (name, latitude, longitude) in enumerate(places):
        near = (
            numbers[k]
            for k, (other, lat, lon) in enumerate(places[:i])
            if _alike(name, other) and distance_km(latitude, longitude, lat, lon) <= SAME_BASE_WITHIN_KM
        )
        numbers.append(next(near, max(numbers, default=-1) + 1))
    return numbers


def _alike(name: str, other: str) -> bool:
    first, second = plain_name(name), plain_name(other)
    if first == second:
        return True
    # Camp 1 and Camp 2 differ by one letter only, and are two camps.
    numbered = any(letter.isdigit() for letter in first + second)
    return not numbered and SequenceMatcher(None, first, second).ratio() >= SAME_SPELLING_SHARE


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance on a sphere [km]; good to half a percent, enough to tell bases apart."""
    lat, other_lat = radians(latitude), radians(other_latitude)
    north, east = other_lat - lat, radians(other_longitude - longitude)
    half_chord = sin(north / 2) ** 2 + cos(lat) * cos(other_lat) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half_chord)))
