"""From a mission folder to a folder with a plan under late payments: plan, record, a report in each language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bluehelm.checks.mission_check import check_folder
from bluehelm.errors import MissionFilesError
from bluehelm.journey.cash_into_plan import HoldOrder, plan_under_payments
from bluehelm.journey.liquidity import json_text, payers_for, refuse_full
from bluehelm.journey.write_report import REPORT_FILES
from bluehelm.mission.new_folder import new_folder
from bluehelm.mission.plan_folder import write_plan
from bluehelm.norms import load_norms
from bluehelm.reports.liquidity.plan_page import plan_page, summary_of_held_plan
from bluehelm.reports.plain import plain_summary
from bluehelm.words import language

HELD_FILE, PLAN_DIR, RUN_FILE = "payments.json", "plan", "run.json"


@dataclass(frozen=True, slots=True)
class HeldOutcome:
    """What was found, the same in words, and where the report is."""

    record: dict[str, Any]
    summary: str
    report_path: Path


def plan_under_payments_folder(
    mission_dir: Path | str, out_dir: Path | str, order: HoldOrder, *, payers: Path | None = None,
    honour_roll: Path | None = None,
) -> HeldOutcome:  # fmt: skip
    """Plan a mission folder under late payments, and write all of it into a new folder, whole or not at all.

    Raises
    ------
    MissionFilesError
        If the mission has errors.
    InvalidRecordError, InfeasibleMissionError
        As `plan_under_payments` does.
    """
    began, out = perf_counter(), Path(out_dir)
    refuse_full(out)
    mission, faults = check_folder(mission_dir)
    errors = tuple(fault for fault in faults if fault.grade == "error")
    if errors or mission is None:
        raise MissionFilesError("Mission '{name}' has {count} {count:error|errors} and was not planned.", tuple(faults),
                                name=str(mission_dir), count=len(errors))  # fmt: skip
    norms = load_norms(mission.amendments)
    asked = payers_for(mission, norms, payers, honour_roll)
    made, record = plan_under_payments(mission, asked.payers, norms, order)
    record["rates"] = asked.rates
    with new_folder(out) as folder:
        write_plan(made, folder / PLAN_DIR)
        (folder / HELD_FILE).write_text(json_text(record), encoding="utf-8", newline="\n")
        for spoken, name in REPORT_FILES.items():
            (folder / name).write_text(plan_page(record, language=spoken), encoding="utf-8", newline="\n")
        run = json.dumps({"seconds": perf_counter() - began}, indent=2) + "\n"
        (folder / RUN_FILE).write_text(run, encoding="utf-8", newline="\n")
    return HeldOutcome(record, plain_summary(summary_of_held_plan(record)), out / REPORT_FILES[language()])
