"""From a mission folder to a folder that says what adaptability is worth: figures, report in each language, run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bluehelm.checks.mission_check import check_folder
from bluehelm.errors import MissionFilesError, PlanFilesError
from bluehelm.journey.value import value_of
from bluehelm.journey.value_order import ValueOrder
from bluehelm.journey.write_report import REPORT_FILES
from bluehelm.mission.new_folder import new_folder
from bluehelm.norms import load_norms
from bluehelm.reports.plain import plain_summary
from bluehelm.reports.value.page import write_value_page
from bluehelm.reports.value.reading import ValueReading
from bluehelm.reports.value.summary import summary_of_value
from bluehelm.words import language

VALUE_FILE, RUN_FILE = "value.json", "run.json"


@dataclass(frozen=True, slots=True)
class ValueOutcome:
    """What was found, the same in words, and where the report is."""

    record: dict[str, Any]
    summary: str
    report_path: Path


def value_folder(mission_dir: Path | str, out_dir: Path | str, order: ValueOrder | None = None) -> ValueOutcome:
    """Say what adaptability is worth on a mission folder, and write it into a new folder, whole or not at all.

    Raises
    ------
    MissionFilesError
        If the mission has errors, or something stands at out_dir already.
    InvalidRecordError, InfeasibleMissionError
        As `value` does.
    """
    began = perf_counter()
    order, out = order or ValueOrder(), Path(out_dir)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise PlanFilesError(
            "'{folder}' is there already and is not an empty folder, so nothing was written. Name a new folder, or "
            "move the old one away.",
            folder=str(out),
        )
    mission, faults = check_folder(mission_dir)
    errors = tuple(fault for fault in faults if fault.grade == "error")
    if errors or mission is None:
        raise MissionFilesError("Mission '{name}' has {count} {count:error|errors} and was not planned.", tuple(faults),
                                name=str(mission_dir), count=len(errors))  # fmt: skip
    record = value_of(mission, load_norms(mission.amendments), order)
    with new_folder(out) as folder:
        _write(folder / VALUE_FILE, record)
        for spoken, name in REPORT_FILES.items():
            write_value_page(record, folder / name, language=spoken)
        _write(folder / RUN_FILE, {"seconds": perf_counter() - began, "plans_at_once": order.at_once})
    summary = plain_summary(summary_of_value(ValueReading(record)))
    return ValueOutcome(record, summary, out / REPORT_FILES[language()])


def _write(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
