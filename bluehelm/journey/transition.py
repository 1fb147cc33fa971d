"""Plan the leaving of a mission, or its change of form: the plan, and everything that a transition asks of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bluehelm.adaptation.transition import Asked, leaving_mission, reaching
from bluehelm.adaptation.transition_file import TRANSITION_FILE, Transition, read_transition, without_file
from bluehelm.checks.mission_check import check_folder, check_mission
from bluehelm.errors import InvalidRecordError, MissionFilesError, PlanFilesError
from bluehelm.journey.transition_form import form_asked
from bluehelm.journey.transition_record import transition_record
from bluehelm.journey.transition_write import PAGES, write_transition
from bluehelm.mission.faults import Fault
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import is_plan_folder
from bluehelm.norms import Norms, load_norms
from bluehelm.planning.make import Options, make_plan
from bluehelm.reports.transition.summary import transition_text
from bluehelm.words import language

Progress = Callable[[str, float, float], None]
"""Called while planning with the title of the goal at work, the best value and the bound."""

# What ranges, returns, forms and two pages in two languages take on a mission of the size of Darfur 2017.
TELLING_SECONDS = 24.0


@dataclass(frozen=True, slots=True)
class PlannedTransition:
    """The plan of leaving, and its record: what `transition.json` holds."""

    plan: Plan
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TransitionOutcome:
    """A transition that was written: the plan and record, the summary in words, and where its page is."""

    planned: PlannedTransition
    summary: str
    page_path: Path


def transition(
    mission: Mission, *, file: Path | str | None = None, form: str = "", gap: float = 0.01, seconds: float = 60.0,
    seed: int = 0, work: int | None = None, progress: Progress | None = None,
) -> PlannedTransition:  # fmt: skip
    """Plan the leaving of a mission, or its change of form.

    file: a `transition.toml`; None for what the mandate alone says. form: plan the change to this form of operation (a
    mission model of the norms, or "political_mission"). gap, seconds, seed, work, progress: as for `plan`.

    Raises
    ------
    MissionFilesError
        If the mission or the file asks for what cannot be; `faults` lists everything found.
    InfeasibleMissionError
        If no plan leaves in time; `conflict` says which demands clash.
    """
    norms = load_norms(mission.amendments)
    _refuse_errors(mission.setting.name, check_mission(mission, norms))
    described = without_file(mission) if file is None else read_transition(file, mission, norms)
    return _planned(mission, described, norms, form, _options(gap, seconds, seed, work), progress)


def transition_folder(
    mission_dir: Path | str, out_dir: Path | str, *, file: Path | str | None = None, form: str = "", gap: float = 0.01,
    seconds: float = 60.0, seed: int = 0, work: int | None = None, progress: Progress | None = None,
) -> TransitionOutcome:  # fmt: skip
    """Plan the leaving of a mission folder, and write a plan folder with `transition.json` and its page.

    file: a `transition.toml`; None for the one in the mission folder, or else for what the mandate alone says. The
    folder appears whole or not at all. seconds: for all of it.
    """
    began = perf_counter()
    out = Path(out_dir)
    _refuse_place(out)
    mission, faults = check_folder(mission_dir)
    _refuse_errors(str(mission_dir), faults)
    assert mission is not None, "without errors there is a mission"
    norms = load_norms(mission.amendments)
    own = Path(mission_dir) / TRANSITION_FILE
    named = file if file is not None else own if own.is_file() else None
    described = without_file(mission) if named is None else read_transition(named, mission, norms)
    kept = min(TELLING_SECONDS, seconds / 2)
    options = _options(gap, seconds - kept, seed, work)
    planned = _planned(mission, described, norms, form, options, progress)
    done = write_transition(planned.plan, planned.record, out, norms, began)
    record = done.record
    return TransitionOutcome(PlannedTransition(done.plan, record), transition_text(record), out / PAGES[language()])


def _planned(
    mission: Mission, described: Transition, norms: Norms, form: str, options: Options, progress: Progress | None
) -> PlannedTransition:
    form = form or described.head.new_form
    asked, norms = (
        form_asked(mission, described, form, norms) if form else (leaving_mission(mission, described, norms), norms)
    )
    _refuse_errors(_named(asked), check_mission(asked.mission, norms))
    made = make_plan(reaching(asked.mission, described.head.plan_for), norms, options, watch=progress)
    return PlannedTransition(made, transition_record(mission, asked, made, norms, form, options))


def _named(asked: Asked) -> str:
    return f"{asked.mission.setting.name} + {asked.transition.file or 'mandate.toml'}"


def _options(gap: float, seconds: float, seed: int, work: int | None) -> Options:
    if work is not None and work < 1:
        raise InvalidRecordError("work is {work}; 1 round or more was expected.", work=work)
    return Options(gap, math.inf if work else seconds, work=work, seed=seed)


def _refuse_errors(name: str, faults: tuple[Fault, ...]) -> None:
    errors = [fault for fault in faults if fault.grade == "error"]
    if errors:
        raise MissionFilesError("Mission '{name}' has {count} {count:error|errors} and was not planned.",
                                tuple(errors), name=name,
                                count=len(errors))  # fmt: skip


def _refuse_place(out: Path) -> None:
    """Say before the work, not after it, that the plan cannot go where it is wanted."""
    if out.exists() and not is_plan_folder(out) and (not out.is_dir() or any(out.iterdir())):
        raise PlanFilesError(
            "'{folder}' is there already and is not a plan, so nothing was written. Name a new folder, or move it "
            "away.",
            folder=str(out),
        )
