"""The fiscal year of peacekeeping: 1 July to 30 June, written 2018/19."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.months import Month

MONTHS_A_YEAR = 12


def fiscal_year_of(month: Month) -> str:
    """Name the fiscal year in which a month lies.

    Examples
    --------
    >>> fiscal_year_of(Month(2019, 6)), fiscal_year_of(Month(2019, 7)), fiscal_year_of(Month(1999, 12))
    ('2018/19', '2019/20', '1999/00')
    """
    return f"{month.fiscal_year}/{(month.fiscal_year + 1) % 100:02d}"


def check_fiscal_year(text: str, where: str) -> str:
    """Return the name of a fiscal year if it is one of peacekeeping: from July of one year to June of the next.

    Raises
    ------
    InvalidRecordError
        If it is written otherwise, such as a calendar year, or its second year is not the next one.
    """
    found = re.fullmatch(r"(\d{4})/(\d{2})", text.strip(), re.ASCII)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise InvalidRecordError(
            "{where}: '{text}' is not a fiscal year of peacekeeping, which runs from 1 July to 30 June. Write its two "
            "years, such as 2018/19; an amount for another span of months cannot be compared with it.",
            where=where,
            text=text,
        )
    return text.strip()


def fiscal_year_days(fiscal_year: str) -> tuple[date, date]:
    """Return the first and last day of a fiscal year.

    Examples
    --------
    >>> fiscal_year_days("2023/24")
    (datetime.date(2023, 7, 1), datetime.date(2024, 6, 30))
    """
    found = re.fullmatch(r"(\d{4})[/-](\d{2}|\d{4})", fiscal_year.strip())
    first = int(found[1]) if found else 0
    if not found or int(found[2]) not in (first + 1, (first + 1) % 100) or first < 1945:
        raise InvalidRecordError(
            "'{text}' is no fiscal year; one from 1 July to 30 June such as 2023/24 was expected.", text=fiscal_year
        )
    return date(first, 7, 1), date(first + 1, 6, 30)


def months_planned(months: Iterable[Month]) -> dict[str, int]:
    """Count the months planned in each fiscal year, in order; fewer than twelve: the year is partial."""
    counted: dict[str, int] = {}
    for month in months:
        year = fiscal_year_of(month)
        counted[year] = counted.get(year, 0) + 1
    return counted
