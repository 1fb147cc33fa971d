"""Tell a plan: its report as a file, from Python or again from a plan folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bluehelm.errors import PlanFilesError
from bluehelm.journey.extras_file import read_extras
from bluehelm.journey.policy_file import read_policy
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import read_plan
from bluehelm.norms import load_norms
from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.html import write_report
from bluehelm.words import language as language_in_use

REPORT_FILES = {"en": "report.html", "zh": "report_zh.html"}


def report(plan: Plan, path: Path | str, *, language: str | None = None, extras: ReportExtras | None = None) -> Path:
    """Write the report of a plan as one HTML file.

    language: "en" or "zh"; None for the one in use. extras: what is told beside the plan; None to work it out, which
    takes some seconds.
    """
    if extras is None:
        from bluehelm.journey.plan_extras import extras_of

        extras = extras_of(plan, load_norms(plan.mission.amendments))
    return _whole(plan, Path(path), language or language_in_use(), extras)


def report_folder(plan_dir: Path | str, *, language: str) -> Path:
    """Write the report of a plan folder again, with what was worked out when it was planned."""
    folder = Path(plan_dir)
    extras = replace(read_extras(folder), policy=read_policy(folder))
    return _whole(read_plan(folder), folder / REPORT_FILES[language], language, extras)


def _whole(plan: Plan, target: Path, language: str, extras: ReportExtras) -> Path:
    return written_whole(target, lambda half: write_report(plan, half, language=language, extras=extras))


def written_whole(target: Path, write: Callable[[Path], Path]) -> Path:
    """Write beside the target and move into place, so that no half report is left behind."""
    try:
        with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".report-") as beside:
            os.replace(write(Path(beside) / "report.html"), target)
    except OSError as trouble:
        raise PlanFilesError(
            "Report '{file}' cannot be written: {reason}. Choose a place where files may be written.",
            file=str(target),
            reason=trouble.strerror or str(trouble),
        ) from trouble
    return target
