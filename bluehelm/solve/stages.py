"""Stochastic programs stated stage by stage: columns, rows and costs, with what may turn out at each stage.

What turns out is drawn anew at each stage (outcomes), or follows a Markov chain (states), or both. Data are numbers
with names that rows and costs use: fixed for the stage, or given by a state or an outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.solve.model import FloatArray
from bluehelm.solve.stages_text import Row, Term

SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Column:
    """A decision of a stage, between two bounds."""

    name: str
    lower: float = 0.0
    upper: float = float("inf")
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What may turn out at a stage whatever came before: probabilities, and data, each an array over outcomes."""

    probability: FloatArray = field(default_factory=lambda: np.ones(1))
    data: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class States:
    """States of a Markov chain at a stage: chances (states before, states), and data, each an array over states.

    One line of chances alone holds whatever the state before was.
    """

    names: tuple[str, ...] = ("",)
    chance: FloatArray = field(default_factory=lambda: np.ones((1, 1)))
    data: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what is decided, what it costs or earns, and what is known when it is decided."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    cost: tuple[Term, ...]
    data: Mapping[str, float] = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=Outcomes)
    states: States = field(default_factory=States)

    @property
    def names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]

    def __post_init__(self) -> None:
        place = f"stage '{self.name}'"
        refuse_repeated(self.names, place)
        refuse_repeated((row.name for row in self.rows), place)
        refuse_repeated(self.states.names, place)
        refuse_no_future(min(len(self.outcomes.probability), len(self.states.names)), place)
        refuse_improbable(self.outcomes.probability, place)
        for chances in self.states.chance:
            refuse_improbable(chances, place)


@dataclass(frozen=True, slots=True)
class StagedProgram:
    """A stochastic program of stages in order; what each is decided knowing all that turned out up to it.

    initial: values that columns have before the first stage. published: the best value as its source gives it, and
    how near to it an answer has to be; NaN where none is published.
    """

    name: str
    source: str
    stages: tuple[Stage, ...]
    maximise: bool = False
    initial: Mapping[str, float] = field(default_factory=dict)
    published: float = float("nan")
    tolerance: float = float("nan")

    def __post_init__(self) -> None:
        place = f"'{self.name}'"
        if not self.stages:
            raise InvalidRecordError("{place} has no stages. Add [[stage]] with its columns and rows.", place=place)
        refuse_repeated((stage.name for stage in self.stages), place)
        _refuse_choice_of_present(self.stages[0])
        before, states = tuple(self.initial), 1
        for stage in self.stages:
            if len(stage.states.chance) not in (1, states):
                raise InvalidRecordError(
                    "Stage '{name}' gives chances after {given} states; the stage before has {states}. Give one line "
                    "of chances for each, or one alone that holds after all.",
                    name=stage.name,
                    given=len(stage.states.chance),
                    states=states,
                )
            for term in (*stage.cost, *(term for row in stage.rows for term in row.terms)):
                if term.before and term.column not in before:
                    raise InvalidRecordError(
                        "Stage '{name}' uses {column}[-1], which has no value before it; known are {known}. "
                        "Nearest name: '{near}'. Add the column to the stage before, or its value to initial.",
                        name=stage.name,
                        column=term.column,
                        known=", ".join(before) or "-",
                        near=nearest(term.column, before),
                    )
            before, states = tuple(stage.names), len(stage.states.names)


def _refuse_choice_of_present(first: Stage) -> None:
    """Refuse a first stage at which more than one thing may turn out: there is one present."""
    if len(first.outcomes.probability) > 1 or len(first.states.names) > 1:
        raise InvalidRecordError(
            "Stage '{name}' is the first and has several outcomes or states; what is decided first is decided knowing "
            "one present. Put a stage without columns before it.",
            name=first.name,
        )


def refuse_repeated(names: Iterable[str], place: str) -> None:
    """Refuse a name that stands twice in one list."""
    for name, count in Counter(names).items():
        if count > 1:
            raise InvalidRecordError("{place} has '{name}' {count} times. Rename or remove all but one.",
                                     place=place, name=name, count=count)  # fmt: skip


def refuse_no_future(count: int, place: str) -> None:
    """Refuse a stage at which nothing may turn out."""
    if not count:
        raise InvalidRecordError(
            "{place} has nothing that may turn out: the tree would end there without a future. Add an outcome or a "
            "state, or leave the list out.",
            place=place,
        )


def refuse_improbable(probability: FloatArray, place: str) -> None:
    """Refuse probabilities below 0 or not numbers, and those that do not sum to 1."""
    total = float(probability.sum())
    if not (probability >= 0).all() or abs(total - 1.0) > SUM_TOLERANCE:
        raise InvalidRecordError(
            "{place} has the probabilities {values}, which sum to {total}; numbers of at least 0 that sum to 1 were "
            "expected. Change them.",
            place=place,
            values=", ".join(f"{value:g}" for value in probability[:5]) + (", ..." if len(probability) > 5 else ""),
            total=f"{total:.10g}",
        )
