"""What all workbooks share: looks of cells, sheets with a frozen head row, and bytes that repeat.

The same content and language give the same bytes: the day of creation is fixed, and nothing of the machine enters.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2000, 1, 1)
USD, COUNT, SHARE = "#,##0.00;[Red]-#,##0.00", "#,##0", "0.0%"


@contextmanager
def new_workbook(out: io.BytesIO, title: str) -> Iterator[Workbook]:
    """Open a workbook that is written to `out` at the end."""
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "author": "bluehelm", "created": CREATED})
        yield book


class Sheets:
    """Looks and sheets of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.head = book.add_format(
            {"bold": True, "bg_color": "#1f5f99", "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
        )
        self.usd, self.count, self.share = (book.add_format({"num_format": f}) for f in (USD, COUNT, SHARE))
        self.bold = book.add_format({"bold": True})
        self.total = book.add_format({"bold": True, "num_format": USD, "top": 1})
        self.flag = book.add_format({"bg_color": "#fbe9d0"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})

    def new_sheet(self, name: str, headings: Sequence[str], widths: Sequence[float]) -> Worksheet:
        """Add a sheet with its head row."""
        sheet = self.book.add_worksheet(name)
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, self.head)
        sheet.freeze_panes(1, 0)
        return sheet
