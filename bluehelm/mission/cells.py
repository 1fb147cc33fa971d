"""One cell: from the text that people write to the value that a record holds, and back without loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_origin

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.mission.columns import Column, Field
from bluehelm.mission.months import Month

LARGEST_NUMBER = 1e15
MOST_CHARACTERS = 10_000
# Peace operations begin in 1945; the last year leaves room for lead times before Month ends in 2200.
FIRST_YEAR, LAST_YEAR = 1945, 2150
TRUE_WORDS = frozenset({"yes", "true", "是"})
FALSE_WORDS = frozenset({"no", "false", "否"})

_WHOLE = re.compile(r"[+-]?\d{1,30}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_NUMBER_THEN_TEXT = re.compile(r"([+-]?\d[\d.]*)\s*([^\d\s.,eE].*)", re.ASCII | re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text cannot be the value of a field: sentences for a fault, with values to put in."""

    message: str
    expected: str
    next_step: str
    values: Mapping[str, object] = field(default_factory=dict)


Parser = Callable[[str], object]


def parser_of(column_field: Field) -> Parser:
    """Return the function that turns the text of a cell into a value of the field, or into a `Problem`."""
    column = column_field.column
    if get_origin(column_field.type) is tuple:
        item_type = get_args(column_field.type)[0]
        read: Parser = _list_parser(_item_parser(item_type, column))
    else:
        read = _item_parser(column_field.type, column)
    when_blank = _blank_value(column_field)

    def parse(text: str) -> object:
        text = text.strip()
        return read(text) if text else when_blank

    return parse


def text_of(value: object) -> str:
    """Write a value as the text of a cell; `parser_of` reads the same value back."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            # Numbers of numpy are floats too, but show their type in their own repr.
            return repr(float(value))
        case tuple():
            return "; ".join(text_of(item) for item in value)
        case _:
            return str(value)


def check_writable(value: object, column_field: Field, parse: Parser, what: str) -> None:
    """Refuse a value that its own file would not give back.

    Raises
    ------
    InvalidRecordError
        If reading the text of the value gives a problem or another value.
    """
    found = parse(text_of(value))
    if isinstance(found, Problem) or found != value:
        raise InvalidRecordError(
            "{what} has {column} = '{value}', which cannot be written to a mission folder without loss. "
            "A value of the kind '{unit}' within its range was expected, without blanks at its ends. Mend it first.",
            what=what,
            column=column_field.name,
            value=value,
            unit=column_field.column.unit,
        )


def check_amount(value: float | Decimal, column: Column) -> Problem | None:
    """Say what is wrong with the size of a number."""
    low = -LARGEST_NUMBER if column.low is None else column.low
    high = LARGEST_NUMBER if column.high is None else column.high
    if low <= value <= high or (column.infinite and value == float("inf")):
        return None
    return Problem(
        "{column} is {value}, which is out of its range.",
        "A number from {low} to {high} was expected, in {unit}.",
        "Write a number within the range, or check its unit.",
        {"low": f"{low:g}", "high": f"{high:g}", "unit": column.unit},
    )


def is_plain_text(text: str) -> bool:
    """Say whether a text can be written to a file and read back: no control characters, and not too long."""
    return len(text) <= MOST_CHARACTERS and not _UNWRITABLE.search(text)


def _blank_value(column_field: Field) -> object:
    if column_field.optional:
        return None
    is_text = column_field.type is str
    is_list = get_origin(column_field.type) is tuple
    if (is_text or is_list) and (column_field.column.may_be_blank or not column_field.required):
        return "" if is_text else ()
    if not column_field.required:
        return column_field.default
    return Problem(
        "{column} is blank.",
        "A value was expected ({unit}).",
        "Fill the cell in, or take the row out.",
        {"unit": column_field.column.unit},
    )


def _item_parser(kind: Any, column: Column) -> Parser:
    readers: dict[Any, Callable[[str, Column], object]] = {
        str: _text, int: _whole_number, float: _number, Decimal: _amount, bool: _yes_or_no, date: _date, Month: _month,
    }  # fmt: skip
    reader = readers[kind]
    return lambda text: reader(text, column)


def _list_parser(read: Parser) -> Parser:
    def parse(text: str) -> object:
        items = []
        for part in text.split(";"):
            item = read(part.strip()) if part.strip() else None
            if isinstance(item, Problem):
                return item
            if item is not None:
                items.append(item)
        return tuple(items)

    return parse


def _text(text: str, column: Column) -> object:
    if len(text) > MOST_CHARACTERS:
        return Problem(
            "{column} holds {count} {count:character|characters}.",
            "At most {most} {most:character|characters} {most:was|were} expected.",
            "Shorten it; a quotation mark that is never closed can also make a cell this long.",
            {"count": len(text), "most": MOST_CHARACTERS},
        )
    if _UNWRITABLE.search(text):
        return Problem(
            "{column} holds characters that cannot be printed: '{value}'.",
            "Plain text was expected.",
            "Type the cell again.",
        )
    if column.choices and text not in column.choices:
        near = nearest(text, column.choices)
        return Problem(
            "{column} is '{value}'.",
            "One of these words was expected: {choices}.",
            "Did you mean '{nearest}'?" if near else "Write one of them.",
            {"choices": ", ".join(word for word in column.choices if word), "nearest": near},
        )
    if column.unit == "key" and ";" in text:
        return Problem(
            "{column} is '{value}', which holds a ';'.",
            "A name without ';' was expected, because ';' parts the names of a list.",
            "Choose a name without it.",
        )
    return text


def _wrong_number(text: str, column: Column, expected: str) -> Problem:
    values = {"unit": column.unit}
    if found := _NUMBER_THEN_TEXT.fullmatch(text):
        return Problem(
            "{column} is '{value}', a number followed by text.",
            expected,
            "Write {number} alone, in {unit}: the unit is part of the column's name.",
            values | {"number": found[1]},
        )
    if "," in text or "，" in text:
        return Problem(
            "{column} is '{value}', a number with a comma.",
            expected,
            "Write no separators between thousands, and a point before decimals.",
            values,
        )
    return Problem("{column} is '{value}', which is not such a number.", expected, "Write digits only.", values)


def _whole_number(text: str, column: Column) -> object:
    if not _WHOLE.fullmatch(text):
        return _wrong_number(text, column, "A whole number was expected, in {unit}.")
    value = int(text)
    return check_amount(value, column) or value


def _number(text: str, column: Column) -> object:
    if column.infinite and text.lower() == "inf":
        return float("inf")
    if not _NUMBER.fullmatch(text):
        return _wrong_number(text, column, "A finite number was expected, in {unit}.")
    value = float(text)
    return check_amount(value, column) or value


def _amount(text: str, column: Column) -> object:
    if not _NUMBER.fullmatch(text):
        return _wrong_number(text, column, "An amount was expected, in {unit}.")
    value = Decimal(text)
    return check_amount(value, column) or value


def _yes_or_no(text: str, column: Column) -> object:
    word = text.lower()
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    return Problem("{column} is '{value}'.", "yes or no was expected.", "Write yes or no.")


def _date(text: str, column: Column) -> object:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    return Problem(
        "{column} is '{value}', which is not a day.",
        "A day such as 2017-06-30 (year-month-day) from {first} to {last} was expected.",
        "Write the day in this order, with digits and hyphens.",
        {"first": FIRST_YEAR, "last": LAST_YEAR},
    )


def _month(text: str, column: Column) -> object:
    try:
        month = Month.parse(text) if text.isascii() else None
    except InvalidRecordError:
        month = None
    if month is not None and FIRST_YEAR <= month.year <= LAST_YEAR:
        return month
    return Problem(
        "{column} is '{value}', which is not a month.",
        "A month such as 2017-01 (year-month) from {first} to {last} was expected.",
        "Write the month in this order, with digits and a hyphen.",
        {"first": FIRST_YEAR, "last": LAST_YEAR},
    )
