"""Rules: functions whose answers can be unfolded down to the norms they were made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from functools import wraps
from typing import ParamSpec, TypeVar

from bluehelm.norms.entry import Entry

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Use:
    """One norm, as it was read on a day."""

    key: str
    unit: str
    on: date
    entry: Entry
    amended: bool


@dataclass(slots=True)
class Step:
    """One answer of a rule: what it was made from, and the answers it was made of."""

    rule: str
    unit: str = ""
    answer: object = None
    uses: list[Use] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def unfold(self, indent: str = "") -> str:
        """Return the answer and, below it, everything it was made from, one line each."""
        lines = [indent + (self.rule if self.answer is None else f"{self.rule} = {self.answer} {self.unit}")]
        for use in self.uses:
            entry = use.entry
            marks = f"{entry.status}, amended" if use.amended else entry.status
            told = f"[{marks}: {entry.origin}]"
            lines.append(f"{indent}  {use.key} = {entry.value} {use.unit} since {entry.since} {told}")
        return "\n".join([*lines, *(step.unfold(indent + "  ") for step in self.steps)])

    def all_uses(self) -> tuple[Use, ...]:
        """Return every norm used, here and below."""
        return (*self.uses, *(use for step in self.steps for use in step.all_uses()))


_open_step: ContextVar[Step | None] = ContextVar("open_step", default=None)


@contextmanager
def trace(question: str = "trace") -> Iterator[Step]:
    """Note which norms are read, and by which rules, until the block ends."""
    step = Step(question)
    token = _open_step.set(step)
    try:
        yield step
    finally:
        _open_step.reset(token)


def note_use(use: Use) -> None:
    """Write a norm that was read into the open trace, if there is one."""
    step = _open_step.get()
    if step is not None and use not in step.uses:
        step.uses.append(use)


def rule(unit: str, uses: tuple[str, ...]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a rule: it states its unit and the norms it may use (`*` stands for any ending)."""

    def made(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def answered(*args: P.args, **kwargs: P.kwargs) -> R:
            above = _open_step.get()
            if above is None:
                return function(*args, **kwargs)
            with trace(function.__name__) as step:
                answer = function(*args, **kwargs)
            step.unit, step.answer = unit, answer
            undeclared = [use.key for use in step.uses if not any(fnmatchcase(use.key, name) for name in uses)]
            assert not undeclared, f"rule {function.__name__} uses {undeclared} without saying so"
            above.steps.append(step)
            return answer

        return answered

    return made
