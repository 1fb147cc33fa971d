"""Write every figure of a plan as SVG and PNG files."""

from __future__ import annotations

from pathlib import Path

from bluehelm.mission.plan import Plan
from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.figures.drawing import png_of, svg_of
from bluehelm.reports.figures.gallery import gallery
from bluehelm.reports.reading import Reading
from bluehelm.words import speaking


def write_figures(
    plan: Plan, folder: Path, language: str = "en", *, extras: ReportExtras | None = None, png: bool = True
) -> tuple[Path, ...]:
    """Write `<figure>.svg` and, unless told otherwise, `<figure>.png`; return the files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with speaking(language):
        figures = gallery(Reading(plan), extras or ReportExtras())
    for key, figure in figures.items():
        svg = svg_of(figure.spec)
        path = folder / f"{key}.svg"
        path.write_text(svg, encoding="utf-8")
        written.append(path)
        if png:
            path = folder / f"{key}.png"
            path.write_bytes(png_of(svg))
            written.append(path)
    return tuple(written)
