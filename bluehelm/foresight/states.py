"""Named states of the world beside violence: funding, consent, a peace process; and every way they can go.

A file of states says which values each state can take, with what chance it changes, and what a value does. States are
independent of each other and of violence; what moves together is written as one state with joint values.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product
from pathlib import Path
from typing import Annotated, Any

from bluehelm.errors import ImportFileError, nearest
from bluehelm.mission.columns import Column
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.tables import Row, Table
from bluehelm.mission.toml_documents import TomlDocument, read_document, read_records

MOST_HISTORIES = 1000
FAULTS_SHOWN = 5
MONTHS_A_YEAR = 12
SUPPORTED = ("receipts_share", "risk_factor", "risk_areas", "conditions")
# What people will want to say: a mission says it through a condition on which rows of its tables hang.
NOT_CARRIED = (
    "appropriation_share", "ceiling_persons", "closed_areas", "closed_sites", "consent_areas", "site_limit",
)  # fmt: skip

Key = Annotated[str, Column("key", "name of a state or value")]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Something that can go one way or another, `[[state]]`."""

    name: Annotated[str, Column("key", "name of the state")]
    start: Annotated[str, Column("key", "value that holds in the first months planned")]
    note: Annotated[str, Column("text", "where the chances come from")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One way a state can be, `[[value]]`: its chance of coming, and what it does."""

    state: Annotated[str, Column("key", "state that can take this value")]
    name: Annotated[str, Column("key", "name of the value")]
    chance_per_year: Annotated[
        float | None, Column("share/year", "chance that the state changes to this value within a year", low=0, high=1)
    ] = None
    chances: Annotated[
        tuple[float, ...], Column("share", "chance of change to it at each stage after the first", low=0, high=1)
    ] = ()
    comes_from: Annotated[tuple[str, ...], Column("list", "values it can follow; left out = any other")] = ()
    receipts_share: Annotated[float, Column("ratio", "receipts are multiplied by it", low=0)] = 1.0
    risk_factor: Annotated[float, Column("ratio", "risk is multiplied by it", low=0)] = 1.0
    risk_areas: Annotated[tuple[str, ...], Column("list", "areas where risk_factor holds; left out = all")] = ()
    conditions: Annotated[tuple[str, ...], Column("list", "conditions of the mandate that hold")] = ()
    note: Annotated[str, Column("text", "reason")] = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """A state with its values; the first value is the one that holds at the start."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class History:
    """One way in which all states can go: for each stage the value of each state, and its chance."""

    values: tuple[tuple[Value, ...], ...]
    chance: Fraction


def read_states(path: Path | str) -> tuple[Chain, ...]:
    """Read a file of states.

    Raises
    ------
    ImportFileError
        If it cannot be read, a key or name is unknown, or what it says contradicts itself.
    """
    path = Path(path)
    if not path.is_file():
        raise ImportFileError(
            "The file of states '{file}' is not there, or is not a file. Check the name.", file=str(path)
        )
    document, faults = read_document(path)
    chains: tuple[Chain, ...] = ()
    if document is not None:
        faults += _not_carried(document)
        faults += _strange_tables(document)
        states = read_records(document, "state", State, faults)
        values = read_records(document, "value", Value, faults)
        if not any(fault.grade == "error" for fault in faults):
            faults += _contradictions(document.file, states, values)
            chains = _chains(states, values)
    errors = [fault for fault in faults if fault.grade == "error"]
    if errors:
        raise ImportFileError(
            "The file of states '{file}' has {count} {count:error|errors}. {first}",
            file=str(path),
            count=len(errors),
            first=" ".join(str(fault) for fault in errors[:FAULTS_SHOWN]),
        )
    return chains


def histories_of(chains: Sequence[Chain], starts: Sequence[int]) -> tuple[History, ...]:
    """List every way in which the states can go over the stages; the chances add up to exactly 1.

    Parameters
    ----------
    chains : the states
    starts : first month of each stage, counted from 0

    Raises
    ------
    ImportFileError
        If the chances of a value are not one for each stage after the first, chances add up to more than 1, or
        there are too many ways.

    Examples
    --------
    >>> cut = Value(state="money", name="cut", chances=(0.25,))
    >>> ways = histories_of([Chain("money", (Value(state="money", name="full"), cut))], (0, 3))
    >>> [([stage[0].name for stage in way.values], str(way.chance)) for way in ways]
    [(['full', 'full'], '3/4'), (['full', 'cut'], '1/4')]
    """
    ways = [_ways(chain, starts) for chain in chains]
    count = math.prod(len(listed) for listed in ways)
    if count > MOST_HISTORIES:
        raise ImportFileError(
            "The states can go {count} {count:way|ways} over {stages} {stages:stage|stages}; at most {most} are "
            "taken. Leave a state or value "
            "out, let a value come from fewer others (comes_from), or plan with fewer stages.",
            count=count,
            stages=len(starts),
            most=MOST_HISTORIES,
        )
    return tuple(
        History(
            tuple(tuple(one[0][stage] for one in joint) for stage in range(len(starts))),
            reduce(lambda chance, one: chance * one[1], joint, Fraction(1)),
        )
        for joint in product(*ways)
    )


def _ways(chain: Chain, starts: Sequence[int]) -> list[tuple[tuple[Value, ...], Fraction]]:
    ways: list[tuple[tuple[Value, ...], Fraction]] = [((chain.values[0],), Fraction(1))]
    for stage in range(1, len(starts)):
        months = starts[stage] - starts[stage - 1]
        ways = [
            ((*way, value), chance * step)
            for way, chance in ways
            for value, step in _steps(chain, way[-1], stage, months, len(starts))
        ]
    return ways


def _steps(chain: Chain, now: Value, stage: int, months: int, stages: int) -> Iterator[tuple[Value, Fraction]]:
    """Give each value that can follow, with its chance; what is left over stays as it is.

    Yearly chances p are rates -ln(1 - p) that compete: together they leave with 1 - exp(-Σ rate · months / 12).
    """
    targets = [v for v in chain.values if v is not now and (not v.comes_from or now.name in v.comes_from)]
    at_stage = {v.name: _exact(_chance_at(chain, v, stage, stages)) for v in targets if v.chances}
    left = 1 - sum(at_stage.values(), Fraction(0))
    if left < 0:
        raise ImportFileError(
            "State '{state}': at stage {stage} the chances of leaving '{value}' add up to {total}. At most 1 was "
            "expected. Lower them, or name in comes_from which values each can follow.",
            state=chain.name,
            stage=stage + 1,
            value=now.name,
            total=f"{float(1 - left):g}",
        )
    rates = {v.name: -math.log1p(-v.chance_per_year) for v in targets if v.chance_per_year}
    total = sum(rates.values())
    leaving = left * _exact(-math.expm1(-total * months / MONTHS_A_YEAR)) if total else Fraction(0)
    chances = at_stage | {
        name: leaving * Fraction(rate) / sum(map(Fraction, rates.values())) for name, rate in rates.items()
    }
    staying = 1 - sum(chances.values(), Fraction(0))
    if staying:
        yield now, staying
    yield from ((v, chances[v.name]) for v in targets if chances.get(v.name))


def _exact(chance: float) -> Fraction:
    """Take a chance as it is written: 0.3 is three tenths."""
    return Fraction(repr(chance))


def _chance_at(chain: Chain, value: Value, stage: int, stages: int) -> float:
    if len(value.chances) != stages - 1:
        raise ImportFileError(
            "State '{state}': '{value}' gives its chance {given} {given:time|times}; the tree has {stages} "
            "{stages:stage|stages}, so {expected} "
            "were expected, one for each stage after the first. Give as many, or chance_per_year.",
            state=chain.name,
            value=value.name,
            given=len(value.chances),
            stages=stages,
            expected=stages - 1,
        )
    return value.chances[stage - 1]


def _chains(states: Table[State], values: Table[Value]) -> tuple[Chain, ...]:
    return tuple(
        Chain(
            state.name,
            tuple(sorted((v for v in values.records if v.state == state.name), key=lambda v: v.name != state.start)),
        )
        for state in states.records
    )


def _not_carried(document: TomlDocument) -> Iterator[Fault]:
    """Say loudly what a mission folder has no table for."""
    given = document.keys.get("value", [])
    for number, keys in enumerate(given if isinstance(given, list) else []):
        for key in NOT_CARRIED:
            if isinstance(keys, dict) and key in keys:
                yield error(
                    document.file,
                    "'{column}' of value '{name}' is not an effect that a value can have by itself.",
                    "These effects are supported: {supported}.",
                    "Name a condition of the mandate in 'conditions' instead, and let what changes hang on it "
                    "('when'): a ceiling, a limit of sites, a task, a line of budget.csv or a row of restrictions.csv.",
                    line=document.table("value", keys, number).line_of(key),
                    column=key,
                    name=str(keys.get("name", "")),
                    supported=", ".join(SUPPORTED),
                )
                keys.pop(key)


def _strange_tables(document: TomlDocument) -> Iterator[Fault]:
    for key in document.keys:
        if key not in ("state", "value"):
            near = nearest(key, ("state", "value"))
            yield error(
                document.file,
                "Key '{column}' is not known here.",
                "These keys are known: {known}.",
                "Did you mean '{nearest}'?" if near else "Take it out, or write it as a comment after '#'.",
                line=document.top(()).line_of(key),
                column=key,
                known="[[state]], [[value]]",
                nearest=near,
            )


def _contradictions(file: str, states: Table[State], values: Table[Value]) -> Iterator[Fault]:
    known = [state.name for state in states.records]
    if not known:
        yield error(file, "No state is named.", "At least one table under a header [[state]] was expected.", "Add one.")
    yield from _unknown(values, "state", known)
    yield from _twice(states, lambda row: (row.record.name,))
    yield from _twice(values, lambda row: (row.record.state, row.record.name))
    for row in states:
        there = [value.name for value in values.records if value.state == row.record.name]
        yield from _unknown([row], "start", there)
    start = {state.name: state.start for state in states.records}
    for value in values:
        there = [other.name for other in values.records if other.state == value.record.state]
        yield from _unknown([value], "comes_from", there)
        yield from _chance_faults(value, is_start=start.get(value.record.state) == value.record.name)


def _chance_faults(row: Row[Value], *, is_start: bool) -> Iterator[Fault]:
    value = row.record
    if value.chances and value.chance_per_year is not None:
        yield row.error(
            "chances",
            "Value '{name}' has both 'chances' and 'chance_per_year'.",
            "One of them was expected.",
            "Take one out.",
            name=value.name,
        )
    if value.chance_per_year == 1:
        yield row.error(
            "chance_per_year",
            "Value '{name}' comes within a year with chance 1, so it would be there at once.",
            "A chance below 1 was expected.",
            "Lower it, or say in 'chances' at which stage it comes.",
            name=value.name,
        )
    if not is_start and not any(value.chances) and not value.chance_per_year:
        yield row.error(
            "chance_per_year",
            "Value '{name}' can never come: it does not hold at the start and has no chance.",
            "A chance above 0 was expected, in 'chances' or 'chance_per_year'.",
            "Give its chance, or take the value out.",
            name=value.name,
        )
    if value.risk_areas and value.risk_factor == 1:
        yield row.error(
            "risk_areas",
            "Value '{name}' names areas, but no risk_factor other than 1 for them.",
            "A factor was expected.",
            "Add risk_factor, or take risk_areas out.",
            name=value.name,
        )


def _unknown(rows: Iterable[Row[Any]], column: str, known: Sequence[str]) -> Iterator[Fault]:
    for row in rows:
        given = getattr(row.record, column)
        for name in given if isinstance(given, tuple) else (given,):
            if name not in known:
                near = nearest(name, known)
                yield row.error(
                    column,
                    "{column} names '{name}', which is not there.",
                    "One of these was expected: {known}.",
                    "Did you mean '{nearest}'?" if near else "Correct the name, or add it.",
                    name=name,
                    known=", ".join(known),
                    nearest=near,
                )


def _twice(rows: Iterable[Row[Any]], name_of: Any) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        name = name_of(row)
        if name in seen:
            yield row.error(
                "name", "'{name}' stands twice.", "Each name was expected once.", "Rename one, or take one out.",
                name=" ".join(name),
            )  # fmt: skip
        seen.add(name)
