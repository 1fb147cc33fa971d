"""Room that a text takes on a terminal."""

from __future__ import annotations

from unicodedata import east_asian_width


def columns_taken(text: str) -> int:
    """Columns of a terminal that a text takes: Chinese characters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
