"""The sections of the report on what adaptability is worth."""

from __future__ import annotations

from bluehelm.reports.numbers import decimal, percent
from bluehelm.reports.section import Section, Shown, Table, Words, shortened
from bluehelm.reports.value.names import arm_meaning, arm_name, difference_meaning, difference_name
from bluehelm.reports.value.reading import MAIN_DIFFERENCES, ValueReading, deaths, money_range
from bluehelm.reports.value.summary import arm_cells, difference_cells
from bluehelm.words import say

MOST_FUTURES = 40


def arms(reading: ValueReading) -> Section:
    """Show the ways to plan beside each other, and how each decides."""
    rows = tuple(arm_cells(row) for row in reading.main_arms)
    meanings = tuple((arm_name(row["arm"]), arm_meaning(row["arm"])) for row in reading.main_arms)
    parts = (
        Words(say("Four ways to plan on the same tree of futures, with the same troops, money and pledges.")),
        Shown("arms"),
        Table(say("Ways to plan"), "lrrrrrr", _arm_headings(reading), rows, _counted(reading)),
        Table(say("How each decides"), "ll", (say("Way to plan"), say("How")), meanings),
    )
    return Section("arms", say("Ways to plan, side by side"), parts)


def _arm_headings(reading: ValueReading) -> tuple[str, ...]:
    share = percent(reading.tail_share, 0)
    return (
        say("Way to plan"), say("Deaths not answered, mean"), say("Harm protected, mean"),
        say("Deaths not answered, worst {share} (CVaR)", share=share), say("Deaths not answered, worst future"),
        say("Cost, mean (million USD)"), say("Gap"),
    )  # fmt: skip


def _counted(reading: ValueReading) -> str:
    record = reading.record
    return say(
        "Deaths are those expected of the task “{task}” (priority {priority}) that presence does not answer, over the "
        "{months} {months:month|months} planned; the last node counts {beyond} {beyond:month|months} longer (an "
        "assumed norm), as in every plan. "
        "Cost is that of the {months} months. The gap is how far the priority's score may be from the best.",
        task=record["task"], priority=record["priority"], months=record["months"],
        beyond=f"{record['months_beyond']:g}",
    )  # fmt: skip


def values(reading: ValueReading) -> Section:
    """Show the differences, with what is proven of them and how they are defined."""
    found = [row for name in MAIN_DIFFERENCES if (row := reading.difference(name))]
    meanings = tuple(
        (difference_name(row["name"]), difference_meaning(row["name"], row["more"], row["less"])) for row in found
    )
    money = tuple((difference_name(row["name"]), money_range(row)) for row in found)
    parts = (
        Words(say("Each value is a difference between two ways to plan: how many deaths more, and how much more money, "
                  "the one leaves than the other.")),
        Words(_what_is_proven(reading)),
        Shown("values"),
        Table(say("What it is worth"), "lrrrrr", _difference_headings(reading),
              tuple(difference_cells(row) for row in found),
              say("Of the worst futures nothing is proven: plans are made for the mean. Below 0 means that the value "
                  "is paid for there. Between what the money lies is in the next table.")),
        Table(say("Money between"), "lr", (say("Value"), say("Cost saved (million USD)")), money,
              say("What each plan could cost at least, for what it protects, is proven, and the interval follows.")),
        Table(say("What is taken from what"), "ll", (say("Value"), say("Definition")), meanings),
    )  # fmt: skip
    return Section("values", say("What adaptability is worth"), parts)


def _what_is_proven(reading: ValueReading) -> str:
    if reading.record["unproven_because"]:
        return say("Where an interval stands, it is proven; the rest is as found. “How sure” above says why.")
    return say("Knowing more never hurts, so that none of these values is below 0; where searches end at a gap, the "
               "interval says what is proven.")  # fmt: skip


def _difference_headings(reading: ValueReading) -> tuple[str, ...]:
    return (
        say("Value"), say("Deaths averted, mean"), say("Proven"),
        say("Deaths averted, worst {share}", share=percent(reading.tail_share, 0)),
        say("Deaths averted, worst future"), say("Cost saved, mean (million USD)"),
    )  # fmt: skip


def ablation(reading: ValueReading) -> Section:
    """Show what each part of recourse adds, where it was asked."""
    title = say("What each part adds")
    if not reading.other_arms:
        told = say(
            "Not asked for. 'bluehelm value --ablation' takes one kind of decision after the other out of what may "
            "follow events, and 'bluehelm value --knows' plans with information sets of your own."
        )
        return Section("ablation", title, (Words(told),))
    found = [row for arm in reading.other_arms if (row := reading.difference(arm["arm"]))]
    meanings = tuple((arm_name(row["arm"]), arm_meaning(row["arm"])) for row in reading.other_arms)
    parts = (
        Words(say("The adaptive plan again, each time with less that may follow events. What is lost is what that part "
                  "adds.")),
        Table(say("With less that follows events"), "lrrrrrr", _arm_headings(reading),
              tuple(arm_cells(row) for row in reading.other_arms)),
        Table(say("What the part adds"), "lrrrrr", _difference_headings(reading),
              tuple(difference_cells(row) for row in found)),
        Table(say("How each decides"), "ll", (say("Way to plan"), say("How")), meanings),
    )  # fmt: skip
    return Section("ablation", title, parts)


def futures(reading: ValueReading) -> Section:
    """Show every future: who wins and who loses in it."""
    headings = (say("Future (last node)"), say("Chance"), say("Deaths if nobody answered"),
                *(arm_name(row["arm"]) for row in reading.main_arms))  # fmt: skip
    listed: list[tuple[str, ...]] = [
        (future["name"], percent(future["probability"]), deaths(future["deaths"]),
         *(deaths(row["by_future"]["deaths"][i]) for row in reading.main_arms))
        for i, future in enumerate(reading.record["futures"])
    ]  # fmt: skip
    rows, left_out = shortened(listed, MOST_FUTURES)
    more = say("{count} more {count:future|futures} {count:is|are} in value.json.", count=left_out) if left_out else ""
    parts = (
        Words(say("Deaths not answered in each future. A plan for the mean wins in some futures and loses in others.")),
        Table(say("Every future"), "s" + "r" * (len(headings) - 1), headings, rows, more),
    )
    return Section("futures", say("Future by future"), parts)


def limits(reading: ValueReading) -> Section:
    """Say what the comparison is and is not."""
    parts = (
        Words(say("The tree is our picture of what may come; the values hold on it and nowhere else. A tree with few "
                  "branches knows few surprises, and a rigid plan looks better on it than it would be.")),
        Words(say("The rigid plan is a strict one: it moves and leaves by the calendar, as decided in the first month, "
                  "and must fit the ceilings and money of every future. A real mission without a plan for change would "
                  "still react somehow; planning step by step is nearer to that.")),
        Words(say("An interval comes from the proofs of the solver. It says nothing about how sure the forecasts, "
                  "norms and prices are on which all ways of planning rest alike; figures that are assumed are flagged "
                  "in the report of each plan.")),
        Words(say("A death counts as averted where presence in reach could answer it in time, on a curve of the model. "
                  "It is no forecast of lives saved.")),
    )  # fmt: skip
    return Section("limits", say("What this comparison is, and is not"), parts)


def provenance(reading: ValueReading) -> Section:
    """List what the figures were made from."""
    made = reading.record["provenance"]
    asked = made["asked"]
    rows = (
        (say("Hash of the mission"), made["input_hash"]),
        (say("Hash of the norms"), made["norms_hash"]),
        (say("Version of bluehelm"), made["bluehelm"]),
        (say("Solver"), made["solver"]),
        (say("Seed of the random numbers"), str(asked["seed"])),
        (say("Gap asked"), percent(asked["gap"], 2)),
        (say("Stopped by"), _stopped_by(asked["seconds"], asked["work"])),
        (say("Tail"), percent(reading.tail_share, 0)),
    )
    told = Words(say("The same mission, norms, options and seed give the same figures, where plans are stopped by "
                     "their gap or by rounds of work; by the clock they need not."))  # fmt: skip
    return Section(
        "provenance", say("Provenance"),
        (told, Table(say("How the comparison was made"), "sl", (say("What"), say("Value")), rows)),
    )  # fmt: skip


def _stopped_by(seconds: float | None, work: int | None) -> str:
    if work is not None:
        return say("{count} {count:round|rounds} of work for each goal", count=work)
    return say("{seconds} {seconds:second|seconds} for all plans", seconds=decimal(seconds or 0.0, 0))
