"""Read a program of stages from TOML, strictly: a key nobody knows, a missing one or a wrong kind is told."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.solve.model import FloatArray
from bluehelm.solve.stages import Column, Outcomes, Stage, StagedProgram, States, refuse_no_future, refuse_repeated
from bluehelm.solve.stages_text import read_row, read_sum
from bluehelm.words import say

NAN = float("nan")

_PROGRAM = ("name", "source", "sense", "initial", "published", "tolerance", "stage")
_STAGE = ("name", "like", "data", "columns", "rows", "cost", "outcome", "state")
_BOUNDS = ("lower", "upper")
_COLUMN = (*_BOUNDS, "whole")


def read_stages(path: Path) -> StagedProgram:
    """Read a file that states a stochastic program stage by stage.

    Parameters
    ----------
    path : Path
        TOML with name, source, sense ("min" or "max"), initial, published, tolerance and [[stage]]. A stage has
        columns (lower, upper, whole), rows and cost as text, data, and what may turn out: [[stage.outcome]] with a
        probability, [[stage.state]] with a name and its chance (a number, or one after each state before), each
        with data. `like` takes everything from an earlier stage that is not given anew.

    Returns
    -------
    StagedProgram

    Raises
    ------
    InvalidRecordError
        If the file is not there or no TOML, a key is unknown, missing or of the wrong kind, a name is unknown or
        repeated, or probabilities do not sum to 1.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise InvalidRecordError(
            "{file} cannot be read as TOML: {fault}. Mend that line and load again.", file=path.name, fault=fault
        ) from fault
    return program_from(raw, path.name)


def program_from(raw: Mapping[str, object], file: str) -> StagedProgram:
    """Make a program of the tables of its file; see `read_stages`."""
    _known(raw, _PROGRAM, file)
    sense = _text(raw, "sense", file)
    if sense not in ("min", "max"):
        raise _wrong(file, "sense", sense, say("min or max"))
    merged: dict[str, Mapping[str, object]] = {}
    stages: list[Stage] = []
    tables = _list(raw, "stage", file)
    refuse_repeated((_text(table, "name", f"{file}: [[stage]]") for table in tables), file)
    for table in tables:
        name = str(table["name"])
        place = f"{file}: stage '{name}'"
        _known(table, _STAGE, place)
        like = _text(table, "like", place) if "like" in table else None
        if like is not None and like not in merged:
            raise InvalidRecordError(
                "{place} is like '{like}', which is no stage before it. Nearest name: '{near}'. Rename it.",
                place=place,
                like=like,
                near=nearest(like, merged),
            )
        merged[name] = {**({} if like is None else merged[like]), **table}
        states = stages[-1].states.names if stages else ("",)
        stages.append(_stage(merged[name], name, place, states))
    return StagedProgram(
        name=_text(raw, "name", file), source=_text(raw, "source", file), stages=tuple(stages),
        maximise=sense == "max", initial=_numbers(raw.get("initial", {}), f"{file}: initial"),
        published=_number(raw, "published", file, NAN), tolerance=_number(raw, "tolerance", file, NAN),
    )  # fmt: skip


def _stage(raw: Mapping[str, object], name: str, place: str, states_before: Sequence[str]) -> Stage:
    """Make a stage; names in rows and cost are columns, or data that are fixed or turn out."""
    data = _numbers(raw.get("data", {}), f"{place}: data")
    columns = tuple(_column(key, value, place) for key, value in _table(raw, "columns", place).items())
    outcomes, states = _outcomes(raw, place), _states(raw, place, states_before)
    names = [column.name for column in columns]
    known = {**data, **outcomes.data, **states.data}
    for twice in {*outcomes.data} & {*states.data} | {*names} & {*known}:
        refuse_repeated((twice, twice), place)
    rows = tuple(
        read_row(key, _text({key: text}, key, f"{place}: rows"), f"{place}: {key}", names, known)
        for key, text in _table(raw, "rows", place).items()
    )
    cost = read_sum(_text(raw, "cost", place), f"{place}: cost", names, known)
    return Stage(name, columns, rows, cost, data, outcomes, states)


def _column(name: str, raw: object, place: str) -> Column:
    place = f"{place}: column '{name}'"
    table = _table({name: raw}, name, place)
    _known(table, _COLUMN, place)
    whole = table.get("whole", False)
    if not isinstance(whole, bool):
        raise _wrong(place, "whole", whole, say("true or false"))
    return Column(name, _number(table, "lower", place, 0.0), _number(table, "upper", place, float("inf")), whole)


def _outcomes(raw: Mapping[str, object], place: str) -> Outcomes:
    """Read what turns out whatever came before; a stage without outcomes has one."""
    if "outcome" not in raw:
        return Outcomes()
    place = f"{place}: [[stage.outcome]]"
    tables = [_numbers(table, place) for table in _list(raw, "outcome", place)]
    refuse_no_future(len(tables), place)
    values = _by_name(tables, place)
    if "probability" not in values:
        raise _missing(place, "probability")
    return Outcomes(values.pop("probability"), values)


def _states(raw: Mapping[str, object], place: str, before: Sequence[str]) -> States:
    """Read the states of a Markov chain, with the chance of each after each state before."""
    if "state" not in raw:
        return States()
    place = f"{place}: [[stage.state]]"
    tables = _list(raw, "state", place)
    refuse_no_future(len(tables), place)
    names = tuple(_text(table, "name", place) for table in tables)
    chance = np.zeros((len(before), len(names)))
    for at, (name, table) in enumerate(zip(names, tables, strict=True)):
        chance[:, at] = _chances(table.get("chance"), before, f"{place} '{name}'")
    data = [
        _numbers({key: value for key, value in table.items() if key not in ("name", "chance")}, place)
        for table in tables
    ]
    return States(names, chance, _by_name(data, place))


def _chances(raw: object, before: Sequence[str], place: str) -> FloatArray:
    """Return the chance of a state after each state before: one number for all, or a table with one for each."""
    if raw is None:
        raise _missing(place, "chance")
    if not isinstance(raw, Mapping):
        return np.full(len(before), _number({"chance": raw}, "chance", place))
    for name in raw:
        if name not in before:
            raise InvalidRecordError(
                "{place} follows the state '{name}', which the stage before does not have. Nearest name: '{near}'. "
                "Rename or remove it.",
                place=place,
                name=name,
                near=nearest(str(name), before),
            )
    return np.array([_number(raw, name, place, 0.0) for name in before])


def _by_name(tables: Sequence[Mapping[str, float]], place: str) -> dict[str, FloatArray]:
    """Turn a list of tables with the same keys into an array per key."""
    names = dict.fromkeys(name for table in tables for name in table)
    return {name: np.array([_number(table, name, place) for table in tables]) for name in names}


def _known(raw: Mapping[str, object], known: Sequence[str], place: str) -> None:
    for key in raw:
        if key not in known:
            near = nearest(key, known)
            message = "{place} has an unknown key '{key}'. Nearest name: '{near}'. Rename or remove it."
            if not near:
                message = "{place} has an unknown key '{key}'; known are {known}. Rename or remove it."
            raise InvalidRecordError(message, place=place, key=key, near=near, known=", ".join(known))


def _missing(place: str, key: str) -> InvalidRecordError:
    return InvalidRecordError("{place} has no '{key}'. Add it.", place=place, key=key)


def _wrong(place: str, key: str, value: object, expected: str) -> InvalidRecordError:
    return InvalidRecordError(
        "{place} has {key} = {value!r}; {expected} was expected. Change it.",
        place=place, key=key, value=value, expected=expected,
    )  # fmt: skip


def _text(raw: Mapping[str, object], key: str, place: str) -> str:
    value = raw.get(key)
    if value is None:
        raise _missing(place, key)
    if not isinstance(value, str):
        raise _wrong(place, key, value, say("text in quotes"))
    return value


def _number(raw: Mapping[str, object], key: str, place: str, otherwise: float | None = None) -> float:
    value = raw.get(key, otherwise)
    if value is None:
        raise _missing(place, key)
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else NAN
    if key in raw and not abs(number) < 2**53 and not (key in _BOUNDS and abs(number) == float("inf")):
        raise _wrong(place, key, value, say("a number"))
    return float(number)


def _numbers(raw: object, place: str) -> dict[str, float]:
    table = _table({place: raw}, place, place)
    return {key: _number(table, key, place) for key in table}


def _table(raw: Mapping[str, object], key: str, place: str) -> Mapping[str, object]:
    value = raw.get(key, {})
    if not isinstance(value, Mapping):
        raise _wrong(place, key, value, say("a table"))
    return value


def _list(raw: Mapping[str, object], key: str, place: str) -> list[Mapping[str, object]]:
    values = raw.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, Mapping) for value in values):
        raise _wrong(place, key, values, say("a list in square brackets"))
    return values
