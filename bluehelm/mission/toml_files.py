"""`mission.toml` and `mandate.toml`: read into records with every fault in its place, and written without loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomli_w

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.cells import LARGEST_NUMBER, check_writable, is_plain_text, parser_of
from bluehelm.mission.columns import columns_of
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.mandate import Ceiling, Condition, Floor, Handover, Mandate, SiteLimit, Task
from bluehelm.mission.mission import Setting
from bluehelm.mission.months import Month
from bluehelm.mission.tables import Row, Table
from bluehelm.mission.toml_documents import TomlTable, read_document, read_record, read_records

DEEPEST_TABLE = 4
MANDATE_LISTS = ("condition", "ceiling", "site_limit", "task", "floor", "handover")


@dataclass(frozen=True, slots=True)
class MissionToml:
    """What `mission.toml` says; None where faults keep a part from being read."""

    setting: Row[Setting] | None = None
    sources: Mapping[str, str] | None = None
    amendments: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class MandateToml:
    """What `mandate.toml` says: its head, and each of its lists as a table."""

    head: Row[Mandate] | None = None
    condition: Table[Condition] = field(default_factory=lambda: Table(readable=False))
    ceiling: Table[Ceiling] = field(default_factory=lambda: Table(readable=False))
    site_limit: Table[SiteLimit] = field(default_factory=lambda: Table(readable=False))
    task: Table[Task] = field(default_factory=lambda: Table(readable=False))
    floor: Table[Floor] = field(default_factory=lambda: Table(readable=False))
    handover: Table[Handover] = field(default_factory=lambda: Table(readable=False))


def read_mission_toml(path: Path) -> tuple[MissionToml, list[Fault]]:
    """Read `mission.toml`, with all its faults."""
    document, faults = read_document(path)
    if document is None:
        return MissionToml(), faults
    parts = ("sources", "amendments")
    setting = read_record(document.top(without=parts), Setting, faults, not_keys=parts)
    sources, amendments = (document.table(name, document.keys.get(name, {})) for name in parts)
    return MissionToml(setting, _read_sources(sources, faults), _read_amendments(amendments, faults)), faults


def read_mandate_toml(path: Path) -> tuple[MandateToml, list[Fault]]:
    """Read `mandate.toml`, with all its faults."""
    document, faults = read_document(path)
    if document is None:
        return MandateToml(), faults
    head = read_record(document.top(without=MANDATE_LISTS), Mandate, faults, not_keys=MANDATE_LISTS)
    return MandateToml(
        head,
        read_records(document, "condition", Condition, faults),
        read_records(document, "ceiling", Ceiling, faults),
        read_records(document, "site_limit", SiteLimit, faults),
        read_records(document, "task", Task, faults),
        read_records(document, "floor", Floor, faults),
        read_records(document, "handover", Handover, faults),
    ), faults


def mission_toml_text(setting: Setting, sources: Mapping[str, str], amendments: Mapping[str, object]) -> str:
    """Write `mission.toml`.

    Raises
    ------
    InvalidRecordError
        If a value could not be read back as it is.
    """
    unwritable = [key for key, text in sources.items() if not _is_name(key) or not _is_citation(text)]
    unwritable += [key for key, value in amendments.items() if not _is_name(key) or not _amends(value)]
    if unwritable:
        raise InvalidRecordError(
            "{count} sources or amendments cannot be written to mission.toml: {first}. A key of plain text with a "
            "citation, or with a finite number, text or yes/no that amends a norm, was expected. Mend them first.",
            count=len(unwritable),
            first=", ".join(repr(key) for key in unwritable[:5]),
        )
    document = _keys_of(setting, "mission.toml") | {"sources": dict(sources)}
    if amendments:
        document["amendments"] = {key: _toml_value(value) for key, value in amendments.items()}
    return tomli_w.dumps(document)


def mandate_toml_text(mandate: Mandate) -> str:
    """Write `mandate.toml`.

    Raises
    ------
    InvalidRecordError
        If a value could not be read back as it is.
    """
    document = _keys_of(mandate, "mandate.toml")
    for name in MANDATE_LISTS:
        if rows := getattr(mandate, name):
            document[name] = [_keys_of(row, f"{name} {number}") for number, row in enumerate(rows, 1)]
    return tomli_w.dumps(document)


def _is_name(key: str) -> bool:
    return bool(key) and key == key.strip() and is_plain_text(key)


def _is_citation(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and is_plain_text(text)


def _amends(value: object, depth: int = 0) -> bool:
    """Say whether a value can take the place of a norm: a number, text, yes/no or day, or a table of such."""
    match value:
        case Decimal() if value.is_nan():
            return False
        case int() | float() | Decimal():
            return -LARGEST_NUMBER <= value <= LARGEST_NUMBER
        case str():
            return is_plain_text(value)
        case Mapping():
            named = all(_is_name(key) for key in value)
            return depth < DEEPEST_TABLE and named and all(_amends(inner, depth + 1) for inner in value.values())
        case _:
            return type(value) is date


def _read_sources(table: TomlTable, faults: list[Fault]) -> Mapping[str, str] | None:
    before = len(faults)
    if not isinstance(table.keys, dict):
        table = TomlTable(table.file, {"sources": table.keys}, table.lines)
    for key, text in table.keys.items():
        if not _is_name(key) or not _is_citation(text):
            faults.append(
                error(
                    table.file,
                    "Source '{column}' has no citation.",
                    'Lines such as key = "citation" were expected under [sources].',
                    "Write the citation in quotation marks.",
                    line=table.line_of(key),
                    column=key,
                    value=text,
                )
            )
    return table.keys if len(faults) == before else None


def _read_amendments(table: TomlTable, faults: list[Fault]) -> Mapping[str, object] | None:
    before = len(faults)
    if not isinstance(table.keys, dict):
        table = TomlTable(table.file, {"amendments": table.keys}, table.lines)
    for key, value in table.keys.items():
        if not _is_name(key) or not _amends(value):
            faults.append(
                error(
                    table.file,
                    "Amendment '{column}' is {value}.",
                    "Lines such as norm_key = 0.4 were expected under [amendments]: a finite number, text or yes/no.",
                    "Write one value for one norm.",
                    line=table.line_of(key),
                    column=key,
                    value=value,
                )
            )
    return {key: _native(value) for key, value in table.keys.items()} if len(faults) == before else None


def _native(value: object) -> object:
    """Numbers with decimals become floats, now that it is clear that they are no amounts."""
    if isinstance(value, Mapping):
        return {key: _native(inner) for key, inner in value.items()}
    return float(value) if isinstance(value, Decimal) else value


def _keys_of(record: Any, what: str) -> dict[str, Any]:
    """List what is to be written of a record: keys that hold their default are left out."""
    keys: dict[str, Any] = {}
    for one in columns_of(type(record)):
        value = getattr(record, one.name)
        if one.name in MANDATE_LISTS or value == one.default:
            continue
        check_writable(value, one, parser_of(one), what)
        keys[one.name] = _toml_value(value)
    return keys


def _toml_value(value: object) -> object:
    match value:
        case tuple():
            return [_toml_value(item) for item in value]
        case Mapping():
            return {key: _toml_value(item) for key, item in value.items()}
        case Month() | Decimal():
            return str(value)
        case float():
            return float(value)
        case _:
            return value
