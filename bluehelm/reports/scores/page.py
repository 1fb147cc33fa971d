"""Write scores as one self-contained HTML file, readable offline and in print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from bluehelm.reports.figures.observed import observed
from bluehelm.reports.figures.pit import expected_and_came, pit
from bluehelm.reports.figures.score_gaps import score_gaps
from bluehelm.reports.page import render_page, write_page
from bluehelm.reports.scores.reading import ScoreReading
from bluehelm.reports.scores.sections import beside, calibration, came, limits, provenance, scores, years
from bluehelm.reports.scores.summary import summary_of_scores
from bluehelm.reports.section import Figure, figures_of
from bluehelm.words import say, speaking

SECTIONS = (beside, scores, calibration, came, years, limits, provenance)


def write_scores_page(
    record: Mapping[str, Any], table: pl.DataFrame, path: Path | str, *, language: str = "en"
) -> Path:
    """Write the report of scores; the same record, table and language give the same bytes.

    record, table: as `journey.forecast_score` makes them.
    """
    with speaking(language):
        reading = ScoreReading(record, table)
        sections = [section(reading) for section in SECTIONS]
        return write_page(
            path, render_page(say("Scores"), summary_of_scores(reading), sections, score_figures(reading))
        )


def score_figures(reading: ScoreReading) -> Mapping[str, Figure]:
    """Make the figures for which there is something to show, in the language in use."""
    return figures_of(
        ("gaps", score_gaps(reading), say("Ours less each yardstick, with 90% intervals"),
         say("A point and an interval for each yardstick, one panel a horizon; left of nought ours is better.")),
        ("pit", pit(reading), say("Where among its futures a forecast placed what came (PIT), with the band of "
                                  "calibrated forecasts"),
         say("Histograms of ten bars each; dashed lines bound the band.")),
        ("bins", expected_and_came(reading.bins()), say("Deaths expected and deaths that came, in groups of forecasts"),
         say("Points with intervals beside the line on which expected and come are equal.")),
        ("months", observed(reading), say("Deaths in all areas together: what came and what was expected"),
         say("Bars of deaths that came, lines of deaths expected; one panel for each number of months ahead.")),
    )  # fmt: skip
