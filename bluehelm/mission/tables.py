"""CSV tables with one record per row: read with every fault in its place, and written so that nothing is lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from bluehelm.mission.cells import Problem, check_writable, parser_of, text_of
from bluehelm.mission.columns import columns_of
from bluehelm.mission.faults import Fault, error, warning
from bluehelm.mission.files import MEGABYTE, read_text
from bluehelm.mission.headers import Header, read_header

MOST_BYTES = 64 * MEGABYTE
MOST_FAULTS_PER_FILE = 1000

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Row(Generic[R]):
    """A record with the place where it was read; `lines` says the line of a key where keys have lines of their own."""

    record: R
    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def error(self, column: str, message: str, expected: str, next_step: str, **values: object) -> Fault:
        """Make an error placed at a column of this row."""
        line = self.lines.get(column, self.line)
        value = text_of(getattr(self.record, column, ""))
        return error(self.file, message, expected, next_step, line=line, column=column, value=value, **values)

    def warning(self, column: str, message: str, expected: str, next_step: str, **values: object) -> Fault:
        """Make a warning placed at a column of this row."""
        line = self.lines.get(column, self.line)
        value = text_of(getattr(self.record, column, ""))
        return warning(self.file, message, expected, next_step, line=line, column=column, value=value, **values)


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """The rows of a table that are records, and the names that all rows give, faulty ones too.

    names: per column of names (keys), every text found: a row with a fault in another column is still known by name.
    readable: False where the file as a whole could not be read, so that nothing is known of its rows.
    count: rows that are not blank, faulty ones too.
    """

    rows: tuple[Row[R], ...] = ()
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    readable: bool = True
    count: int = 0

    def __iter__(self) -> Iterator[Row[R]]:
        return iter(self.rows)

    @property
    def records(self) -> tuple[R, ...]:
        """The records alone."""
        return tuple(row.record for row in self.rows)

    @property
    def is_empty(self) -> bool:
        """Is it known that the table has no rows?"""
        return self.readable and self.count == 0

    def names_in(self, column: str) -> frozenset[str] | None:
        """Every name given in a column; None where that is not known."""
        if not self.readable or (self.count and column not in self.names):
            return None
        return self.names.get(column, frozenset())


def read_table(path: Path, record: type[R]) -> tuple[Table[R], list[Fault]]:
    """Read a CSV file into records, with all its faults."""
    text, faults = read_text(path, MOST_BYTES)
    if text is None:
        return Table(readable=False), faults
    header_line = text.partition("\n")[0]
    if not header_line.strip():
        return Table(readable=False), [*faults, _empty(path.name, record)]
    header = read_header(header_line, record, path.name)
    faults.extend(header.faults)
    reading = _Reading(path.name, record, header)
    reading.read(text)
    faults.extend(reading.faults)
    names = {name: frozenset(found) for name, found in reading.names.items()}
    return Table(tuple(reading.rows), names, not reading.broken, reading.count), faults


def table_text(records: Sequence[R], record: type[R]) -> str:
    """Write records as CSV text, each cell checked to read back as the same value."""
    fields = columns_of(record)
    parsers = [parser_of(one) for one in fields]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([one.name for one in fields])
    for number, given in enumerate(records, 1):
        values = [getattr(given, one.name) for one in fields]
        for value, one, parse in zip(values, fields, parsers, strict=True):
            check_writable(value, one, parse, f"{record.__name__} {number}")
        writer.writerow([text_of(value) for value in values])
    return out.getvalue()


class _Reading(Generic[R]):
    """One pass over the rows of a file: keeps what was found so far."""

    def __init__(self, file: str, record: type[R], header: Header) -> None:
        self.file, self.record, self.header = file, record, header
        self.parsers = [parser_of(one) if one else None for one in header.fields]
        self.rows: list[Row[R]] = []
        self.faults: list[Fault] = []
        self.faults_untold = 0
        self.count = 0
        self.broken = False
        self.names: dict[str, set[str]] = {one.name: set() for one in header.fields if one and one.column.unit == "key"}

    def read(self, text: str) -> None:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.header.separator, strict=True)
        line = 1
        try:
            for cells in reader:
                if line > 1 and any(cell.strip() for cell in cells):
                    self._read_row(cells, line)
                # A cell may hold line breaks, so the next row starts after the last line of this one.
                line = reader.line_num + 1
        except csv.Error as trouble:
            self.broken = True
            self._tell(_broken(self.file, line, str(trouble)))
        if self.faults_untold:
            self.faults.append(_more_faults(self.file, self.faults[-1].line, self.faults_untold))

    def _tell(self, fault: Fault) -> None:
        if len(self.faults) < MOST_FAULTS_PER_FILE:
            self.faults.append(fault)
        else:
            self.faults_untold += 1

    def _read_row(self, cells: list[str], line: int) -> None:
        self.count += 1
        for one, text in zip(self.header.fields, cells, strict=False):
            if one is not None and one.name in self.names:
                self.names[one.name].add(text.strip())
        if len(cells) != len(self.header.fields):
            self._tell(_ragged(self.file, line, len(cells), len(self.header.fields)))
            return
        values: dict[str, object] = {}
        good = self.header.complete
        for one, parse, text in zip(self.header.fields, self.parsers, cells, strict=True):
            if one is None or parse is None:
                continue
            value = parse(text)
            if isinstance(value, Problem):
                good = False
                self._tell(cell_fault(value, self.file, line, one.name, text))
            values[one.name] = value
        if good:
            self.rows.append(Row(self.record(**values), self.file, line))


def cell_fault(problem: Problem, file: str, line: int, column: str, text: object) -> Fault:
    """Place a problem of a cell in its file."""
    return error(
        file, problem.message, problem.expected, problem.next_step, line=line, column=column, value=text,
        **problem.values,
    )  # fmt: skip


def _empty(file: str, record: type) -> Fault:
    return error(
        file,
        "'{file}' is empty, or its first line is.",
        "A header line was expected: {header}.",
        "Write the header line, even where no rows follow.",
        header=",".join(one.name for one in columns_of(record)),
    )


def _broken(file: str, line: int, reason: str) -> Fault:
    return error(
        file,
        "'{file}' cannot be read as a table from line {line} on: {reason}.",
        "Cells with quotation marks closed, and marks inside a cell doubled, were expected.",
        "Mend the quotation marks of that line.",
        line=line,
        reason=reason,
    )


def _ragged(file: str, line: int, cells: int, columns: int) -> Fault:
    return error(
        file,
        "Line {line} of '{file}' has {cells} {cells:cell|cells}; its header has {columns} {columns:column|columns}.",
        "As many cells as columns were expected.",
        "Add or take out separators; put a cell that holds one in quotation marks.",
        line=line,
        cells=cells,
        columns=columns,
    )


def _more_faults(file: str, line: int, count: int) -> Fault:
    return error(
        file,
        "'{file}' has {count} more {count:fault|faults}, not listed.",
        "A table with few faults was expected.",
        "Mend the ones listed first; often one cause makes them all.",
        line=line,
        count=count,
    )
