"""The data dictionary: every file of a mission folder with its columns, made from the records themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_origin

from bluehelm.mission.chinese_headers import CHINESE_NAMES
from bluehelm.mission.columns import Field, columns_of
from bluehelm.mission.draft import BULK_TABLES, MANDATE_FILE, MISSION_FILE, OPTIONAL_TABLES, REQUIRED_TABLES, SIDE_FILES
from bluehelm.mission.mandate import Ceiling, Condition, Floor, Handover, Mandate, SiteLimit, Task
from bluehelm.mission.mission import Setting
from bluehelm.mission.months import Month
from bluehelm.mission.toml_files import MANDATE_LISTS

# Where the keys of each side file are listed.
SIDE_SECTIONS = ("Read by `bluehelm transition` only; [transition](transition.md#transitiontoml) lists its keys.",)
MANDATE_RECORDS = (Condition, Ceiling, SiteLimit, Task, Floor, Handover)

_KINDS: dict[Any, str] = {
    str: "text", int: "whole number", float: "number", Decimal: "exact amount", bool: "yes/no",
    date: "day, 2017-06-30", Month: "month, 2017-01",
}  # fmt: skip


def data_dictionary() -> str:
    """Return the data dictionary as Markdown."""
    parts = [
        _section(f"`{MISSION_FILE}`", Setting, "Then `[sources]` (key = citation) and `[amendments]` (norm = value)."),
        _section(f"`{MANDATE_FILE}`", Mandate, "Then the tables below, each under its header in double brackets."),
        *(
            _section(f"`[[{name}]]` in `{MANDATE_FILE}`", record)
            for name, record in zip(MANDATE_LISTS, MANDATE_RECORDS, strict=True)
        ),
        *(_section(f"`{file}`", record) for file, record in REQUIRED_TABLES.items()),
        *(_section(f"`{file}` (may be left out)", record) for file, record in OPTIONAL_TABLES.items()),
        *(_section(f"`{file}` (may be left out)", record) for file, record in BULK_TABLES.items()),
        *(f"## `{file}` (may be left out)\n\n{then}\n" for file, then in zip(SIDE_FILES, SIDE_SECTIONS, strict=True)),
    ]
    return "\n".join(parts)


def _section(title: str, record: type, then: str = "") -> str:
    summary = (record.__doc__ or "").strip().partition("\n")[0]
    rows = "\n".join(_rows(record))
    more = f"\n{then}\n" if then else ""
    return (
        f"## {title}\n\n{summary}\n\n| column | 中文 | holds | unit | meaning |\n"
        f"| --- | --- | --- | --- | --- |\n{rows}\n{more}"
    )


def _rows(record: type) -> Iterator[str]:
    for one in columns_of(record):
        if one.name in MANDATE_LISTS:
            continue
        cells = (f"`{one.name}`", CHINESE_NAMES[one.name], _holds(one), one.column.unit, _meaning(one))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _holds(one: Field) -> str:
    is_list = get_origin(one.type) is tuple
    kind = _KINDS[get_args(one.type)[0] if is_list else one.type]
    low, high = one.column.low, one.column.high
    if low is not None and high is not None:
        kind += f", {low:g} to {high:g}"
    elif low is not None:
        kind += f", {low:g} or more"
    return ("list of " if is_list else "") + kind + ("" if one.required else "; may be left out")


def _meaning(one: Field) -> str:
    words = ", ".join(f"`{word}`" for word in one.column.choices if word)
    return one.column.meaning + (f"; one of {words}" if words else "")
