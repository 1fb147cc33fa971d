"""Persons of each component in theatre, working or leaving, stay within the ceiling of the day."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from bluehelm.checks.balance import leaving_at_end
from bluehelm.checks.compare import Key, compare, stated_numbers
from bluehelm.checks.evidence import Evidence
from bluehelm.checks.futures import in_force
from bluehelm.mission.records import COMPONENTS
from bluehelm.words import say


def ceilings(e: Evidence) -> Iterator[str]:
    """Persons at the end of a node are within the ceiling, and both are stated as they are."""
    persons, allowed = _persons(e), _allowed(e)
    for where, limit in allowed.items():
        if persons[where] > limit:
            yield say(
                "{component} at the end of {node}: {persons} persons in theatre, ceiling {ceiling}; {over} too many.",
                component=where[1], node=where[0], persons=persons[where], ceiling=int(limit),
                over=int(persons[where] - limit),
            )  # fmt: skip
    frame = e.tables["ceilings"]
    stated = stated_numbers(frame, ("node_id", "component"), "persons")
    # A component that no ceiling names may be listed or left out.
    wanted = {where: count for where, count in persons.items() if where in allowed or where in stated}
    yield from compare("ceilings", "persons", stated, wanted)
    limits = {where: allowed.get(where, math.nan) for where in wanted}
    column = stated_numbers(frame, ("node_id", "component"), "ceiling_persons")
    yield from compare("ceilings", "ceiling_persons", column, limits)


def _persons(e: Evidence) -> dict[Key, float]:
    in_theatre = (e.units.sum(axis=1) + leaving_at_end(e)) * e.persons[:, None]
    component = np.array([c.unit_type.component for c in e.classes])
    return {
        (node.node_id, name): int(in_theatre[component == name, n].sum())
        for n, node in enumerate(e.futures)
        for name in COMPONENTS
    }


def _allowed(e: Evidence) -> dict[Key, float]:
    listed = e.mission.mandate.ceiling
    allowed: dict[Key, float] = {}
    for node in e.futures:
        for component in {ceiling.component for ceiling in listed}:
            ceiling = in_force(e.mission, node, [c for c in listed if c.component == component])
            if ceiling is not None:
                allowed[node.node_id, component] = ceiling.persons
    return allowed
