"""Units that are interchangeable form one class; the model counts a class and the naming step names its units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import Pledge, Unit
from bluehelm.mission.unit_type import UnitType


@dataclass(frozen=True, slots=True)
class UnitClass:
    """Units of one type, strength and set of caveats."""

    class_id: str
    unit_type: UnitType
    persons: int
    only_zones: tuple[str, ...]
    not_tasks: tuple[str, ...]
    may_move: bool
    may_leave: bool


@dataclass(frozen=True, slots=True)
class PledgeClass:
    """Pledges that are interchangeable: one class of units, readiness level, opening and expiry."""

    pledge_class: str
    unit_class: str
    readiness_level: str
    available_from: Month
    last_month: Month
    count: int


Key = tuple[str, int, tuple[str, ...], tuple[str, ...], bool, bool]


def class_key(unit: Unit | Pledge) -> Key:
    """Return what makes a unit or pledge interchangeable with another."""
    may_leave = unit.may_leave if isinstance(unit, Unit) else True
    return (unit.unit_type, unit.persons, unit.only_zones, unit.not_tasks, unit.may_move, may_leave)


def classes_of(mission: Mission, unit_types: Mapping[str, UnitType]) -> dict[Key, UnitClass]:
    """Group units and pledges into classes, in the order in which the tables first show them.

    A class is named after its type; where a type has several classes, a number follows.
    """
    known: list[Unit | Pledge] = [*mission.units, *mission.pledges]
    keys = list(dict.fromkeys(class_key(unit) for unit in known))
    of_type = Counter(key[0] for key in keys)
    seen: Counter[str] = Counter()
    classes = {}
    for key in keys:
        kind = key[0]
        seen[kind] += 1
        name = kind if of_type[kind] == 1 else f"{kind}.{seen[kind]}"
        classes[key] = UnitClass(name, unit_types[kind], *key[1:])
    return classes


def pledge_classes_of(mission: Mission, classes: Mapping[Key, UnitClass]) -> list[PledgeClass]:
    """Group pledges that the model cannot tell apart."""
    counted = Counter(
        (classes[class_key(p)].class_id, p.readiness_level, p.available_from, Month.of(p.expires_on))
        for p in mission.pledges
    )
    return [PledgeClass(f"pledges.{i + 1}", *key, count) for i, (key, count) in enumerate(sorted(counted.items()))]
