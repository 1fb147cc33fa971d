"""The page that a minister reads: what is asked, done, closed, protected, proven, spent and missing, in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

import polars as pl

from bluehelm.mission.plan import Tier
from bluehelm.reports.extras import ReportExtras, read
from bluehelm.reports.figures.sensitivity import spread
from bluehelm.reports.flags import records_of, unverified
from bluehelm.reports.numbers import listing, measure, money, month_name, percent, whole
from bluehelm.reports.reading import Change, Reading
from bluehelm.reports.shortfalls import ranked_shortfalls
from bluehelm.reports.tiles import Tile, tiles_of, uniformed
from bluehelm.words import say


@dataclass(frozen=True, slots=True)
class Line:
    """One point of the summary: a word to find it by, and one or two sentences."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The first page of the report, and what the command line prints."""

    title: str
    subtitle: str
    tiles: tuple[Tile, ...]
    lines: tuple[Line, ...]


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
        lines = (*lines, Line(say("Futures"), _futures(reading)))
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
    if not priorities:
        return say("{resolution} names no task.", resolution=mandate.resolution)
    first = say("; ").join(say(task.title) for task in mandate.task if task.priority == priorities[0])
    text = say(
        "{resolution} asks for {tasks} tasks in {priorities} priorities. First: {first}.",
        resolution=mandate.resolution, tasks=len(mandate.task), priorities=len(priorities), first=first,
    )  # fmt: skip
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
        "move_in": say("{units} unit moves between sites", units=whole(counts.get("move_in", 0))),
        "exit_order": say("{units} units sent home", units=whole(counts.get("exit_order", 0))),
        "arrive": say("{units} units arrive", units=whole(counts.get("arrive", 0))),
    }
    told = listing(text for deed, text in deeds.items() if counts.get(deed)) or say("No unit moves")
    first, last = reading.months[0], reading.months[-1]
    return say(
        "{deeds}. Military and police in theatre go from {first} in {first_month} to {last} in {last_month}.",
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
        text = say("{count} of {total} sites close: {sites}.", count=len(left), total=total,
                   sites=_dated(reading, closed))  # fmt: skip
    else:
        text = say("All {total} sites stay open.", total=total)
    if not reading.openings:
        return text
    return say("{before} New sites: {sites}.", before=text, sites=_dated(reading, reading.openings))


def _protected(reading: Reading) -> str:
    by_month = reading.protection_by_month
    if not reading.deaths or by_month.is_empty():
        return say("No harm is expected in any area, so there is nothing to protect from.")
    return say(
        "Presence within reach answers {share} of the civilian deaths expected: {protected} of {deaths}. By month: "
        "{first} at the start, {last} at the end.",
        share=percent(reading.protected_share), protected=whole(reading.protected_deaths),
        deaths=whole(reading.deaths), first=percent(by_month["share"][0]), last=percent(by_month["share"][-1]),
    )  # fmt: skip


def tier_title(tier: Tier) -> str:
    """Name a tier; a priority is named by its tasks, which the plan joins by '; '."""
    return say("; ").join(say(part) for part in tier.title.split("; "))


def tier_sentence(tier: Tier) -> str:
    """Say how good one tier is proven to be."""
    values = {"tier": tier_title(tier), "objective": measure(tier.objective, tier.unit),
              "bound": measure(tier.bound, tier.unit), "gap": percent(tier.gap, 2)}  # fmt: skip
    if tier.sense == "min":
        return say("{tier}: {objective}; no plan in this model can do with less than {bound} (gap {gap}).", **values)
    return say("{tier}: {objective}; no plan in this model can do better than {bound} (gap {gap}).", **values)


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
    return f"{text} {checked}".strip()


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
    told = say("; ").join(say("{name} ({size})", name=s.name, size=s.size) for s in found[:4])
    return say("{count} shortfalls; the first: {list}.", count=len(found), list=told)


def _would_change(extras: ReportExtras) -> str:
    parts = []
    if extras.gap_list:
        item = extras.gap_list[0]
        parts.append(say("First to ask for: {what} at {where}, which buys {buys}.", what=read(item.what),
                         where=read(item.where), buys=read(item.buys)))  # fmt: skip
    if extras.sensitivities:
        widest = max(extras.sensitivities, key=spread)
        parts.append(
            say("Of the unverified norms, {norm} matters most: between {low} and {high} the protected share goes from "
                "{share_low} to {share_high}.", norm=widest.norm_key, low=widest.low, high=widest.high,
                share_low=percent(widest.protected_share_low), share_high=percent(widest.protected_share_high))
        )  # fmt: skip
        keep = sum(not (s.closures_changed_low or s.closures_changed_high) for s in extras.sensitivities)
        parts.append(say("Over the range of {keep} of {all} norms tried, the same sites close.", keep=keep,
                         all=len(extras.sensitivities)))  # fmt: skip
    return " ".join(parts) or say("What would change the plan was not worked out for this report.")


def _not_verified(reading: Reading, extras: ReportExtras) -> str:
    listed = [row for _, rows in records_of(reading).values() for row in rows]
    text = say("{count} of {total} rows of the mission are not verified in their source.",
               count=unverified(listed), total=len(listed))  # fmt: skip
    if not extras.norms_used:
        return text
    return say("{before} {count} of {total} norms are recalled or assumed; all are flagged.", before=text,
               count=unverified(extras.norms_used), total=len(extras.norms_used))  # fmt: skip


def _futures(reading: Reading) -> str:
    return say(
        "The plan prepares for {count} futures. What is told month by month is the most likely one (chance {chance}); "
        "protection and cost in all are expected over all of them.",
        count=len(reading.leaves), chance=percent(reading.probability(reading.path[-1]), 0),
    )  # fmt: skip
