"""Write a plan as one self-contained HTML file, readable offline and in print."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bluehelm.mission.plan import Plan
from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.figures.drawing import inline, svg_of
from bluehelm.reports.figures.gallery import gallery
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Table
from bluehelm.reports.sections.binding import binding
from bluehelm.reports.sections.care import care
from bluehelm.reports.sections.closures import closures
from bluehelm.reports.sections.cost import cost
from bluehelm.reports.sections.deployment import by_month, deployment
from bluehelm.reports.sections.gaps import gaps
from bluehelm.reports.sections.ground import ground
from bluehelm.reports.sections.norms import norms
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
    ground, deployment, cost, protection, unmet, gaps, closures, yardsticks, binding, care, sensitivity, themes, norms,
    sources, proof,
)  # fmt: skip
HTML_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def write_report(plan: Plan, path: Path | str, *, language: str = "en", extras: ReportExtras | None = None) -> Path:
    """Write the report of a plan; the same plan, extras and language give the same bytes."""
    target = Path(path)
    with speaking(language):
        text = render(Reading(plan), extras or ReportExtras(), language)
    target.write_text(text, encoding="utf-8", newline="\n")
    return target


def render(reading: Reading, extras: ReportExtras, language: str) -> str:
    """Return the report as HTML, in the language in use."""
    figures = gallery(reading, extras)
    drawn = {key: Markup(inline(svg_of(f.spec), key, f.description)) for key, f in figures.items()}
    sections: list[Section] = [section(reading, extras) for section in SECTIONS]
    return _environment().get_template("report.html").render(
        language=HTML_LANGUAGES[language], summary=summary_of(reading, extras), months=by_month(reading),
        sections=sections, figures=figures, drawn=drawn, say=say,
    )  # fmt: skip


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("bluehelm.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    # Long keys may break after an underscore, and stay whole when copied.
    made.filters["breakable"] = lambda text: Markup(str(escape(text)).replace("_", "_<wbr>").replace("\n", "<br>"))
    made.tests["table"] = lambda part: isinstance(part, Table)
    made.tests["shown"] = lambda part: isinstance(part, Shown)
    return made
