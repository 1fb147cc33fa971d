"""From a mission folder to its liquidity: payers from a file or by the scale, futures of payments, report, table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bluehelm.errors import InvalidRecordError, PlanFilesError
from bluehelm.finance.liquidity import LiquidityOrder, liquidity_of, pooled_of
from bluehelm.finance.mission_money import spending_of
from bluehelm.finance.payers import with_known_behaviour
from bluehelm.finance.payers_file import read_honour_roll, read_payers, with_honour_roll
from bluehelm.finance.scale_payers import ScalePayers, default_payers
from bluehelm.journey.write_report import REPORT_FILES
from bluehelm.mission.folder import read_mission
from bluehelm.mission.mission import Mission
from bluehelm.mission.new_folder import new_folder
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import read_plan
from bluehelm.norms import Norms, load_norms
from bluehelm.reports.liquidity.page import cash_csv, liquidity_page
from bluehelm.reports.liquidity.summary import summary_of_liquidity
from bluehelm.reports.plain import plain_summary

LIQUIDITY_FILE, CASH_FILE = "liquidity.json", "cash_by_month.csv"


@dataclass(frozen=True, slots=True)
class LiquidityOutcome:
    """What was found, and the same in words."""

    record: dict[str, Any]
    summary: str


def liquidity_folder(
    mission_dir: Path | str, order: LiquidityOrder, *, payers: Path | None = None, honour_roll: Path | None = None,
    plan: Path | None = None, beside: Sequence[Path] = (), closed_cash_usd: float | None = None,
) -> LiquidityOutcome:  # fmt: skip
    """Simulate the liquidity of a mission folder.

    payers : table of payers; None: those of the shipped scale. honour_roll : who is told to have paid on time.
    plan : folder of a plan of the same mission, whose spending is taken.
    beside : folders of more missions, simulated side by side and as one account. closed_cash_usd : what these may
        borrow from closed missions together.

    Raises
    ------
    MissionFilesError, ImportFileError, PlanFilesError
        If a folder or file cannot be read.
    InvalidRecordError
        If the mission has no money, or payers, months or futures cannot be.
    """
    if closed_cash_usd is not None and not beside:
        raise InvalidRecordError("Cash of closed missions (--closed-cash) is shared by missions side by side. Name one "
                                 "more with --beside, or leave it out.")  # fmt: skip
    mission = read_mission(mission_dir)
    norms = load_norms(mission.amendments)
    asked = payers_for(mission, norms, payers, honour_roll, order.months)
    listed = asked.payers
    made = None if plan is None else _same_mission(mission, read_plan(plan), plan)
    spending = None if made is None else spending_of(made)
    found = liquidity_of(mission, listed, norms, order, spending, "" if made is None else made.input_hash)
    record = found.record | {"rates": asked.rates}
    if beside:
        missions = [mission, *(read_mission(one) for one in beside)]
        record["side_by_side"] = pooled_of(missions, listed, norms, order, closed_cash_usd)
    return LiquidityOutcome(record, plain_summary(summary_of_liquidity(record)))


def payers_for(
    mission: Mission, norms: Norms, payers: Path | None = None, honour_roll: Path | None = None,
    months: int | None = None,
) -> ScalePayers:  # fmt: skip
    """Return the payers of a mission: from a table or by the shipped scale, with what is known of how they pay.

    months : the first so many are asked for; None: all of the mission. The rates of a table are told as an empty dict.
    """
    first = mission.setting.first_month
    if payers is None:
        asked = default_payers(norms, first, min(months or mission.setting.months, mission.setting.months))
    else:
        asked = ScalePayers(with_known_behaviour(read_payers(payers, first.first_day), norms, first.first_day), {})
    if honour_roll is None:
        return asked
    return ScalePayers(with_honour_roll(asked.payers, read_honour_roll(honour_roll, date.today())), asked.rates)


def _same_mission(mission: Mission, plan: Plan, folder: Path) -> Plan:
    one, other = mission.setting, plan.mission.setting
    if (one.name, one.first_month, one.months) != (other.name, other.first_month, other.months):
        raise PlanFilesError(
            "Plan '{folder}' is of {planned} from {first} for {months} {months:month|months}, not of {mission}. "
            "Name a plan of the same mission.",
            folder=str(folder), planned=other.name, first=other.first_month, months=other.months, mission=one.name,
        )  # fmt: skip
    return plan


def write_liquidity(record: Mapping[str, Any], out: Path | str) -> None:
    """Write figures, table and a report in each language into a new folder, whole or not at all."""
    with new_folder(out) as folder:
        (folder / LIQUIDITY_FILE).write_text(json_text(record), encoding="utf-8", newline="\n")
        (folder / CASH_FILE).write_text(cash_csv(record), encoding="utf-8", newline="\n")
        for spoken, name in REPORT_FILES.items():
            (folder / name).write_text(liquidity_page(record, language=spoken), encoding="utf-8", newline="\n")


def json_text(record: Mapping[str, Any]) -> str:
    """Write a record as JSON."""
    return json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def refuse_full(out: Path | None) -> None:
    """Say before the work, not after it, that results cannot go where they are wanted."""
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InvalidRecordError(
            "'{folder}' is there already and is not an empty folder, so nothing was written. "
            "Name a new folder, or move the old one away.",
            folder=str(out),
        )
