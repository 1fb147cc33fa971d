"""A calendar month, the step of every plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bluehelm.errors import InvalidRecordError


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year, written `2017-01`; adding months and taking differences work as with whole numbers."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 2200):
            raise InvalidRecordError(
                "Month {month} of year {year} does not exist; a month such as 2017-01 was expected.",
                month=self.month,
                year=self.year,
            )

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `2017-01`.

        Examples
        --------
        >>> Month.parse("2017-01") + 17
        Month(year=2018, month=6)
        """
        found = re.fullmatch(r"(\d{4})-(\d{2})", text.strip())
        if not found:
            raise InvalidRecordError(
                "'{text}' is not a month; a month such as 2017-01 (year-month) was expected.", text=text
            )
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month that holds a day."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __add__(self, months: int) -> Month:
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def __sub__(self, other: Month) -> int:
        return (self.year - other.year) * 12 + self.month - other.month

    @property
    def first_day(self) -> date:
        """First day of the month, the day on which norms are read."""
        return date(self.year, self.month, 1)

    @property
    def fiscal_year(self) -> int:
        """Calendar year in which the peacekeeping fiscal year (1 July – 30 June) of this month begins."""
        return self.year if self.month >= 7 else self.year - 1
