"""Norms: every value that the model needs and no mission gives, in force on a day, with its source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.unit_type import TaskKind, UnitType
from bluehelm.norms.amendments import amend, unknown
from bluehelm.norms.catalogue import (
    MissionModel,
    Theme,
    latest,
    read_mission_models,
    read_task_kinds,
    read_themes,
    read_unit_types,
)
from bluehelm.norms.entry import Entry, Norm, Value
from bluehelm.norms.reading import read_norms
from bluehelm.norms.rules import Use, note_use

VALUES_DIR = Path(__file__).parent / "values"
CATALOGUES = ("task_kinds.toml", "unit_types.toml", "mission_models.toml", "themes.toml")
# Reach is whole up to the first and nothing from the second, so the first must stay below the second.
BELOW = (
    ("road_full_reach_hours", "road_zero_reach_hours"),
    ("air_full_reach_hours", "air_zero_reach_hours"),
    ("enhanced_care_hours", "surgery_hours"),
)


@dataclass(frozen=True)
class Norms:
    """All norms with the amendments laid over them. Nothing writes into it; a what-if is a new one."""

    table: Mapping[str, Norm]
    unit_catalogue: Mapping[str, UnitType]
    task_catalogue: Mapping[str, TaskKind]
    models: Mapping[str, MissionModel]
    theme_catalogue: Mapping[str, Theme]

    def keys(self) -> tuple[str, ...]:
        """Return every key, sorted."""
        return tuple(sorted(self.table))

    def norm(self, key: str) -> Norm:
        """Return a norm with all its dated values."""
        if key not in self.table:
            raise unknown(key, self.table)
        return self.table[key]

    def entry(self, key: str, on: date) -> Entry:
        """Return the entry in force on a day; an open trace notes it."""
        norm = self.norm(key)
        entry = norm.on(on)
        note_use(Use(key, norm.unit, on, entry, norm.amended))
        return entry

    def value(self, key: str, on: date) -> Value:
        """Return the value in force on a day: Decimal for money, a number or a text otherwise."""
        return self.entry(key, on).value

    def number(self, key: str, on: date) -> float:
        """Return the value in force on a day as a float."""
        return float(self.value(key, on))

    def amount(self, key: str, on: date) -> Decimal:
        """Return an amount of money in force on a day."""
        value = self.value(key, on)
        if not isinstance(value, Decimal):
            raise InvalidRecordError("Norm '{key}' is {value}, not an amount of money.", key=key, value=value)
        return value

    def unit_types(self) -> Mapping[str, UnitType]:
        """Return the unit types, with amended strength and presence in place."""
        return {
            name: replace(
                unit_type,
                strength_persons=int(latest(self.table[f"strength_persons.{name}"])),
                presence_share=float(latest(self.table[f"presence_share.{name}"])),
            )
            for name, unit_type in self.unit_catalogue.items()
        }

    def task_kinds(self) -> Mapping[str, TaskKind]:
        """Return the kinds of task, with amended demand in place."""
        demands = {name: self.table[f"demand_hours_per_zone_month.{name}"] for name in self.task_catalogue}
        return {
            name: replace(kind, demand_hours_per_zone_month=float(latest(demands[name])))
            for name, kind in self.task_catalogue.items()
        }

    def mission_models(self) -> Mapping[str, MissionModel]:
        """Return the mission models and task families."""
        return self.models

    def themes(self) -> Mapping[str, Theme]:
        """Return the themes of the founding documents, each with what this version does about it."""
        return self.theme_catalogue

    def with_amendments(self, amendments: Mapping[str, object]) -> Norms:
        """Return new norms with a what-if laid over these."""
        return replace(self, table=in_bounds(amend(self.table, amendments)))

    def digest(self) -> str:
        """Return the sha256 of every value that a plan can depend on, written in one canonical way."""
        parts = [
            {key: asdict(norm) for key, norm in self.table.items()},
            {name: asdict(unit_type) for name, unit_type in self.unit_types().items()},
            {name: asdict(kind) for name, kind in self.task_kinds().items()},
            {name: asdict(model) for name, model in self.models.items()},
        ]
        written = json.dumps(parts, sort_keys=True, default=str, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(written.encode()).hexdigest()


def in_bounds(table: Mapping[str, Norm]) -> Mapping[str, Norm]:
    """Return the norms if those that bound each other do so on every day on which one changes."""
    for below, above in BELOW:
        first, second = table[below], table[above]
        for day in sorted(entry.since for norm in (first, second) for entry in norm.entries):
            if day < max(first.entries[0].since, second.entries[0].since):
                continue
            if float(first.on(day).value) >= float(second.on(day).value):
                raise InvalidRecordError(
                    "On {day} norm '{below}' is {low} and '{above}' is {high}; the first must be below the second. "
                    "Change one of them.",
                    day=day,
                    below=below,
                    above=above,
                    low=first.on(day).value,
                    high=second.on(day).value,
                )
    return table


@cache
def shipped_norms() -> Norms:
    """Read the norms that come with the package, once."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(VALUES_DIR.glob("*.toml"))}
    kinds_text, types_text, models_text, themes_text = (texts.pop(name) for name in CATALOGUES)
    kinds, demands = read_task_kinds(kinds_text, CATALOGUES[0])
    types, described = read_unit_types(types_text, CATALOGUES[1], tuple(kinds))
    listed = [norm for file, text in texts.items() for norm in read_norms(text, file).values()]
    table: dict[str, Norm] = {}
    for norm in [*listed, *demands, *described]:
        if norm.key in table:
            raise InvalidRecordError("Norm '{key}' stands in two files. Remove one.", key=norm.key)
        table[norm.key] = norm
    models = read_mission_models(models_text, CATALOGUES[2], tuple(kinds))
    return Norms(in_bounds(table), types, kinds, models, read_themes(themes_text, CATALOGUES[3]))


def load_norms(amendments: Mapping[str, object] | None = None) -> Norms:
    """Return the norms of the package, with a mission's amendments laid over them.

    Examples
    --------
    >>> load_norms().value("personnel_reimbursement_usd_per_person_month", date(2017, 7, 1))
    Decimal('1410')
    """
    shipped = shipped_norms()
    return shipped.with_amendments(amendments) if amendments else shipped
