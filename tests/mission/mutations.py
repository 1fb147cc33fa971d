"""Ways in which a mission folder goes wrong in real life, and some in which it never should."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

Mutation = Callable[[Path, Random], None]
CELLS = (
    "", " ", "12 km", "1,5", "NaN", "inf", "-1", "1e999", "9" * 400, "2017-13", "2017-02-30", "31/12/2017", "yes",
    "maybe", "a;b;;c", "\0", "\ud7ff", "“quoted”", '"', "'", "=1+1", "１２", "x" * 20_000, "\n", "是", "0x10",
    "1_000", "{name}", "%s",
)  # fmt: skip
TOML_LINES = (
    "x = 1", "[task]", "[[sources]]", "name = 1", "months = -3", "months = 1e400", "months = inf", "wet_months = [13]",
    "countries = 'SDN'", "first_month = 2027-01", "adopted_on = 2026-12-15T00:00:00", "persons = true", "[",
    "a.b.c.d = 1", "amendments = 3", "task = []", "ceiling = [1, 2]", "x = " + "[" * 3_000, "x = " + "9" * 5_000,
    "persons = 0x7fffffffffffffffff",
    "fixed_cost_usd_per_month = nan", "zones = [['a']]", '"" = ""', "protection_q = 1e9999999999999999999",
)  # fmt: skip


def _file(folder: Path, random: Random) -> Path:
    """Choose a file; the folder may have lost all of them."""
    files = sorted(path for path in folder.iterdir() if path.is_file()) or [folder / "areas.csv"]
    return random.choice(files)


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n") if path.is_file() else [b""]


def _put(path: Path, lines: list[bytes]) -> None:
    # What is a folder or a link to itself by now stays so.
    if not path.is_dir() and not path.is_symlink():
        path.write_bytes(b"\n".join(lines))


def delete_file(folder: Path, random: Random) -> None:
    _file(folder, random).unlink(missing_ok=True)


def empty_file(folder: Path, random: Random) -> None:
    _file(folder, random).write_bytes(b"")


def keep_header_only(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    _put(path, [_lines(path)[0], b""])


def flip_bytes(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    raw = bytearray(path.read_bytes() if path.is_file() else b"x") or bytearray(b"x")
    for _ in range(random.randint(1, 8)):
        raw[random.randrange(len(raw))] = random.randrange(256)
    path.write_bytes(raw)


def cut_short(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    raw = path.read_bytes() if path.is_file() else b""
    path.write_bytes(raw[: random.randint(0, len(raw))])


def change_cell(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    lines = _lines(path)
    at = random.randrange(len(lines))
    cells = lines[at].split(b",")
    cells[random.randrange(len(cells))] = random.choice(CELLS).encode("utf-8", "surrogatepass")
    lines[at] = b",".join(cells)
    _put(path, lines)


def drop_line(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    lines = _lines(path)
    del lines[random.randrange(len(lines))]
    _put(path, lines)


def repeat_line(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    lines = _lines(path)
    at = random.randrange(len(lines))
    _put(path, lines[: at + 1] + lines[at:])


def swap_lines(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    lines = _lines(path)
    a, b = random.randrange(len(lines)), random.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    _put(path, lines)


def rename_column(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    lines = _lines(path)
    names = lines[0].split(b",")
    at = random.randrange(len(names))
    names[at] = random.choice([names[at][:-1], names[at] + b"s", random.choice(names), b"", "纬度".encode()])
    lines[0] = b",".join(names)
    _put(path, lines)


def swap_separators(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    raw = path.read_bytes() if path.is_file() else b""
    path.write_bytes(raw.replace(b",", random.choice([b";", b"\t", b"|", b",,"])))


def change_line_ends(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    _put(path, [line + random.choice([b"", b"\r"]) for line in _lines(path)])


def change_encoding(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    path.write_bytes(text.encode(random.choice(["utf-8-sig", "utf-16", "gb18030", "latin-1"]), "replace"))


def garble_toml(folder: Path, random: Random) -> None:
    path = folder / random.choice(["mission.toml", "mandate.toml"])
    lines = _lines(path)
    lines.insert(random.randrange(len(lines) + 1), random.choice(TOML_LINES).encode())
    _put(path, lines)


def insert_text(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    raw = path.read_bytes() if path.is_file() else b""
    at = random.randint(0, len(raw))
    path.write_bytes(raw[:at] + random.choice(CELLS).encode("utf-8", "surrogatepass") + raw[at:])


def put_folder_in_place(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    path.unlink(missing_ok=True)
    path.mkdir(exist_ok=True)


def link_to_itself(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    path.unlink(missing_ok=True)
    path.symlink_to(path.name)


def exchange_files(folder: Path, random: Random) -> None:
    one, other = _file(folder, random), _file(folder, random)
    first = b"\n".join(_lines(one))
    one.write_bytes(b"\n".join(_lines(other)))
    other.write_bytes(first)


def add_parquet(folder: Path, random: Random) -> None:
    table, bulk = folder / "events.csv", folder / "events.parquet"
    if table.is_dir() or bulk.is_dir() or bulk.is_symlink():
        return  # an earlier spoiling put a folder there
    table.unlink(missing_ok=True)
    bulk.write_bytes(b"PAR1" + random.randbytes(random.randint(0, 200)) + b"PAR1")


def bar_reading(folder: Path, random: Random) -> None:
    path = _file(folder, random)
    if path.is_file():
        os.chmod(path, 0)


MUTATIONS: tuple[Mutation, ...] = (
    delete_file, empty_file, keep_header_only, flip_bytes, cut_short, change_cell, change_cell, change_cell, drop_line,
    repeat_line, swap_lines, rename_column, swap_separators, change_line_ends, change_encoding, garble_toml,
    garble_toml, insert_text, insert_text, put_folder_in_place, link_to_itself, exchange_files,
    add_parquet, bar_reading,
)  # fmt: skip
