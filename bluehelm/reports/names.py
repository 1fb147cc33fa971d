"""Names for the keys that stand in a plan's tables: components, kinds of site, states, units of measure."""

from __future__ import annotations

from functools import cache

from bluehelm.norms import load_norms
from bluehelm.reports.numbers import plain
from bluehelm.words import say


def spoken(key: str) -> str:
    """Write a key of the norms (a unit type, a kind of task) as words.

    Examples
    --------
    >>> spoken("infantry_company")
    'Infantry company'
    """
    text = key.replace("_", " ").strip()
    return say(text[:1].upper() + text[1:]) if text else ""


def spoken_name(key: str) -> str:
    """Write a key that names a place (a zone) as words.

    Examples
    --------
    >>> spoken_name("north_darfur")
    'North Darfur'
    """
    return say(key.replace("_", " ").title()) if key else ""


@cache
def _unit_titles() -> dict[str, str]:
    return {key: kind.title for key, kind in load_norms().unit_types().items()}


def unit_type_name(key: str) -> str:
    """Name a unit type by its title in the norms; a type that they do not know by its key."""
    return say(_unit_titles()[key]) if key in _unit_titles() else spoken(key)


def component_name(key: str) -> str:
    """Name a component of the mission."""
    return {"military": say("Military"), "police": say("Police"), "civilian": say("Civilian")}.get(key, spoken(key))


def site_kind_name(key: str) -> str:
    """Name a kind of site."""
    known = {
        "mission_headquarters": say("Mission headquarters"),
        "sector_headquarters": say("Sector headquarters"),
        "company_base": say("Company base"),
        "temporary_base": say("Temporary base"),
        "partner_hospital": say("Partner hospital"),
    }
    return known.get(key, spoken(key))


def status_name(status: str) -> str:
    """Name how well a figure is known, with a mark that survives black-and-white print."""
    known = {"verified": say("✓ verified"), "recalled": say("▲ recalled"), "assumed": say("● assumed")}
    return known.get(status, status)


def shortfall_name(kind: str) -> str:
    """Name a kind of shortfall."""
    known = {
        "effort": say("Work not done"),
        "protection": say("Harm out of reach of protection"),
        "floor": say("Protection below its floor"),
        "minimum": say("Minimum not met"),
        "enhanced_care": say("Bases without enhanced care in time"),
        "surgery": say("Bases without surgery in time"),
    }
    return known.get(kind, spoken(kind))


def counted(number: str, unit: str) -> str:
    """Write a number with what it counts: '1 base', '12 bases'."""
    one = {"hour": say("1 hour"), "person": say("1 person"), "base": say("1 base"), "site": say("1 site"),
           "expected death": say("1 death expected"), "unit": say("1 unit"), "units": say("1 unit"),
           "month": say("1 month"), "move": say("1 move"), "day": say("1 day")}  # fmt: skip
    if number == "1" and unit in one:
        return one[unit]
    if unit in ("unit", "units"):
        return say("{number} units", number=number)
    return say("{number} {unit}", number=number, unit=unit_of(unit))


def with_unit(value: object, unit: str) -> str:
    """Write the value of a norm with its unit, where that says more than the number does."""
    if unit == "pay group":
        known = {"contingent": say("paid as a contingent"), "individual": say("paid one by one"),
                 "civilian": say("paid as civilian staff")}  # fmt: skip
        return known.get(str(value), str(value))
    if unit in ("share", "ratio", ""):
        return plain(value)
    return counted("1", unit) if str(value) == "1" else f"{plain(value)} {unit_of(unit)}"


def unit_of(unit: str) -> str:
    """Name a unit of measure."""
    known = {
        "hour": say("hours"), "person": say("persons"), "base": say("bases"), "expected death": say("deaths expected"),
        "share": say("share"), "unit": say("units"), "site": say("sites"), "month": say("months"), "day": say("days"),
        "USD": say("USD"),
        "move": say("moves"), "million USD": say("million USD"), "ratio": say("ratio"), "km": say("km"),
        "hour/zone/month": say("hours/zone/month"), "hour/person/month": say("hours/person/month"),
    }  # fmt: skip
    return known.get(unit, say(unit) if unit else "")
