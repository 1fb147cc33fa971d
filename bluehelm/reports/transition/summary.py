"""The first page of a transition, and what the command line prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bluehelm.reports.numbers import listing, money, month_name, percent, together, whole
from bluehelm.reports.plain import plain_summary
from bluehelm.reports.section import Line, Summary, Tile
from bluehelm.reports.transition.questions import after_the_end, cost_told
from bluehelm.reports.transition.reading import SAME, TransitionReading, break_told, months_told, said
from bluehelm.words import say


def transition_text(record: Mapping[str, Any]) -> str:
    """Return the summary of a transition as plain aligned text, in the language in use."""
    return plain_summary(summary_of_transition(TransitionReading(record)))


def summary_of_transition(reading: TransitionReading) -> Summary:
    """Tell a transition on one page, in the language in use."""
    record = reading.record
    lines = [
        Line(say("Leaving"), _leaving(reading)),
        Line(say("Order"), _order(reading)),
        Line(say("Protection"), _protection(reading)),
        Line(say("Handover"), _handover(reading)),
        Line(say("Floors"), _floors(reading)),
        Line(say("Benchmarks"), _benchmarks(reading)),
        Line(say("Way back"), _back(reading)),
        Line(say("Change of form"), form_told(reading)),
        Line(say("Cost"), cost_told(reading)),
        Line(say("Proof"), proof_told(reading)),
    ]
    title = say("Transition: {mission}", mission=say(record["mission"]))
    subtitle = say(record["title"]) if record["title"] else say(
        "To {month}, by the mandate and what this transition adds.", month=month_name(record["ends"])
    )  # fmt: skip
    return Summary(title, subtitle, _tiles(reading), tuple(line for line in lines if line.text))


def _tiles(reading: TransitionReading) -> tuple[Tile, ...]:
    today, last, back = reading.today, reading.last, reading.record["reversibility"]
    month = month_name(last["month"])
    return (
        Tile(whole(reading.persons(last)), say("persons in {month}", month=month),
             say("{count} today", count=whole(reading.persons(today)))),
        Tile(whole(len(last["sites"])), say("bases in {month}", month=month),
             say("{count} today", count=whole(len(today["sites"])))),
        Tile(percent(reading.case("stated")["by_month"][-1]), say("of expected harm answered in {month}", month=month),
             say("{share} in the first month", share=percent(reading.case("stated")["by_month"][0]))),
        Tile(month_name(back["point_of_no_return"]), say("point of no return"),
             say("a return takes longer than {limit} from then on", limit=months_told(back["at_most_months"]))),
    )  # fmt: skip


def _leaving(reading: TransitionReading) -> str:
    today, last = reading.today, reading.last
    return say(
        "From {before} {before:person|persons} at {sites_before} {sites_before:base|bases} today to {after} at "
        "{sites_after} in {month}.",
        before=whole(reading.persons(today)), sites_before=len(today["sites"]), after=whole(reading.persons(last)),
        sites_after=len(last["sites"]), month=month_name(last["month"]),
    )  # fmt: skip


def _order(reading: TransitionReading) -> str:
    closures = reading.record["closures"]
    if not closures:
        return say("No base closes.")
    by_month: dict[str, list[str]] = {}
    for row in closures:
        by_month.setdefault(row["month"], []).append(reading.site(row["site_id"]))
    return say("Bases close: {list}. The reason for each stands in the report.", list=say("; ").join(
        say("{month} {sites}", month=month_name(month), sites=listing(sites, 6)) for month, sites in by_month.items()
    ))  # fmt: skip


def _protection(reading: TransitionReading) -> str:
    stated = reading.case("stated")["by_month"]
    return say(
        "From {month} on mission and actors answer {plan} of the expected harm on average; today's units, had none of "
        "them left, would answer {stays} in the same months.",
        month=month_name(reading.record["ends"]), plan=percent(after_the_end(reading, stated)),
        stays=percent(after_the_end(reading, reading.record["unchanged"])),
    )  # fmt: skip


def _handover(reading: TransitionReading) -> str:
    if not reading.actors:
        return say("No actor is named to take anything over.")
    low, stated, high = (reading.case(name)["by_month"][-1] for name in ("low", "stated", "high"))
    told = [
        say("Mission and actors together: {stated} in the last month; {low} if actors stay low, {high} if they grow "
            "high.", stated=percent(stated), low=percent(low), high=percent(high)) if high - low > SAME else
        say("Mission and actors together: {stated} in the last month, wherever in their range the actors end.",
            stated=percent(stated)),
        *(_bridge(row) for row in reading.actors),
    ]  # fmt: skip
    return together(*told)


def _bridge(row: Mapping[str, Any]) -> str:
    told = say("{actor}: {overlap} side by side, {cost} of mission units and bases there.", actor=say(row["actor"]),
               overlap=months_told(row["overlap"]), cost=money(row["cost_usd"]))  # fmt: skip
    if row["gap_months"]:
        return together(told, say("The mission is gone before the actor has its full share, for {gap}.",
                                  gap=months_told(row["gap_months"])))  # fmt: skip
    return told


def _floors(reading: TransitionReading) -> str:
    cases = [case for case in reading.record["cases"] if case["broken"]]
    alike = len(reading.record["cases"]) == len(cases) and all(case["broken"] == cases[0]["broken"] for case in cases)
    told = [
        *((say("Broken: {list}.", list=_breaks(reading, cases[0])),) if alike else
          (say("With actors {case}, broken: {list}.", case=case_name(case["name"]), list=_breaks(reading, case))
           for case in cases)),
        *(said(sentence) for one in reading.record["conflicts"] for sentence in (*one["sentences"], *one["remedies"])),
    ]  # fmt: skip
    if told or not reading.record["floors"]:
        return together(*told)
    return say("All floors hold (areas that have one: {count}).", count=len(reading.record["floors"]))


def _breaks(reading: TransitionReading, case: Mapping[str, Any]) -> str:
    return say("; ").join(break_told(reading, row) for row in case["broken"][:5])


def case_name(name: str) -> str:
    """Name one of the three shares of actors."""
    return {"low": say("at their low share"), "stated": say("as stated"), "high": say("at their high share")}[name]


def _benchmarks(reading: TransitionReading) -> str:
    told = []
    for one in reading.record["benchmarks"]:
        if one["waiting"] and one["delays"]:
            costs = listing(
                say("{months} later: {cost}", months=months_told(delay["months"]), cost=money(delay["cost_usd"]))
                for delay in one["delays"]
            )
            told.append(say("'{name}' ({month}): {count} {count:step|steps} {count:waits|wait}. {costs}.",
                            name=one["condition_id"],
                            month=month_name(one["met_in"]), count=len(one["waiting"]), costs=costs))  # fmt: skip
        elif one["waiting"]:
            told.append(say("'{name}': met in {share} of the futures; {count} {count:step|steps} {count:waits|wait}.",
                            name=one["condition_id"],
                            share=percent(one["chance"], 0), count=len(one["waiting"])))  # fmt: skip
    return together(*told)


def _back(reading: TransitionReading) -> str:
    back, last = reading.record["reversibility"], reading.record["reversibility"]["rows"][-1]
    told = say(
        "Returning to today's strength from {month}: {cost} once, {time}.", month=month_name(last["month"]),
        cost=money(last["reopening_usd"] + last["transport_usd"]), time=months_told(last["all_months"]),
    )  # fmt: skip
    limit = months_told(back["at_most_months"])
    if back["point_of_no_return"]:
        return together(told, say("From {month} on it takes longer than {limit}.",
                                  month=month_name(back["point_of_no_return"]), limit=limit))  # fmt: skip
    return together(told, say("It never takes longer than {limit}.", limit=limit))


def form_told(reading: TransitionReading) -> str:
    """Say what the change of form asked for takes by the rule; blank where none was asked for."""
    row = reading.record["forms"]["asked"]
    if row is None:
        return ""
    return say(
        "{form}, by rule: {come} {come:person|persons} {come:comes|come} and {go} go, {opens} {opens:base|bases} "
        "{opens:opens|open} and {closes} close; {once} once, a month "
        "of units and bases {before} before and {after} after; {months} at least.",
        form=reading.form(row["after"]), come=whole(row["persons_come"]), go=whole(row["persons_go"]),
        opens=len(row["opens"]), closes=len(row["closes"]), once=money(row["once_usd"]),
        before=money(row["before_usd"]), after=money(row["after_usd"]), months=months_told(row["months"]),
    )  # fmt: skip


def proof_told(reading: TransitionReading) -> str:
    """Say how good the plan is proven to be."""
    gap, first = percent(reading.record["gap"], 2), reading.record["tiers"][0]
    if reading.record["status"] == "within_gap":
        return say("Every goal is within the gap asked for; the largest is {gap}. Bounds stand in the plan's report.",
                   gap=gap)  # fmt: skip
    return say(
        "Stopped by its limit. Gap of the first goal: {first}; largest gap of a goal: {gap}. Bounds stand in the "
        "plan's report.",
        first=percent(first["gap"], 2), gap=gap,
    )  # fmt: skip
