"""The header line of a CSV file: its separator, and which field each column holds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bluehelm.errors import nearest
from bluehelm.mission.chinese_headers import FIELD_OF_CHINESE_NAME
from bluehelm.mission.columns import Field, columns_of
from bluehelm.mission.faults import Fault, error, warning

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True, slots=True)
class Header:
    """What the header line says: `fields` holds one field per column, None where the column is not known."""

    separator: str
    names: tuple[str, ...]
    fields: tuple[Field | None, ...]
    faults: tuple[Fault, ...]

    @property
    def complete(self) -> bool:
        """Can records be made from the columns there are?"""
        return not any(fault.grade == "error" for fault in self.faults)


def read_header(line: str, record: type, file: str) -> Header:
    """Match the columns of a header line with the fields of a record type."""
    separator = _separator(line, record)
    names = tuple(name.strip() for name in _split(line, separator))
    fields = {field.name: field for field in columns_of(record)}
    matched = tuple(fields.get(FIELD_OF_CHINESE_NAME.get(name, name)) for name in names)
    faults = [
        *_separator_faults(file, separator),
        *_unknown_columns(file, names, matched, list(fields)),
        *_repeated_columns(file, names, matched),
        *_missing_columns(file, matched, fields.values()),
    ]
    return Header(separator, names, matched, tuple(faults))


def _split(line: str, separator: str) -> Sequence[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return [line]


def _separator(line: str, record: type) -> str:
    known = {field.name for field in columns_of(record)} | FIELD_OF_CHINESE_NAME.keys()

    def names_known(separator: str) -> int:
        return sum(name.strip() in known for name in _split(line, separator))

    # The first of equals wins, so a file is read with commas unless another separator fits better.
    return max(SEPARATORS, key=names_known)


def _separator_faults(file: str, separator: str) -> list[Fault]:
    if separator == ",":
        return []
    return [
        warning(
            file,
            "'{file}' separates its columns with a {separator}; it was read so.",
            "Commas between columns were expected.",
            "Nothing needs to be done; numbers still need a point before decimals.",
            line=1,
            separator=SEPARATORS[separator],
        )
    ]


def _unknown_columns(file: str, names: Sequence[str], matched: Sequence[Field | None], known: list[str]) -> list[Fault]:
    faults = []
    for name, field in zip(names, matched, strict=True):
        if field is None:
            near = nearest(name, [*known, *FIELD_OF_CHINESE_NAME])
            faults.append(
                error(
                    file,
                    "Column '{column}' is not known in '{file}'." if name else "A column of '{file}' has no name.",
                    "These columns are known: {known}.",
                    "Did you mean '{nearest}'?" if near else "Take the column out, or keep its words in 'note'.",
                    line=1,
                    column=name,
                    value=name,
                    known=", ".join(known),
                    nearest=near,
                )
            )
        elif field.name != name:
            faults.append(
                warning(
                    file,
                    "Column '{column}' of '{file}' was read as '{english}'.",
                    "English names of columns were expected.",
                    "Nothing needs to be done.",
                    line=1,
                    column=name,
                    value=name,
                    english=field.name,
                )
            )
    return faults


def _repeated_columns(file: str, names: Sequence[str], matched: Sequence[Field | None]) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for name, field in zip(names, matched, strict=True):
        if field is not None and field.name in seen:
            faults.append(
                error(
                    file,
                    "Column '{column}' stands twice in '{file}'.",
                    "Each column was expected once.",
                    "Take one of them out.",
                    line=1,
                    column=name,
                    value=name,
                )
            )
        seen.add(field.name if field else "")
    return faults


def _missing_columns(file: str, matched: Sequence[Field | None], fields: Iterable[Field]) -> list[Fault]:
    given = {field.name for field in matched if field}
    return [
        error(
            file,
            "Column '{column}' is missing in '{file}'.",
            "This column was expected: {meaning} ({unit}).",
            "Add the column and fill it in.",
            line=1,
            column=field.name,
            meaning=field.column.meaning or field.name,
            unit=field.column.unit,
        )
        for field in fields
        if field.required and field.name not in given
    ]
