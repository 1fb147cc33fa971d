"""How faults and errors are told on a terminal: one clear paragraph each, never a traceback."""

from __future__ import annotations

import errno
from collections.abc import Iterable

from bluehelm.errors import BluehelmError, InfeasibleMissionError, MissionFilesError
from bluehelm.mission.faults import Fault
from bluehelm.words import say

# What a reader can mend about a path they named; any other OSError is a bug of ours and keeps its traceback.
READERS_OWN = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG,
}  # fmt: skip


def error_told(error: BluehelmError) -> str:
    """Return an error as its sentence, with every fault or demand in conflict that it lists."""
    if isinstance(error, MissionFilesError):
        return "\n".join([str(error), *faults_told(error.faults)])
    if isinstance(error, InfeasibleMissionError) and error.conflict:
        return "\n".join([str(error), say("In conflict:"), *(f"  - {sentence}" for sentence in error.conflict)])
    return str(error)


def path_error_told(error: OSError) -> str:
    """Return what the system says about a path, with the step to take."""
    return say(
        "{path}: the system refuses ({reason}). Name another path, or make this one writable and its disk free.",
        path=error.filename or "?",
        reason=error.strerror or error,
    )


def faults_told(faults: Iterable[Fault]) -> list[str]:
    """Return the lines that list faults: errors before warnings, each by file and line."""
    lines = []
    for grade, heading in (("error", say("Errors")), ("warning", say("Warnings"))):
        found = sorted((f for f in faults if f.grade == grade), key=lambda f: (f.file, f.line, f.column))
        if found:
            lines += [f"{heading} ({len(found)}):", *(f"  - {fault}" for fault in found)]
    return lines
