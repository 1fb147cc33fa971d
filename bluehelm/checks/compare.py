"""How stated numbers are held against recomputed ones: which differ, by how much, said in one form."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from bluehelm.words import say

RELATIVE_TOLERANCE = 1e-6
ABSOLUTE_TOLERANCE = 1e-9
SHOWN = 5

Key = tuple[str, ...]


def differ(stated: float | None, found: float, scale: float = 0.0) -> bool:
    """Say whether two numbers differ by more than the tolerance; blank and NaN are the same word for "none".

    scale: size of the numbers that these are the difference of, since last digits do not cancel.
    """
    stated = math.nan if stated is None else float(stated)
    if math.isnan(stated) or math.isnan(found):
        return math.isnan(stated) != math.isnan(found)
    if math.isinf(stated) or math.isinf(found):
        return stated != found
    return abs(stated - found) > ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * max(abs(stated), abs(found), scale)


def exceeds(amount: float, limit: float) -> bool:
    """Say whether an amount passes a limit by more than the tolerance."""
    return amount > limit + ABSOLUTE_TOLERANCE + RELATIVE_TOLERANCE * max(1.0, abs(limit))


def number(value: float | None) -> str:
    """Write a number so that a difference can be seen."""
    return "-" if value is None else f"{value:.9g}"


def stated_numbers(frame: pl.DataFrame, keys: tuple[str, ...], column: str) -> dict[Key, float | None]:
    """Read one column of a table by its keys."""
    return {tuple(map(str, row[:-1])): row[-1] for row in frame.select(*keys, column).iter_rows()}


def compare(
    table: str,
    column: str,
    stated: Mapping[Key, float | None],
    found: Mapping[Key, float],
    scale: Mapping[Key, float] | None = None,
) -> Iterator[str]:
    """Say every number of a column that is missing, that no row was expected for, or that differs."""
    for key in sorted(found.keys() - stated.keys()):
        yield say(
            "Table {table} has no row for {where}; {column} = {found} was found.",
            table=table, column=column, where=" / ".join(key), found=number(found[key]),
        )  # fmt: skip
    for key in sorted(stated.keys() - found.keys()):
        yield say("Table {table} has a row for {where} where none belongs.", table=table, where=" / ".join(key))
    for key, value in found.items():
        if key in stated and differ(stated[key], value, (scale or {}).get(key, 0.0)):
            yield say(
                "Table {table}, {where}: {column} is stated as {stated}, but {found} was found; off by {off}.",
                table=table, column=column, where=" / ".join(key), stated=number(stated[key]), found=number(value),
                off=number(abs((stated[key] or 0.0) - value)),
            )  # fmt: skip


def shorten(sentences: Iterable[str]) -> list[str]:
    """Keep the first five sentences of a family, and count the rest."""
    told = list(sentences)
    if len(told) <= SHOWN:
        return told
    return [*told[:SHOWN], say("... and {count} more of this kind.", count=len(told) - SHOWN)]
