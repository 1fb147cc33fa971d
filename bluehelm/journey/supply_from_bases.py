"""Units and sites from the bases that maps show: what stands there becomes what a plan can use.

Maps give symbols, not rolls: infantry is cut into companies of 150 and platoons of 35, and what rounding leaves over is
carried to the next base, so that the mission keeps its total. Support units get their norm strength out of the troops
that are not infantry; where a symbol has no size, the unit is added at norm strength, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bluehelm.journey.contributors_of_base import Contributors
from bluehelm.mission.importers.base import Base
from bluehelm.mission.importers.reading import slug
from bluehelm.mission.records import Unit
from bluehelm.mission.unit_type import UnitType
from bluehelm.words import say

COMPANY_PERSONS = 150
PLATOON_PERSONS = 35
BATTALION_PERSONS = 650
HOSPITAL = "level_2_hospital"
CLINIC = "level_1_clinic"
TYPE_OF_KIND: Mapping[str, str] = {
    "fpu": "formed_police_unit", "eng": "engineer_company_construction", "sig": "signals_company",
    "trans": "transport_company", "riv": "riverine_unit", "maint": "maintenance_company", "recon": "ground_isr_company",
    "avia": "utility_helicopter_unit", "mp": "military_police_unit", "demining": "eod_company",
    "sf": "special_forces_company", "uav": "uas_isr_unit", "med": CLINIC,
}  # fmt: skip
POLITICAL_OFFICE = "mediation_team"
OTHER_TROOPS = "force_protection_guard_unit"
OUT_OF_TROOPS = "Norm strength, out of the troops on the maps"
OTHER_NOTE = "Neither infantry nor of a kind on the maps"
FROM_SYMBOLS = "Strength from map symbols, cut into companies of 150 and platoons of 35"


@dataclass
class Supply:
    """Units made base by base, and what had to be assumed on the way."""

    unit_types: Mapping[str, UnitType]
    units: list[Unit] = field(default_factory=list)
    carried_persons: int = 0
    carried_others: int = 0
    unsized_persons: int = 0
    unsized_units: int = 0
    other_persons: int = 0
    unknown_at: list[str] = field(default_factory=list)
    airfields: set[str] = field(default_factory=set)

    def add(self, unit_type: str, persons: int, contributor: str, site_id: str, note: str) -> None:
        """Add one unit at a site."""
        if self.unit_types[unit_type].needs_airfield:
            self.airfields.add(site_id)
        count = sum(1 for unit in self.units if unit.site_id == site_id and unit.unit_type == unit_type) + 1
        self.units.append(
            Unit(
                unit_id=f"{site_id}-{slug(unit_type)}-{count}",
                unit_type=unit_type,
                contributor=contributor,
                site_id=site_id,
                persons=persons,
                source="geopko",
                status="assumed",
                # A hospital stays where it stands: to move one takes longer than any other unit, and its patients wait.
                may_move=self.unit_types[unit_type].medical_level < 2,
                note=note,
            )
        )

    def persons_of(self, component: str) -> int:
        """Count the persons of a component."""
        return sum(unit.persons for unit in self.units if self.unit_types[unit.unit_type].component == component)

    def notes(self) -> tuple[str, ...]:
        """Say what was assumed."""
        said = [
            say(
                "Infantry stands as companies of {company} and platoons of {platoon}; support units have the strength "
                "of their norms, out of the troops that are not infantry.",
                company=COMPANY_PERSONS,
                platoon=PLATOON_PERSONS,
            )
        ]
        if self.unsized_units:
            said.append(
                say(
                    "{units} {units:unit|units} whose size no map gives are added at norm strength: {persons} "
                    "{persons:person|persons} beyond the "
                    "troops on the maps.",
                    units=self.unsized_units,
                    persons=self.unsized_persons,
                )
            )
        if self.other_persons:
            said.append(
                say(
                    "{persons} troops that are neither infantry nor of a kind on the maps are taken as guard units.",
                    persons=self.other_persons,
                )
            )
        if self.unknown_at:
            said.append(
                say(
                    "Strength unknown at {count} {count:base|bases}, where no troops are assumed: {names}.",
                    count=len(self.unknown_at),
                    names=", ".join(self.unknown_at),
                )
            )
        return tuple(said)


def supply_of(
    bases: Sequence[Base], site_ids: Sequence[str], unit_types: Mapping[str, UnitType], headquarters_id: str
) -> Supply:
    """Make the units of every base; a mission that shows none keeps one team of mediators at its headquarters."""
    supply = Supply(unit_types)
    for base, site_id in zip(bases, site_ids, strict=True):
        _add_base(supply, base, site_id)
    _settle(supply, headquarters_id)
    if not supply.units:
        persons = unit_types[POLITICAL_OFFICE].strength_persons
        supply.add(POLITICAL_OFFICE, persons, "", headquarters_id, "The maps show no unit: one team is assumed")
        supply.unsized_units, supply.unsized_persons = 1, persons
    return supply


def _add_base(supply: Supply, base: Base, site_id: str) -> None:
    contributors = Contributors.of(base)
    strengths = _support_strengths(base, supply.unit_types)
    if base.troops_persons is None:
        supply.unknown_at.append(base.location)
        infantry = support_pool = 0
    else:
        usual = sum(strengths.values())
        guess = max(0, base.troops_persons - usual)
        infantry = guess if base.infantry_persons is None else base.infantry_persons
        support_pool = base.troops_persons - infantry
    _add_infantry(supply, infantry, contributors, site_id)
    rest = _add_support(supply, base, strengths, support_pool, contributors, site_id)
    _add_others(supply, rest, contributors, site_id)
    _add_individuals(supply, base, site_id)


def _support_strengths(base: Base, unit_types: Mapping[str, UnitType]) -> dict[str, int]:
    """Norm strength of each kind of support unit that the maps show at a base, by unit type.

    A medical symbol is a level 2 hospital at a mission or sector headquarters and at a battalion, else a clinic.
    """
    of_kind = dict(TYPE_OF_KIND)
    if base.hq_level >= 2 or (base.troops_persons or 0) >= BATTALION_PERSONS:
        of_kind["med"] = HOSPITAL
    sized = {"fpu"} if base.formed_police_persons else set()
    kinds = sorted((base.kinds & of_kind.keys()) - sized)
    return {of_kind[kind]: unit_types[of_kind[kind]].strength_persons for kind in kinds}


def _add_infantry(supply: Supply, persons: int, contributors: Contributors, site_id: str) -> None:
    """Cut infantry into companies and platoons, contingent by contingent, with one platoon at least."""
    for i, (contributor, part) in enumerate(contributors.take(persons)):
        due = part + supply.carried_persons
        companies, left = divmod(max(0, due), COMPANY_PERSONS)
        platoons = round(left / PLATOON_PERSONS)
        if platoons * PLATOON_PERSONS > COMPANY_PERSONS - PLATOON_PERSONS:
            companies, platoons = companies + 1, 0
        if i == 0 and companies == platoons == 0:
            platoons = 1
        supply.carried_persons = due - companies * COMPANY_PERSONS - platoons * PLATOON_PERSONS
        for _ in range(companies):
            supply.add("infantry_company", COMPANY_PERSONS, contributor, site_id, FROM_SYMBOLS)
        for _ in range(platoons):
            supply.add("infantry_platoon", PLATOON_PERSONS, contributor, site_id, FROM_SYMBOLS)


def _add_others(supply: Supply, persons: int, contributors: Contributors, site_id: str) -> None:
    """Take troops of unknown kind as guard units; a few that stand beside other units are carried to the next base."""
    supply.other_persons += persons
    due = persons + supply.carried_others
    units = max(0, round(due / COMPANY_PERSONS))
    alone = persons > 0 and not units and all(unit.site_id != site_id for unit in supply.units)
    for size in [COMPANY_PERSONS] * units + [PLATOON_PERSONS] * alone:
        supply.add(OTHER_TROOPS, size, contributors.take_one(size), site_id, OTHER_NOTE)
        due -= size
    supply.carried_others = due


def _settle(supply: Supply, headquarters_id: str) -> None:
    """Let the last guard unit take what rounding has left over, so that the mission keeps its total."""
    rows = [i for i, unit in enumerate(supply.units) if unit.unit_type == OTHER_TROOPS]
    if rows:
        last = supply.units[rows[-1]]
        supply.units[rows[-1]] = replace(last, persons=max(1, last.persons + supply.carried_others))
    elif 2 * supply.carried_others >= PLATOON_PERSONS:
        supply.add(OTHER_TROOPS, supply.carried_others, "", headquarters_id, OTHER_NOTE)
    supply.carried_others = 0


def _add_support(
    supply: Supply, base: Base, strengths: Mapping[str, int], pool: int, contributors: Contributors, site_id: str
) -> int:
    """Add support units out of the pool of troops that are not infantry; return the persons left in it."""
    police = min(base.formed_police_persons or 0, pool)
    for persons in _even_parts(police, COMPANY_PERSONS):
        supply.add("formed_police_unit", persons, contributors.take_one(persons), site_id, "Strength from map symbols")
    pool -= police
    if pool == 0:
        for unit_type, persons in strengths.items():
            supply.add(unit_type, persons, contributors.take_unsized(), site_id, "No size on the maps: norm strength")
            supply.unsized_units += 1
            supply.unsized_persons += persons
        return 0
    for unit_type, persons in _shares(strengths, pool, supply.unit_types[CLINIC].strength_persons).items():
        if unit_type == "utility_helicopter_unit" and 2 * persons < strengths[unit_type]:
            # An aviation section of fifteen runs an airstrip; it has no helicopters of its own.
            supply.airfields.add(site_id)
            continue
        supply.add(unit_type, persons, contributors.take_one(persons), site_id, OUT_OF_TROOPS)
        pool -= persons
    return pool


def _shares(strengths: Mapping[str, int], pool: int, clinic_persons: int) -> dict[str, int]:
    """Give each support unit its norm strength, or its share of a pool that is too small for all.

    A hospital is whole or it is none: where the pool is too small for it, the medical symbol is a clinic.
    """
    shares = dict(strengths)
    if shares.get(HOSPITAL, 0) > pool:
        shares = {name: n for name, n in shares.items() if name != HOSPITAL} | {CLINIC: clinic_persons}
    whole = {name: n for name, n in shares.items() if name in (HOSPITAL, CLINIC) and n <= pool}
    left = pool - sum(whole.values())
    rest = {name: n for name, n in shares.items() if name not in whole}
    share = min(1.0, left / max(1, sum(rest.values())))
    return whole | {name: int(n * share) for name, n in rest.items() if int(n * share) > 0}


def _even_parts(persons: int, size: int) -> list[int]:
    """Cut persons into parts as near to a size as can be.

    Examples
    --------
    >>> _even_parts(310, 150)
    [155, 155]
    """
    parts = max(1, round(persons / size)) if persons else 0
    return [persons // parts + (i < persons % parts) for i in range(parts)]


def _add_individuals(supply: Supply, base: Base, site_id: str) -> None:
    present = {"individual_police_team": base.police, "military_observer_team": base.observers}
    for unit_type in (name for name, there in present.items() if there):
        persons = supply.unit_types[unit_type].strength_persons
        supply.add(unit_type, persons, "", site_id, "The maps show that they are there, not how many: norm strength")


def least_guard(supply: Supply, site_ids: Iterable[str]) -> int:
    """Return the fewest persons of guarding units at any of some sites."""
    guards = persons_by_site(unit for unit in supply.units if supply.unit_types[unit.unit_type].guards)
    return min(guards.get(site_id, 0) for site_id in site_ids)


def persons_by_site(units: Iterable[Unit]) -> dict[str, int]:
    """Count the persons at each site."""
    counted: dict[str, int] = {}
    for unit in units:
        counted[unit.site_id] = counted.get(unit.site_id, 0) + unit.persons
    return counted
