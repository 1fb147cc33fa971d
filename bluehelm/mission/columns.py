"""How a field of a record says its unit and meaning: files, forms and the data dictionary are made from it."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from bluehelm.mission.months import Month


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a file holds.

    unit: the unit of measure, or "text", "key", "month", "date", "yes/no", "list" (parts split by ";").
    meaning: one sentence for the data dictionary. choices: the only words allowed. low, high: the range allowed.
    may_be_blank: the column must stand in the file, but its cells may be blank. infinite: "inf" is allowed.
    """

    unit: str
    meaning: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    may_be_blank: bool = False
    infinite: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One column as read from a record: its name, Python type, column and whether it may be blank or left out."""

    name: str
    type: Any
    optional: bool
    column: Column
    default: Any

    @property
    def required(self) -> bool:
        """Must the column stand in the file?"""
        return self.default is MISSING


def columns_of(record: type) -> tuple[Field, ...]:
    """List the columns of a record type, in order."""
    return _columns_of(record)


@cache
def _columns_of(record: type) -> tuple[Field, ...]:
    # Records keep their annotations as text, so that importing them costs nothing; here they are needed as types.
    hints = get_type_hints(record, localns={"Month": Month}, include_extras=True)
    listed = []
    for field in fields(record):
        hint = hints[field.name]
        column = Column("text")
        if get_origin(hint) is Annotated:
            hint, column = get_args(hint)[0], get_args(hint)[1]
        parts = get_args(hint)
        optional = type(None) in parts and get_origin(hint) is not tuple
        kind = next(part for part in parts if part is not type(None)) if optional else hint
        listed.append(Field(field.name, kind, optional, column, field.default))
    return tuple(listed)
