"""Restrictions, handovers and money that change nothing: unit types that nobody has, conditions that never hold."""

from __future__ import annotations

from collections.abc import Iterator

from bluehelm.checks.mission_names import unknown_in_norms
from bluehelm.checks.mission_subject import Hanging, Subject
from bluehelm.mission.draft import MANDATE_FILE
from bluehelm.mission.faults import Fault, warning
from bluehelm.mission.records import ALL_AIRCRAFT

RESTRICTIONS_FILE, BUDGET_FILE = "restrictions.csv", "budget.csv"


def restriction_faults(subject: Subject) -> Iterator[Fault]:
    """Find rows that the plan could not feel, and unit types that the norms do not know."""
    yield from _grounded_faults(subject)
    for line, row in enumerate(subject.mission.restrictions, 2):
        yield from _never_holds(subject, row, RESTRICTIONS_FILE, line)
    for line, money in enumerate(subject.mission.budget, 2):
        yield from _never_holds(subject, money, BUDGET_FILE, line)
    for handover in subject.mission.mandate.handover:
        yield from _never_holds(subject, handover, MANDATE_FILE, 0)


def _grounded_faults(subject: Subject) -> Iterator[Fault]:
    mission = subject.mission
    there = {unit.unit_type for unit in mission.units} | {pledge.unit_type for pledge in mission.pledges}
    flying = {name for name in there if name in subject.types and subject.types[name].mobility == "air"}
    for line, row in enumerate(mission.restrictions, 2):
        if row.kind != "grounded":
            continue
        if row.what != ALL_AIRCRAFT and row.what not in subject.types:
            known = (*subject.types, ALL_AIRCRAFT)
            yield unknown_in_norms(RESTRICTIONS_FILE, line, "what", row.what, known, "the unit types")
        elif row.what not in there and not (row.what == ALL_AIRCRAFT and flying):
            yield warning(
                RESTRICTIONS_FILE,
                "No unit or pledge is of the type '{value}', so grounding it changes nothing.",
                "A type of units.csv or pledges.csv was expected, or air for all aircraft.",
                "Correct what, or take the row out.",
                line=line,
                column="what",
                value=row.what,
            )


def _never_holds(subject: Subject, row: Hanging, file: str, line: int) -> Iterator[Fault]:
    if not subject.may_hold(row):
        yield warning(
            file,
            "A row that hangs on '{value}' changes nothing: this condition holds in no month planned.",
            "A condition that holds in some month of some future was expected.",
            "Give the condition a holds_from, name it in nodes.csv, or leave the row for a later plan.",
            line=line,
            column="when",
            value=row.when,
        )
