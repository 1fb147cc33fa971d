"""From a plan folder to the files of its cost: lines as CSV or a workbook, and the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.priced_plan import PricedPlan, PriceOrder, price_plan, yardstick_at
from bluehelm.mission.plan_folder import read_plan
from bluehelm.reports.finance.cost_table import csv_of
from bluehelm.reports.finance.cost_words import summary_of_cost
from bluehelm.reports.finance.workbook import MOST_ROWS, workbook_bytes
from bluehelm.reports.plain import plain_summary
from bluehelm.words import language

CostFormat = Literal["csv", "xlsx"]


@dataclass(frozen=True, slots=True)
class CostFile:
    """A priced plan, its file as bytes, and the summary in words."""

    priced: PricedPlan
    content: bytes
    summary: str


def cost_file(
    plan_dir: Path | str, form: CostFormat, order: PriceOrder | None = None, against: Path | None = None
) -> CostFile:
    """Price a plan folder, and make its file in the language in use.

    Raises
    ------
    PlanFilesError, PlanCheckError
        If the folder is no plan, or its cost does not reconcile with its own cash.
    ImportFileError, InvalidRecordError, UnknownNormError
        If what it is held against, or a what-if, cannot be used; or a workbook would have too many rows.
    """
    plan = read_plan(plan_dir)
    yardstick = yardstick_at(against, plan.mission.setting.operation) if against is not None else None
    priced = price_plan(plan, order, yardstick)
    if form == "xlsx" and len(priced.lines) > MOST_ROWS:
        raise InvalidRecordError(
            "The cost has {rows} lines; a sheet holds {most}. Ask for --format csv.",
            rows=len(priced.lines),
            most=MOST_ROWS,
        )
    content = csv_of(priced.lines).encode() if form == "csv" else workbook_bytes(priced, language())
    return CostFile(priced, content, plain_summary(summary_of_cost(priced)))
