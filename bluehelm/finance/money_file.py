"""Published money of missions, as a CSV file: approved for a fiscal year, or spent in it, by group if known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, TypeVar

from bluehelm.errors import ImportFileError
from bluehelm.finance.fiscal_year import check_fiscal_year
from bluehelm.mission.columns import Column
from bluehelm.mission.tables import Row, read_table
from bluehelm.words import say

R = TypeVar("R")
MOST_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRow:
    """One amount for one mission and fiscal year. A blank amount is not known, and is left out with a note."""

    mission: Annotated[str, Column("text", "acronym of the mission, such as MINUSCA")]
    fiscal_year: Annotated[str, Column("text", "fiscal year of peacekeeping, such as 2018/19")]
    amount_usd: Annotated[Decimal | None, Column("USD", "amount for the whole year", low=0)] = None
    measure: Annotated[str, Column("text", "what the amount is, such as expenditure (actual) or approved")] = ""
    military_and_police_usd: Annotated[
        Decimal | None, Column("USD", "military and police personnel; blank = not known", low=0)
    ] = None
    civilian_usd: Annotated[Decimal | None, Column("USD", "civilian personnel; blank = not known", low=0)] = None
    operational_usd: Annotated[Decimal | None, Column("USD", "operational requirements; blank = not known", low=0)] = (
        None
    )
    currency: Annotated[str, Column("text", "currency of all amounts of the row; blank = USD")] = ""
    note: Annotated[str, Column("text", "remark")] = ""
    source: Annotated[str, Column("text", "where the figure was read")] = ""
    status: Annotated[str, Column("text", "how well it is known")] = ""
    valid_from: Annotated[str, Column("text", "day from which it holds")] = ""

    @property
    def groups(self) -> dict[str, Decimal]:
        """Return the amounts by group that are known."""
        found = {
            "military_and_police": self.military_and_police_usd,
            "civilian": self.civilian_usd,
            "operational": self.operational_usd,
        }
        return {group: usd for group, usd in found.items() if usd is not None}


def read_rows(path: Path | str, record: type[R]) -> list[Row[R]]:
    """Read a CSV file into records with their lines, or refuse it with the first faults.

    Raises
    ------
    ImportFileError
        If the file or a cell cannot be read, or a column is unknown (with its nearest name), missing or given twice.
    """
    table, faults = read_table(Path(path), record)
    errors = [fault for fault in faults if fault.grade == "error"]
    if errors:
        raise ImportFileError(
            "{file} cannot be used; it has {count} {count:fault|faults}: {faults}",
            file=Path(path).name,
            count=len(errors),
            faults="\n".join(["", *(f"  - {fault}" for fault in errors[:MOST_TOLD])]),
        )
    if not table.rows:
        raise ImportFileError("{file} has no rows below its header. Write one for each year.", file=Path(path).name)
    return list(table.rows)


def read_money(path: Path | str) -> list[Row[MoneyRow]]:
    """Read amounts by mission and fiscal year, each checked.

    Raises
    ------
    ImportFileError, InvalidRecordError
        If the file cannot be read; an amount is negative or in another currency; a year does not run from July to
        June; a mission has two amounts of one measure in one year; or three groups do not add up to their amount.
    """
    rows = read_rows(path, MoneyRow)
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        money, where = row.record, f"{row.file}:{row.line}"
        check_fiscal_year(money.fiscal_year, where)
        if money.currency.strip().upper() not in ("", "USD"):
            raise ImportFileError(
                "{where}: the amounts are in {currency}; US dollars were expected, in which missions are budgeted. "
                "Convert them at the rate of their day, and write USD.",
                where=where,
                currency=money.currency,
            )
        _check_groups(money, where)
        key = (mission_key(money.mission), money.fiscal_year, money.measure)
        if key in seen and money.amount_usd is not None:
            raise ImportFileError(
                "{where}: {mission} has a second amount '{measure}' for {year}; the first is in line {line}. Keep "
                "one of the two, or say in measure how they differ.",
                where=where,
                mission=money.mission,
                measure=money.measure or say("(blank)"),
                year=money.fiscal_year,
                line=seen[key],
            )
        seen[key] = row.line
    return rows


def mission_key(name: str) -> str:
    """Reduce the name of a mission to what its spellings share.

    Examples
    --------
    >>> mission_key("unavem-III") == mission_key("UNAVEM III")
    True
    """
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _check_groups(money: MoneyRow, where: str) -> None:
    groups = money.groups
    if len(groups) == 3 and money.amount_usd is not None and sum(groups.values()) != money.amount_usd:
        raise ImportFileError(
            "{where}: the three groups of {mission} {year} come to {sum} USD, its amount is {amount} USD. Correct one "
            "of the four.",
            where=where,
            mission=money.mission,
            year=money.fiscal_year,
            sum=f"{sum(groups.values()):,}",
            amount=f"{money.amount_usd:,}",
        )


def chosen(rows: Sequence[Row[MoneyRow]], measures: Sequence[str]) -> list[Row[MoneyRow]]:
    """Keep one amount for each mission and year: of the measure that stands first in `measures`; others are left."""
    rank = {measure: place for place, measure in enumerate(measures)}
    best: dict[tuple[str, str], Row[MoneyRow]] = {}
    for row in rows:
        if row.record.amount_usd is None or row.record.measure not in rank:
            continue
        key = (mission_key(row.record.mission), row.record.fiscal_year)
        if key not in best or rank[row.record.measure] < rank[best[key].record.measure]:
            best[key] = row
    return list(best.values())
