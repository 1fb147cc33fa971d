"""A folder that appears whole or not at all: it is filled under another name beside its place, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bluehelm.errors import MissionFilesError


@contextmanager
def new_folder(path: Path | str) -> Iterator[Path]:
    """Give a folder to fill; it takes its place when the block ends well, and is gone when it does not.

    Raises
    ------
    MissionFilesError
        If something stands at that path already, or the system refuses to write there.
    """
    target = Path(os.path.realpath(path)) if "\0" not in str(path) else Path(path)
    half: Path | None = None
    try:
        _refuse_existing(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}-"))
        yield half
        half.chmod(0o755)
        if target.is_dir():
            target.rmdir()
        half.rename(target)
    except (OSError, ValueError) as trouble:
        raise MissionFilesError(
            "Folder '{folder}' cannot be written: {reason}. Nothing was left behind. "
            "Choose a place where files may be written.",
            (),
            folder=str(target),
            reason=getattr(trouble, "strerror", None) or str(trouble),
        ) from trouble
    finally:
        if half is not None:
            shutil.rmtree(half, ignore_errors=True)


def _refuse_existing(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise MissionFilesError(
            "'{folder}' is there already and is not an empty folder, so nothing was written. "
            "Name a new folder, or move the old one away.",
            (),
            folder=str(target),
        )
