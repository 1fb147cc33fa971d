"""Names of the norms that a mission uses: unit types, kinds of task, form of operation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bluehelm.checks.mission_subject import Subject
from bluehelm.errors import nearest
from bluehelm.mission.draft import MANDATE_FILE, MISSION_FILE
from bluehelm.mission.faults import Fault, error, warning
from bluehelm.mission.records import Pledge, Unit

# A company of a battalion's strength is more likely a slip of the keyboard than a large company.
MOST_TIMES_USUAL_STRENGTH = 5


def name_faults(subject: Subject) -> Iterator[Fault]:
    """Find names that the norms do not know, and strengths that do not fit their type."""
    mission, kinds = subject.mission, subject.norms.task_kinds()
    model, models = mission.setting.mission_model, subject.norms.mission_models()
    if model not in models:
        yield unknown_in_norms(MISSION_FILE, 0, "mission_model", model, models, "the mission models")
    for task in mission.mandate.task:
        if task.kind not in kinds:
            yield unknown_in_norms(MANDATE_FILE, 0, "kind", task.kind, kinds, "the kinds of task")
        if not subject.may_hold(task):
            yield warning(
                MANDATE_FILE,
                "Task '{task}' never starts: its condition '{value}' holds in no month planned.",
                "A condition that holds in some month of some future was expected.",
                "Give the condition a holds_from, name it in nodes.csv, or leave the task for a later plan.",
                column="when",
                value=task.when,
                task=task.task_id,
            )
    supplies: tuple[tuple[str, Sequence[Unit | Pledge]], ...] = (
        ("units.csv", mission.units), ("pledges.csv", mission.pledges),
    )  # fmt: skip
    for file, units in supplies:
        for line, unit in enumerate(units, 2):
            for kind in unit.not_tasks:
                if kind not in kinds:
                    yield unknown_in_norms(file, line, "not_tasks", kind, kinds, "the kinds of task")
            unit_type = subject.type_of(unit)
            if unit_type is None:
                yield unknown_in_norms(file, line, "unit_type", unit.unit_type, subject.types, "the unit types")
            elif unit.persons > MOST_TIMES_USUAL_STRENGTH * unit_type.strength_persons:
                yield warning(
                    file,
                    "A unit of the type '{type}' with {value} {value:person|persons} is far above its usual strength "
                    "of {usual}.",
                    "About {usual} {usual:person|persons} {usual:was|were} expected.",
                    "Check persons and unit_type; split a row that holds several units.",
                    line=line,
                    column="persons",
                    value=unit.persons,
                    type=unit.unit_type,
                    usual=unit_type.strength_persons,
                )


def unknown_in_norms(file: str, line: int, column: str, name: str, known: Collection[str], where: str) -> Fault:
    """Say that a row names what the norms do not have."""
    near = nearest(name, known)
    return error(
        file,
        "{column} names '{value}', which is not among {where} of the norms ({count} {count:name|names}).",
        "One of these was expected: {known}.",
        "Did you mean '{nearest}'?" if near else "Choose the one that comes closest.",
        line=line,
        column=column,
        value=name,
        where=where,
        count=len(known),
        known=", ".join(sorted(known)),
        nearest=near,
    )
