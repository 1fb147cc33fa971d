"""Why a unit goes where it goes: its way, its caveats, and what would change if it did otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from bluehelm.journey.why_again import gain_of, otherwise
from bluehelm.journey.why_asked import Asked
from bluehelm.journey.why_changes import class_total, free_to_place, one_more_unit, units_stay
from bluehelm.journey.why_forced import compared
from bluehelm.journey.why_measures import deaths_answered
from bluehelm.journey.why_words import CEILINGS, binding_told, gain_told, money_told, one_more, runs, unit_name
from bluehelm.mission.records import Pledge, Unit
from bluehelm.norms import Norms
from bluehelm.planning.classes import class_key, classes_of
from bluehelm.reports.names import spoken, spoken_name
from bluehelm.reports.numbers import listing, month_name
from bluehelm.solve.model import IntArray
from bluehelm.words import say

# Other classes of the same component that may stay or leave in exchange.
OTHERS = 2


def units_of(asked: Asked) -> list[str]:
    """List the units and pledges of the mission."""
    mission = asked.plan.mission
    return [*(unit.unit_id for unit in mission.units), *(pledge.pledge_id for pledge in mission.pledges)]


def why_unit(asked: Asked, unit_id: str) -> Iterator[str]:
    """Yield the sentences about one unit or pledge."""
    unit = _record(asked, unit_id)
    k = _class_of(asked, unit)
    component = asked.data.classes[k].unit_type.component
    yield say("{unit}: {type}, {contributor}.", unit=unit_id, type=unit_name(asked, k),
              contributor=unit.contributor or say("contributor unknown"))  # fmt: skip
    yield from _caveats(unit)
    where = _way(asked, unit_id)
    yield from _told_way(asked, unit, where)
    yield from _alike(asked, k)
    yield from binding_told(asked, lambda family, key: family in CEILINGS and component in key)
    yield from _otherwise(asked, unit, k, where)
    gain = gain_of(asked, deaths_answered(asked), free_to_place(asked, [k]), one_more_unit(asked, k))
    yield gain_told(say("{unit}, placed where it does most", unit=one_more(asked, k)), gain)
    yield money_told(asked)


def _record(asked: Asked, unit_id: str) -> Unit | Pledge:
    mission = asked.plan.mission
    known: dict[str, Unit | Pledge] = {unit.unit_id: unit for unit in mission.units}
    known |= {pledge.pledge_id: pledge for pledge in mission.pledges}
    return known[unit_id]


def _class_of(asked: Asked, unit: Unit | Pledge) -> int:
    norms: Norms = asked.norms
    by_key = classes_of(asked.plan.mission, norms.unit_types())
    return asked.data.class_ids.index(by_key[class_key(unit)].class_id)


def _caveats(unit: Unit | Pledge) -> Iterator[str]:
    if unit.only_zones:
        yield say("Caveat: it may be based only in {zones}.", zones=listing(map(spoken_name, unit.only_zones)))
    if unit.not_tasks:
        yield say("Caveat: it will not do {tasks}.", tasks=listing(map(spoken, unit.not_tasks)))
    if not unit.may_move:
        yield say("It may not be moved.")
    if isinstance(unit, Unit) and not unit.may_leave:
        yield say("It may not leave.")
    if isinstance(unit, Pledge):
        yield say(
            "A pledge of readiness {level}: to be called from {first}, and to arrive by {last}.",
            level=unit.readiness_level,
            first=month_name(str(unit.available_from)),
            last=unit.expires_on.isoformat(),
        )


def _way(asked: Asked, unit_id: str) -> list[str]:
    """List where the unit is in each node of the most likely future: a site, "leaving", or blank."""
    rows = asked.plan.tables["names"].filter(pl.col("unit_id") == unit_id)
    at = {
        row["node_id"]: row["site_id"] if row["state"] == "at_site" else "leaving" for row in rows.iter_rows(named=True)
    }
    return [at.get(node_id, "") for node_id in asked.reading.path]


def _told_way(asked: Asked, unit: Unit | Pledge, where: list[str]) -> Iterator[str]:
    start = unit.site_id if isinstance(unit, Unit) and unit.arrives is None else ""
    before = start
    for place, first, last in runs(asked, where):
        if place == "leaving":
            yield say("Told to leave, and on its way home, from {first} to {last}.", first=first, last=last)
        elif place:
            names = {"site": asked.reading.name(place), "first": first, "last": last}
            if before and before != place:
                names["before"] = asked.reading.name(before)
                yield say("Moves from {before} to {site} and stays from {first} to {last}.", **names)
            else:
                yield say("At {site} from {first} to {last}.", **names)
        elif before or isinstance(unit, Pledge):
            yield say("Not in theatre from {first} to {last}.", first=first, last=last)
        before = place or before


def _alike(asked: Asked, k: int) -> Iterator[str]:
    """Say how many units the plan counts alike: which of them goes is chosen after the counts."""
    first, last = asked.x[k, :, asked.path[0]].sum(), asked.x[k, :, asked.path[-1]].sum()
    yield say(
        "The plan counts units of this kind alike: {first} at work at first, {last} at the end. Which of them goes "
        "where is then chosen so that contingents stay together and few units move.",
        first=int(first),
        last=int(last),
    )


def _otherwise(asked: Asked, unit: Unit | Pledge, k: int, where: list[str]) -> Iterator[str]:
    """Plan again with the unit's class forced the other way: staying, going, or not moving."""
    gone = [n for n, place in zip(asked.path, where, strict=True) if place in ("", "leaving")]
    there = [n for n, place in zip(asked.path, where, strict=True) if place not in ("", "leaving")]
    free = _free_classes(asked, k)
    sites = list(dict.fromkeys(place for place in where if place not in ("", "leaving")))
    start = unit.site_id if isinstance(unit, Unit) and unit.arrives is None else ""
    if there and gone and gone[-1] > there[-1]:
        later = [n for n in gone if n > there[-1]]
        found = otherwise(asked, free, class_total(asked, k, later, more=1))
        yield from compared(asked, say("Were one more of its kind to stay to the end"), found)
    elif start and sites and start != sites[-1]:
        moved = [n for n, place in zip(asked.path, where, strict=True) if place == sites[-1]]
        found = otherwise(asked, free, units_stay(asked, k, asked.data.site_ids.index(start), moved))
        yield from compared(asked, say("Were it to stay where it was"), found)
    elif there and asked.data.classes[k].may_leave:
        later = [n for n in there if asked.data.timeline.start[n] >= asked.data.exit_notice_months]
        if later:
            found = otherwise(asked, free, class_total(asked, k, later, more=-1))
            yield from compared(asked, say("Were one of its kind to leave as soon as it can"), found)
    elif isinstance(unit, Pledge) and not there:
        yield say("The plan does not call this pledge.")


def _free_classes(asked: Asked, k: int) -> IntArray:
    """Return the whole columns of a class and of those of its component of which most units leave."""
    classes = asked.data.classes
    fallen = asked.data.at_start.sum(axis=1) - asked.x[:, :, asked.path[-1]].sum(axis=1)
    same = [i for i, c in enumerate(classes) if c.unit_type.component == classes[k].unit_type.component and i != k]
    others = sorted(same, key=lambda i: -int(fallen[i]))[:OTHERS]
    return free_to_place(asked, [k, *others])
