"""TOML as records: each table becomes a record, and each fault is placed at the line of its key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from bluehelm.errors import nearest
from bluehelm.mission.cells import Problem
from bluehelm.mission.columns import Field, columns_of
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.files import MEGABYTE, read_text
from bluehelm.mission.tables import Row, Table, cell_fault
from bluehelm.mission.toml_values import toml_value_of, written

MOST_BYTES = MEGABYTE

_HEADER = re.compile(r"""\s*\[\[?\s*["']?([^\]"']+?)["']?\s*\]""")
_KEY = re.compile(r"""\s*["']?([^\s"'=\[\]#]+)["']?\s*=""")

Lines = Mapping[tuple[str, int], Mapping[str, int]]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class TomlTable:
    """The keys of a table with the line of each; key "" is the header. Lines are an aid: 0 where not found."""

    file: str
    keys: Mapping[str, Any]
    lines: Mapping[str, int]

    def line_of(self, key: str) -> int:
        """Line of a key, or of the table's header."""
        return self.lines.get(key, self.lines.get("", 0))


@dataclass(frozen=True, slots=True)
class TomlDocument:
    """A file of TOML: its keys, and where they stand; "" is the table at the top."""

    file: str
    keys: Mapping[str, Any]
    lines: Lines

    def table(self, name: str, keys: Mapping[str, Any], number: int = 0) -> TomlTable:
        """Put lines beside the keys of the table `name`, the one with that number where there are several."""
        return TomlTable(self.file, keys, self.lines.get((name, number), {}))

    def top(self, without: Sequence[str]) -> TomlTable:
        """Return the keys at the top, some left out; a table is placed at its first header."""
        headers = {name: lines[""] for (name, number), lines in self.lines.items() if name and not number}
        keys = {key: value for key, value in self.keys.items() if key not in without}
        return TomlTable(self.file, keys, headers | dict(self.lines[("", 0)]))


def read_document(path: Path) -> tuple[TomlDocument | None, list[Fault]]:
    """Read a file of TOML; None where an error fault says why."""
    text, faults = read_text(path, MOST_BYTES)
    if text is None:
        return None, faults
    try:
        return TomlDocument(path.name, tomllib.loads(text, parse_float=_decimal), _lines_of_keys(text)), faults
    # Beside its own error, tomllib lets a number of too many digits and brackets nested too deep through.
    except (ValueError, RecursionError) as trouble:
        place = re.search(r"at line (\d+)", str(trouble))
        line = int(place[1]) if place else text.count("\n") + 1
        return None, [*faults, _not_toml(path.name, line, str(trouble))]


def read_record(table: TomlTable, record: type[R], faults: list[Fault], not_keys: Sequence[str] = ()) -> Row[R] | None:
    """Make a record of the keys of a table, or add the faults that prevent it; fields in `not_keys` are tables."""
    fields = {one.name: one for one in columns_of(record) if one.name not in not_keys}
    before = len(faults)
    for key in table.keys:
        if key not in fields:
            faults.append(_unknown_key(table, key, [*fields, *not_keys]))
    values = {}
    for name, one in fields.items():
        if name in table.keys:
            values[name] = _read_value(table, one, faults)
        elif one.required:
            faults.append(_missing_key(table, one))
    return Row(record(**values), table.file, table.line_of(""), table.lines) if len(faults) == before else None


def read_records(document: TomlDocument, name: str, record: type[R], faults: list[Fault]) -> Table[R]:
    """Make records of all tables under the header [[name]]."""
    given = document.keys.get(name, [])
    if not isinstance(given, list) or not all(isinstance(keys, dict) for keys in given):
        faults.append(_not_a_list(document.table(name, {}), name))
        return Table(readable=False)
    tables = [document.table(name, keys, number) for number, keys in enumerate(given)]
    rows = [read_record(table, record, faults) for table in tables]
    names = {
        one.name: frozenset(str(table.keys.get(one.name, "")) for table in tables)
        for one in columns_of(record)
        if one.column.unit == "key"
    }
    return Table(tuple(row for row in rows if row is not None), names, count=len(rows))


def _read_value(table: TomlTable, one: Field, faults: list[Fault]) -> object:
    given = table.keys[one.name]
    value = toml_value_of(given, one)
    if isinstance(value, Problem):
        faults.append(cell_fault(value, table.file, table.line_of(one.name), one.name, written(given)))
    return value


def _decimal(text: str) -> Decimal:
    """Numbers stay exact until the field says what they are."""
    try:
        return Decimal(text.replace("_", ""))
    except InvalidOperation:
        return Decimal("nan")


def _lines_of_keys(text: str) -> Lines:
    """Find the line of each key, per table and place among the tables of that name."""
    place = ("", 0)
    found: dict[tuple[str, int], dict[str, int]] = {place: {}}
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            place = (header[1], seen.get(header[1], 0))
            seen[header[1]] = place[1] + 1
            found[place] = {"": number}
        elif key := _KEY.match(line):
            found[place].setdefault(key[1], number)
    return found


def _not_toml(file: str, line: int, reason: str) -> Fault:
    return error(
        file,
        "'{file}' is not valid TOML: {reason}.",
        "Lines such as 'key = value' under headers such as [table] were expected; texts stand in quotation marks.",
        "Mend the line; each key may stand once in its table.",
        line=line,
        reason=reason,
    )


def _not_a_list(table: TomlTable, name: str) -> Fault:
    return error(
        table.file,
        "'{column}' is not a list of tables.",
        "Tables, each under a header [[{column}]], were expected.",
        "Write [[{column}]] in double brackets before each of them.",
        line=table.line_of(""),
        column=name,
    )


def _unknown_key(table: TomlTable, key: str, known: Sequence[str]) -> Fault:
    near = nearest(key, known)
    return error(
        table.file,
        "Key '{column}' is not known here.",
        "These keys are known: {known}.",
        "Did you mean '{nearest}'?" if near else "Take it out, or write it as a comment after '#'.",
        line=table.line_of(key),
        column=key,
        value=key,
        known=", ".join(known),
        nearest=near,
    )


def _missing_key(table: TomlTable, one: Field) -> Fault:
    return error(
        table.file,
        "Key '{column}' is missing.",
        "This key was expected: {meaning} ({unit}).",
        "Add a line '{column} = ...' at that place.",
        line=table.line_of(""),
        column=one.name,
        meaning=one.column.meaning or one.name,
        unit=one.column.unit,
    )
