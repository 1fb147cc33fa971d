"""Write a backtest of siting as one self-contained HTML file, readable offline and in print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bluehelm.reports.backtest.reading import BacktestReading
from bluehelm.reports.backtest.sections import differences, limits, moves, pooled, provenance, years
from bluehelm.reports.backtest.summary import summary_of_backtest
from bluehelm.reports.figures import arms
from bluehelm.reports.page import render_page, write_page
from bluehelm.reports.section import Figure, figures_of
from bluehelm.words import say, speaking

SECTIONS = (pooled, years, differences, moves, limits, provenance)


def write_backtest_page(record: Mapping[str, Any], path: Path | str, *, language: str = "en") -> Path:
    """Write the report of a backtest; the same record and language give the same bytes."""
    with speaking(language):
        reading = BacktestReading(record)
        sections = [section(reading) for section in SECTIONS]
        text = render_page(say("Backtest of siting"), summary_of_backtest(reading), sections, backtest_figures(reading))
        return write_page(path, text)


def backtest_figures(reading: BacktestReading) -> Mapping[str, Figure]:
    """Make the figures for which there is something to show, in the language in use."""
    return figures_of(
        ("pooled", arms.pooled(reading), say("Deaths within reach, all years together, with 90% intervals"),
         say("A point and an interval for each arm, with a line at the mission's own bases.")),
        ("years", arms.by_year(reading), say("Share of deaths within reach, one panel for each year scored; the "
                                             "dashed line is the mission's own bases of that year"),
         say("A point for each arm in each panel.")),
        ("gaps", arms.gaps(reading), say("Paired differences, with 90% intervals; right of nought reaches more"),
         say("A point and an interval for each comparison, beside a line at nought.")),
    )  # fmt: skip
