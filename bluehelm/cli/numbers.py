"""Lists of numbers and spans of months, as people write them on a command line."""

from __future__ import annotations

import re

import click

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.months import Month
from bluehelm.words import say


def whole_numbers(text: str, name: str, least: int, most: int) -> tuple[int, ...]:
    """Read `1,3,6,12`: whole numbers in rising order, each once."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    numbers = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 6]
    if not numbers or len(numbers) < len(parts) or not all(least <= number <= most for number in numbers):
        raise click.BadParameter(
            say(
                "'{text}' is not a list of whole numbers from {least} to {most}, such as 1,3,6.",
                text=text,
                least=least,
                most=most,
            ),
            param_hint=name,
        )
    return tuple(sorted(set(numbers)))


def months_between(text: str, name: str) -> tuple[Month, Month]:
    """Read `2014-01:2016-12`: the first and the last month."""
    parts = text.split(":")
    try:
        first, last = (Month.parse(part) for part in (parts if len(parts) == 2 else [text, text]))
    except InvalidRecordError as trouble:
        raise click.BadParameter(
            say("'{text}' is not a span of months such as 2014-01:2016-12.", text=text), param_hint=name
        ) from trouble
    return first, last


def years_between(text: str, name: str) -> tuple[int, ...]:
    """Read `2014-2021` or `2014`: all years of the span."""
    found = re.fullmatch(r"\s*(\d{4})(?:\s*[-:]\s*(\d{4}))?\s*", text)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if last < first:
        raise click.BadParameter(say("'{text}' is not a span of years such as 2014-2021.", text=text), param_hint=name)
    return tuple(range(first, last + 1))


def moves_allowed(text: str, name: str) -> tuple[int | None, ...]:
    """Read `0,1,2,4,all`: moves a month; None for any number."""
    parts = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not parts or not all(part == "all" or (part.isascii() and part.isdigit() and len(part) < 4) for part in parts):
        raise click.BadParameter(
            say("'{text}' is not a list of moves a month such as 0,1,2,4,all.", text=text), param_hint=name
        )
    numbers = sorted({int(part) for part in parts if part != "all"})
    return (*numbers, *([None] if "all" in parts else []))
