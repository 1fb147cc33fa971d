"""The parts of a report: sections made of words, tables and figures."""

from __future__ import annotations

from dataclasses import dataclass

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


def shortened(rows: list[tuple[str, ...]], most: int) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Keep the first rows; return them and how many were left out."""
    return tuple(rows[:most]), max(0, len(rows) - most)
