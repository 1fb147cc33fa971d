"""What all importers share: find the columns of a CSV in any of its usual disguises, and turn text into values."""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError, nearest

SEPARATORS = (",", ";", "\t", "|")
BLANKS = ("", "NA", "N/A", "null", "nan", "NaN", "unknown")
FIRST_SHOWN = 5
LONGEST_HEADER = 100_000


def scan_table(path: Path | str, needed: Sequence[str], optional: Sequence[str] = ()) -> pl.LazyFrame:
    """Open a CSV file (or .csv.gz) as text columns under the names asked for, without reading it into memory.

    Separators (comma, semicolon, tab, bar), a byte order mark, Windows line ends and the case of column names are
    taken as they come. Blanks, NA and unknown become null.

    Parameters
    ----------
    path : Path
        The file.
    needed, optional : names of columns
        Needed ones must stand in the header; optional ones are null where absent.

    Raises
    ------
    ImportFileError
        If the file is missing, not text, has no rows, or lacks needed columns; each with its nearest name.
    """
    path = Path(path)
    header, separator = _header(path)
    found = _match_columns(path, header, needed, optional)
    frame = pl.scan_csv(path, separator=separator, infer_schema=False, encoding="utf8", truncate_ragged_lines=False)
    # Polars renames repeated names; ours are taken by position in the header, so a repeat cannot shift them.
    raw = collect_names(path, frame)
    if len(raw) != len(header):
        raise _unreadable(path, ValueError("its first line cannot be cut into columns"))
    text = [_cleaned(pl.col(raw[i])).alias(name) for name, i in found.items()]
    absent = [pl.lit(None, pl.String).alias(name) for name in optional if name not in found]
    return frame.select(*text, *absent)


def collect_names(path: Path, frame: pl.LazyFrame) -> list[str]:
    """Return the names that Polars gave to the columns."""
    try:
        return frame.collect_schema().names()
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        raise _unreadable(path, error) from error


def read_rows(path: Path | str, frame: pl.LazyFrame) -> pl.DataFrame:
    """Read what a scan asks for, in streams of bounded memory; an empty table is an error."""
    try:
        table = frame.collect(engine="streaming")
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        raise _unreadable(Path(path), error) from error
    if table.is_empty():
        raise ImportFileError(
            "{file} has a header but no row that can be used. Give a file with at least one row.", file=Path(path).name
        )
    return table


def header_of(path: Path | str) -> list[str]:
    """Return the names in the header of a CSV file."""
    return _header(Path(path))[0]


def _header(path: Path) -> tuple[list[str], str]:
    if not path.is_file():
        beside = path.parent.glob("*") if path.parent.is_dir() else ()
        raise ImportFileError(
            "{file} is not a file. {hint}Give the path of a CSV file (.csv or .csv.gz).",
            file=path,
            hint=hint(path.name, (p.name for p in beside)),
        )
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8-sig", newline="") as lines:
            line = lines.readline(LONGEST_HEADER).rstrip("\r\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    if not line.strip():
        raise ImportFileError("{file} is empty. A CSV file with a header line was expected.", file=path.name)
    separator = max(SEPARATORS, key=line.count)
    try:
        names = next(csv.reader([line], delimiter=separator))
    except csv.Error as error:
        raise _unreadable(path, error) from error
    return [name.strip() for name in names], separator


def _match_columns(path: Path, header: list[str], needed: Sequence[str], optional: Sequence[str]) -> Mapping[str, int]:
    place = {name.casefold(): i for i, name in reversed(list(enumerate(header)))}
    found = {name: place[name.casefold()] for name in (*needed, *optional) if name.casefold() in place}
    missing = [name for name in needed if name not in found]
    if missing:
        raise ImportFileError(
            "{file} lacks {count} of {needed} needed columns: {missing}. Its header has {columns} columns: {header}. "
            "Give the file as its publisher issues it, or rename the columns.",
            file=path.name,
            count=len(missing),
            needed=len(needed),
            missing=", ".join(f"'{name}' {hint(name, header)}".strip() for name in missing),
            columns=len(header),
            header=first_five(header),
        )
    return found


def hint(name: str, known: Iterable[str]) -> str:
    """Return "(nearest name: 'x') " when a known name is like the one given, else nothing."""
    near = nearest(name, known)
    return f"(nearest name: '{near}') " if near else ""


def first_five(values: Iterable[object]) -> str:
    """List the first five values, as errors do."""
    listed = [str(value) for value in values]
    return ", ".join(listed[:FIRST_SHOWN]) + (" ..." if len(listed) > FIRST_SHOWN else "")


def _cleaned(column: pl.Expr) -> pl.Expr:
    text = column.str.strip_chars().str.strip_chars("\ufeff")
    return pl.when(text.is_in(BLANKS)).then(None).otherwise(text)


def _unreadable(path: Path, error: Exception) -> ImportFileError:
    first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return ImportFileError(
        "{file} cannot be read as a CSV file in UTF-8: {reason}. Save it again as CSV (UTF-8), one row per line.",
        file=path.name,
        reason=first_line.rstrip(".")[:200],
    )


def number(name: str) -> pl.Expr:
    """Read a text column as a number; a decimal comma is taken as a point, what is no number becomes null."""
    value = pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value).alias(name)


def demand(path: Path | str, table: pl.DataFrame, wrong: pl.Expr, sentence: str, key: str) -> None:
    """Stop with the count and the first five keys where `wrong` holds.

    sentence: what is wrong, an English sentence of the catalogue with {file}, {count}, {rows} and {first}.
    """
    faulty = table.filter(wrong.fill_null(False))
    if not faulty.is_empty():
        raise ImportFileError(
            sentence,
            file=Path(path).name,
            count=faulty.height,
            rows=table.height,
            first=first_five(faulty.get_column(key).fill_null("(blank)")),
        )


def slug(name: str, otherwise: str = "place") -> str:
    """Make a short identifier of a name: ASCII letters, digits and hyphens.

    Examples
    --------
    >>> slug("Cap-Haïtien (port)")
    'cap-haitien-port'
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.replace("'", "")).strip("-") or otherwise


def unique_slugs(names: Iterable[str], otherwise: str = "place", taken: Iterable[str] = ()) -> list[str]:
    """Make one identifier per name; a repeat gets a number.

    Examples
    --------
    >>> unique_slugs(["Bo", "Bo", "Kas"])
    ['bo', 'bo-2', 'kas']
    """
    used = set(taken)
    slugs = []
    for name in names:
        base = slug(name, otherwise)
        chosen, count = base, 1
        while chosen in used:
            count += 1
            chosen = f"{base}-{count}"
        used.add(chosen)
        slugs.append(chosen)
    return slugs
