"""Read a scale that somebody brings: a file of regular rates and a file of levels, one row for each State."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from bluehelm.errors import ImportFileError, InvalidRecordError, nearest
from bluehelm.finance.assessment_rules import DECIDED_RATES, NOT_NEGATIVE, ONE_RATE_EACH, TEN_LEVELS, broken
from bluehelm.finance.levels import H_OR_I, known_level
from bluehelm.finance.scale import RegularRate
from bluehelm.finance.shipped_scales import last_decided_day
from bluehelm.norms import Norms

STATE = "member_state"
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file as it was read: its name, its columns, and its rows with the line where each stands."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


@dataclass(frozen=True, slots=True)
class GivenScale:
    """A scale from files. discounts: those of a table of levels that was given in place of the norms, as shares."""

    rates: tuple[RegularRate, ...]
    discounts: Mapping[str, Decimal]

    def norms(self, norms: Norms) -> Norms:
        """Return the norms with the discounts that were given laid over them."""
        changes = {f"peacekeeping_discount_share.{level}": float(share) for level, share in self.discounts.items()}
        return norms.with_amendments(changes) if changes else norms


def read_rates_and_levels(regular: Path, levels: Path, period: tuple[date, date] | None = None) -> GivenScale:
    """Read regular rates and levels, and put them together.

    Parameters
    ----------
    regular : file with `member_state` and `regular_rate_pct` (with a period also `regular_rate_2022_2024_pct`)
    levels : file with `member_state` and `level`; `discount_pct`, `from_level` and `decision` where a State has a
        discount of its own. May be the same file as `regular`. `implied_level` and `implied_discount` (a share) are
        read as well. A table of levels (`level`, `discount_pct`, no States) may stand in its place where `regular`
        holds the level of each State: it takes the place of the norms.
    period : first and last day for which the rates are said to hold

    Raises
    ------
    ImportFileError
        If a file cannot be read, or a column is missing.
    RuleError
        If a State is missing in one of the files or stands twice, a rate is negative or not yet decided, or a level is
        not in the table.
    """
    if period is not None and period[1] > last_decided_day():
        raise broken(
            DECIDED_RATES,
            "Rates until {day} are asked for; the last decided scale ends on {last}. Leave the period out to compute a "
            "scale as a what-if.",
            day=period[1],
            last=last_decided_day(),
        )
    rates_table, levels_table = _read(regular), _read(levels)
    discounts: dict[str, Decimal] = {}
    if STATE not in levels_table.columns and {"level", "discount_pct"} <= {*levels_table.columns}:
        discounts = _discounts(levels_table)
        levels_table = rates_table
    rates, placed = _by_state(rates_table), _by_state(levels_table)
    _same_states(rates_table.file, rates, levels_table.file, placed)
    rate_column = _rate_column(rates_table, period)
    level_column = _column(levels_table, ("level", "implied_level"))
    return GivenScale(
        tuple(
            RegularRate(
                member_state=state,
                rate_pct=_number(rates_table, line, state, row, rate_column),
                level=known_level(placed[state][1][level_column], state),
                discount_pct=_discount_pct(levels_table, state, *placed[state]),
                from_level=placed[state][1].get("from_level", ""),
                decision=placed[state][1].get("decision", ""),
            )
            for state, (line, row) in rates.items()
        ),
        discounts,
    )


def _discounts(table: Table) -> dict[str, Decimal]:
    """Read a table of levels: the discount of each as a share."""
    found: dict[str, Decimal] = {}
    for line, row in table.rows:
        level = known_level(row["level"], row["level"])
        if level in found or level == H_OR_I:
            raise broken(
                TEN_LEVELS,
                "'{file}', row {line}: level '{level}' stands twice, or is two in one. Keep one row for each.",
                file=table.file, line=line, level=level,
            )  # fmt: skip
        found[level] = _number(table, line, level, row, "discount_pct") / 100
    return found


def _read(path: Path) -> Table:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as trouble:
        raise ImportFileError("'{file}' does not exist. Check the name.", file=str(path)) from trouble
    except (OSError, UnicodeDecodeError) as trouble:
        raise ImportFileError(
            "'{file}' cannot be read as CSV text in UTF-8. Save it as CSV UTF-8 and try again.", file=str(path)
        ) from trouble
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        listed = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as trouble:
        raise ImportFileError(
            "'{file}' cannot be read as CSV: {fault}. Mend it, or save it as CSV UTF-8.", file=str(path), fault=trouble
        ) from trouble
    columns = tuple(name.strip() for name in (listed[0] if listed else []))
    if len(set(columns)) < len(columns):
        raise ImportFileError(
            "'{file}' has a column twice; its columns are {columns}. Keep one of them.",
            file=str(path),
            columns=", ".join(columns)[:200],
        )
    rows = []
    for line, cells in enumerate(listed[1:], start=2):
        if any(cell.strip() for cell in cells):
            if len(cells) != len(columns):
                raise ImportFileError(
                    "'{file}', row {line}, has {count} {count:cell|cells}; {wanted} were expected. Put a text that "
                    "holds a separator in quotes.",
                    file=str(path),
                    line=line,
                    count=len(cells),
                    wanted=len(columns),
                )
            rows.append((line, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
    return Table(str(path), columns, tuple(rows))


def _by_state(table: Table) -> dict[str, tuple[int, Mapping[str, str]]]:
    found: dict[str, tuple[int, Mapping[str, str]]] = {}
    column = _column(table, (STATE,))
    for line, row in table.rows:
        state = row[column]
        if not state or state in found:
            raise broken(
                ONE_RATE_EACH,
                "'{file}', row {line}: the State is '{state}', which is empty or stands in row {before} too. Keep one "
                "row for each State.",
                file=table.file,
                line=line,
                state=state,
                before=found[state][0] if state in found else line,
            )
        found[state] = (line, row)
    if not found:
        raise ImportFileError("'{file}' has no row below its header. Write one for each State.", file=table.file)
    return found


def _same_states(rates_file: str, rates: Mapping[str, object], levels_file: str, placed: Mapping[str, object]) -> None:
    for here, there, file in ((rates, placed, levels_file), (placed, rates, rates_file)):
        missing = [state for state in here if state not in there]
        if missing:
            raise broken(
                ONE_RATE_EACH,
                "'{file}' has no row for {count} {count:State|States}: {states}. Nearest name for the first: '{near}'. "
                "Add the {count:row|rows}, or mend the {count:name|names}.",
                file=file,
                count=len(missing),
                states=", ".join(f"'{state}'" for state in missing[:5]),
                near=nearest(missing[0], there) or "–",
            )


def _rate_column(table: Table, period: tuple[date, date] | None) -> str:
    of_period = f"regular_rate_{period[0].year}_{period[1].year}_pct" if period else ""
    wanted = ("regular_rate_pct", of_period)
    found = [name for name in table.columns if re.fullmatch(r"regular_rate_\d{4}_\d{4}_pct", name)]
    if not any(name in table.columns for name in wanted) and len(found) > 1:
        raise ImportFileError(
            "'{file}' has the regular rates of several periods: {columns}. Say which by --period.", file=table.file,
            columns=", ".join(found),
        )  # fmt: skip
    return _column(table, wanted if period else ("regular_rate_pct", *found))


def _column(table: Table, wanted: Sequence[str]) -> str:
    for name in wanted:
        if name and name in table.columns:
            return name
    raise ImportFileError(
        "'{file}' has no column '{wanted}'; its columns are {columns}. Add it, or name another file.", file=table.file,
        wanted=wanted[0], columns=", ".join(table.columns)[:200] or "–",
    )  # fmt: skip


def _number(table: Table, line: int, state: str, row: Mapping[str, str], column: str) -> Decimal:
    text = row[column]
    # Digits and a point only: no exponent, no NaN, no digits of other scripts.
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,9})?", text, re.ASCII):
        raise InvalidRecordError(
            "'{file}', row {line}: {column} of '{state}' is '{text}'; a per cent such as 22.000, with a point, was "
            "expected.",
            file=table.file,
            line=line,
            column=column,
            state=state,
            text=text[:LONGEST],
        )
    number = Decimal(text)
    if number < 0:
        raise broken(
            NOT_NEGATIVE, "The rate of '{name}' is {rate}; 0 or more was expected. Mend it.", name=state, rate=text
        )
    return number


def _discount_pct(table: Table, state: str, line: int, row: Mapping[str, str]) -> Decimal | None:
    """Return what the file says of the discount, which may be nothing."""
    if row.get("discount_pct"):
        return _number(table, line, state, row, "discount_pct")
    if row.get("implied_discount"):
        return 100 * _number(table, line, state, row, "implied_discount")
    return None
