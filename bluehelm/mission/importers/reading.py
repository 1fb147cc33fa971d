"""What all importers share: find the columns of a CSV in any of its usual disguises, and turn text into values."""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError, nearest
from bluehelm.mission.cells import FIRST_YEAR, LAST_YEAR

SEPARATORS = (",", ";", "\t", "|")
BLANKS = ("", "NA", "N/A", "null", "nan", "NaN", "unknown")
AT_ENDS = " \t\r\n\v\f\xa0\u3000\ufeff"
FIRST_SHOWN = 5
MOST_DEATHS = 10_000_000
LONGEST_HEADER = 100_000


def scan_table(
    path: Path | str, needed: Sequence[str], optional: Sequence[str] = (), as_is: Collection[str] = ()
) -> pl.LazyFrame:
    """Open a CSV file (or .csv.gz) as text columns under the names asked for, without reading it into memory.

    Separators (comma, semicolon, tab, bar), a byte order mark, Windows line ends and the case of column names are
    taken as they come. Blanks, NA and unknown become null.

    Parameters
    ----------
    path : Path
        The file.
    needed, optional : names of columns
        Needed ones must stand in the header; optional ones are null where absent.
    as_is : names of columns
        These keep their blanks and spaces, for `read_numbers`.

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
    text = [(pl.col(raw[i]) if name in as_is else _cleaned(pl.col(raw[i]))).alias(name) for name, i in found.items()]
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
    table = collected(path, frame)
    if table.is_empty():
        raise ImportFileError(
            "{file} has a header but no row that can be used. Give a file with at least one row.", file=Path(path).name
        )
    return table


def collected(path: Path | str, frame: pl.LazyFrame) -> pl.DataFrame:
    """Read what a scan asks for, in streams of bounded memory; it may be nothing."""
    try:
        return frame.collect(engine="streaming")
    except (pl.exceptions.PolarsError, OSError, UnicodeError) as error:
        raise _unreadable(Path(path), error) from error


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
    spelled = {one.casefold(): one for one in known}
    near = nearest(name.casefold(), spelled)
    return f"(nearest name: '{spelled[near]}') " if near else ""


def first_five(values: Iterable[object]) -> str:
    """List the first five values, as errors do."""
    listed = [str(value) for value in values]
    return ", ".join(listed[:FIRST_SHOWN]) + (" ..." if len(listed) > FIRST_SHOWN else "")


def _cleaned(column: pl.Expr) -> pl.Expr:
    text = column.str.strip_chars(AT_ENDS)
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


def read_numbers(table: pl.DataFrame, names: Sequence[str]) -> tuple[pl.DataFrame, pl.Expr]:
    """Read text columns, cleaned or as they are, as numbers: what is no number becomes null.

    Returns
    -------
    table, and an expression that says where a text is neither blank nor a number
    """
    typed = table.with_columns(pl.col(names).cast(pl.Float64, strict=False))
    # Most columns hold nothing but numbers and blanks; only the others are read with more patience.
    odd = [
        name
        for name in names
        if typed[name].null_count() > table[name].null_count() or not typed[name].is_finite().all()
    ]
    if not odd:
        return typed, pl.lit(False)
    text = table.select(_cleaned(pl.col(name)).alias(name) for name in odd)
    typed = typed.with_columns(text.select(number(name) for name in odd))
    flags = text.select(pl.col(name).is_not_null().alias(f"{name} was given") for name in odd)
    return typed.hstack(flags), pl.any_horizontal(pl.col(f"{name} was given") & pl.col(name).is_null() for name in odd)


DAY_FORMS = {
    "2016-12-31": (r"^(\d{4}-\d{2}-\d{2})(?:$|[ T])", "%Y-%m-%d"),
    "31 December 2016": (r"^(\d{1,2}[ -]\p{L}+[ -]\d{4})$", "%d %B %Y"),
    "31/12/2016": (r"^(\d{1,2}[/.-]\d{1,2}[/.-]\d{4})$", "%d %m %Y"),
}
ISO_DAY, NAMED_MONTH, DAY_FIRST = DAY_FORMS


def read_days(text: pl.Series, forms: Iterable[str] = (ISO_DAY,)) -> tuple[pl.Series, tuple[str, ...]]:
    """Read a text column as days; what has none of the forms, or no year a mission may have, becomes null.

    Parameters
    ----------
    text : Polars column of text
    forms : keys of `DAY_FORMS`
        "2016-12-31" (a time of day may follow), "31 December 2016" (or 31-Dec-2016), "31/12/2016" (day first).

    Returns
    -------
    days, and the forms that were found in it
    """
    read, found = pl.Series(text.name, [None] * text.len(), pl.Date), []
    for form in forms:
        pattern, how = DAY_FORMS[form]
        unread = text.filter(read.is_null()).drop_nulls()
        if unread.is_empty():
            break
        # Dates repeat: each way of writing one is read once.
        written = unread.unique(maintain_order=True)
        part = written.str.strip_chars(AT_ENDS).str.extract(pattern)
        part = part if form == ISO_DAY else part.str.replace_all("[/.-]", " ")
        day = part.str.to_date(how, strict=False)
        day = day.set(~day.dt.year().is_between(FIRST_YEAR, LAST_YEAR).fill_null(True), None)
        known = dict(zip(written.to_list(), day.to_list(), strict=True))
        if day.is_not_null().any():
            found.append(form)
            read = read.fill_null(text.replace_strict(known, default=None, return_dtype=pl.Date))
    return read, tuple(found)


def unread(text: pl.Series, days: pl.Series) -> pl.Series:
    """Say where a text that is not blank could not be read as a day."""
    if days.null_count() == text.null_count():
        return pl.repeat(False, text.len(), eager=True)
    return text.to_frame().select(_cleaned(pl.col(text.name)).alias("text")).to_series().is_not_null() & days.is_null()


def without_repeats(table: pl.DataFrame, key: str) -> tuple[pl.DataFrame, int]:
    """Keep one of the rows that are the same in every column; return how many were dropped.

    Rows that share the key but differ stay: whoever reads them must say which is right.
    """
    repeated = table.select(shared(table, key)).to_series()
    if not repeated.any():
        return table, 0
    once = pl.concat([table.filter(~repeated), table.filter(repeated).unique(maintain_order=True)])
    return once, table.height - once.height


def shared(table: pl.DataFrame, key: str) -> pl.Expr:
    """Say which rows share their key with another; a table without such rows is not searched."""
    if table.get_column(key).n_unique() == table.height:
        return pl.lit(False)
    return pl.col(key).is_duplicated() & pl.col(key).is_not_null()


def without_tags(frame: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """Pass over the second header row of tags, such as #date+start, that extracts for humanitarian exchange carry."""
    return frame.filter(~pl.col(key).str.starts_with("#").fill_null(False))


def within(name: str, most: int) -> pl.Expr:
    """Say where a number is a rank from 1 to `most`."""
    return pl.col(name).is_between(1, most).fill_null(False)


def demand(path: Path | str, table: pl.DataFrame, wrong: pl.Expr, sentence: str, key: str, **values: object) -> None:
    """Stop with the count and the first five keys where `wrong` holds.

    sentence: what is wrong, an English sentence of the catalogue with {file}, {count}, {rows}, {first} and `values`.
    """
    faulty = table.filter(wrong.fill_null(False))
    if not faulty.is_empty():
        raise ImportFileError(
            sentence,
            file=Path(path).name,
            count=faulty.height,
            rows=table.height,
            first=first_five(faulty.get_column(key).fill_null("(blank)")),
            **values,
        )


def demand_all(
    path: Path | str, table: pl.DataFrame, sentence: Sequence[tuple[pl.Expr, str]], key: str, **values: object
) -> None:
    """Stop at the first of several checks that fails, as `demand` does; all are tried in one pass.

    sentence: pairs of what is wrong, as an expression and as an English sentence of the catalogue.
    """
    failed = table.select(wrong.fill_null(False).any().alias(str(i)) for i, (wrong, _) in enumerate(sentence)).row(0)
    for (wrong, said), fails in zip(sentence, failed, strict=True):
        if fails:
            demand(path, table, wrong, said, key, **values)


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
