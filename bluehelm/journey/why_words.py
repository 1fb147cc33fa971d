"""Sentences that several questions share: when something holds, what binds, what a change gains."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import groupby

import polars as pl

from bluehelm.journey.why_again import Gain
from bluehelm.journey.why_asked import Asked
from bluehelm.journey.why_changes import unit_usd
from bluehelm.reports.limits import limit_sentence
from bluehelm.reports.names import unit_type_name
from bluehelm.reports.numbers import decimal, money, month_name, percent, whole
from bluehelm.words import say

CEILINGS = ("ceiling", "ceiling_within")


def runs(asked: Asked, states: Sequence[str]) -> list[tuple[str, str, str]]:
    """Gather states, one per node of the most likely future, into runs: (state, first month, last month)."""
    line = asked.data.timeline
    found = []
    for state, part in groupby(zip(states, asked.path, strict=True), key=lambda pair: pair[0]):
        nodes = [n for _, n in part]
        last = line.months_of(nodes[-1])[-1]
        found.append((state, month_name(str(line.first_month[nodes[0]])), month_name(str(last))))
    return found


def unit_name(asked: Asked, k: int) -> str:
    """Name a class by its type and strength, and by its own name where that leaves a doubt."""
    c = asked.data.classes[k]
    alike = sum((o.unit_type.unit_type, o.persons) == (c.unit_type.unit_type, c.persons) for o in asked.data.classes)
    if alike > 1:
        return say("{unit} ({persons} {persons:person|persons}, class {name})",
                   unit=unit_type_name(c.unit_type.unit_type),
                   persons=whole(c.persons), name=c.class_id)  # fmt: skip
    return say(
        "{unit} ({persons} {persons:person|persons})",
        unit=unit_type_name(c.unit_type.unit_type),
        persons=whole(c.persons),
    )


def one_more(asked: Asked, k: int) -> str:
    """Name one more unit of a class, with its price."""
    return say("One more {unit}, for {usd}", unit=unit_name(asked, k), usd=money(unit_usd(asked, k)))


def binding_told(asked: Asked, about: Callable[[str, tuple[str, ...]], bool]) -> list[str]:
    """Say which limits bind on the most likely future, of those that `about` (family, names of the row) picks."""
    rows = asked.plan.tables["binding"].filter(
        pl.col("slack").is_finite() & (pl.col("node_id").is_in(asked.reading.path) | (pl.col("node_id") == ""))
    )
    first: dict[tuple[str, ...], str] = {}
    count: dict[tuple[str, ...], int] = {}
    for row in rows.iter_rows(named=True):
        key = names_of(row["row"])
        if not about(row["family"], key):
            continue
        if row["family"] == "ceiling_within":
            # Told month by month in every future: kept are those within the most likely one.
            node, _, _ = key[-1].rpartition(" ")
            if node and node not in asked.reading.path:
                continue
            key = key[:-1]
        subject = (row["family"], *(part for part in key if part != row["node_id"]))
        told = limit_sentence(asked.reading, row["family"], row["row"], row["sentence"])
        first.setdefault(subject, told[:1].upper() + told[1:])
        count[subject] = count.get(subject, 0) + 1
    return [_times(asked, subject[0], text, count[subject]) for subject, text in first.items()]


def _times(asked: Asked, family: str, limit: str, count: int) -> str:
    """Say a limit as it first binds, and how often it does."""
    if count == 1:
        return say("{limit}.", limit=limit)
    if family == "ceiling_within":
        return say("{limit}, and so at the end of {count} months within periods.", limit=limit, count=count)
    return say("{limit}, and so in {count} of {all} periods.", limit=limit, count=count, all=len(asked.path))


def names_of(row: str) -> tuple[str, ...]:
    """Split `family[a, b]` into the names of a row.

    Examples
    --------
    >>> names_of("site_capacity[kalma, 2017-01]")
    ('kalma', '2017-01')
    """
    found = re.fullmatch(r"[^\[]*\[(.*)\]", row)
    return tuple(found[1].split(", ")) if found else ()


def amount(value: float, unit: str) -> str:
    """Write an amount of a measure."""
    if unit == "share":
        return percent(value)
    return decimal(value, 2 if abs(value) < 10 else 1) if unit != "hour" else whole(value)


def gain_told(change: str, gain: Gain | None) -> str:
    """Say what a change gains: at least, at most, and without it."""
    if gain is None:
        return say("{change}: no answer was found in the time given.", change=change)
    measure, least = gain.measure, 1e-3 * max(abs(gain.now), 1e-2)
    words = {"change": change, "what": say(measure.title), "now": amount(gain.now, measure.unit)}
    if abs(gain.found - gain.now) < least:
        text = say("{change}: no gain was found; {what} stay at {now}.", **words)
    else:
        found = amount(gain.found, measure.unit)
        text = say("{change}: {what} go from {now} to {found} or better, all else as good.", found=found, **words)
    return " ".join(part for part in (text, _alone(gain, least), _at_best(gain)) if part)


def _at_best(gain: Gain) -> str:
    if math.isnan(gain.bound):
        return ""
    best = max(gain.bound, gain.found) if gain.measure.sense == "max" else max(min(gain.bound, gain.found), 0.0)
    return say("No plan with it can pass {bound}.", bound=amount(best, gain.measure.unit))


def _alone(gain: Gain, least: float) -> str:
    if abs(gain.alone - gain.now) < least:
        return ""
    alone = amount(gain.alone, gain.measure.unit)
    if abs(gain.found - gain.alone) < least:
        return say("Moving what is there gives as much without it: {alone}.", alone=alone)
    return say("Moving what is there, without it, already gives {alone}.", alone=alone)


def money_told(asked: Asked) -> str:
    """Say how much money is left where it is scarcest; blank where less than a million is."""
    cash = asked.plan.tables["cash"]
    left = [
        float(value)
        for value in (
            (cash["cash_limit_usd"] - cash["cumulative_usd"]).drop_nans().min(),
            (cash["approved_usd"] - cash["fiscal_year_spent_usd"]).drop_nans().min(),
        )
        if isinstance(value, float)
    ]
    if not left:
        return say("No limit on money is given, so one million USD more would buy nothing.")
    if min(left) < 1e6:
        return ""
    return say(
        "Money does not bind: at least USD {left} million are left at any time, so it is not money that is lacking.",
        left=decimal(min(left) / 1e6),
    )
