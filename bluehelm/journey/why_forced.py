"""What a plan forced another way brings: goal by goal, money, and which sites and units change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bluehelm.journey.why_again import Again
from bluehelm.journey.why_asked import Asked
from bluehelm.journey.why_words import amount, unit_name
from bluehelm.planning.decisions import decisions_of
from bluehelm.planning.tables import presence, protected_share
from bluehelm.reports.numbers import decimal, listing, month_name, signed
from bluehelm.solve.model import BoolArray, FloatArray, IntArray
from bluehelm.words import say

# A smaller difference of shares would not be seen in what is told.
SAME_SHARE = 5e-4


def compared(asked: Asked, what: str, found: Again | None, *, but: int | None = None) -> Iterator[str]:
    """Tell what a forced plan loses, costs and does differently; `but`: the site that was asked about."""
    if found is None:
        yield say("{what}: no such plan was found while most of this plan stays as it is.", what=what)
        return
    made = decisions_of(asked.data, asked.built, found.values)
    lost = _lost(asked, found)
    if lost:
        yield say(
            "{what}, the plan found that loses least falls short of this one: {goals}.",
            what=what,
            goals=say("; ").join(lost),
        )
    else:
        yield say("{what}, every goal of the mandate could be kept as good as in the plan.", what=what)
    yield say(
        "Over the months planned it would answer {after} expected {after:death|deaths} instead of {before}, and cost "
        "USD "
        "{cost_after} million instead of {cost_before}.",
        after=decimal(_deaths(asked, made.x, made.move_in), 2),
        before=decimal(float((protected_share(asked.data, asked.present) * _harm(asked)).sum()), 2),
        cost_after=decimal(found.goals["cost"]),
        cost_before=decimal(next(asked.reached(goal) for goal in asked.goals if goal.name == "cost")),
    )
    yield from _sites(asked, made.opened, but)
    yield _units(asked, made.x)


def _harm(asked: Asked) -> FloatArray:
    return asked.data.demand.harm * asked.data.timeline.probability


def _deaths(asked: Asked, x: IntArray, move_in: IntArray) -> float:
    """Expected deaths that a plan answers."""
    return float((protected_share(asked.data, presence(asked.data, x, move_in)) * _harm(asked)).sum())


def _lost(asked: Asked, found: Again) -> list[str]:
    """Name the goals that are worse than in the plan."""
    told = []
    for goal in asked.shares:
        before, after = asked.reached(goal), found.goals[goal.name]
        if (before - after if goal.sense == "max" else after - before) > SAME_SHARE:
            after_told, before_told = amount(after, "share"), amount(before, "share")
            told.append(
                say("'{goal}' {after} instead of {before}", goal=say(goal.title), after=after_told, before=before_told)
            )
    return told


def _sites(asked: Asked, opened: BoolArray, but: int | None) -> Iterator[str]:
    line = asked.data.timeline
    for j in np.flatnonzero((opened != asked.opened).any(axis=1)).tolist():
        if j == but:
            continue
        n = int(np.flatnonzero(opened[j] != asked.opened[j])[0])
        names = {"site": asked.reading.name(asked.data.site_ids[j]), "month": month_name(str(line.first_month[n]))}
        if opened[j, n]:
            yield say("{site} would be open from {month} instead.", **names)
        else:
            yield say("{site} would be closed from {month} instead.", **names)


def _units(asked: Asked, x: IntArray) -> str:
    """Say which classes would have more or fewer units on the last node of the most likely future."""
    change = (x - asked.x)[:, :, asked.path[-1]].sum(axis=1)
    told = [f"{signed(str(change[k]))} × {unit_name(asked, int(k))}" for k in np.flatnonzero(change)]
    return say("Units at the end: {units}.", units=listing(told)) if told else ""
