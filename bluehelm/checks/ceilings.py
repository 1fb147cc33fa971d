"""Persons of each component in theatre, working or leaving, stay within the ceiling of the day."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from bluehelm.checks.balance import leaving_at_end
from bluehelm.checks.compare import Key, compare, stated_numbers
from bluehelm.checks.evidence import Evidence
from bluehelm.checks.futures import FutureNode, in_force
from bluehelm.mission.months import Month
from bluehelm.mission.records import COMPONENTS
from bluehelm.words import say


def ceilings(e: Evidence) -> Iterator[str]:
    """Persons on the last day of every month are within the ceiling of that month."""
    for node in e.futures:
        for before_end, month in enumerate(reversed(node.all_months)):
            persons = _persons(e, before_end)
            for component, limit in _allowed(e, node, month).items():
                over = int(persons[node.node_id, component] - limit)
                if over > 0:
                    yield say(
                        "{component} at the end of {month} in {node}: {persons} persons in theatre, ceiling {ceiling}; "
                        "{over} too many.",
                        component=component, month=month, node=node.node_id, ceiling=int(limit), over=over,
                        persons=int(persons[node.node_id, component]),
                    )  # fmt: skip


def stated_ceilings(e: Evidence) -> Iterator[str]:
    """Table ceilings states persons and ceiling at the end of every node as they are."""
    persons = _persons(e)
    allowed: dict[Key, float] = {
        (node.node_id, component): limit
        for node in e.futures
        for component, limit in _allowed(e, node, node.last_month).items()
    }
    frame = e.tables["ceilings"]
    stated = stated_numbers(frame, ("node_id", "component"), "persons")
    # A component that no ceiling names may be listed or left out.
    wanted = {where: count for where, count in persons.items() if where in allowed or where in stated}
    yield from compare("ceilings", "persons", stated, wanted)
    limits = {where: allowed.get(where, math.nan) for where in wanted}
    column = stated_numbers(frame, ("node_id", "component"), "ceiling_persons")
    yield from compare("ceilings", "ceiling_persons", column, limits)


def _persons(e: Evidence, months_before_end: int = 0) -> dict[Key, float]:
    in_theatre = (e.units.sum(axis=1) + leaving_at_end(e, months_before_end)) * e.persons[:, None]
    component = np.array([c.unit_type.component for c in e.classes])
    return {
        (node.node_id, name): int(in_theatre[component == name, n].sum())
        for n, node in enumerate(e.futures)
        for name in COMPONENTS
    }


def _allowed(e: Evidence, node: FutureNode, month: Month) -> dict[str, float]:
    listed = e.mission.mandate.ceiling
    allowed: dict[str, float] = {}
    for component in dict.fromkeys(ceiling.component for ceiling in listed):
        ceiling = in_force(e.mission, node, [c for c in listed if c.component == component], month)
        if ceiling is not None:
            allowed[component] = ceiling.persons
    return allowed
