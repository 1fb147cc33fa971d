"""Write a transition as one self-contained HTML file, readable offline and in print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bluehelm.reports.page import render_page, write_page
from bluehelm.reports.section import Figure, figures_of
from bluehelm.reports.transition import figures
from bluehelm.reports.transition.reading import TransitionReading
from bluehelm.reports.transition.sections import asked, benchmarks, course, floors, handovers
from bluehelm.reports.transition.summary import summary_of_transition
from bluehelm.reports.transition.ways import back, forms, grounds, provenance
from bluehelm.words import say, speaking

SECTIONS = (asked, course, handovers, floors, benchmarks, back, forms, grounds, provenance)


def write_transition_page(record: Mapping[str, Any], path: Path | str, *, language: str = "en") -> Path:
    """Write the page of a transition; the same record and language give the same bytes."""
    with speaking(language):
        reading = TransitionReading(record)
        sections = [section(reading) for section in SECTIONS]
        text = render_page(say("Transition"), summary_of_transition(reading), sections, transition_figures(reading))
        return write_page(path, text)


def transition_figures(reading: TransitionReading) -> Mapping[str, Figure]:
    """Make the figures for which there is something to show, in the language in use."""
    return figures_of(
        ("course", figures.course(reading), say("Persons, bases and the share of harm answered, month by month"),
         say("Stacked bars of persons, bars of bases, and lines of the share answered with a band between actors at "
             "their low and high share.")),
        ("way_back", figures.way_back(reading), say("What a return costs once, and how long it takes, by the month in "
                                                    "which it is ordered"),
         say("Bars of cost above bars of months, with a dashed line at the longest accepted time.")),
    )  # fmt: skip
