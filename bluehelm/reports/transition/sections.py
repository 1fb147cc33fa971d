"""The sections on the leaving itself: questions, course, handovers, floors, benchmarks."""

from __future__ import annotations

from bluehelm.reports.numbers import NOTHING, listing, money, month_name, percent, whole
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.reports.transition.questions import questions
from bluehelm.reports.transition.reading import (
    Row,
    TransitionReading,
    break_told,
    months_told,
    said,
    waiting_told,
)
from bluehelm.reports.transition.summary import case_name
from bluehelm.words import say

Part = Table | Words | Shown


def asked(reading: TransitionReading) -> Section:
    """Answer the questions of resolution 2594 (2021) from the plan."""
    lines = questions(reading)
    rows = tuple((line.label, line.text) for line in lines)
    intro = Words(say("Resolution 2594 (2021) sees a transition as a process that changes strategy, footprint and "
                      "capacities, and asks that protection does not get worse on the way. The questions are our "
                      "words; the answers are figures of this plan."))  # fmt: skip
    table = Table(say("Four questions"), "ll", (say("Question"), say("Answer from the plan")), rows)
    return Section("questions", say("What resolution 2594 (2021) asks"), (intro, table))


def course(reading: TransitionReading) -> Section:
    """Show the course month by month and the order of closures."""
    parts: list[Part] = [Shown("course")]
    rows = tuple(
        (str(row["order"]), reading.site(row["site_id"]), month_name(row["month"]), said(row["reason"]))
        for row in reading.record["closures"]
    )
    if rows:
        headings = (say("Order"), say("Base"), say("Closes in"), say("Why"))
        parts.append(Table(say("Bases in the order in which they close"), "rssl", headings, rows))
    else:
        parts.append(Words(say("No base closes.")))
    parts.append(_stays(reading))
    return Section("course", say("The course of leaving, and what stays"), tuple(parts))


def _stays(reading: TransitionReading) -> Table:
    columns = [reading.today, next((r for r in reading.months if r["month"] == reading.record["ends"]), reading.last),
               reading.last]  # fmt: skip
    headings = (say("What is there"), say("Today"), month_name(columns[1]["month"]), month_name(columns[2]["month"]))
    rows: list[tuple[str, ...]] = [
        (say("Bases"), *(whole(len(row["sites"])) for row in columns)),
        (say("Military"), *(whole(row["persons"]["military"]) for row in columns)),
        (say("Police"), *(whole(row["persons"]["police"]) for row in columns)),
        (say("Civilian"), *(whole(row["persons"]["civilian"]) for row in columns)),
        (say("Units and bases, a month"), *(money(row["running_usd"]) for row in columns)),
        (say("Fixed part, a month"), *(money(row["fixed_usd"]) for row in columns)),
        (say("Harm that the mission alone answers"), *(percent(row["protected_share"]) for row in columns)),
    ]
    note = say("In the month in which the present form ends, limits hold on the last day.")
    return Table(say("What stays"), "lrrr", headings, tuple(rows), note)


def handovers(reading: TransitionReading) -> Section:
    """Show who takes over, how long both work side by side, and from which share on floors hold."""
    title = say("Handover, bridging and what actors must reach")
    if not reading.actors:
        return Section("handover", title, (Words(say(
            "No actor is named to take anything over. Name one under [[handover]] in transition.toml or mandate.toml."
        )),))  # fmt: skip
    parts: list[Part] = [
        Words(say("The plan is made for actors {case}, then held as it is while they reach their low, stated and high "
                  "share. Mission and actor are taken as independent chances.",
                  case=case_name(reading.record["plan_for"]))),
        _bridges(reading),
        _cases(reading),
    ]  # fmt: skip
    if len(reading.record["caution"]) > 1:
        parts.append(_caution(reading))
    if reading.record["break_evens"]:
        parts.append(_break_evens(reading))
    if reading.record["work"]:
        parts.append(_work(reading))
    return Section("handover", title, tuple(parts))


def _work(reading: TransitionReading) -> Table:
    headings = (say("Task"), say("Hours asked"), say("Hours given by the mission"),
                *(case_name(name).capitalize() for name in ("low", "stated", "high")))  # fmt: skip
    rows = tuple(
        (say(reading.record["names"]["tasks"].get(row["task_id"], row["task_id"])), whole(row["asked_hours"]),
         whole(row["given_hours"]), *(percent(row["undone"][name]) for name in ("low", "stated", "high")))
        for row in reading.record["work"]
    )  # fmt: skip
    note = say("Hours asked: over all months, if nobody had taken anything over. Shares: what neither mission nor "
               "actors do while actors reach their low, stated and high share.")  # fmt: skip
    return Table(say("Work that is handed over, and what is left undone"), "lrrrrr", headings, rows, note)


def _bridges(reading: TransitionReading) -> Table:
    headings = (say("Actor"), say("Begins"), say("Full share"), say("Side by side"), say("Cost of the overlap"),
                say("One more month"), say("Alone from"), say("Gap"))  # fmt: skip
    rows = tuple(
        (say(row["actor"]), month_name(row["from_month"]), month_name(row["full_month"]), _overlap(row),
         money(row["cost_usd"]), money(row["month_usd"]), month_name(row["alone_from"]),
         months_told(row["gap_months"]) if row["gap_months"] else NOTHING)
        for row in reading.actors
    )  # fmt: skip
    note = say("Side by side: months in which the actor has begun and the mission still has units in the zones. Cost: "
               "of those units and bases in these months. Gap: months in which the mission is gone and the actor has "
               "not its full share.")  # fmt: skip
    return Table(say("Bridging"), "lssrrrsr", headings, rows, note)


def _overlap(row: Row) -> str:
    told = months_told(row["overlap"])
    return say("{told} ({wanted} asked)", told=told, wanted=row["wanted"]) if row["overlap"] < row["wanted"] else told


def _cases(reading: TransitionReading) -> Table:
    cases = [reading.case(name) for name in ("low", "stated", "high")]
    headings = (say("Area"), *(case_name(case["name"]).capitalize() for case in cases))
    rows: list[tuple[str, ...]] = [(say("All areas"), *(percent(case["total"]) for case in cases))]
    changed = [a for a, share in cases[0]["by_area"].items() if abs(share - cases[2]["by_area"][a]) > 1e-4]
    rows += [(reading.area(a), *(percent(case["by_area"][a]) for case in cases)) for a in changed]
    broken = [listing(break_told(reading, row) for row in case["broken"]) or NOTHING for case in cases]
    rows.append((say("Floors that break"), *broken))
    note = say("Share of the expected harm that mission and actors answer together: the mean of the months from the "
               "first handover on. Areas in which no actor takes protection over are left out.")  # fmt: skip
    return Table(say("Protection while actors reach their low, stated and high share"), "lrrr", headings, tuple(rows),
                 note)  # fmt: skip


def _caution(reading: TransitionReading) -> Table:
    headings = (say("Planned for actors"), say("Cost"), say("If they stay low"), say("If they are as stated"),
                say("Floors that break if they stay low"))  # fmt: skip
    rows = tuple(
        (case_name(row["plan_for"]), money(row["cost_usd"]), percent(row["if_low"]), percent(row["if_stated"]),
         whole(row["broken_low"]))
        for row in reading.record["caution"]
    )  # fmt: skip
    note = say("Share of the expected harm that mission and actors answer together in the last month. The other plan "
               "is made with plan_for in transition.toml.")  # fmt: skip
    return Table(say("What it costs to plan for actors that stay low"), "lrrrr", headings, rows, note)


def _break_evens(reading: TransitionReading) -> Table:
    headings = (say("Actor"), say("Area"), say("Floor"), say("Holds from a full share of"), say("Month that decides"))
    rows = tuple(
        (reading.actor(row["handover_id"]), reading.area(row["area_id"]), percent(row["floor"]),
         say("no share") if row["share"] is None else say("the mission alone holds it") if row["share"] == 0
         else percent(row["share"]), month_name(row["month"] if "month" in row else row["decides"]))
        for row in reading.record["break_evens"]
    )  # fmt: skip
    note = say("No share: even an actor that ends at 100% has not grown enough in the month that decides, or another "
               "task of protection there is not handed over.")  # fmt: skip
    return Table(say("From which share of an actor on each floor holds"), "llrrs", headings, rows, note)


def floors(reading: TransitionReading) -> Section:
    """Show the floors, and those that no force could hold."""
    record = reading.record
    title = say("Floors on protection")
    if not record["floors"]:
        return Section("floors", title, (Words(say("No floor on protection is asked.")),))
    headings = (say("Area"), say("Floor"), say("Least that the mission alone holds"), say("In"))
    rows = tuple(
        (reading.area(row["area_id"]), percent(row["floor"]), percent(row["mission_alone"]), month_name(row["month"]))
        for row in record["floors"]
    )
    parts: list[Part] = [Table(say("Floors by area"), "lrrs", headings, rows)]
    if not record["conflicts"]:
        parts.append(Words(say(
            "Every unit and pledge together could hold each of these floors at any one time; where one is broken, the "
            "order of the goals, the time that things take, or money decided."
        )))  # fmt: skip
    for one in record["conflicts"]:
        told = [(say("Asked"), said(sentence)) for sentence in one["sentences"]]
        told += [(say("Would hold it"), said(sentence)) for sentence in one["remedies"]]
        caption = say("Floors that no force at hand could hold, from {month}: the smallest conflict",
                      month=month_name(one["month"]))  # fmt: skip
        parts.append(Table(caption, "sl", (say("Part"), say("What it says")), tuple(told)))
    return Section("floors", title, tuple(parts))


def benchmarks(reading: TransitionReading) -> Section:
    """Show what waits for which benchmark, and what delays cost."""
    rows = []
    for one in reading.record["benchmarks"]:
        waits = listing(waiting_told(reading, row) for row in one["waiting"]) or say("nothing")
        met = month_name(one["met_in"]) if one["met_in"] else say("in {share} of the futures",
                                                                   share=percent(one["chance"], 0))  # fmt: skip
        costs = [_delay(reading, delay) for delay in one["delays"]] or [NOTHING, NOTHING]
        rows.append((say(one["text"]), met, waits, *costs))
    title = say("Benchmarks as conditions")
    if not rows:
        return Section("benchmarks", title, (Words(say("Nothing hangs on a benchmark.")),))
    headings = (say("Benchmark"), say("Met in"), say("What waits for it"), say("3 months later"), say("6 months later"))
    note = say("Held: units and bases that leave for what waits stay as much longer and are paid, within the months "
               "planned. Planned again: the cost of a new plan less that of this one.")  # fmt: skip
    return Section("benchmarks", title, (Table(title, "lslll", headings, tuple(rows), note),))


def _delay(reading: TransitionReading, row: Row) -> str:
    how = say("planned again") if row["how"] == "planned again" else say("held")
    told = [say("{cost} ({how})", cost=money(row["cost_usd"]), how=how)]
    if row["protected_share"] is not None:
        told.append(say("{share} of harm answered", share=percent(row["protected_share"])))
    if row["broken"]:
        told.append(say("broken: {list}", list=listing(break_told(reading, one) for one in row["broken"])))
    return say("; ").join(told)
