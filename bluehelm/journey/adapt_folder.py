"""Adapt a plan folder to a file of shocks: read, adapt, tell, and write the new plan whole or not at all."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from bluehelm.adaptation.shocks import read_shocks
from bluehelm.errors import PlanFilesError
from bluehelm.journey.adapt_plan import adapt
from bluehelm.journey.plan_mission import Progress, _peak_mb, _refuse_place
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import json_bytes, read_plan, write_plan
from bluehelm.planning.make import Options
from bluehelm.reports.adapt.page import write_adapt_page
from bluehelm.reports.adapt.reading import Adaptation
from bluehelm.reports.adapt.summary import summary_of_adaptation
from bluehelm.reports.geojson import write_geojson
from bluehelm.reports.plain import plain_summary
from bluehelm.words import language

ADAPT_FILE = "adapt.json"
ADAPT_PAGES = {"en": "adapt.html", "zh": "adapt_zh.html"}
# What the arms and the report in two languages take on a mission of the size of Darfur 2017.
TELLING_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class AdaptOutcome:
    """A plan that was adapted and written: what is told of it, its summary in words, and where the report is."""

    told: Adaptation
    summary: str
    report_path: Path


def adapt_folder(
    plan_dir: Path | str, shock_file: Path | str, out_dir: Path | str, *, gap: float = 0.01, seconds: float = 50.0,
    seed: int = 0, work: int | None = None, progress: Progress | None = None,
) -> AdaptOutcome:  # fmt: skip
    """Adapt a plan folder to the shocks of a file and write the adapted plan with its report.

    The folder appears whole or not at all; the plan that is adapted stays as it is. seconds: for all of it; telling
    keeps `TELLING_SECONDS` of them (at most half). The other options are those of `adapt`.
    """
    began = perf_counter()
    out, folder = Path(out_dir), Path(plan_dir)
    if out.resolve() == folder.resolve():
        raise PlanFilesError(
            "'{folder}' is the plan that is adapted; it would be lost. Name another folder.", folder=str(out)
        )
    _refuse_place(out)
    plan, shocks = read_plan(folder), read_shocks(shock_file)
    told = adapt(
        plan, shocks, gap=gap, seconds=max(seconds - TELLING_SECONDS, seconds / 2), seed=seed, work=work,
        progress=progress,
    )  # fmt: skip
    planned = perf_counter()
    told = replace(told, plan=_as_written(told.plan))
    files = _pages(told)
    run = {
        "seconds": perf_counter() - began,
        "plan_seconds": planned - began,
        "report_seconds": perf_counter() - planned,
        "peak_mb": _peak_mb(),
        "threads": Options().threads,
    }
    write_plan(replace(told.plan, run=run), out, {**files, ADAPT_FILE: json_bytes(adapt_record(told))})
    return AdaptOutcome(told, plain_summary(summary_of_adaptation(told)), out / ADAPT_PAGES[language()])


def _as_written(plan: Plan) -> Plan:
    """Return a plan as it reads back from a folder."""
    with tempfile.TemporaryDirectory() as aside:
        write_plan(plan, Path(aside) / "plan")
        return read_plan(Path(aside) / "plan")


def _pages(told: Adaptation) -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        for spoken, name in ADAPT_PAGES.items():
            write_adapt_page(told, folder / name, language=spoken)
        write_geojson(told.plan, folder / "plan.geojson")
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def adapt_record(told: Adaptation) -> dict[str, Any]:
    """Return what adapt.json holds: everything that is told, and what it was made from.

    Sentences are kept as a message with its values, as in extras.json.
    """
    plan = told.plan
    return {
        "adapted_from": told.incumbent_hash,
        "input_hash": plan.input_hash,
        "provenance": plan.provenance,
        "status": plan.status,
        "tiers": [asdict(tier) for tier in plan.tiers],
        "from_month": told.from_month,
        "kept": told.kept,
        "shocks": [_plain(text) for text in told.shocks],
        "now": [asdict(deed) for deed in told.now],
        "dropped": [asdict(deed) for deed in told.dropped],
        "later": [asdict(deed) for deed in told.later],
        "arms": [{**_plain(arm), "share": arm.share} for arm in told.arms],
        "areas": [_plain(area) for area in told.areas],
        "changed_unit_months": told.changed_unit_months,
        "changed_bound": told.changed_bound,
        "missing": [_plain(text) for text in told.missing],
    }


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it; what is not finite is left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
