"""The lines of a plan's cost as one table: columns of figures, and the norms behind each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from bluehelm.finance.cost_line import CostLine
from bluehelm.norms.rules import Use

COLUMNS = (
    "fiscal_year", "month", "node_id", "probability", "cash_part", "site_id", "unit_type", "component", "group", "part",
    "units", "persons", "amount_usd", "at_plan_prices_usd", "expected_usd", "norm_status", "norms",
)  # fmt: skip


def rows_of(lines: Sequence[CostLine]) -> Iterator[tuple[object, ...]]:
    """Give the cells of each line, in the order of COLUMNS; amounts are decimals with two digits.

    expected_usd is amount times probability, not rounded, so that it may be added up.
    """
    for line in lines:
        yield (
            line.fiscal_year, str(line.month), line.node_id, line.probability, line.cash_part, line.site_id,
            line.unit_type, line.component, line.group, line.part, line.units, line.persons, line.amount_usd,
            line.planned_usd, line.expected_usd, line.status, "; ".join(norm_told(use) for use in line.norms),
        )  # fmt: skip


def norm_told(use: Use) -> str:
    """Write a norm as it was used: key, value, the day since when it holds, and how well it is known.

    Whether a what-if changed it stands in the status.
    """
    status = f"{use.entry.status}, amended" if use.amended else use.entry.status
    return f"{use.key} = {use.entry.value} since {use.entry.since} [{status}]"


def csv_of(lines: Sequence[CostLine]) -> str:
    """Write the lines as CSV; the names of its columns and keys are the same in every language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        [format(cell, "f") if hasattr(cell, "quantize") else cell for cell in row] for row in rows_of(lines)
    )
    return out.getvalue()
