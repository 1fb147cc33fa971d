"""Write an ensemble as one self-contained HTML page, and its summary for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bluehelm.reports.ensemble.charts import main_effects
from bluehelm.reports.ensemble.reading import COST, DEATHS, PROTECTION, EnsembleReading
from bluehelm.reports.ensemble.sections import design, effects, extremes, levels, unplanned
from bluehelm.reports.ensemble.summary import summary_of_ensemble
from bluehelm.reports.page import render_page
from bluehelm.reports.plain import plain_summary
from bluehelm.reports.section import Figure, figures_of
from bluehelm.words import say, speaking

SECTIONS = (effects, levels, extremes, unplanned, design)


def ensemble_page(record: Mapping[str, Any], *, language: str = "en") -> str:
    """Return the report of an ensemble; the same record and language give the same bytes."""
    with speaking(language):
        reading = EnsembleReading(record)
        sections = [section(reading) for section in SECTIONS]
        return render_page(say("Ensemble of plans"), summary_of_ensemble(reading), sections, _figures(reading))


def ensemble_summary(record: Mapping[str, Any]) -> str:
    """Return the first page as plain text, in the language in use."""
    return plain_summary(summary_of_ensemble(EnsembleReading(record)))


def _figures(reading: EnsembleReading) -> Mapping[str, Figure]:
    seen = say("A panel for each axis: a line through the means of its levels, and a bar from the lowest tenth of the "
               "runs to the highest.")  # fmt: skip
    return figures_of(
        ("protection", main_effects(reading, PROTECTION), say("Protection at each level of each axis: mean, and where "
                                                              "four fifths of the runs lie"), seen),
        ("deaths", main_effects(reading, DEATHS), say("Deaths not answered at each level of each axis: mean, and where "
                                                      "four fifths of the runs lie"), seen),
        ("cost", main_effects(reading, COST), say("Cost at each level of each axis: mean, and where four fifths of the "
                                                  "runs lie"), seen),
    )  # fmt: skip
