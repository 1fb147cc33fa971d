"""One process at a time in a folder: a lock that the system takes away with its holder, however that one ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bluehelm.errors import InvalidRecordError

LOCK_FILE = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder while inside. The file of the lock stays; it is the hold on it that counts.

    Raises
    ------
    InvalidRecordError
        If another process holds it.
    """
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _held(handle):
            raise InvalidRecordError(
                "Another process works in '{folder}'. Wait until it ends, or name another folder.", folder=str(folder)
            )
        yield
    finally:
        os.close(handle)


def _held(handle: int) -> bool:
    """Take hold of an open file, on every system; False where somebody else has it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
