"""Render a report as one self-contained HTML page: its first page, sections and figures, whatever it tells of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bluehelm.reports.figures.drawing import inline, svg_of
from bluehelm.reports.section import Figure, Section, Shown, Summary, Table
from bluehelm.words import language, say

HTML_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def write_page(path: Path | str, text: str) -> Path:
    """Write a page as it stands: UTF-8, one kind of line end."""
    target = Path(path)
    target.write_text(text, encoding="utf-8", newline="\n")
    return target


def render_page(kind: str, summary: Summary, sections: Sequence[Section], figures: Mapping[str, Figure]) -> str:
    """Return a report as HTML, in the language in use. kind: what sort of report it is, above its title."""
    drawn = {key: Markup(inline(svg_of(f.spec), key, f.description)) for key, f in figures.items()}
    return _environment().get_template("report.html").render(
        language=HTML_LANGUAGES[language()], kind=kind, summary=summary, sections=sections, figures=figures,
        drawn=drawn, say=say,
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
