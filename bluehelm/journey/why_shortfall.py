"""Why something is unmet: where and when, what limits it, and what one more unit would buy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from bluehelm.journey.why_again import gain_of
from bluehelm.journey.why_asked import Asked
from bluehelm.journey.why_care import care_in_reach
from bluehelm.journey.why_changes import MOST_FREE, free_to_place, more_money, one_more_unit
from bluehelm.journey.why_measures import (
    care_classes,
    care_givers,
    deaths_answered,
    floors_lacking,
    hours_unmet,
    months_without_care,
    most_hours,
    most_present,
)
from bluehelm.journey.why_words import CEILINGS, amount, binding_told, gain_told, money_told, one_more, unit_name
from bluehelm.planning.families.care import CARE_NAMES
from bluehelm.planning.families.effort import effort_share
from bluehelm.reports.names import component_name, unit_of
from bluehelm.reports.numbers import listing, month_name, percent, whole
from bluehelm.solve.goal import Goal
from bluehelm.solve.model import IntArray
from bluehelm.words import say

CARE: Mapping[str, tuple[int, ...]] = {"care": (0, 1), "enhanced_care": (0,), "surgery": (1,)}
KINDS = ("protection", "floor", *CARE)
MOST_NAMED = 5


def shortfalls_of(asked: Asked) -> list[str]:
    """List what may be asked: tasks, protection, floor, care and its two kinds."""
    return [*(task.task_id for task in asked.data.demand.tasks), *KINDS]


def why_shortfall(asked: Asked, name: str) -> Iterator[str]:
    """Yield the sentences about one shortfall."""
    tasks = [task.task_id for task in asked.data.demand.tasks]
    presence = name in tasks and bool(asked.data.demand.presence[tasks.index(name)])
    kind = "protection" if presence else name
    rows = asked.plan.tables["shortfalls"].filter((pl.col("what") == kind) | (pl.col("kind") == kind))
    yield from _where(asked, name, rows)
    if rows.is_empty():
        return
    if name in tasks and not presence:
        yield from _hours_told(asked, tasks.index(name))
    if kind in ("protection", "floor"):
        worst = rows.group_by("where").agg(pl.col("amount").sum()).sort(-pl.col("amount"), "where")["where"][0]
        yield say("Who reaches the worst of them, and how fast: bluehelm why PLAN --area {area}", area=worst)
    if kind in CARE:
        yield from care_in_reach(asked, rows)
    yield from _limits(asked, name, presence=kind in ("protection", "floor"))
    for k, measure in _candidates(asked, name, presence=presence):
        gain = gain_of(asked, measure, _free(asked, name, k), one_more_unit(asked, k))
        yield gain_told(say("{unit}, placed where it does most", unit=one_more(asked, k)), gain)
    yield from _one_million(asked, name, presence=presence)


def _where(asked: Asked, name: str, rows: pl.DataFrame) -> Iterator[str]:
    """Say how much is unmet, where and when it is worst."""
    title = asked.reading.name(name)
    if rows.is_empty():
        yield say("{what}: nothing is unmet.", what=title)
        return
    chance = asked.plan.tables["nodes"].select("node_id", "probability")
    rows = rows.join(chance, on="node_id").with_columns(expected=pl.col("amount") * pl.col("probability"))
    unit = str(rows["unit"][0])
    adds_up = unit in ("hour", "expected death")
    total = float(rows["expected"].sum()) if adds_up else float(rows["amount"].count())
    yield (
        say("{what}: {total} {unit} unmet over the whole plan.", what=title,
            total=amount(total, unit), unit=unit_of(unit))
        if adds_up
        else say("{what}: unmet {count} {count:time|times}, one place and period each.", what=title, count=whole(total))
    )  # fmt: skip
    by_place = rows.group_by("where").agg(pl.col("expected").sum(), pl.len()).sort(-pl.col("expected"), "where")
    worst = [
        say("{place} ({amount})", place=asked.reading.name(row["where"]),
            amount=amount(row["expected"], unit) if adds_up else say("{count} {count:period|periods}",
                                                                     count=row["len"]))
        for row in by_place.iter_rows(named=True)
    ]  # fmt: skip
    yield say("Worst at: {places}.", places=listing(worst, MOST_NAMED))
    by_node = rows.group_by("node_id").agg(pl.col("amount").sum()).sort(-pl.col("amount"), "node_id")
    nodes = [node_id for node_id in by_node["node_id"] if node_id in asked.reading.path]
    months = [month_name(asked.reading.month_of(node_id)) for node_id in nodes]
    yield say("Worst in the periods from: {months}.", months=listing(months, MOST_NAMED)) if months else ""


def _hours_told(asked: Asked, m: int) -> Iterator[str]:
    """Say who can do a task, how many hours they have, who gives them, and where their hours go instead."""
    data, task = asked.data, asked.data.demand.tasks[m]
    share = effort_share(data)[:, m]
    able = np.flatnonzero(share > 0)
    barred = [k for k, c in enumerate(data.classes) if task.kind in c.not_tasks]
    if barred:
        yield say("Caveats keep these from it: {units}.", units=listing([unit_name(asked, k) for k in barred]))
    if not len(able):
        yield say("No kind of unit that the mission has can do it.")
        return
    weight = data.timeline.probability * data.timeline.months
    have = (asked.x[able].sum(axis=1) * weight).sum(axis=1) * data.hours[able]
    given = asked.plan.tables["effort_given"].join(
        asked.plan.tables["nodes"].select("node_id", "probability"), on="node_id"
    )
    own = given.filter(pl.col("class_id").is_in([data.class_ids[k] for k in able]))
    total = float((own["hours"] * own["probability"]).sum())
    mine = own.filter(pl.col("task_id") == task.task_id)
    to_it = float((mine["hours"] * mine["probability"]).sum())
    yield say(
        "It can be done by {units}: together {have} {have:hour|hours} over the plan, of which {to_it} go to it and "
        "{other} to "
        "other tasks.",
        units=listing([unit_name(asked, int(k)) for k in able], MOST_NAMED),
        have=whole(float(have.sum())),
        to_it=whole(to_it),
        other=whole(total - to_it),
    )
    idle = float(have.sum()) - total
    if have.sum() > 0 and idle > 0.01 * have.sum():
        yield say(
            "{idle} of their hours ({share}) go to nothing: they are on the move, or stand where no zone that asks is "
            "in reach.",
            idle=whole(idle),
            share=percent(idle / float(have.sum())),
        )
    else:
        yield say("All their hours are used: there are too few of them.")


def _limits(asked: Asked, name: str, *, presence: bool) -> Iterator[str]:
    """Say which limits bind on the kinds of unit that could help."""
    data = asked.data
    helping = {k for k, _ in _candidates(asked, name, presence=presence)}
    components = {data.classes[k].unit_type.component for k in helping}
    told = binding_told(asked, lambda family, key: family in CEILINGS and bool(components & set(key)))
    told += binding_told(asked, lambda family, key: family in ("cash", "appropriation", "site_limit", "pledges"))
    yield from told
    if not told and components:
        yield say(
            "No ceiling, limit on bases or money binds on {components} {components:unit|units}: what is lacking are "
            "the units, or reach.",
            components=listing(sorted(component_name(c) for c in components)),
        )


def _candidates(asked: Asked, name: str, *, presence: bool) -> list[tuple[int, Goal]]:
    """List the classes of which one more would do most, each with what it is measured by."""
    tasks = [task.task_id for task in asked.data.demand.tasks]
    if name in CARE:
        limit = _limit_lacking_most(asked, CARE[name])
        return [(k, months_without_care(asked, limit)) for k in care_givers(asked, limit)]
    if name in tasks and not presence:
        m = tasks.index(name)
        return [(k, hours_unmet(asked, m)) for k in most_hours(asked, m)[:1]]
    measure = floors_lacking(asked) if name == "floor" else deaths_answered(asked)
    return [(k, measure) for k in most_present(asked)[:1]]


def _limit_lacking_most(asked: Asked, limits: Sequence[int]) -> int:
    """Of both kinds of care, choose the one that more bases lack."""
    lacking = Counter(asked.plan.tables["shortfalls"]["what"].to_list())
    return max(limits, key=lambda limit: lacking[CARE_NAMES[limit]])


def _one_million(asked: Asked, name: str, *, presence: bool) -> Iterator[str]:
    told = money_told(asked)
    candidates = _candidates(asked, name, presence=presence)
    if told or not candidates:
        yield told
        return
    tasks = [task.task_id for task in asked.data.demand.tasks]
    if name in CARE:
        free = _free(asked, name, candidates[0][0])
    elif name in tasks and not presence:
        free = free_to_place(asked, most_hours(asked, tasks.index(name))[:MOST_FREE])
    else:
        free = free_to_place(asked, most_present(asked)[:MOST_FREE])
    gain = gain_of(asked, candidates[0][1], free, more_money(asked, 1e6))
    yield gain_told(say("One million USD more"), gain)


def _free(asked: Asked, name: str, k: int) -> IntArray:
    """Return the whole columns that may change; for care those of all who give it or bring people to it."""
    if name in CARE:
        classes = {int(c) for limit in CARE[name] for ks in care_classes(asked, limit) for c in ks}
        return asked.built.columns.x[sorted(classes)].ravel()
    return free_to_place(asked, [k])
