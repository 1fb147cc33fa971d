"""Write a transition: the plan folder with the plan's report, `transition.json` and the page of the transition."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from bluehelm.journey.closures import closure_reasons
from bluehelm.journey.extras_file import EXTRAS_FILE, extras_bytes
from bluehelm.journey.norm_use import norms_used, themes
from bluehelm.journey.write_report import REPORT_FILES
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import json_bytes, read_plan, write_plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.make import data_of
from bluehelm.reports.extras import ReportExtras, tell
from bluehelm.reports.geojson import write_geojson
from bluehelm.reports.html import write_report
from bluehelm.reports.reading import Reading
from bluehelm.reports.transition.page import write_transition_page

RECORD_FILE = "transition.json"
PAGES = {"en": "transition.html", "zh": "transition_zh.html"}


@dataclass(frozen=True, slots=True)
class Written:
    """The plan and the record as they read back from the folder."""

    plan: Plan
    record: Mapping[str, Any]


def write_transition(plan: Plan, record: Mapping[str, Any], out: Path, norms: Norms, began: float) -> Written:
    """Write everything; the folder appears whole or not at all. began: start of the run, by the performance counter."""
    planned = perf_counter()
    plan, record = _as_written(plan, record)
    files = _files(plan, record, norms)
    run = {"seconds": perf_counter() - began, "plan_and_telling_seconds": planned - began}
    plan = replace(plan, run=run)
    write_plan(plan, out, files)
    return Written(plan, record)


def _as_written(plan: Plan, record: Mapping[str, Any]) -> tuple[Plan, Mapping[str, Any]]:
    """Return plan and record with the digits that the files hold, so that a page told again has the same bytes."""

    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / "plan"
        write_plan(plan, folder)
        return read_plan(folder), json.loads(json_bytes(record))


def _files(plan: Plan, record: Mapping[str, Any], norms: Norms) -> Mapping[str, bytes]:
    data, reading = data_of(plan, norms), Reading(plan)
    extras = ReportExtras(
        norms_used=norms_used(plan.mission, norms),
        themes=themes(norms),
        notes=(tell("This is the plan of a transition; transition.html tells what leaves, when, and what it leaves."),),
        closure_reasons=closure_reasons(reading, data),
    )
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        for language, name in REPORT_FILES.items():
            write_report(plan, folder / name, language=language, extras=extras)
            write_transition_page(record, folder / PAGES[language], language=language)
        write_geojson(plan, folder / "plan.geojson")
        written = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return {**written, EXTRAS_FILE: extras_bytes(extras), RECORD_FILE: json_bytes(record)}
