"""The countries of a mission: those where its bases stand, and those that host it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bluehelm.errors import ImportFileError, InvalidRecordError
from bluehelm.geo import extracts
from bluehelm.geo.countries import countries_named
from bluehelm.mission.importers.base import Base
from bluehelm.mission.importers.reading import first_five
from bluehelm.words import say

HOST_SHARE = 0.1
BASE_BORDER_KM = 20.0


@dataclass(frozen=True, slots=True)
class Countries:
    """Codes of all countries with bases, most bases first; of those that host the mission; and notes."""

    listed: tuple[str, ...]
    hosts: tuple[str, ...]
    notes: tuple[str, ...]


def countries_of(bases: Sequence[Base]) -> Countries:
    """Find the countries of a mission.

    Hosts hold at least a tenth of the bases; liaison offices abroad do not make a country a host. Where a base lies
    outside the country that the file names (borders have moved since), the country of today counts too.

    Raises
    ------
    ImportFileError
        If latitude and longitude of bases are swapped.
    """
    counted: Counter[str] = Counter()
    for base in bases:
        counted.update(_named(base.country) or _on_map(base, None) or ())
    named = tuple(counted)
    outside = [base for base in bases if not _on_map(base, named)]
    _refuse_swapped_bases(outside, named)
    for base in outside:
        counted.update(_on_map(base, None))
    ranked = tuple(code for code, _ in counted.most_common())
    hosts = tuple(code for code in ranked if counted[code] >= HOST_SHARE * len(bases)) or ranked
    notes = [say("Host countries: {hosts}.", hosts=", ".join(hosts))]
    if outside:
        names = ", ".join(base.location for base in outside)
        notes.append(say("Bases outside the countries that the file names: {names}.", names=names))
    return Countries(ranked, hosts, tuple(notes))


def _refuse_swapped_bases(outside: Sequence[Base], named: tuple[str, ...]) -> None:
    turned = [
        replace(base, latitude_deg=base.longitude_deg, longitude_deg=base.latitude_deg)
        for base in outside
        if abs(base.longitude_deg) <= 90
    ]
    swapped = [base.location for base in turned if _on_map(base, named)]
    if swapped:
        raise ImportFileError(
            "Latitude and longitude look swapped at {count} {count:base|bases}: {first}. Swap them in the file of "
            "bases.",
            count=len(swapped),
            first=first_five(swapped),
        )


def _named(country: str) -> tuple[str, ...]:
    try:
        return tuple(known.iso3 for known in countries_named(country))
    except InvalidRecordError:
        return ()


def _on_map(base: Base, among: tuple[str, ...] | None) -> tuple[str, ...]:
    codes = {border.iso3 for border in extracts.borders()}
    drawn = None if among is None else tuple(code for code in among if code in codes)
    if drawn == ():
        return ()
    found = extracts.country_of([base.latitude_deg], [base.longitude_deg], BASE_BORDER_KM, drawn)
    return tuple(str(code) for code in found if code)
