"""The sections of the report on liquidity."""

from __future__ import annotations

from bluehelm.reports.liquidity.names import behaviour_meaning, behaviour_name, payer_name
from bluehelm.reports.liquidity.rates import rates_and_sources
from bluehelm.reports.liquidity.summary import Record, exhausted_sentence, one_account
from bluehelm.reports.names import status_name
from bluehelm.reports.numbers import chance, decimal, millions, month_name, plain
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.words import say


def cash(record: Record) -> Section:
    """Show cash by month, and how sure it is."""
    rows = tuple(
        (
            month_name(row["month"]), millions(row["letters_usd"]), millions(row["receipts_usd"]["mean"]),
            millions(row["spending_usd"]), millions(row["net_usd"]["q10"]), millions(row["net_usd"]["q50"]),
            millions(row["net_usd"]["q90"]), decimal(row["months_in_hand"]["q50"]), millions(row["owed_usd"]["q90"]),
            chance(row["exhausted_by_share"]),
        )
        for row in record["by_month"]
    )  # fmt: skip
    headings = (
        say("Month"), say("Asked by letters"), say("Received, mean"), say("Spent"), say("Cash, worst tenth"),
        say("Cash, median"), say("Cash, best tenth"), say("Months of cash, median"), say("Owed, worst tenth"),
        say("Exhausted by then"),
    )  # fmt: skip
    note = say("Million USD at the end of the month. Cash below 0 is owed to contributors, then borrowed. Months of "
               "cash: cash in hand over mean monthly spending.")  # fmt: skip
    parts = (
        Words(exhausted_sentence(record)),
        Shown("cash"),
        Shown("in_and_out"),
        Table(say("Cash by month"), "srrrrrrrrr", headings, rows, note),
    )
    return Section("cash", say("Cash by month"), parts)


def side_by_side(record: Record) -> Section | None:
    """Show missions beside each other, and all as one account; None where there is one mission only."""
    if "side_by_side" not in record:
        return None
    found = record["side_by_side"]
    named = [(one["mission"], one["by_month"]) for one in found["missions"]]
    named.append((say("All from one account"), found["pooled"]["by_month"]))
    rows = tuple(
        (
            name, millions(sum(row["letters_usd"] for row in months)),
            millions(min(row["net_usd"]["q10"] for row in months)),
            millions(min(row["net_usd"]["q50"] for row in months)), millions(months[-1]["net_usd"]["q50"]),
            millions(max(row["owed_usd"]["q90"] for row in months)), chance(months[-1]["exhausted_by_share"]),
        )
        for name, months in named
    )  # fmt: skip
    headings = (say("Mission"), say("Asked by letters"), say("Lowest cash, worst tenth"), say("Lowest cash, median"),
                say("Cash at the end, median"), say("Most owed, worst tenth"), say("Exhausted"))  # fmt: skip
    note = say("Million USD, in the same futures of payments. Unpaid money from before is left out here.")
    parts = (Words(one_account(record)), Table(say("Missions side by side"), "lrrrrrr", headings, rows, note))
    return Section("side_by_side", say("Missions side by side"), parts)


def payers(record: Record) -> Section:
    """Show the largest payers: what they owe, and what a month would do."""
    rows = tuple(
        (
            payer_name(row["payer"]), decimal(row["rate_pct"], 4), behaviour_name(row["behaviour"]),
            millions(row["assessed_usd"]), millions(row["arrears_worst_month_usd"]["mean"]),
            millions(row["arrears_end_usd"]["mean"]), millions(row["arrears_end_usd"]["q90"]),
            millions(row["earlier"]["cash_worst_month_usd"]), chance(row["earlier"]["exhausted_share"]),
        )
        for row in record["payers"]
    )  # fmt: skip
    headings = (
        say("Payer"), say("Rate (%)"), say("Pays"), say("Assessed"), say("Owes in the worst month, mean"),
        say("Owes at the end, mean"), say("Owes at the end, worst tenth"), say("A month earlier adds"),
        say("Exhausted then"),
    )  # fmt: skip
    note = say("Million USD. A month earlier: every letter of this payer alone is paid a month sooner, never before "
               "it is sent; what it adds to cash in the worst month on average, and the chance of exhaustion that is "
               "left.")  # fmt: skip
    ways = tuple(
        (behaviour_name(row["behaviour"]), str(row["payers"]), decimal(row["rate_pct"], 2),
         behaviour_meaning(row["behaviour"]))
        for row in record["behaviours"]
    )  # fmt: skip
    parts = (
        Shown("payers"),
        Table(say("The ten largest payers"), "lrlrrrrrr", headings, rows, note),
        Table(say("Ways to pay"), "lrrl", (say("Pays"), say("Payers"), say("Rate (%)"), say("How")), ways),
    )
    return Section("payers", say("Payers"), parts)


def limits(record: Record) -> Section:
    """Say what the figures rest on and leave out."""
    rows = tuple(
        (row["key"], plain(row["value"]), status_name(row["status"]), row["reason"])
        for row in record["norms_used"]
        if row["status"] != "verified" or row["amended"]
    )
    told = (
        *rates_and_sources(record),
        say("A payer does in a fiscal year with all letters the same, and payers are late independently of each other: "
            "a common shock, such as a crisis that delays many budgets at once, is not drawn."),
        say("What is not paid within the way drawn stays owed to the end; arrears that are settled years later are not "
            "drawn."),
        say("Debt to contributors is bounded by the stated limit alone, and not by what contributors are due each "
            "month."),
    )  # fmt: skip
    table = Table(say("Assumed, or not verified"), "llsl",
                  (say("Norm"), say("Value"), say("Status"), say("Reason or source")), rows)  # fmt: skip
    return Section("limits", say("What it rests on"), (*(Words(one) for one in told), table))


def provenance(record: Record) -> Section:
    """List what the figures were made from."""
    made = record["provenance"]
    rows = (
        (say("Hash of the mission"), made["input_hash"]),
        (say("Hash of the payers"), made["payers_hash"]),
        (say("Hash of the norms"), made["norms_hash"]),
        (say("Version of bluehelm"), made["bluehelm"]),
        (say("Seed of the random numbers"), str(made["asked"]["seed"])),
        (say("Futures"), f"{made['asked']['futures']:,}"),
    )
    told = Words(say("The same mission, payers, norms and seed give the same figures."))
    table = Table(say("How the figures were made"), "sl", (say("What"), say("Value")), rows)
    return Section("provenance", say("Provenance"), (told, table))
