"""Write what adaptability is worth as one self-contained HTML file, readable offline and in print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bluehelm.reports.figures import value as drawn
from bluehelm.reports.page import render_page, write_page
from bluehelm.reports.section import Figure, figures_of
from bluehelm.reports.value.reading import ValueReading
from bluehelm.reports.value.sections import ablation, arms, futures, limits, provenance, values
from bluehelm.reports.value.summary import summary_of_value
from bluehelm.words import say, speaking

SECTIONS = (arms, values, ablation, futures, limits, provenance)


def write_value_page(record: Mapping[str, Any], path: Path | str, *, language: str = "en") -> Path:
    """Write the report; the same record and language give the same bytes."""
    with speaking(language):
        reading = ValueReading(record)
        sections = [section(reading) for section in SECTIONS]
        text = render_page(say("Value of adaptability"), summary_of_value(reading), sections, value_figures(reading))
        return write_page(path, text)


def value_figures(reading: ValueReading) -> Mapping[str, Figure]:
    """Make the figures, in the language in use."""
    return figures_of(
        ("arms", drawn.arms(reading), say("Deaths not answered by each way to plan: mean, worst futures, worst future"),
         say("Bars beside each other for each way to plan, and its cost beside them.")),
        ("values", drawn.values(reading), say("What it is worth, in deaths averted; the line is what is proven"),
         say("A point for each value on the line of its interval.")),
    )  # fmt: skip
