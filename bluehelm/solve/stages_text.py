"""Linear sums and rows as people write them, such as `stored == stored[-1] + made - demand`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bluehelm.errors import InvalidRecordError, nearest

Comparison = Literal["<=", ">=", "=="]

_FACTOR = r"(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_]\w*(?:\[-1\])?)"
_TERM = re.compile(rf"\s*([+-]?)\s*({_FACTOR}(?:\s*\*\s*{_FACTOR})*)\s*")


@dataclass(frozen=True, slots=True)
class Term:
    """A number times data times at most one column; column "" stands for 1, before: as it was one stage earlier."""

    factor: float
    data: tuple[str, ...] = ()
    column: str = ""
    before: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A sum of terms compared with 0."""

    name: str
    terms: tuple[Term, ...]
    comparison: Comparison


def read_sum(text: str, place: str, columns: Collection[str], data: Collection[str]) -> tuple[Term, ...]:
    """Read a sum of products of numbers, data and at most one column each; `[-1]` is the stage before.

    Parameters
    ----------
    text : str
        Terms joined by + and -, factors by *; no brackets.
    place : str
        Where it stands, for the error.
    columns, data : collections of str
        The names that mean a column, and those that mean a datum, of the stage.

    Returns
    -------
    tuple of Term

    Raises
    ------
    InvalidRecordError
        If the text is no such sum, or a name is unknown.

    Examples
    --------
    >>> read_sum("2 * acres[-1] - share * sold", "cost", {"acres", "sold"}, {"share"})
    (Term(factor=2.0, data=(), column='acres', before=True), Term(factor=-1.0, data=('share',), column='sold', before=False))
    """  # noqa: E501
    terms: list[Term] = []
    at = 0
    while at < len(text) or not terms:
        found = _TERM.match(text, at)
        if found is None or (terms and not found[1]):
            raise InvalidRecordError(
                "{place}: '{text}' cannot be read from '{rest}' on. Write terms such as 2 * share * acres[-1], "
                "joined by + or -.",
                place=place,
                text=text,
                rest=text[at:],
            )
        factors = [factor.strip() for factor in found[2].split("*")]
        terms.append(_term(-1.0 if found[1] == "-" else 1.0, factors, place, columns, data))
        at = found.end()
    return tuple(terms)


def read_row(name: str, text: str, place: str, columns: Collection[str], data: Collection[str]) -> Row:
    """Read two sums with a comparison between them; everything is brought to its left.

    Examples
    --------
    >>> read_row("land", "acres <= 500", "rows", {"acres"}, ())
    Row(name='land', terms=(Term(factor=1.0, data=(), column='acres', before=False), \
Term(factor=-500.0, data=(), column='', before=False)), comparison='<=')
    """
    parts = re.split("(<=|>=|==)", text)
    if len(parts) != 3:
        raise InvalidRecordError(
            "{place}: '{text}' compares {count} times; once was expected. Write one of <=, >= and == between two sums.",
            place=place,
            text=text,
            count=len(parts) // 2,
        )
    left, right = (read_sum(part, place, columns, data) for part in (parts[0], parts[2]))
    moved = tuple(Term(-term.factor, term.data, term.column, term.before) for term in right)
    comparison: Comparison = "<=" if parts[1] == "<=" else ">=" if parts[1] == ">=" else "=="
    return Row(name, left + moved, comparison)


def _term(sign: float, factors: list[str], place: str, columns: Collection[str], data: Collection[str]) -> Term:
    """Sort the factors of one term into a number, data and a column."""
    number, named, held, before = sign, [], "", False
    for factor in factors:
        name = factor.removesuffix("[-1]")
        if factor[0].isdigit():
            number *= float(factor)
        elif name == factor and name in data:
            named.append(name)
        elif name != factor or name in columns:
            if held:
                raise InvalidRecordError(
                    "{place}: '{term}' multiplies two columns; a row or a cost is a sum of columns times numbers. "
                    "Split it.",
                    place=place,
                    term=" * ".join(factors),
                )
            held, before = name, name != factor
        else:
            raise InvalidRecordError(
                "{place}: '{name}' is neither a column nor a datum of this stage. Nearest name: '{near}'. "
                "Rename it, or add it.",
                place=place,
                name=name,
                near=nearest(name, [*columns, *data]),
            )
    return Term(number, tuple(named), held, before)
