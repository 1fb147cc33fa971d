"""Read TOML strictly: a key that is unknown, missing or of the wrong kind is told with its place and nearest name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.words import say

T = TypeVar("T")

WORDS: Mapping[type, str] = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a day such as 2017-07-01",
    list: "a list in square brackets",
    dict: "a table",
}


def read_toml(text: str, file: str) -> dict[str, object]:
    """Read TOML, or say where it breaks off."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # tomllib's own error is a ValueError, as are absurdly long numbers
        raise InvalidRecordError(
            "{file} cannot be read as TOML: {fault}. Mend that line and load again.", file=file, fault=fault
        ) from fault


class StrictTable:
    """A TOML table from which every key must be taken, each of a stated kind."""

    def __init__(self, raw: object, place: str) -> None:
        if not isinstance(raw, Mapping):
            raise InvalidRecordError(
                "{place} is {value!r}; a table of keys was expected. Write [{place}] and its keys below.",
                place=place,
                value=raw,
            )
        self.raw = {str(key): value for key, value in raw.items()}
        self.place = place
        self.taken: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self.raw

    def take(self, key: str, kind: type[T]) -> T:
        """Take a key that must be there."""
        self.taken.append(key)
        if key not in self.raw:
            raise InvalidRecordError("{place} has no '{key}'. Add it.", place=self.place, key=key)
        value = self.raw[key]
        if kind is float and type(value) is int:
            value = float(value) if abs(value) < 2**53 else value
        # bool is an int and datetime a date in Python, but neither is meant for the other here.
        if type(value) is not kind:
            raise InvalidRecordError(
                "{place} has {key} = {value!r}; {expected} was expected. Change it.",
                place=self.place,
                key=key,
                value=value,
                expected=say(WORDS[kind]),
            )
        return value

    def take_any(self, key: str) -> object:
        """Take a key whose kind is judged elsewhere; None where it is absent."""
        self.taken.append(key)
        return self.raw.get(key)

    def take_or(self, key: str, kind: type[T], otherwise: T) -> T:
        """Take a key that may be left out."""
        if key in self.raw:
            return self.take(key, kind)
        self.taken.append(key)
        return otherwise

    def take_choice(self, key: str, choices: tuple[str, ...]) -> str:
        """Take a text that must be one of `choices`."""
        return one_of(self.take(key, str), choices, self.place, key)

    def take_texts(self, key: str, choices: tuple[str, ...]) -> tuple[str, ...]:
        """Take a list of texts, each one of `choices`."""
        texts: list[object] = self.take(key, list)
        return tuple(one_of(text, choices, self.place, key) for text in texts)

    def done(self) -> None:
        """Say which keys nobody asked for."""
        for key in self.raw:
            if key not in self.taken:
                near = nearest(key, self.taken)
                message = "{place} has an unknown key '{key}'. Nearest name: '{near}'. Rename or remove it."
                if not near:
                    message = "{place} has an unknown key '{key}'; known are {known}. Rename or remove it."
                known = ", ".join(sorted(set(self.taken)))
                raise InvalidRecordError(message, place=self.place, key=key, near=near, known=known)


def one_of(text: object, choices: tuple[str, ...], place: str, key: str) -> str:
    """Return the text if it is one of the choices."""
    if isinstance(text, str) and text in choices:
        return text
    raise InvalidRecordError(
        "{place} has {key} = {value!r}; one of {choices} was expected. Nearest name: '{near}'.",
        place=place,
        key=key,
        value=text,
        choices=", ".join(choices),
        near=nearest(str(text), choices) or choices[0],
    )
