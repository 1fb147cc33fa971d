"""The parts of a report: its first page, and sections made of words, tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bluehelm.reports.figures.look import Spec

MOST_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A table: caption, headings, rows. columns: one letter each: l for words, s for words that
    stay on one line, r for numbers. A line break in a cell stays one."""

    caption: str
    columns: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @property
    def narrow(self) -> bool:
        """Whether short words and few numbers are easier to read side by side than across the page."""
        few = len(self.columns) <= 4 and self.columns.strip("r") in ("l", "s")
        return few and all(len(row[0]) <= MOST_LETTERS for row in self.rows)

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.headings)]
        if wrong or len(self.columns) != len(self.headings):
            raise ValueError(f"table {self.caption!r}: {len(self.headings)} headings do not fit its rows {wrong[:1]}")


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A place for a figure of the gallery."""

    key: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its anchor, title, parts in order, and the line that flags what is not verified."""

    key: str
    title: str
    parts: tuple[Table | Words | Shown, ...]
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A key figure: value, what it is, and one line of context."""

    value: str
    label: str
    context: str


@dataclass(frozen=True, slots=True)
class Line:
    """One point of the summary: a word to find it by, and one or two sentences."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The first page of a report, and what the command line prints."""

    title: str
    subtitle: str
    tiles: tuple[Tile, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its specification, what it is, and what one sees in it."""

    key: str
    spec: Spec
    caption: str
    description: str


def figures_of(*listed: tuple[str, Spec | None, str, str]) -> Mapping[str, Figure]:
    """Keep the figures that have something to show, by key; each is given as key, specification, caption, and what one
    sees in it."""
    return {key: Figure(key, spec, caption, told) for key, spec, caption, told in listed if spec is not None}


def shortened(rows: list[tuple[str, ...]], most: int) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Keep the first rows; return them and how many were left out."""
    return tuple(rows[:most]), max(0, len(rows) - most)
