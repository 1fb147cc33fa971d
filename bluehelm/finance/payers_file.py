"""Payers from files: a table of our own, the scale as `bluehelm finance scale` prints it, a list of who paid when."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bluehelm.errors import ImportFileError, MissionFilesError
from bluehelm.finance.payers import HUNDRED, Payer, checked_payers, code_of
from bluehelm.mission.files import MEGABYTE, read_text
from bluehelm.mission.tables import read_table

MOST_BYTES = 16 * MEGABYTE
SCALE_COLUMNS = ("member_state", "peacekeeping_rate_pct")
ROLL_COLUMNS = ("country", "payment_status", "payment_date")
DAY_FORMS = ("%Y-%m-%d", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y")
OTHER_MONEY = re.compile(r"\b(eur|gbp|jpy|cny|chf|cad|aud|krw|inr|brl|rub)\b|[€£¥]", re.IGNORECASE)


def read_payers(path: Path | str, on: date | None = None) -> tuple[Payer, ...]:
    """Read a table of payers (columns of `Payer`; `share` in place of `rate_pct`), or a scale of assessments.

    Raises
    ------
    ImportFileError
        If the file cannot be read, or its amounts are in another currency.
    MissionFilesError
        If rows have faults; `faults` lists all of them.
    InvalidRecordError
        As `checked_payers` does.
    """
    path = Path(path)
    rows = _rows(path)
    header = tuple(rows[0]) if rows else ()
    _refuse_other_money(path, rows)
    if set(SCALE_COLUMNS) <= set(header):
        return checked_payers(_of_scale(path, rows), on)
    if "share" in header and "rate_pct" not in header:
        return checked_payers(_of_shares(path, rows, header), on)
    table, faults = read_table(path, Payer)
    errors = tuple(fault for fault in faults if fault.grade == "error")
    if errors:
        raise MissionFilesError(
            "Payers '{file}' have {count} {count:error|errors}. {first}",
            errors,
            file=path.name,
            count=len(errors),
            first=str(errors[0]),
        )
    return checked_payers(table.records, on)


def read_honour_roll(path: Path | str, today: date) -> Mapping[str, date | None]:
    """Read who is told to have paid on time, with the day of payment where it is told.

    Columns country, payment_status ("punctual" or blank) and payment_date ("2026-01-09" or "9-Jan-26").

    Raises
    ------
    ImportFileError
        If columns are missing, a day cannot be read or lies after today, or a country stands twice.
    """
    path = Path(path)
    rows = _rows(path)
    _demand_columns(path, rows, ROLL_COLUMNS)
    found: dict[str, date | None] = {}
    names: set[str] = set()
    for line, row in enumerate(rows, 2):
        name = row["country"].strip()
        if name in names:
            raise ImportFileError("'{file}', line {line}: '{name}' stands a second time. Keep one of its rows.",
                                  file=path.name, line=line, name=name)  # fmt: skip
        names.add(name)
        day = _day(path, line, row["payment_date"].strip(), today)
        if row["payment_status"].strip().lower() == "punctual":
            found[name] = day
    return found


def with_honour_roll(payers: Sequence[Payer], roll: Mapping[str, date | None]) -> tuple[Payer, ...]:
    """Let payers of whom nothing is said pay on time where a list of those who did names them."""
    punctual = {code_of(name) or name for name in roll}
    return tuple(
        replace(one, behaviour="punctual")
        if one.behaviour == "unknown" and (code_of(one.payer) or one.payer) in punctual
        else one
        for one in payers
    )


def _rows(path: Path) -> list[dict[str, str]]:
    text, faults = read_text(path, MOST_BYTES)
    if text is None:
        raise ImportFileError("{reason}", reason=" ".join(str(fault) for fault in faults))
    try:
        rows = list(csv.DictReader(text.splitlines(), strict=True))
    except csv.Error as trouble:
        raise ImportFileError("'{file}' is not a table: {reason}. Save it as CSV with commas.", file=path.name,
                              reason=str(trouble)) from trouble  # fmt: skip
    return [{str(key).strip(): str(cell or "") for key, cell in row.items()} for row in rows]


def _refuse_other_money(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Amounts are in USD; a currency elsewhere than in a name says that they are not."""
    for line, row in enumerate(rows, 2):
        for column, cell in row.items():
            words = column.replace("_", " ") + (" " + cell if column not in ("payer", "member_state") else "")
            if found := OTHER_MONEY.search(words):
                raise ImportFileError(
                    "'{file}', line {line}, column {column}: '{money}' is another currency. Assessments are made and "
                    "counted in USD; convert the amount and say so in a note of your own.",
                    file=path.name, line=line, column=column, money=found[0],
                )  # fmt: skip


def _of_scale(path: Path, rows: Sequence[Mapping[str, str]]) -> list[Payer]:
    return [
        Payer(payer=row["member_state"].strip(), rate_pct=_rate(path, line, row, "peacekeeping_rate_pct"))
        for line, row in enumerate(rows, 2)
    ]


def _of_shares(path: Path, rows: Sequence[Mapping[str, str]], header: Sequence[str]) -> list[Payer]:
    unknown = [name for name in header if name not in ("payer", "share")]
    _demand_columns(path, rows, ("payer", "share"))
    if unknown:
        raise ImportFileError(
            "'{file}' gives shares beside {columns}; with other columns rate_pct (per cent) was expected. Multiply "
            "the shares by 100 and name the column rate_pct.",
            file=path.name, columns=", ".join(f"'{name}'" for name in unknown),
        )  # fmt: skip
    return [
        Payer(payer=row["payer"].strip(), rate_pct=HUNDRED * _rate(path, line, row, "share"))
        for line, row in enumerate(rows, 2)
    ]


def _rate(path: Path, line: int, row: Mapping[str, str], column: str) -> Decimal:
    try:
        rate = Decimal(row[column].strip())
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or rate < 0:
        raise ImportFileError(
            "'{file}', line {line}: {column} is '{text}'; a number of 0 or more was expected.",
            file=path.name, line=line, column=column, text=row[column],
        )  # fmt: skip
    return rate


def _demand_columns(path: Path, rows: Sequence[Mapping[str, str]], needed: Sequence[str]) -> None:
    missing = [name for name in needed if not rows or name not in rows[0]]
    if missing:
        raise ImportFileError(
            "'{file}' lacks {missing}; the columns {needed} and at least one row were expected.",
            file=path.name, missing=", ".join(f"'{name}'" for name in missing), needed=", ".join(needed),
        )  # fmt: skip


def _day(path: Path, line: int, text: str, today: date) -> date | None:
    if not text:
        return None
    for form in DAY_FORMS:
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if day > today:
            raise ImportFileError(
                "'{file}', line {line}: paid on {day}, which is still to come on {today}. Correct the date.",
                file=path.name, line=line, day=day, today=today,
            )  # fmt: skip
        return day
    raise ImportFileError("'{file}', line {line}: '{text}' is no date; one such as 2026-01-09 was expected.",
                          file=path.name, line=line, text=text)  # fmt: skip
