"""What resolution 2594 (2021) asks of a transition, as four questions in our words, answered from the plan.

The concept note of 24 March 2025 tells what the resolution is about: a transition is a process that changes strategy,
footprint and capacities of the United Nations so that peace can be built and last, and in which the environment of
protection must not get worse. The resolution's own text is not at hand; the questions are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bluehelm.reports.numbers import listing, money, month_name, percent, together, whole
from bluehelm.reports.section import Line
from bluehelm.reports.transition.reading import SAME, TransitionReading, break_told, months_told, persons_by_component
from bluehelm.words import say


def questions(reading: TransitionReading) -> tuple[Line, ...]:
    """Ask the four questions and answer them with figures."""
    return (
        Line(say("Strategy: what ends, what goes on, and in whose hands?"), together(*_strategy(reading))),
        Line(say("Footprint: where is the mission now, and where will it be?"), together(*_footprint(reading))),
        Line(say("Capacities: who will be there to do the work?"), together(*_capacities(reading))),
        Line(say("Protection environment: are people safer or less safe than today?"), together(*_protection(reading))),
    )


def _strategy(reading: TransitionReading) -> Iterator[str]:
    tasks = reading.record["tasks"]
    ended = [task for task in tasks if task["ends"]]
    given = [task for task in tasks if task["actors"]]
    stay = [task for task in tasks if not task["ends"] and not task["actors"]]
    yield say("The present form ends in {month}.", month=month_name(reading.record["ends"]))
    for task in ended:
        yield say("{title}: ends in {month}.", title=say(task["title"]), month=month_name(task["ends"]))
    for task in given:
        actors = listing(
            say("{actor} {share} (range {low} to {high})", actor=say(one["actor"]), share=percent(one["share"], 0),
                low=percent(one["low"], 0), high=percent(one["high"], 0))
            for one in task["actors"]
        )  # fmt: skip
        yield say("{title}: taken over in the last month, where it is handed over: {actors}.",
                  title=say(task["title"]), actors=actors)  # fmt: skip
    if stay:
        yield say("With the mission alone to the end: {titles}.", titles=say("; ").join(say(t["title"]) for t in stay))
    waits = [one for one in reading.record["benchmarks"] if one["waiting"]]
    if waits:
        yield say("Steps wait for {count} {count:benchmark|benchmarks}.", count=len(waits))


def _footprint(reading: TransitionReading) -> Iterator[str]:
    closures, today, last = reading.record["closures"], reading.today, reading.last
    yield say("{before} {before:base|bases} today, {after} in {month}.",
              before=len(today["sites"]), after=len(last["sites"]),
              month=month_name(last["month"]))  # fmt: skip
    if closures:
        yield say("{count} {count:base|bases} {count:closes|close}, the first in {first}, the last in {last}.",
                  count=len(closures),
                  first=month_name(closures[0]["month"]), last=month_name(closures[-1]["month"]))  # fmt: skip
    else:
        yield say("No base closes.")
    if len(last["sites"]) < len(today["sites"]):
        yield say("Open at the end: {sites}.", sites=reading.sites(last["sites"], 12))


def _capacities(reading: TransitionReading) -> Iterator[str]:
    yield say("Today: {persons}.", persons=persons_by_component(reading.today))
    yield say("In {month}: {persons}.", month=month_name(reading.last["month"]),
              persons=persons_by_component(reading.last))  # fmt: skip
    if not reading.actors:
        yield say("No actor is named to take anything over: what the mission leaves is left to nobody.")
    for row in reading.actors:
        yield say("{actor} grows from {first} to its full share in {full}; beside the mission for {overlap}.",
                  actor=say(row["actor"]), first=month_name(row["from_month"]), full=month_name(row["full_month"]),
                  overlap=months_told(row["overlap"]))  # fmt: skip
    reserve = sum(row["units"] for row in reading.record["reserve"])
    yield (say("{count} {count:unit|units} {count:is|are} kept in reserve for a return.", count=reserve) if reserve else
           say("No unit is kept in reserve for a return."))  # fmt: skip


def _protection(reading: TransitionReading) -> Iterator[str]:
    first, last = reading.months[0], reading.last
    alone = (first["protected_share"], last["protected_share"])
    yield say("The mission alone can answer {before} of the expected harm in the first month and {after} in the last.",
              before=percent(alone[0]), after=percent(alone[1]))  # fmt: skip
    stated = reading.case("stated")
    if reading.actors:
        yield say("With actors as stated it is {stated} in the last month; {low} if they stay low, {high} if they grow "
                  "high.", stated=percent(stated["by_month"][-1]), low=percent(reading.case("low")["by_month"][-1]),
                  high=percent(reading.case("high")["by_month"][-1]))  # fmt: skip
    yield from _compared(reading)
    broken = stated["broken"]
    if broken:
        yield say("Floors broken: {list}.", list=say("; ").join(break_told(reading, row) for row in broken))
    elif reading.record["floors"]:
        yield say("All floors hold (areas that have one: {count}).", count=whole(len(reading.record["floors"])))
    else:
        yield say("No floor on protection is asked.")
    turning = reading.record["reversibility"]["point_of_no_return"]
    if turning:
        yield say("From {month} on a return to today's strength takes longer than {limit}.", month=month_name(turning),
                  limit=months_told(reading.record["reversibility"]["at_most_months"]))  # fmt: skip


def _compared(reading: TransitionReading) -> Iterator[str]:
    """Hold the months from the end of the present form on against the same months if nobody had left."""
    plan, stays = after_the_end(reading, reading.case("stated")["by_month"]), after_the_end(
        reading, reading.record["unchanged"]
    )  # fmt: skip
    yield say("From {month} on it is {plan} on average; today's units, had none of them left, would answer {stays} in "
              "the same months.", month=month_name(reading.record["ends"]), plan=percent(plan),
              stays=percent(stays))  # fmt: skip
    if plan < stays - SAME:
        yield say("By these figures the environment of protection gets worse by leaving.")
    else:
        yield say("By these figures the environment of protection does not get worse over all areas together.")


def after_the_end(reading: TransitionReading, by_month: Sequence[float]) -> float:
    """Mean of a share over the months from the end of the present form on."""
    counted = [
        share for share, row in zip(by_month, reading.months, strict=True) if row["month"] >= reading.record["ends"]
    ]
    return sum(counted) / len(counted)


def cost_told(reading: TransitionReading) -> str:
    """Say what the plan costs, and what a month costs today and at the end."""
    return say(
        "{cost} over the months planned. A month of units and bases costs {before} today and {after} at the end; the "
        "fixed part adds {fixed} each month.",
        cost=money(reading.record["cost_usd"]), before=money(reading.today["running_usd"]),
        after=money(reading.last["running_usd"]), fixed=money(reading.last["fixed_usd"]),
    )  # fmt: skip
