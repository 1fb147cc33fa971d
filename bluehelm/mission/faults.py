"""A fault found in a mission folder: graded, placed, with what was expected and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bluehelm.words import say


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `error` stops planning; `warning` is told and planned with.

    message, expected and next_step are English sentences, keys of the catalogue, with values put in by name.
    line counts from 1 with the header as line 1; 0 where the whole file is meant.
    """

    grade: Literal["error", "warning"]
    file: str
    message: str
    expected: str
    next_step: str
    line: int = 0
    column: str = ""
    value: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """File, line and column, as a reader looks them up."""
        return ":".join(part for part in (self.file, str(self.line) if self.line else "", self.column) if part)

    def __str__(self) -> str:
        said = [say(text, **self.values) for text in (self.message, self.expected, self.next_step) if text]
        return f"{self.place}: " + " ".join(said)

    def as_dict(self) -> dict[str, object]:
        """Return the fault as JSON-ready values, sentences in the reader's language."""
        return {
            "grade": self.grade,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "message": say(self.message, **self.values),
            "expected": say(self.expected, **self.values) if self.expected else "",
            "next_step": say(self.next_step, **self.values) if self.next_step else "",
        }


def error(
    file: str, message: str, expected: str, next_step: str, *, line: int = 0, column: str = "", value: object = "",
    **values: object,
) -> Fault:  # fmt: skip
    """Make a fault that stops planning; file, line, column and value can be named in its sentences."""
    return _fault("error", file, message, expected, next_step, line, column, value, values)


def warning(
    file: str, message: str, expected: str, next_step: str, *, line: int = 0, column: str = "", value: object = "",
    **values: object,
) -> Fault:  # fmt: skip
    """Make a fault that is told and planned with."""
    return _fault("warning", file, message, expected, next_step, line, column, value, values)


def _fault(
    grade: Literal["error", "warning"], file: str, message: str, expected: str, next_step: str, line: int, column: str,
    value: object, values: Mapping[str, object],
) -> Fault:  # fmt: skip
    short = shown(value)
    named = {"file": file, "line": line, "column": column, "value": short} | {
        name: shown(given) if isinstance(given, str) else given for name, given in values.items()
    }
    return Fault(grade, file, message, expected, next_step, line, column, short, named)


def shown(value: object, most_characters: int = 200) -> str:
    """Return a value fit to be quoted in a sentence: on one line, printable, and cut where it is long.

    Examples
    --------
    >>> shown("a\\x00b")
    'a\\\\x00b'
    """
    # Cut before making it printable, so that a field of many megabytes costs nothing.
    text = str(value)[: most_characters + 1]
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= most_characters else text[:most_characters] + "…"
