"""Write a plan as one self-contained HTML file, readable offline and in print."""

from __future__ import annotations

from pathlib import Path

from bluehelm.mission.plan import Plan
from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.figures.gallery import gallery
from bluehelm.reports.page import render_page, write_page
from bluehelm.reports.reading import Reading
from bluehelm.reports.sections.binding import binding
from bluehelm.reports.sections.care import care
from bluehelm.reports.sections.closures import closures
from bluehelm.reports.sections.cost import cost
from bluehelm.reports.sections.deployment import deployment
from bluehelm.reports.sections.futures import futures
from bluehelm.reports.sections.gaps import gaps
from bluehelm.reports.sections.ground import ground
from bluehelm.reports.sections.norms import norms
from bluehelm.reports.sections.policy import policy
from bluehelm.reports.sections.proof import proof
from bluehelm.reports.sections.protection import protection
from bluehelm.reports.sections.sensitivity import sensitivity
from bluehelm.reports.sections.sources import sources
from bluehelm.reports.sections.themes import themes
from bluehelm.reports.sections.unmet import unmet
from bluehelm.reports.sections.yardsticks import yardsticks
from bluehelm.reports.summary import summary_of
from bluehelm.words import say, speaking

SECTIONS = (
    ground, deployment, futures, policy, cost, protection, unmet, gaps, closures, yardsticks, binding, care,
    sensitivity, themes, norms, sources, proof,
)  # fmt: skip


def write_report(plan: Plan, path: Path | str, *, language: str = "en", extras: ReportExtras | None = None) -> Path:
    """Write the report of a plan; the same plan, extras and language give the same bytes."""
    with speaking(language):
        return write_page(path, render(Reading(plan), extras or ReportExtras()))


def render(reading: Reading, extras: ReportExtras) -> str:
    """Return the report as HTML, in the language in use."""
    told = [section(reading, extras) for section in SECTIONS]
    sections = [section for section in told if section is not None]
    return render_page(say("Deployment plan"), summary_of(reading, extras), sections, gallery(reading, extras))
