"""Plan a mission, from Python or from folder to folder: the main story of the system."""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from bluehelm.adaptation.policy import policy_of
from bluehelm.adaptation.policy_observables import Seen
from bluehelm.checks.mission_check import check_folder, check_mission
from bluehelm.errors import InvalidRecordError, MissionFilesError, PlanFilesError
from bluehelm.journey.extras_file import EXTRAS_FILE, extras_bytes, read_extras
from bluehelm.journey.plan_extras import extras_of
from bluehelm.journey.policy_file import POLICY_FILE, policy_bytes, read_policy
from bluehelm.journey.policy_seen import seen_by_nodes
from bluehelm.journey.risk_measure import Risk, measure_told, tail_of
from bluehelm.journey.sentences import joined
from bluehelm.journey.write_report import REPORT_FILES
from bluehelm.mission.faults import Fault
from bluehelm.mission.information import Information
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import is_plan_folder, read_plan, write_plan
from bluehelm.norms import Norms, load_norms
from bluehelm.planning.goals import ORDERS, Order
from bluehelm.planning.make import APART, Options, make_plan
from bluehelm.reports.extras import ReportExtras, Text, Told, tell
from bluehelm.reports.geojson import write_geojson
from bluehelm.reports.html import write_report
from bluehelm.reports.pictures import write_figures
from bluehelm.reports.plain import summary_text
from bluehelm.words import language

Progress = Callable[[str, float, float], None]
"""Called while planning with the title of the goal at work, the best value and the bound."""

# What yardsticks, ranges, the gap list and the report in two languages take on a mission of the size of Darfur 2017.
TELLING_SECONDS = 23.0
# The rest is for writing the report.
EXTRAS_SHARE = 0.65


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """A plan that was written: the plan, its summary in words, and where the report is."""

    plan: Plan
    summary: str
    report_path: Path


def plan(
    mission: Mission, *, gap: float = 0.01, seconds: float = 60.0, seed: int = 0, work: int | None = None,
    order: Order = "mandate", tail: float = 0.0, risk: Risk | None = None, knows: Information | None = None,
    progress: Progress | None = None,
) -> Plan:  # fmt: skip
    """Plan a mission.

    gap: stop when the plan is proven to be this close to the best possible. seconds: stop after this time with the best
    plan found. work: stop by so many rounds of improvement for each goal instead of by the clock, so that the same
    inputs give the same plan each time. seed: of the solver. order: of the priorities: "mandate", "reverse" or
    "weighted". tail: measure harm over the worst 1 - tail of the futures (CVaR) instead of over all of them. risk:
    "mean", "cvar" (with tail) or "worst", the worst future alone; None: as tail says. knows: who knows what when; None:
    every decision is taken knowing all that has happened so far.

    Raises
    ------
    MissionFilesError
        If the mission asks for what cannot be; `faults` lists everything found.
    InfeasibleMissionError
        If no plan satisfies the mission; `conflict` says which demands clash.
    """
    norms = load_norms(mission.amendments)
    _refuse_errors(mission.setting.name, check_mission(mission, norms))
    options = _options(gap, seconds, seed, work, order, tail_of(mission, risk, tail))
    return make_plan(mission, norms, replace(options, information=knows), watch=progress)


def plan_folder(
    mission_dir: Path | str, out_dir: Path | str, *, gap: float = 0.01, seconds: float = 60.0, seed: int = 0,
    work: int | None = None, order: Order = "mandate", tail: float = 0.0, risk: Risk | None = None, tree: bool = False,
    knows: Information | None = None, progress: Progress | None = None,
) -> PlanOutcome:  # fmt: skip
    """Plan a mission folder and write the plan folder: tables, map, figures, report in each language, and proof.

    The folder appears whole or not at all. seconds: for all of it; what a report tells beside the plan keeps
    `TELLING_SECONDS` of them (at most half). tree: the mission has to have a tree of futures; the report tells
    the plan over them, and the policy that it asks for (policy.json). The other options are those of `plan`.
    """
    began = perf_counter()
    out = Path(out_dir)
    _refuse_place(out)
    mission, faults = check_folder(mission_dir)
    _refuse_errors(str(mission_dir), faults)
    assert mission is not None, "without errors there is a mission"
    seen = seen_by_nodes(mission, mission_dir) if tree else None
    norms = load_norms(mission.amendments)
    least = tail_of(mission, risk, tail)
    options = _options(gap, max(seconds - TELLING_SECONDS, seconds / 2), seed, work, order, least)
    options = replace(options, information=knows)
    made = make_plan(mission, norms, options, watch=progress)
    planned = perf_counter()
    notes = [
        *_asked_otherwise(options),
        *_bounded_apart(made),
        *measure_told(risk, least),
        *(_noted(fault) for fault in faults),
    ]
    extras = _extras(made, norms, notes, math.inf if work else TELLING_SECONDS)
    extras = _with_policy(made, extras, seen, norms) if tree else extras
    made, extras = _as_written(made, extras)
    worked_out = perf_counter()
    files = _files(made, extras)
    told = perf_counter()
    run = {
        "seconds": told - began,
        "plan_seconds": planned - began,
        "extras_seconds": worked_out - planned,
        "report_seconds": told - worked_out,
        "peak_mb": _peak_mb(),
        "threads": Options().threads,
    }
    made = replace(made, run=run)
    write_plan(made, out, files)
    return PlanOutcome(made, summary_text(made, extras), out / REPORT_FILES[language()])


def _options(gap: float, seconds: float, seed: int, work: int | None, order: Order, tail: float) -> Options:
    """Check what the planner is asked; a limit of work takes the place of the clock."""
    if order not in ORDERS:
        raise InvalidRecordError("order is '{order}'; one of {known} was expected.", order=order,
                                 known=", ".join(ORDERS))  # fmt: skip
    if work is not None and work < 1:
        raise InvalidRecordError("work is {work}; 1 round or more was expected.", work=work)
    return Options(gap, math.inf if work else seconds, work=work, seed=seed, order=order, tail=tail)


def _asked_otherwise(options: Options) -> Iterator[Text]:
    """Say in the report where a plan was not made in the mandate's order."""
    if options.order == "reverse":
        yield tell("The priorities were solved in reverse order, the last one first: not what the mandate asks.")
    if options.information is not None and not options.information.says_nothing:
        yield tell("Some decisions were taken knowing less than what has happened by then, as information sets say.")
    if options.order == "weighted":
        yield tell("All priorities were solved as one, weighted by 1/priority: not in the order that the mandate asks.")


def _bounded_apart(made: Plan) -> Iterator[Text]:
    """Say in the report how a large tree was bounded."""
    if made.provenance.get("bounds") == APART:
        yield tell("The tree is too large to be solved as one. It was planned node by node, and each goal is bounded "
                   "by its best in every future by itself, whatever goals come before it: such a gap is wide for "
                   "goals that come late.")  # fmt: skip


def _extras(made: Plan, norms: Norms, notes: Sequence[Text], seconds: float) -> ReportExtras:
    """Work out what is told beside the plan; Ctrl-C leaves it out and keeps the plan."""
    try:
        return extras_of(made, norms, notes=notes, seconds=seconds * EXTRAS_SHARE)
    except KeyboardInterrupt:
        return ReportExtras(notes=(*notes, tell("Stopped by hand: yardsticks, ranges and the gap list are left out.")))


def _with_policy(made: Plan, extras: ReportExtras, seen: Seen | None, norms: Norms) -> ReportExtras:
    """Read the policy of a plan over a tree; Ctrl-C leaves it out and keeps the plan."""
    try:
        return replace(extras, policy=policy_of(made, seen, norms))
    except KeyboardInterrupt:
        return replace(extras, notes=(*extras.notes, tell("Stopped by hand: futures and policy are left out.")))


def _as_written(made: Plan, extras: ReportExtras) -> tuple[Plan, ReportExtras]:
    """Return plan and extras as they read back from a folder, so that a report told again has the same bytes."""
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / "plan"
        write_plan(made, folder, _told_beside(made, extras))
        return read_plan(folder), replace(read_extras(folder), policy=read_policy(folder))


def _told_beside(made: Plan, extras: ReportExtras) -> Mapping[str, bytes]:
    """Return the files that a report is told from beside the plan, by name."""
    files = {EXTRAS_FILE: extras_bytes(extras)}
    return files if extras.policy is None else {**files, POLICY_FILE: policy_bytes(extras.policy, made)}


def _refuse_errors(name: str, faults: Iterable[Fault]) -> None:
    found = tuple(faults)
    errors = [fault for fault in found if fault.grade == "error"]
    if errors:
        raise MissionFilesError("Mission '{name}' has {count} {count:error|errors} and was not planned.",
                                found, name=name,
                                count=len(errors))  # fmt: skip


def _refuse_place(out: Path) -> None:
    """Say before the work, not after it, that the plan cannot go where it is wanted."""
    if out.exists() and not is_plan_folder(out) and (not out.is_dir() or any(out.iterdir())):
        raise PlanFilesError(
            "'{folder}' is there already and is not a plan, so nothing was written. Name a new folder, or move it "
            "away.",
            folder=str(out),
        )


def _noted(fault: Fault) -> Text:
    """Keep a warning for the report."""
    told = joined([Told(text, fault.values) for text in (fault.message, fault.expected) if text])
    return tell("{place}: {text}", place=fault.place, text=told)


def _files(made: Plan, extras: ReportExtras) -> Mapping[str, bytes]:
    """Write reports, figures and map aside, and return them by name."""
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        for spoken, name in REPORT_FILES.items():
            write_report(made, folder / name, language=spoken, extras=extras)
        write_figures(made, folder / "figures", extras=extras)
        write_geojson(made, folder / "plan.geojson")
        written = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
    return {**dict(sorted(written.items())), **_told_beside(made, extras)}


def _peak_mb() -> float:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2
