"""The report on a plan under late payments: in how many futures it is paid, and what lateness costs in protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bluehelm.reports.figures import liquidity as drawn
from bluehelm.reports.liquidity.names import behaviour_name, payer_name
from bluehelm.reports.liquidity.rates import rates_told
from bluehelm.reports.numbers import NOTHING, decimal, millions, money, month_name, percent, together
from bluehelm.reports.page import render_page
from bluehelm.reports.section import Figure, Line, Section, Shown, Summary, Table, Tile, Words, figures_of
from bluehelm.words import say, speaking

Record = Mapping[str, Any]
NO_DEATHS = 0.05
# Receipts needed within so much of what holds are taken to bind.
BINDS = 0.01


def plan_page(record: Record, *, language: str = "en") -> str:
    """Return the report as HTML; the same record and language give the same bytes."""
    with speaking(language):
        sections = [receipts(record), protection(record), provenance(record)]
        return render_page(say("Plan under late payments"), summary_of_held_plan(record), sections, _figures(record))


def summary_of_held_plan(record: Record) -> Summary:
    """Tell on one page in how many futures the plan is paid, and what late payments cost in protection."""
    lines = [
        Line(say("Holds"), holds_sentence(record)),
        Line(say("Late payments"), _late(record)),
        Line(say("A month earlier"), _earlier(record)),
        Line(say("Rates"), rates_told(record)),
        Line(say("How sure"), _sure(record)),
        Line(say("What this is not"), say(
            "Deaths averted are expected deaths that a presence in reach can answer in time, by the model: no forecast "
            "of lives saved. Futures of payments rest on published shares and assumptions, not on what States have "
            "told.")),
    ]  # fmt: skip
    punctual = record["punctual"]["averted"]
    return Summary(
        say("A plan under late payments: {mission}", mission=record["mission"]),
        say("{months} {months:month|months} from {first}; {payers} {payers:payer|payers}, {futures} "
            "{futures:future|futures} of payments; {assessed} assessed.",
            months=record["months"], first=month_name(record["first_month"]), payers=record["payers_count"],
            futures=f"{record['futures']:,}", assessed=money(record["assessed_usd"])),
        (
            Tile(percent(record["plan_holds_share"]), say("Futures in which the plan is paid"),
                 say("asked: {hold}", hold=percent(record["hold"], 0))),
            Tile(decimal(record["plan"]["deaths"]), say("Deaths not answered"), say("by this plan")),
            Tile(decimal(punctual), say("Deaths that late payments cost"), say("beside a plan with punctual payments")),
        ),
        tuple(line for line in lines if line.text),
    )  # fmt: skip


def holds_sentence(record: Record) -> str:
    """Say in how many futures the plan is paid, counted again."""
    return say(
        "The plan is paid at the end of every node in {count} of {futures} futures of payments ({share}); {hold} were "
        "asked for. Counted again from its deeds in all of them.",
        count=f"{record['plan_holds_futures']:,}", futures=f"{record['futures']:,}",
        share=percent(record["plan_holds_share"]), hold=percent(record["hold"], 0),
    )  # fmt: skip


def _late(record: Record) -> str:
    averted = record["punctual"]["averted"]
    if averted < NO_DEATHS:
        none = say("Punctual payments by all would let the planner answer no more deaths than this plan does, as far "
                   "as was found.")  # fmt: skip
        return together(none, _spare(record))
    return say(
        "Were every letter paid within the term, {averted} {averted:death|deaths} more could be answered than under "
        "receipts that hold in {hold} of the futures: {deaths} would stay unanswered instead of {now}.",
        averted=decimal(averted), hold=percent(record["hold"], 0), deaths=decimal(record["punctual"]["deaths"]),
        now=decimal(record["plan"]["deaths"]),
    )  # fmt: skip


def _spare(record: Record) -> str:
    """Say where lateness is taken up by what is in hand and may stay owed."""
    if any(row["receipts_usd"] > (1 - BINDS) * _path_at(record, row["month"]) for row in record["needed"]):
        return ""
    return say("At the end of every node the plan needs less than what holds: cash in hand and debt to contributors "
               "take the lateness up.")  # fmt: skip


def _earlier(record: Record) -> str:
    rows = record["earlier"]
    best = max(rows, key=lambda row: row["averted"], default=None)
    if best is None:
        return ""
    if best["averted"] < NO_DEATHS:
        return say("Of the {count} largest payers none alone would buy protection by paying a month earlier, as far as "
                   "was found.", count=len(rows))  # fmt: skip
    return say(
        "If {payer} paid each letter a month earlier, {averted} {averted:death|deaths} more could be answered: the "
        "most of the {count} largest payers.",
        payer=payer_name(best["payer"]), averted=decimal(best["averted"]), count=len(rows),
    )  # fmt: skip


def _sure(record: Record) -> str:
    told = [say("Plans end at a gap or a limit of time: what is proven at most stands beside what was found.")]
    stopped = [record["plan"], record["punctual"], *record["earlier"]]
    if any(one["status"] != "within_gap" for one in stopped):
        told.append(say("Some plans were stopped before the asked gap was reached; more seconds may find more."))
    if record["scales_set_aside"]:
        told.append(say("What the tree of futures says of receipts (receipts_scale) is set aside: the futures of "
                        "payments take its place."))  # fmt: skip
    return together(*told)


def receipts(record: Record) -> Section:
    """Show the path of receipts that holds, what the plan needs of it, and why months alone do not do."""
    alone = say(
        "Cash is judged at the end of each node. The same percentile of each such month by itself would not do: only "
        "{share} of the futures keep to it in all of them. The path below is kept to in all of them by {path} of the "
        "futures, and in none can it be raised, the others left as they are, without that share falling below {hold}.",
        share=percent(record["each_month_alone_holds_share"]), path=percent(record["path_holds_share"]),
        hold=percent(record["hold"], 0),
    )  # fmt: skip
    rows = tuple(
        (row["node"], month_name(row["month"]), millions(max(row["receipts_usd"], 0.0)),
         millions(_path_at(record, row["month"])))
        for row in record["needed"]
    )  # fmt: skip
    headings = (say("Node"), say("Until the end of"), say("Receipts that the plan needs"), say("Receipts that hold"))
    note = say("Million USD since the start. Needed: what is spent, and at the end the way home, less opening cash and "
               "what may be owed and borrowed then.")  # fmt: skip
    parts = (Words(holds_sentence(record)), Words(alone), Shown("path"),
             Table(say("Receipts needed, and receipts that hold"), "lsrr", headings, rows, note))  # fmt: skip
    return Section("receipts", say("Receipts that hold"), parts)


def months_of(record: Record) -> list[str]:
    """List the months, as 2017-01."""
    from bluehelm.mission.months import Month

    first = Month.parse(record["first_month"])
    return [str(first + t) for t in range(record["months"])]


def _path_at(record: Record, month: str) -> float:
    return float(record["path_usd"][months_of(record).index(month)])


def protection(record: Record) -> Section:
    """Show what punctual or earlier payments would buy."""
    rows = [(say("This plan"), "", NOTHING, decimal(record["plan"]["deaths"], 2), NOTHING, NOTHING)]
    rows.append((say("All pay within the term"), "", NOTHING, *_gains(record["punctual"])))
    rows += [
        (
            say("{payer}, a month earlier", payer=payer_name(row["payer"])),
            behaviour_name(row["behaviour"]), millions(row["receipts_worst_usd"]), *_gains(row),
        )
        for row in record["earlier"]
    ]  # fmt: skip
    headings = (say("Payments"), say("Pays"), say("More receipts that hold, at most (million USD)"),
                say("Deaths not answered"), say("Averted, as found"), say("Averted, at most"))  # fmt: skip
    note = say("Each row is a plan of its own under the receipts that hold then. At most: proven by the bound of that "
               "plan; a dash where nothing is proven.")  # fmt: skip
    parts = (Words(_late(record)), Words(_earlier(record) or _sure(record)),
             Table(say("What payments would buy"), "llrrrr", headings, tuple(rows), note))  # fmt: skip
    return Section("protection", say("What lateness costs in protection"), parts)


def _gains(row: Record) -> tuple[str, str, str]:
    most = row["averted_most"]
    return decimal(row["deaths"], 2), decimal(row["averted"], 2), NOTHING if most is None else decimal(most, 2)


def provenance(record: Record) -> Section:
    """List what the figures were made from."""
    made = record["provenance"]
    asked = made["asked"]
    rows = (
        (say("Hash of the mission"), made["input_hash"]),
        (say("Hash of the mission as planned"), made["planned_hash"]),
        (say("Hash of the payers"), made["payers_hash"]),
        (say("Hash of the norms"), made["norms_hash"]),
        (say("Version of bluehelm"), made.get("bluehelm", "")),
        (say("Seed of the random numbers"), str(asked["seed"])),
        (say("Gap asked"), percent(asked["gap"], 2)),
    )
    table = Table(say("How the figures were made"), "sl", (say("What"), say("Value")), rows)
    return Section("provenance", say("Provenance"), (table,))


def _figures(record: Record) -> Mapping[str, Figure]:
    spec = drawn.receipts_so_far(months_of(record), record)
    return figures_of(
        ("path", spec, say("Receipts since the start, million USD"),
         say("A band of futures by month, the path that holds, and what the plan needs at the end of its nodes.")),
    )  # fmt: skip
