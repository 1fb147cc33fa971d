"""The summary as plain text, aligned for a terminal, in which Chinese characters take two columns."""

from __future__ import annotations

import re
from textwrap import wrap

from bluehelm.mission.plan import Plan
from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Summary
from bluehelm.reports.summary import summary_of
from bluehelm.reports.terminal import columns_taken

WIDTH = 116


def summary_text(plan: Plan, extras: ReportExtras | None = None) -> str:
    """Return the summary as plain aligned text, in the language in use."""
    return plain_summary(summary_of(Reading(plan), extras or ReportExtras()))


def plain_summary(summary: Summary) -> str:
    """Return the first page of any report as plain aligned text, in the language in use."""
    width = max(columns_taken(line.label) for line in summary.lines) + 2
    rows = [summary.title, summary.subtitle, ""]
    for line in summary.lines:
        room = WIDTH - width
        text = wrap(line.text, room) if line.text.isascii() else _wrap_wide(line.text, room)
        rows.append(line.label + " " * (width - columns_taken(line.label)) + text[0])
        rows += [" " * width + more for more in text[1:]]
    return "\n".join(rows) + "\n"


def _wrap_wide(text: str, room: int) -> list[str]:
    """Break a text that has no spaces to break at."""
    rows, row = [], ""
    for word in _pieces(text):
        if row and columns_taken(row + word.rstrip()) > room:
            rows.append(row.rstrip())
            row = ""
        row += word if row else word.lstrip()
    return [*rows, row.rstrip()]


def _pieces(text: str) -> list[str]:
    return re.findall(r"[\x21-\u024f]+[，。；：、）”]*\s*|[^\x21-\u024f][，。；：、）”]*|\s+", text)
