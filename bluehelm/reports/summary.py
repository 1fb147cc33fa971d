"""The page that a minister reads: what is asked, done, closed, protected, proven, spent and missing, in words."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import isfinite

import polars as pl

from bluehelm.mission.mandate import NOT_GIVEN
from bluehelm.reports.extras import ReportExtras, read
from bluehelm.reports.figures.sensitivity import spread
from bluehelm.reports.flags import records_of, unverified
from bluehelm.reports.numbers import listing, money, month_name, percent, together, whole
from bluehelm.reports.reading import Change, Reading
from bluehelm.reports.section import Line, Summary
from bluehelm.reports.sections.futures import futures_lines
from bluehelm.reports.sections.gaps import gap_amount
from bluehelm.reports.sections.policy import policy_lines
from bluehelm.reports.shortfalls import ranked_shortfalls
from bluehelm.reports.tiers import gaps_sentence, tier_sentence
from bluehelm.reports.tiles import tiles_of, uniformed
from bluehelm.words import say

MOST_UNMET = 4


def summary_of(reading: Reading, extras: ReportExtras) -> Summary:
    """Tell a plan on one page, in the language in use."""
    setting = reading.mission.setting
    lines: tuple[Line, ...] = (
        Line(say("Asked"), _asked(reading)),
        Line(say("Plan"), _done(reading)),
        Line(say("Sites"), _sites(reading)),
        Line(say("Protected"), _protected(reading)),
        Line(say("Proof"), _proof(reading)),
        Line(say("Cost"), _cost(reading)),
        Line(say("Unmet"), _unmet(reading)),
        Line(say("What would change it"), _would_change(extras)),
        Line(say("Not verified"), _not_verified(reading, extras)),
    )
    if len(reading.leaves) > 1:
        lines = (
            *lines,
            Line(say("Futures"), _futures(reading)),
            *futures_lines(reading, extras),
            *policy_lines(reading, extras),
        )
    period = say("{first} to {last}", first=month_name(reading.months[0]), last=month_name(reading.months[-1]))
    return Summary(
        title=say("{mission}: a plan for {operation}", mission=setting.name, operation=setting.operation),
        subtitle=say("{period}. {title}", period=period, title=say(setting.title) if setting.title else "").strip(),
        tiles=tiles_of(reading),
        lines=tuple(line for line in lines if line.text),
    )


def _asked(reading: Reading) -> str:
    mandate = reading.mission.mandate
    priorities = sorted({task.priority for task in mandate.task})
    resolution = say("The mandate") if mandate.resolution == NOT_GIVEN else mandate.resolution
    if not priorities:
        return say("{resolution} names no task.", resolution=resolution)
    first = say("; ").join(say(task.title) for task in mandate.task if task.priority == priorities[0])
    values = {"resolution": resolution, "tasks": len(mandate.task), "priorities": len(priorities)}
    text = say("{resolution} asks for one task: {first}.", first=first, **values)
    if len(mandate.task) > 1:
        text = say(
            "{resolution} asks for {tasks} {tasks:task|tasks}, all of one priority: {first}.", first=first, **values
        )
    if len(priorities) > 1:
        text = say("{resolution} asks for {tasks} {tasks:task|tasks} in {priorities} "
                   "{priorities:priority|priorities}. First: {first}.", first=first,
                   **values)  # fmt: skip
    limits = [(month, _ceiling(reading, month)) for month in reading.months]
    steps = [limits[0], *(b for a, b in pairwise(limits) if a[1] != b[1])]
    if not isfinite(steps[0][1]):
        return text
    told = say(", ").join(
        say("{persons} from {month}", persons=whole(persons), month=month_name(month)) for month, persons in steps
    )
    return say("{before} Ceiling on military and police: {steps}.", before=text, steps=told)


def _ceiling(reading: Reading, month: str) -> float:
    node = reading.calendar.filter(pl.col("month") == month)["node_id"][0]
    rows = reading.plan.tables["ceilings"].filter(
        (pl.col("node_id") == node) & pl.col("component").is_in(["military", "police"])
    )
    return float(rows["ceiling_persons"].sum())


def _done(reading: Reading) -> str:
    counts = dict(reading.on_path("movements").group_by("deed").agg(pl.col("units").sum()).iter_rows())
    deeds = {
        "move_in": say("moves of units between sites: {units}", units=whole(counts.get("move_in", 0))),
        "exit_order": say("units sent home: {units}", units=whole(counts.get("exit_order", 0))),
        "arrive": say("units arriving: {units}", units=whole(counts.get("arrive", 0))),
    }
    told = say("; ").join(text for deed, text in deeds.items() if counts.get(deed)) or say("no unit moves")
    first, last = reading.months[0], reading.months[-1]
    return say(
        "Military and police in theatre go from {first} in {first_month} to {last} in {last_month} ({deeds}).",
        deeds=told, first=whole(uniformed(reading, first)), first_month=month_name(first),
        last=whole(uniformed(reading, last)), last_month=month_name(last),
    )  # fmt: skip


def _dated(reading: Reading, changes: tuple[Change, ...]) -> str:
    """Name sites with the month in which they change, months said once."""
    months = dict.fromkeys(change.month for change in changes)
    return say("; ").join(
        say("{sites} ({month})", month=month_name(month),
            sites=listing(reading.name(change.site_id) for change in changes if change.month == month))
        for month in months
    )  # fmt: skip


def _sites(reading: Reading) -> str:
    total = len(reading.sites_at_start)
    if left := set(reading.sites_left):
        first = {change.site_id: change for change in reversed(reading.closures) if change.site_id in left}
        closed = tuple(sorted(first.values(), key=lambda change: (change.month, change.site_id)))
        text = say("{count} of {total} sites {count:closes|close}: {sites}.", count=len(left), total=total,
                   sites=_dated(reading, closed))  # fmt: skip
    else:
        text = say("All {total} {total:site|sites} {total:stays|stay} open.", total=total)
    new = _opened(reading, at_start=False)
    text = say("{before} New sites: {sites}.", before=text, sites=new) if new else text
    again = _opened(reading, at_start=True)
    return say("{before} Opened again: {sites}.", before=text, sites=again) if again else text


def _opened(reading: Reading, *, at_start: bool) -> str:
    """Name sites that open; one that also closes is told with all its months, once."""
    opened = [change for change in reading.openings if (change.site_id in reading.sites_at_start) == at_start]
    closed = {change.site_id for change in reading.closures}
    count = Counter(change.site_id for change in opened)
    once = tuple(c for c in opened if count[c.site_id] == 1 and c.site_id not in closed)
    more = dict.fromkeys(c.site_id for c in opened if c not in once)
    told = [_dated(reading, once)] if once else []
    return say("; ").join([*told, *(_story(reading, site) for site in more)])


def _story(reading: Reading, site_id: str) -> str:
    """Tell in which months a site opens and closes."""
    deeds = [(change.month, True) for change in reading.openings if change.site_id == site_id]
    deeds += [(change.month, False) for change in reading.closures if change.site_id == site_id]
    stood, told = site_id in reading.sites_at_start, []
    for month, opens in sorted(deeds):
        if not opens:
            told.append(say("closes {month}", month=month_name(month)))
        elif stood:
            told.append(say("opens again {month}", month=month_name(month)))
        else:
            told.append(say("opens {month}", month=month_name(month)))
        stood = True
    return say("{sites} ({month})", sites=reading.name(site_id), month=listing(told))


def _protected(reading: Reading) -> str:
    by_month = reading.protection_by_month
    if not reading.deaths or by_month.is_empty():
        return say("No harm is expected in any area, so there is nothing to protect from.")
    low = by_month.row(int(by_month["share"].arg_min() or 0), named=True)
    return say(
        "Of {deaths} civilian {deaths:death|deaths} expected, {protected} ({share}) are within reach of a presence "
        "that can act in "
        "time: {first} in the first month, {last} in the last, lowest in {month} ({low}). This measures presence, not "
        "lives saved.",
        share=percent(reading.protected_share), protected=whole(reading.protected_deaths),
        deaths=whole(reading.deaths), first=percent(by_month["share"][0]), last=percent(by_month["share"][-1]),
        month=month_name(low["month"]), low=percent(low["share"]),
    )  # fmt: skip


def _proof(reading: Reading) -> str:
    plan = reading.plan
    text = tier_sentence(plan.tiers[0]) if plan.tiers else ""
    checked = (
        say("Separate code checked the plan again from the mission's own files and found no fault.")
        if plan.checked
        else say("The plan was NOT checked again: do not use it.")
    )
    if plan.status != "within_gap":
        checked = say("The search was stopped before the asked gap: this is the best plan so far. {next}", next=checked)
    return together(text, gaps_sentence(plan), checked)


def _cost(reading: Reading) -> str:
    text = say("The plan costs {cost}.", cost=money(reading.cost_usd))
    years = [year for year in reading.years_of_money if isfinite(year.approved_usd)]
    told = say("; ").join(
        say("{year}: {spent} of {approved}", year=year.fiscal_year, spent=money(year.spent_usd),
            approved=money(year.approved_usd))
        for year in years
    )  # fmt: skip
    if told:
        text = say("{before} Of what is approved it spends, by fiscal year, {years}.", before=text, years=told)
    rows = reading.cost_by_month
    room = (rows["cash_limit_usd"] - rows["cumulative_usd"]).to_list()
    tight = [(left, month) for left, month in zip(room, rows["month"], strict=True) if isfinite(left)]
    if not tight:
        return text
    left, month = min(tight)
    return say("{before} Cash is tightest in {month}, with {left} to spare.", before=text, month=month_name(month),
               left=money(left))  # fmt: skip


def _unmet(reading: Reading) -> str:
    found = ranked_shortfalls(reading)
    if not found:
        return say("Nothing that is asked stays undone.")
    told = say("; ").join(say("{name} ({size})", name=s.name, size=s.size) for s in found[:MOST_UNMET])
    if len(found) > MOST_UNMET:
        told = say("{names} and {count} more", names=told, count=len(found) - MOST_UNMET)
    if len(found) == 1:
        return say("One shortfall: {list}.", list=told)
    return say("{count} {count:shortfall|shortfalls}, by priority: {list}.", count=len(found), list=told)


def _matters_most(extras: ReportExtras) -> str:
    widest = max(extras.sensitivities, key=spread)
    meaning = extras.meaning_of(widest.norm_key)
    named = say("{name} ({size})", name=meaning, size=widest.norm_key) if meaning else widest.norm_key
    return say(
        "The unverified norm that matters most: {norm}. Between {low} and {high} the protected share goes from "
        "{share_low} to {share_high}.",
        norm=named, low=widest.low, high=widest.high, share_low=percent(widest.protected_share_low),
        share_high=percent(widest.protected_share_high),
    )  # fmt: skip


def _would_change(extras: ReportExtras) -> str:
    parts = []
    if extras.gap_list:
        item = extras.gap_list[0]
        parts.append(say("First to ask for: {what}, {amount}, at {where}. What it buys: {buys}.", what=read(item.what),
                         amount=gap_amount(item), where=read(item.where), buys=read(item.buys)))  # fmt: skip
    if extras.sensitivities:
        parts.append(_matters_most(extras))
        keep = sum(not (s.closures_changed_low or s.closures_changed_high) for s in extras.sensitivities)
        parts.append(say("For {keep} of the {all} norms tried no other choice of sites was found.", keep=keep,
                         all=len(extras.sensitivities)))  # fmt: skip
    return together(*parts) or say("What would change the plan was not worked out for this report.")


def _not_verified(reading: Reading, extras: ReportExtras) -> str:
    listed = [row for _, rows in records_of(reading).values() for row in rows]
    text = say("{count} of {total} rows of the mission {count:is|are} not verified in their source.",
               count=unverified(listed), total=len(listed))  # fmt: skip
    if not extras.norms_used:
        return text
    return say("{before} {count} of {total} norms are recalled or assumed; all are flagged.", before=text,
               count=unverified(extras.norms_used), total=len(extras.norms_used))  # fmt: skip


def _futures(reading: Reading) -> str:
    return say(
        "The plan prepares for {count} {count:future|futures}. What is told month by month is the most likely one "
        "(chance {chance}); "
        "protection and cost in all are expected over all of them.",
        count=len(reading.leaves), chance=percent(reading.probability(reading.path[-1]), 0),
    )  # fmt: skip
