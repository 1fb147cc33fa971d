"""A file that appears whole or not at all: it is written under another name beside its place, then renamed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bluehelm.errors import ImportFileError


def write_text_whole(path: Path | str, text: str) -> None:
    """Write a text file, in place of one that may stand there; raises as `write_bytes_whole` does."""
    write_bytes_whole(path, text.encode("utf-8"))


def write_bytes_whole(path: Path | str, content: bytes) -> None:
    """Write a file, in place of one that may stand there.

    Raises
    ------
    ImportFileError
        If the system refuses to write there.
    """
    target = Path(path)
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".new-") as beside:
            half = Path(beside) / "file"
            half.write_bytes(content)
            os.replace(half, target)
    except OSError as trouble:
        raise ImportFileError(
            "'{file}' cannot be written: {reason}. Choose a place where files may be written.",
            file=str(target),
            reason=trouble.strerror or str(trouble),
        ) from trouble
