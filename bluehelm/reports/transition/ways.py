"""The sections on the way back, on forms of operation, and on what all of it rests on."""

from __future__ import annotations

from bluehelm.reports.names import spoken, status_name, with_unit
from bluehelm.reports.numbers import NOTHING, measure, millions, money, month_name, percent, plain, span, whole
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.reports.transition.reading import Row, TransitionReading, months_told, said
from bluehelm.reports.transition.summary import proof_told
from bluehelm.words import say

Part = Table | Words | Shown


def back(reading: TransitionReading) -> Section:
    """Show what returning would cost and how long it would take, month by month."""
    record = reading.record["reversibility"]
    headings = (say("Ordered at the end of"), say("Bases that close in it"), say("Bases to reopen"),
                say("Units to bring back"), say("Units to turn round"), say("Once, million USD"),
                say("A month after, million USD"), say("First units back"), say("All back"))  # fmt: skip
    rows = tuple(
        (month_name(row["month"]), reading.sites(row["closed"], 4) or NOTHING, whole(len(row["sites_closed"])),
         whole(row["units_out"]), whole(row["units_turning"]), millions(row["reopening_usd"] + row["transport_usd"]),
         millions(row["monthly_usd"]), months_told(row["first_months"]), months_told(row["all_months"]))
        for row in record["rows"]
    )  # fmt: skip
    note = say("A return to the strength and bases of today. Units on their way home can turn round; others are asked "
               "for again, unless they are held in reserve.")  # fmt: skip
    limit = months_told(record["at_most_months"])
    told = (
        say("Point of no return: {month}. From then on a return takes longer than {limit}.",
            month=month_name(record["point_of_no_return"]), limit=limit)
        if record["point_of_no_return"]
        else say("There is no point of no return in the months planned: a return takes {limit} at most.", limit=limit)
    )  # fmt: skip
    parts: list[Part] = [Words(told), Shown("way_back"),
                         Table(say("What a return takes"), "slrrrrrrr", headings, rows, note)]  # fmt: skip
    if reading.record["reserve"]:
        parts.append(_reserve(reading))
    return Section("back", say("The way back"), tuple(parts))


def _reserve(reading: TransitionReading) -> Table:
    headings = (say("Unit type"), say("Units"), say("Readiness level"), say("How well known"))
    rows = tuple(
        (say(reading.record["names"]["units"].get(row["unit_type"], row["unit_type"])), whole(row["units"]),
         row["readiness_level"], status_name(row["status"]))
        for row in reading.record["reserve"]
    )  # fmt: skip
    return Table(say("Reserve for a return"), "lrss", headings, rows)


def forms(reading: TransitionReading) -> Section:
    """Show the changes between forms of operation."""
    changes = reading.record["forms"]["changes"]
    after = list(dict.fromkeys(row["after"] for row in changes))
    before = list(dict.fromkeys(row["before"] for row in changes))
    cell = {(row["before"], row["after"]): row for row in changes}
    rows = tuple(
        (reading.form(b), *(_cell(cell.get((b, a))) for a in after)) for b in before
    )  # fmt: skip
    note = say("Paid once, in million USD (journeys, bases opened and closed), and months until it is done. From the "
               "row to the column. By a rule, not a plan: keep what the form may use and has work for, add what its "
               "tasks lack, close what nobody stands at.")  # fmt: skip
    parts: list[Part] = [
        Words(say("The forms are mission models of the norms, most of them recalled families of task; the political "
                  "mission (civilians: good offices, elections, human rights, transition planning) is our reading.")),
        Table(say("From one form to another"), "l" + "r" * len(after),
              (say("From the form"), *(reading.form(a) for a in after)), rows, note),
        _from_today(reading, [row for row in changes if row["before"] == "today"]),
    ]  # fmt: skip
    return Section("forms", say("Start-up and change of form"), tuple(parts))


def _cell(row: Row | None) -> str:
    return NOTHING if row is None else f"{millions(row['once_usd'])}\n{months_told(row['months'])}"


def _from_today(reading: TransitionReading, rows: list[Row]) -> Table:
    headings = (say("To"), say("Comes"), say("Goes"), say("Bases"), say("Once"), say("A month before"),
                say("A month after"), say("Time"))  # fmt: skip
    listed = tuple(
        (reading.form(row["after"]), _moved(reading, row["come"], row["persons_come"]),
         _moved(reading, row["go"], row["persons_go"]), f"+{len(row['opens'])} −{len(row['closes'])}",
         money(row["once_usd"]), money(row["before_usd"]), money(row["after_usd"]), months_told(row["months"]))
        for row in rows
    )  # fmt: skip
    lacking = [row for row in rows if row["guards_lacking"]]
    note = say("A month: units and bases, without the fixed part.")
    if lacking:
        guards = say("{form} lacks {count} {count:person|persons} to guard its bases: others must.",
                     form=reading.form(lacking[0]["after"]), count=whole(lacking[0]["guards_lacking"]))  # fmt: skip
        note = say("{before} {next}", before=note, next=guards)
    return Table(say("From what stands today"), "lllsrrrr", headings, listed, note)


def _moved(reading: TransitionReading, units: Row, persons: int) -> str:
    if not units:
        return NOTHING
    return say("{count} {count:person|persons}: {units}", count=whole(persons), units=reading.units(units))


def grounds(reading: TransitionReading) -> Section:
    """Say what the transition rests on: notes, what is not verified, limits."""
    rows = tuple(
        (
            _stated(row["what"]),
            row["name"],
            status_name(row["status"]),
            say(row["reason"]) if row["reason"] else NOTHING,
        )
        for row in reading.record["unverified"]
    )
    parts: list[Part] = [Words(said(note)) for note in reading.record["notes"]]
    if rows:
        headings = (say("What"), say("Name"), say("How well known"), say("Reason"))
        parts.append(Table(say("Stated by the transition and not verified"), "slsl", headings, rows))
    parts.append(_norms(reading))
    parts += [
        Words(say("An actor is a share of the work, not units on the ground: where it stands, whether people trust it, "
                  "and whether it does harm itself are outside the model.")),
        Words(say("A return is priced as if the same units could be had again and the same ground entered again: "
                  "consent, trust and markets may not come back.")),
    ]  # fmt: skip
    return Section("grounds", say("What this rests on"), tuple(parts))


def _stated(what: str) -> str:
    return {"reserve": say("Reserve"), "site_limit": say("Limit on sites")}.get(what) or spoken(what)


def _goals(reading: TransitionReading) -> Table:
    headings = (say("Goal"), say("Reached"), say("Bound"), say("Gap"))
    rows = tuple(
        (say(row["title"]), measure(row["objective"], row["unit"]), measure(row["bound"], row["unit"]),
         percent(row["gap"], 2))
        for row in reading.record["tiers"]
    )  # fmt: skip
    return Table(say("Goals in order"), "lrrr", headings, rows)


def _norms(reading: TransitionReading) -> Table:
    headings = (say("Norm"), say("Value"), say("Range"), say("How well known"))
    rows = tuple(
        (say(row["meaning"]), with_unit(row["value"], row["unit"]),
         span(plain(row["low"]), plain(row["high"])) if row["low"] else NOTHING, status_name(row["status"]))
        for row in reading.record["norms"]
    )  # fmt: skip
    return Table(say("Norms that returning and changing form rest on"), "lrrs", headings, rows)


def provenance(reading: TransitionReading) -> Section:
    """Say what the plan was made from and how good it is proven to be."""
    made = reading.record["provenance"]
    options = made["options"]
    rows = (
        (say("Hash of the mission planned"), str(reading.record["input_hash"])[:16]),
        (say("Hash of the norms"), str(made["norms_hash"])[:16]),
        (say("Version"), f"bluehelm {made['bluehelm']}"),
        (say("Solver"), str(made["solver"])),
        (say("Seed"), str(options["seed"])),
        (say("Gap asked for"), percent(options["gap"], 2)),
    )
    return Section("proof", say("Proof and origin"), (
        Words(proof_told(reading)),
        _goals(reading),
        Table(say("Made from"), "ss", (say("What"), say("Value")), rows),
    ))  # fmt: skip
