"""What a plan forced another way brings: goal by goal, money, and which sites and units change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bluehelm.journey.why_again import Asked
from bluehelm.journey.why_words import amount, unit_name
from bluehelm.planning.decisions import decisions_of
from bluehelm.planning.tables import presence, protected_share
from bluehelm.reports.numbers import decimal, listing, month_name
from bluehelm.solve.model import FloatArray
from bluehelm.words import say

# Differences of shares below this are rounding.
SAME_SHARE = 2e-4


def compared(
    asked: Asked, what: str, found: tuple[dict[str, float], FloatArray] | None, *, but: int | None = None
) -> Iterator[str]:
    """Tell what changes; `but`: the site that was asked about, which is not named among the others."""
    if found is None:
        yield say("{what}: no plan was found near this one.", what=what)
        return
    reached, values = found
    made = decisions_of(asked.data, asked.built, values)
    data = asked.data
    harm = data.demand.harm * data.timeline.probability
    now = float((protected_share(data, asked.present) * harm).sum())
    then = float((protected_share(data, presence(data, made.x, made.move_in)) * harm).sum())
    yield say(
        "{what}, the best plan found near this one answers {then} expected deaths instead of {now}, and costs USD "
        "{cost} million instead of {cost_now}.",
        what=what,
        then=decimal(then, 2),
        now=decimal(now, 2),
        cost=decimal(reached["cost"]),
        cost_now=decimal(asked.stated("cost")),
    )
    yield _shares(asked, reached)
    yield from _sites(asked, np.asarray(made.opened), but)
    yield _units(asked, made.x)
    if _better(asked, reached):
        yield say("That is better than this plan, whose gap is {gap}: plan again with more time.",
                  gap=amount(asked.plan.gap, "share"))  # fmt: skip


def _shares(asked: Asked, reached: dict[str, float]) -> str:
    told = [
        say(
            "'{goal}' {then} instead of {now}",
            goal=say(goal.title),
            then=amount(reached[goal.name], "share"),
            now=amount(asked.stated(goal.name), "share"),
        )
        for goal in asked.goals
        if goal.unit == "share" and abs(reached[goal.name] - asked.stated(goal.name)) > SAME_SHARE
    ]
    if not told:
        return say("No goal of the mandate changes.")
    return say("Goals that change: {goals}.", goals=say("; ").join(told))


def _sites(asked: Asked, opened: FloatArray, but: int | None) -> Iterator[str]:
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


def _units(asked: Asked, x: FloatArray) -> str:
    """Say which classes would have more or fewer units on the last node of the most likely future."""
    change = x[:, :, asked.path[-1]].sum(axis=1) - asked.x[:, :, asked.path[-1]].sum(axis=1)
    told = [f"{change[k]:+d} × {unit_name(asked, int(k))}" for k in np.flatnonzero(change)]
    return say("At the end: {units}.", units=listing(told)) if told else ""


def _better(asked: Asked, reached: dict[str, float]) -> bool:
    """Say whether the first goal that differs is better than in the plan."""
    for goal in asked.goals:
        difference = reached[goal.name] - asked.stated(goal.name)
        if goal.unit == "share" and abs(difference) > SAME_SHARE:
            return (difference > 0) == (goal.sense == "max")
    return False
