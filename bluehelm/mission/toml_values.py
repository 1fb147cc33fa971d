"""One value of a TOML file: its kind is checked, then it obeys the same rules as the text of a CSV cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin

from bluehelm.mission.cells import Problem, parser_of, text_of
from bluehelm.mission.columns import Field
from bluehelm.mission.months import Month


def toml_value_of(given: object, one: Field) -> object:
    """Check the TOML type, then read the value as the text of a cell, so that both files obey the same rules."""
    if get_origin(one.type) is tuple:
        return _list_of(given, one)
    if not _fits(given, one.type):
        return _wrong_type(one)
    return parser_of(one)(written(given))


def _list_of(given: object, one: Field) -> object:
    item_type = get_args(one.type)[0]
    if not isinstance(given, list) or not all(_fits(item, item_type) for item in given):
        return _wrong_type(one)
    if not given:
        return parser_of(one)("")
    if any(";" in written(item) or not written(item).strip() for item in given):
        return Problem(
            "{column} holds a name that is blank or has a ';'.",
            "Names without ';' were expected.",
            "Give each name as an item of the list.",
        )
    return parser_of(one)(";".join(written(item) for item in given))


def _fits(given: object, kind: Any) -> bool:
    fitting: Mapping[Any, tuple[type, ...]] = {
        str: (str,), int: (int,), float: (int, Decimal), Decimal: (int, Decimal, str), bool: (bool,),
        date: (date, str), Month: (str,),
    }  # fmt: skip
    if isinstance(given, bool):
        return kind is bool
    return isinstance(given, fitting[kind]) and not isinstance(given, datetime)


def written(given: object) -> str:
    """Write a value of TOML as the text of a cell."""
    if isinstance(given, int) and given.bit_length() > 200:
        # Python refuses to write out very long numbers; this one is out of every range anyway.
        return "1e99"
    return text_of(given)


def _wrong_type(one: Field) -> Problem:
    examples = {
        str: '"words"', int: "12", float: "0.5", Decimal: '"1250000.50"', bool: "true", date: "2017-06-30",
        Month: '"2017-01"',
    }  # fmt: skip
    is_list = get_origin(one.type) is tuple
    example = examples[get_args(one.type)[0] if is_list else one.type]
    return Problem(
        "{column} is of the wrong kind: {value}.",
        "A value such as {example} was expected ({unit}).",
        "Mind the quotation marks and brackets of TOML: texts and months have quotation marks, numbers and days none.",
        {"example": f"[{example}]" if is_list else example, "unit": one.column.unit},
    )
