"""Write the report of an adapted plan as one self-contained HTML file, readable offline and in print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bluehelm.reports.adapt.names import arm_name
from bluehelm.reports.adapt.reading import ADAPTED, BEFORE, HELD, PROPORTIONAL, Adaptation
from bluehelm.reports.adapt.sections import costs, later, losses, norms, now, proof
from bluehelm.reports.adapt.summary import summary_of_adaptation
from bluehelm.reports.figures.adapt import adapt_arms
from bluehelm.reports.numbers import percent
from bluehelm.reports.page import render_page, write_page
from bluehelm.reports.section import Figure, figures_of
from bluehelm.words import say, speaking

SECTIONS = (now, later, losses, costs, norms, proof)


def write_adapt_page(told: Adaptation, path: Path | str, *, language: str = "en") -> Path:
    """Write the report of an adapted plan; the same plan and language give the same bytes."""
    with speaking(language):
        sections = [section(told) for section in SECTIONS]
        text = render_page(say("Adapted plan"), summary_of_adaptation(told), sections, adapt_figures(told))
        return write_page(path, text)


def adapt_figures(told: Adaptation) -> Mapping[str, Figure]:
    """Make the figures for which there is something to show, in the language in use."""
    rows = []
    for name in (BEFORE, HELD, PROPORTIONAL, ADAPTED):
        arm = told.arm(name)
        if arm is not None:
            label = percent(arm.share) if arm.stands else say("{share}, breaks limits", share=percent(arm.share))
            rows.append((arm_name(name), arm.share, label, name == ADAPTED))
    return figures_of(
        ("arms", adapt_arms(rows), say("Share of expected harm protected from the month of the first shock on"),
         say("A bar for each way to answer; the adapted plan is marked.")),
    )  # fmt: skip
