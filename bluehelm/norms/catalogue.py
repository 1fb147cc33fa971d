"""Read the catalogues: unit types, kinds of task, mission models and themes of the founding documents.

What is a number in a catalogue (strength, presence, demand, pay group) becomes a norm of its own, so that a
what-if can amend it and the sensitivity study can vary it: `presence_share.infantry_company`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bluehelm.mission.records import COMPONENTS, STATUSES
from bluehelm.mission.unit_type import MOBILITIES, TaskKind, UnitType
from bluehelm.norms.entry import PAY_GROUPS, Entry, Norm, Value, as_value, check_range
from bluehelm.norms.strict import StrictTable, one_of, read_toml

NAME_STATUSES = ("model of the study", "task family")
MODELLED = ("yes", "partly", "no")
# Catalogues are undated: what a unit type is holds from before the first mission that can be planned.
ALWAYS = date(1990, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionModel:
    """A form of operation. name_status says whether the study's own list is known to hold the name."""

    model: str
    title: str
    name_status: str
    components: tuple[str, ...]
    task_kinds: tuple[str, ...]
    status: str
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme of a founding document and whether this version models it."""

    theme: str
    title: str
    document: str
    place: str
    modelled: str
    sentence: str


def read_unit_types(text: str, file: str, task_kinds: tuple[str, ...]) -> tuple[dict[str, UnitType], list[Norm]]:
    """Read unit types, and the norms in them."""
    types: dict[str, UnitType] = {}
    norms: list[Norm] = []
    for name, raw in read_toml(text, file).items():
        table = StrictTable(raw, f"{file}: {name}")
        status, source = table.take_choice("status", STATUSES), table.take("source", str)
        reason = table.take("reason", str)
        strength = _ranged(table, f"strength_persons.{name}", "person", "Usual strength of the unit", status, source)
        presence = _ranged(table, f"presence_share.{name}", "share", "Share of a harm in full reach that it can answer")
        pay = Entry(
            since=ALWAYS, value=table.take_choice("paid_as", PAY_GROUPS), low=None, high=None,
            status=status, source=source, reason=reason,
        )  # fmt: skip
        norms += [strength, presence]
        norms.append(
            Norm(key=f"paid_as.{name}", unit="pay group", meaning="Rates by which the unit is paid", entries=(pay,))
        )
        types[name] = UnitType(
            unit_type=name,
            title=table.take("title", str),
            component=table.take_choice("component", COMPONENTS),
            strength_persons=int(strength.entries[0].value),
            mobility=table.take_choice("mobility", MOBILITIES),
            presence_share=float(presence.entries[0].value),
            guards=table.take("guards", bool),
            needs_airfield=table.take_or("needs_airfield", bool, False),
            casualty_lift=table.take_or("casualty_lift", bool, False),
            medical_level=_level(table),
            effort_share=_shares(name, table.take("effort_share", dict), table.place, task_kinds),
            aircraft=int(as_value(f"aircraft.{name}", "aircraft", "value", table.take_or("aircraft", int, 0))),
            status=status,
            source=source,
        )
        table.done()
    return types, norms


def _ranged(table: StrictTable, key: str, unit: str, meaning: str, status: str = "assumed", source: str = "") -> Norm:
    """Read `<measure> = [low, value, high]` as a norm of its own."""
    row: list[object] = table.take(key.partition(".")[0], list)
    low, value, high = (as_value(key, unit, "range", part) for part in (row if len(row) == 3 else [None] * 3))
    check_range(key, value, low, high)
    entry = Entry(
        since=ALWAYS, value=value, low=low, high=high, status=status, source=source, reason=table.take("reason", str)
    )
    return Norm(key=key, unit=unit, meaning=meaning, entries=(entry,))


def _level(table: StrictTable) -> int:
    """Read the medical level, 0 where none is given."""
    level = table.take_or("medical_level", int, 0)
    return int(one_of(str(level), ("0", "1", "2", "3", "4"), table.place, "medical_level"))


def _shares(name: str, raw: Mapping[str, object], place: str, task_kinds: tuple[str, ...]) -> dict[str, float]:
    table = StrictTable(raw, f"{place}.effort_share")
    shares: dict[str, float] = {}
    for kind in task_kinds:
        if kind in table:
            shares[kind] = float(as_value(name, "share", f"effort_share.{kind}", table.take_any(kind)))
        else:
            table.take_any(kind)
    table.done()
    return shares


def read_task_kinds(text: str, file: str) -> tuple[dict[str, TaskKind], list[Norm]]:
    """Read kinds of task, and the demand of each as a norm; presence asks for no hours."""
    kinds: dict[str, TaskKind] = {}
    norms: list[Norm] = []
    for name, raw in read_toml(text, file).items():
        table = StrictTable(raw, f"{file}: {name}")
        status, source = table.take_choice("status", STATUSES), table.take_or("source", str, "")
        demand = _ranged(
            table, f"demand_hours_per_zone_month.{name}", "hour/zone/month",
            "Hours of effort that the task asks in one zone in one month", status, source,
        )  # fmt: skip
        answered_by = table.take_choice("answered_by", ("presence", "effort"))
        kinds[name] = TaskKind(
            kind=name,
            title=table.take("title", str),
            answered_by="presence" if answered_by == "presence" else "effort",
            demand_hours_per_zone_month=float(demand.entries[0].value),
            status=status,
            source=source,
        )
        norms.append(demand)
        table.done()
    return kinds, norms


def read_mission_models(text: str, file: str, task_kinds: tuple[str, ...]) -> dict[str, MissionModel]:
    """Read mission models; only a verified name may stand as a model of the study."""
    models: dict[str, MissionModel] = {}
    for name, raw in read_toml(text, file).items():
        table = StrictTable(raw, f"{file}: {name}")
        status = table.take_choice("status", STATUSES)
        allowed = NAME_STATUSES if status == "verified" else NAME_STATUSES[1:]
        models[name] = MissionModel(
            model=name,
            title=table.take("title", str),
            name_status=table.take_choice("name_status", allowed),
            components=table.take_texts("components", COMPONENTS),
            task_kinds=table.take_texts("task_kinds", task_kinds),
            status=status,
            source=table.take("source", str),
            note=table.take_or("note", str, ""),
        )
        table.done()
    return models


def read_themes(text: str, file: str) -> dict[str, Theme]:
    """Read the themes of the founding documents."""
    themes: dict[str, Theme] = {}
    for name, raw in read_toml(text, file).items():
        table = StrictTable(raw, f"{file}: {name}")
        themes[name] = Theme(
            theme=name,
            title=table.take("title", str),
            document=table.take("document", str),
            place=table.take("place", str),
            modelled=table.take_choice("modelled", MODELLED),
            sentence=table.take("sentence", str),
        )
        table.done()
    return themes


def latest(norm: Norm) -> Value:
    """Return the value of an undated norm."""
    return norm.entries[-1].value
