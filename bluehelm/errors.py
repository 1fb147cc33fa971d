"""All exceptions of bluehelm: each says what, where, what was expected, and what to do next.

The first argument is the English sentence, which is also the key in the catalogue; values are named.
A traceback that reaches a reader is a bug of ours: the command line prints these errors as sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bluehelm.words import say

if TYPE_CHECKING:
    from bluehelm.mission.faults import Fault


class BluehelmError(Exception):
    """Base of all errors a reader can act on; shown in the reader's language."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return say(self.message, **self.values)


class InvalidRecordError(BluehelmError):
    """A fact, norm or option has a value that cannot be."""


class MissionFilesError(BluehelmError):
    """A mission folder has faults; `faults` lists every one."""

    def __init__(self, message: str, faults: tuple[Fault, ...], **values: object) -> None:
        super().__init__(message, **values)
        self.faults = faults


class RuleError(InvalidRecordError):
    """A named rule of the General Assembly or the Security Council refuses what was given."""

    def __init__(self, message: str, rule: str, source: str, **values: object) -> None:
        super().__init__(message, **values)
        self.rule = rule
        self.source = source

    def __str__(self) -> str:
        told = say("Rule: {rule} ({source}).", rule=say(self.rule), source=self.source)
        return f"{super().__str__()} {told}"


class UnknownNormError(BluehelmError):
    """A norm is asked for that has no value, or none on that day."""


class ImportFileError(BluehelmError):
    """A file from elsewhere (events, bases, places) cannot be read as what it should be."""


class InfeasibleMissionError(BluehelmError):
    """No plan satisfies the mission; `conflict` lists the smallest set of demands found in conflict, as sentences."""

    def __init__(self, message: str, conflict: tuple[str, ...] = (), **values: object) -> None:
        super().__init__(message, **values)
        self.conflict = conflict


class NoSolutionError(BluehelmError):
    """A problem in a file has no solution, or none that is best; this is proven, and more time changes nothing."""


class StoppedError(BluehelmError):
    """Ctrl-C came, or time ran out, before a first plan or solution was found."""


class SolverError(BluehelmError):
    """The solver refused an option or a model: our bug or a broken installation, never silent."""


class PlanCheckError(BluehelmError):
    """The independent re-check found that a plan breaks its mission; such a plan is never written."""


class PlanFilesError(BluehelmError):
    """A plan folder is missing, incomplete or does not match its frozen mission."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like `name`, or an empty string.

    Examples
    --------
    >>> nearest("gaoo", ["gao", "kidal"])
    'gao'
    """
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""
