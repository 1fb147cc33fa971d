"""CSV tables held as Polars frames: checked in streams, so that memory stays bounded whatever the file's size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.cells import FIRST_YEAR, LARGEST_NUMBER, LAST_YEAR, MOST_CHARACTERS, Problem, parser_of
from bluehelm.mission.columns import Field, columns_of
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.files import (
    BYTE_ORDER_MARK,
    MEGABYTE,
    byte_order_mark,
    check_bytes,
    check_file,
    line_ends,
    unreadable,
)
from bluehelm.mission.headers import Header, read_header
from bluehelm.mission.months import Month
from bluehelm.mission.tables import MOST_BYTES, cell_fault

CHUNK_BYTES = 8 * MEGABYTE
LINES_SHOWN = 5
ROW = "row number in the file"

_UNPRINTABLE = r"[\x00-\x08\x0b-\x1f\x7f]"
_TYPES: dict[Any, pl.DataType] = {str: pl.String(), int: pl.Int64(), float: pl.Float64(), date: pl.Date()}


def schema_of(record: type) -> dict[str, pl.DataType]:
    """Return the columns of a bulk table with their Polars types; months are text such as 2017-01."""
    return {one.name: _TYPES.get(one.type, pl.String()) for one in columns_of(record)}


def clean_frame(frame: pl.DataFrame, record: type) -> pl.DataFrame:
    """Give a frame the columns, order and types of a bulk table; texts lose blanks at their ends.

    Raises
    ------
    InvalidRecordError
        If a column is missing or unknown, or holds values of another type.
    """
    fields = {one.name: one for one in columns_of(record)}
    missing = [name for name, one in fields.items() if one.required and name not in frame.columns]
    unknown = [name for name in frame.columns if name not in fields]
    if missing or unknown:
        raise InvalidRecordError(
            "A table of {record} rows lacks the columns {missing} and has the unknown columns {unknown}; "
            "these were expected: {known}. Add and rename columns.",
            record=record.__name__,
            missing=missing,
            unknown=unknown,
            known=", ".join(fields),
        )
    try:
        return frame.select(_clean(one, given=name in frame.columns) for name, one in fields.items())
    except pl.exceptions.PolarsError as trouble:
        raise InvalidRecordError(
            "A table of {record} rows holds values of a wrong type: {reason} These types were expected: {schema}.",
            record=record.__name__,
            reason=str(trouble),
            schema=schema_of(record),
        ) from trouble


def read_frame(path: Path, record: type, most_bytes: int = MOST_BYTES) -> tuple[pl.DataFrame | None, list[Fault]]:
    """Read a CSV file into a frame with the columns of `record`; None where an error fault says why."""
    faults = check_file(path, most_bytes)
    if faults:
        return None, faults
    try:
        header_line, faults = _scan_bytes(path)
    except OSError as trouble:
        return None, [unreadable(path, trouble)]
    header = read_header(header_line, record, path.name)
    faults.extend(header.faults)
    if any(fault.grade == "error" for fault in faults):
        return None, faults
    try:
        raw = _scan_text(path, header, record)
        faults.extend(frame_faults(raw, record, path.name))
        if any(fault.grade == "error" for fault in faults):
            return None, faults
        return raw.select(_typed(one) for one in columns_of(record)).collect(engine="streaming"), faults
    except pl.exceptions.PolarsError as trouble:
        return None, [*faults, _not_a_table(path.name, str(trouble))]


def write_frame(frame: pl.DataFrame, path: Path, record: type) -> None:
    """Write a frame as CSV, checked to read back as it is.

    Raises
    ------
    InvalidRecordError
        If a value is out of its range or blank where it must not be.
    """
    clean = clean_frame(frame, record)
    clean.write_csv(path)
    back, faults = read_frame(path, record, most_bytes=2**62)
    if back is None or not back.equals(clean):
        raise InvalidRecordError(
            "The table of {record} rows cannot be written to '{file}' without loss. {faults}",
            record=record.__name__,
            file=path.name,
            faults=" ".join(str(fault) for fault in faults[:LINES_SHOWN]),
        )


def frame_faults(raw: pl.LazyFrame, record: type, file: str) -> list[Fault]:
    """Find cells that are not what their column expects: the first few of each column, and a count of the others.

    raw: text columns named as the fields of `record`, and the number of each row in the column `ROW`.
    """
    fields = columns_of(record)
    counts = raw.select(_is_wrong(one).sum().alias(one.name) for one in fields).collect(engine="streaming").row(0)
    faults = []
    for one, count in zip(fields, counts, strict=True):
        if not count:
            continue
        wrong = raw.filter(_is_wrong(one)).select(ROW, one.name).head(LINES_SHOWN).collect(engine="streaming")
        for row, text in wrong.iter_rows():
            faults.append(_cell_fault(one, file, row + 2, text or ""))
        if count > wrong.height:
            faults.append(_more_wrong_cells(one.name, file, faults[-1].line, count - wrong.height))
    return faults


def _clean(one: Field, given: bool) -> pl.Expr:
    kind = _TYPES.get(one.type, pl.String())
    if not given:
        return pl.lit(one.default, dtype=kind).alias(one.name)
    expression = pl.col(one.name).cast(kind)
    if isinstance(kind, pl.String):
        expression = expression.fill_null("").str.replace_all(_UNPRINTABLE, " ").str.strip_chars()
    return expression


def _scan_bytes(path: Path) -> tuple[str, list[Fault]]:
    """Go through a file once: its first line, and what is wrong or odd about its bytes."""
    first, line, windows = b"", 1, False
    with path.open("rb") as file:
        # Whole lines at a time, so that no character is cut in two.
        while lines := file.readlines(CHUNK_BYTES):
            first = first or lines[0]
            chunk = b"".join(lines)
            if fault := check_bytes(path.name, chunk, line):
                return "", [fault]
            line += len(lines)
            windows = windows or b"\r" in chunk
    odd = [byte_order_mark(path.name)] if first.startswith(BYTE_ORDER_MARK) else []
    if windows:
        odd.append(line_ends(path.name))
    return first.removeprefix(BYTE_ORDER_MARK).decode("utf-8").rstrip("\r\n"), odd


def _scan_text(path: Path, header: Header, record: type) -> pl.LazyFrame:
    """Open a CSV file as text columns named as fields, rows that are blank left out."""
    given = [one.name for one in header.fields if one]
    left_out = [one.name for one in columns_of(record) if one.name not in given]
    rows = pl.scan_csv(
        path, separator=header.separator, new_columns=given, infer_schema=False, row_index_name=ROW, glob=False,
    )  # fmt: skip
    is_blank = pl.all_horizontal(pl.col(given).fill_null("").str.strip_chars() == "")
    return rows.filter(~is_blank).with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in left_out)


def _text(one: Field) -> pl.Expr:
    return pl.col(one.name).fill_null("").str.strip_chars()


def _typed(one: Field) -> pl.Expr:
    """Turn a text column into the type of its field; null where that cannot be done."""
    text = _text(one)
    if one.type is date:
        return text.str.to_date("%Y-%m-%d", strict=False).alias(one.name)
    return text.cast(_TYPES.get(one.type, pl.String()), strict=False).alias(one.name)


def _is_wrong(one: Field) -> pl.Expr:
    """Say in which rows the text is not what the column expects."""
    text = _text(one)
    blank_is_wrong = one.required and not one.column.may_be_blank
    return pl.when(text == "").then(pl.lit(blank_is_wrong)).otherwise(_IS_WRONG[one.type](one, text))


def _wrong_text(one: Field, text: pl.Expr) -> pl.Expr:
    wrong = (text.str.len_chars() > MOST_CHARACTERS) | text.str.contains(_UNPRINTABLE)
    if one.column.unit == "key":
        wrong = wrong | text.str.contains(";", literal=True)
    if one.column.choices:
        wrong = wrong | ~text.is_in(list(one.column.choices))
    return wrong


def _wrong_whole_number(one: Field, text: pl.Expr) -> pl.Expr:
    return ~text.str.contains(r"^[+-]?[0-9]{1,18}$") | _out_of_range(one)


def _wrong_number(one: Field, text: pl.Expr) -> pl.Expr:
    return ~text.str.contains(r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$") | _out_of_range(one)


def _out_of_range(one: Field) -> pl.Expr:
    low = -LARGEST_NUMBER if one.column.low is None else one.column.low
    high = LARGEST_NUMBER if one.column.high is None else one.column.high
    return ~_typed(one).is_between(low, high).fill_null(False)


def _wrong_date(one: Field, text: pl.Expr) -> pl.Expr:
    day = _typed(one)
    in_years = day.is_between(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)).fill_null(False)
    return ~text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$") | ~in_years


def _wrong_month(one: Field, text: pl.Expr) -> pl.Expr:
    is_month = text.str.contains(r"^[0-9]{4}-(0[1-9]|1[0-2])$")
    return ~is_month | ~text.is_between(pl.lit(f"{FIRST_YEAR}-01"), pl.lit(f"{LAST_YEAR}-12"))


_IS_WRONG: dict[Any, Callable[[Field, pl.Expr], pl.Expr]] = {
    str: _wrong_text, int: _wrong_whole_number, float: _wrong_number, date: _wrong_date, Month: _wrong_month,
}  # fmt: skip


def _cell_fault(one: Field, file: str, line: int, text: str) -> Fault:
    problem = parser_of(one)(text)
    if not isinstance(problem, Problem):
        problem = Problem("{column} is '{value}'.", "Another form was expected ({unit}).", "Write it in plain digits.",
                          {"unit": one.column.unit})  # fmt: skip
    return cell_fault(problem, file, line, one.name, text)


def _more_wrong_cells(column: str, file: str, line: int, count: int) -> Fault:
    return error(
        file,
        "{count} more {count:cell|cells} of column '{column}' {count:is|are} wrong in '{file}'.",
        "Cells like those of the data dictionary were expected.",
        "Mend the ones listed first; often one cause makes them all.",
        line=line,
        column=column,
        count=count,
    )


def _not_a_table(file: str, reason: str) -> Fault:
    return error(
        file,
        "'{file}' cannot be read as a table: {reason}.",
        "Rows with as many cells as the header has columns were expected.",
        "Mend quotation marks and separators, or write the table anew.",
        reason=reason.partition("\n")[0].rstrip("."),
    )
