"""What missions were in a fiscal year, as a CSV file: people, sites and aircraft, averaged over its twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from bluehelm.errors import ImportFileError
from bluehelm.finance.fiscal_year import check_fiscal_year
from bluehelm.finance.money_file import mission_key, read_rows
from bluehelm.mission.columns import Column
from bluehelm.mission.tables import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthRow:
    """One mission in one fiscal year; what is blank is not known."""

    mission: Annotated[str, Column("text", "acronym of the mission, such as MINUSCA")]
    fiscal_year: Annotated[str, Column("text", "fiscal year of peacekeeping, such as 2018/19")]
    uniformed_persons: Annotated[float, Column("person", "troops, police and observers, mean of the year", low=0)]
    civilians: Annotated[float | None, Column("person", "civilian personnel, mean of the year", low=0)] = None
    sites: Annotated[float | None, Column("site", "places where the mission is based, mean of the year", low=0)] = None
    aircraft: Annotated[float | None, Column("aircraft", "aeroplanes and helicopters, mean of the year", low=0)] = None
    aviation_sites: Annotated[
        float | None, Column("site", "places with an aviation unit; stands in where aircraft are not known", low=0)
    ] = None
    note: Annotated[str, Column("text", "remark")] = ""
    source: Annotated[str, Column("text", "where the figures were read")] = ""
    status: Annotated[str, Column("text", "how well they are known")] = ""


TERMS = ("uniformed_persons", "civilians", "sites", "aircraft", "aviation_sites")


def read_strengths(path: Path | str) -> list[Row[StrengthRow]]:
    """Read strengths by mission and fiscal year, each checked.

    Raises
    ------
    ImportFileError, InvalidRecordError
        If the file cannot be read, a number is negative, a year does not run from July to June, or a mission stands
        twice in one year.
    """
    rows = read_rows(path, StrengthRow)
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        where = f"{row.file}:{row.line}"
        check_fiscal_year(row.record.fiscal_year, where)
        key = (mission_key(row.record.mission), row.record.fiscal_year)
        if key in seen:
            raise ImportFileError(
                "{where}: {mission} stands a second time in {year}; the first is in line {line}. Keep one of the two.",
                where=where,
                mission=row.record.mission,
                year=row.record.fiscal_year,
                line=seen[key],
            )
        seen[key] = row.line
    return rows
