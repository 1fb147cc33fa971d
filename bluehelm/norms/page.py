"""The table of norms in docs/norms.md, made from the values so that page and data cannot drift apart."""

from __future__ import annotations

from pathlib import Path

from bluehelm.norms.entry import Entry
from bluehelm.norms.norms import Norms

FIRST = "<!-- table of norms: made by bluehelm.norms.page -->\n"
LAST = "<!-- end of table -->\n"


def norms_table(norms: Norms) -> str:
    """Return every norm with all its dated values as a Markdown table."""
    lines = ["| norm | unit | since | value | range | status | source or reason |", "| --- " * 7 + "|"]
    for norm in map(norms.norm, norms.keys()):
        lines += [f"| `{norm.key}` | {norm.unit} | {_cells(entry)} |" for entry in norm.entries]
    return "\n".join(lines) + "\n"


def _cells(entry: Entry) -> str:
    span = "" if entry.low is None else f"{entry.low} to {entry.high}"
    told = "; ".join(part for part in (entry.source, entry.reason) if part)
    return " | ".join((str(entry.since), str(entry.value), span, entry.status, told))


def with_table(page: str, norms: Norms) -> str:
    """Return a page with the table between its two marks made anew."""
    before, _, rest = page.partition(FIRST)
    return before + FIRST + "\n" + norms_table(norms) + "\n" + LAST + rest.partition(LAST)[2]


def write_table(page: Path, norms: Norms) -> None:
    """Make the table of a page anew."""
    page.write_text(with_table(page.read_text(encoding="utf-8"), norms), encoding="utf-8")
