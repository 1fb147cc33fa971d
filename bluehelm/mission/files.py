"""The text of one small file, or the fault that keeps it from being read."""

from __future__ import annotations

import stat
from pathlib import Path

from bluehelm.mission.faults import Fault, error, warning

MEGABYTE = 2**20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def is_given(path: Path) -> bool:
    """Say whether anything of that name stands in the folder, be it readable or not."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True


def check_file(path: Path, most_bytes: int) -> list[Fault]:
    """Find what keeps a file from being read, without reading it."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return [
            error(
                path.name,
                "File '{file}' is missing.",
                "Every mission folder has this file.",
                "Add it; 'bluehelm mission new DIR' writes an example with every file.",
            )
        ]
    except (OSError, ValueError) as trouble:
        return [unreadable(path, trouble)]
    if not stat.S_ISREG(found.st_mode):
        return [
            error(
                path.name,
                "'{file}' is not a file.",
                "A file of text was expected, not a folder or a device.",
                "Move it away and put the file in its place.",
            )
        ]
    if found.st_size > most_bytes:
        return [
            error(
                path.name,
                "'{file}' holds {megabytes} MB.",
                "At most {most} MB are read.",
                "Keep only the rows of this mission; bulk events belong in events.csv or events.parquet.",
                megabytes=round(found.st_size / MEGABYTE),
                most=most_bytes // MEGABYTE,
            )
        ]
    return []


def unreadable(path: Path, trouble: Exception) -> Fault:
    """Say that the system refuses to give the file."""
    reason = trouble.strerror if isinstance(trouble, OSError) and trouble.strerror else str(trouble)
    return error(
        path.name,
        "'{file}' cannot be read: {reason}.",
        "A file that may be read was expected.",
        "Check its permissions, and that it is not a link to itself.",
        reason=reason,
    )


def read_text(path: Path, most_bytes: int) -> tuple[str | None, list[Fault]]:
    r"""Read a file of UTF-8 text; line ends come back as "\n" and a byte order mark is taken off, each with a warning.

    Returns
    -------
    text, faults : the text is None where an error fault says why.
    """
    faults = check_file(path, most_bytes)
    if faults:
        return None, faults
    try:
        raw = path.read_bytes()
    except OSError as trouble:
        return None, [unreadable(path, trouble)]
    if fault := check_bytes(path.name, raw):
        return None, [fault]
    if raw.startswith(BYTE_ORDER_MARK):
        raw = raw.removeprefix(BYTE_ORDER_MARK)
        faults.append(byte_order_mark(path.name))
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        faults.append(line_ends(path.name))
    return raw.decode("utf-8"), faults


def check_bytes(file: str, raw: bytes, line: int = 1) -> Fault | None:
    """Find the first byte that no UTF-8 text holds; `line` is the number of the first line in `raw`."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as trouble:
        return error(
            file,
            "'{file}' is not UTF-8 text: byte {byte} in line {line}.",
            "Text in the UTF-8 encoding was expected.",
            "Save it again as UTF-8 (in a spreadsheet: 'CSV UTF-8').",
            line=line + raw.count(b"\n", 0, trouble.start),
            byte=f"0x{raw[trouble.start]:02x}",
        )
    if (place := raw.find(b"\0")) >= 0:
        return error(
            file,
            "'{file}' holds a zero byte in line {line}, so it is damaged or not text.",
            "Text in the UTF-8 encoding was expected.",
            "Restore the file, or save it again as UTF-8.",
            line=line + raw.count(b"\n", 0, place),
        )
    return None


def byte_order_mark(file: str) -> Fault:
    """Warn of the mark that some programs put before UTF-8 text."""
    return warning(
        file,
        "'{file}' begins with a byte order mark; it was left out.",
        "UTF-8 text without a mark was expected.",
        "Nothing needs to be done.",
    )


def line_ends(file: str) -> Fault:
    """Warn of Windows line ends."""
    return warning(
        file,
        "'{file}' has Windows line ends; they were read as plain ones.",
        "Lines that end in a line feed were expected.",
        "Nothing needs to be done.",
    )
