"""The first page on liquidity: when the money comes, how long it lasts, and who makes the difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bluehelm.reports.liquidity.names import payer_name
from bluehelm.reports.liquidity.rates import rates_told
from bluehelm.reports.numbers import chance, decimal, money, month_name, percent, span, together
from bluehelm.reports.section import Line, Summary, Tile
from bluehelm.words import say

Record = Mapping[str, Any]
SMALL_USD = 5e4


def summary_of_liquidity(record: Record) -> Summary:
    """Tell on one page when the money comes and what its lateness does, in the language in use."""
    worst = worst_of(record)
    lines = [
        Line(say("Cash"), _cash(record, worst)),
        Line(say("Owed to contributors"), _owed(record, worst)),
        Line(say("Exhausted"), exhausted_sentence(record)),
        Line(say("One account"), one_account(record)),
        Line(say("Payers"), _payers(record)),
        Line(say("Rates"), rates_told(record)),
        Line(say("A month earlier"), _earlier(record)),
        Line(say("Taken to be so"), notes_told(record)),
        Line(say("What this is not"), say(
            "Futures of payments are drawn from published shares and assumptions, which the report lists; no State "
            "has told when it will pay. They say what lateness does, not who will be late.")),
    ]  # fmt: skip
    return Summary(
        say("When the money comes: {mission}", mission=record["mission"]),
        say("{months} {months:month|months} from {first}; {payers} {payers:payer|payers}, {futures} "
            "{futures:future|futures} of payments; {assessed} assessed.",
            months=record["months"], first=month_name(record["first_month"]), payers=record["payers_count"],
            futures=f"{record['futures']:,}", assessed=money(record["assessed_usd"])),
        (
            Tile(month_name(record["worst_month"]), say("Worst month"),
                 say("cash and limits left are least in the worst tenth of futures")),
            Tile(decimal(worst["months_in_hand"]["q50"]), say("Months of cash then"), say("median of futures")),
            Tile(chance(record["by_month"][-1]["exhausted_by_share"]), say("Chance of exhaustion"),
                 say("cash, debt and borrowing do not suffice in some month")),
        ),
        tuple(line for line in lines if line.text),
    )  # fmt: skip


def worst_of(record: Record) -> Record:
    """Return the row of the worst month."""
    found: Record = next(row for row in record["by_month"] if row["month"] == record["worst_month"])
    return found


def signed_money(usd: float) -> str:
    """Write an amount that may be below nothing."""
    return money(0.0 if abs(usd) < SMALL_USD else usd)


def _cash(record: Record, worst: Record) -> str:
    net = worst["net_usd"]
    last = record["by_month"][-1]["in_hand_usd"]["q50"]
    return say(
        "In the worst month, {month}, cash less what is owed and borrowed lies between {low} and {high} in 80 of 100 "
        "futures. At the end {last} are in hand in the median future.",
        month=month_name(worst["month"]), low=signed_money(net["q10"]), high=signed_money(net["q90"]),
        last=money(last),
    )  # fmt: skip


def _owed(record: Record, worst: Record) -> str:
    most = max(record["by_month"], key=lambda row: row["owed_usd"]["q90"])
    if most["owed_usd"]["q90"] < SMALL_USD:
        return say("In 90 of 100 futures nothing has to stay owed to contributors in any month.")
    return say(
        "In {month} {median} stay owed to contributors in the median future, and {high} or more in one of ten: that "
        "debt is the buffer.",
        month=month_name(most["month"]), median=money(most["owed_usd"]["q50"]), high=money(most["owed_usd"]["q90"]),
    )  # fmt: skip


def exhausted_sentence(record: Record) -> str:
    """Say how likely it is that nothing is left to pay with."""
    by_end = record["by_month"][-1]["exhausted_by_share"]
    if by_end == 0:
        return say("In none of the futures do cash, debt to contributors and borrowing fail to suffice.")
    first = next(row for row in record["by_month"] if row["exhausted_by_share"] > 0)
    return say(
        "In {share} of the futures cash, debt to contributors and borrowing do not suffice in some month; the earliest "
        "is {month}.",
        share=percent(by_end, 1), month=month_name(first["month"]),
    )  # fmt: skip


def one_account(record: Record) -> str:
    """Say what it would do if missions simulated side by side paid from one account."""
    if "side_by_side" not in record:
        return ""
    found = record["side_by_side"]
    shares = [one["by_month"][-1]["exhausted_by_share"] for one in found["missions"]]
    return say(
        "{count} missions side by side: at worst {apart} of the futures exhaust one of them ({mission}) when each pays "
        "for itself; were all paid from one account, {pooled} would exhaust it.",
        count=len(shares), apart=percent(max(shares), 1),
        mission=found["missions"][shares.index(max(shares))]["mission"],
        pooled=percent(found["pooled"]["by_month"][-1]["exhausted_by_share"], 1),
    )  # fmt: skip


def _payers(record: Record) -> str:
    owing = max(record["payers"], key=lambda row: row["arrears_worst_month_usd"]["mean"])
    received = record["received_usd"]
    asked = record["assessed_usd"] + record["unpaid_before_usd"]
    low, high = (percent(received[q] / asked, 0) if asked else percent(0.0, 0) for q in ("q10", "q90"))
    return say(
        "{span} of what is asked comes in within these months in 80 of 100 futures. Of the ten largest payers "
        "{payer} owes most in the worst month: {owed} on average.",
        span=span(low, high), payer=payer_name(owing["payer"]), owed=money(owing["arrears_worst_month_usd"]["mean"]),
    )  # fmt: skip


def _earlier(record: Record) -> str:
    best = max(record["payers"], key=lambda row: row["earlier"]["cash_worst_month_usd"])
    gain = best["earlier"]["cash_worst_month_usd"]
    if gain < SMALL_USD:
        return say("That one of the ten largest payers pays a month earlier would add nothing in the worst month.")
    return say(
        "If {payer} paid each letter a month earlier, the worst month would have {gain} more on average: the most of "
        "the ten largest payers.",
        payer=payer_name(best["payer"]), gain=money(gain),
    )  # fmt: skip


def notes_told(record: Record) -> str:
    """Say what was taken to be so where the mission does not say it."""
    told = {
        "assessed_as_received": say("No appropriation is given: what the budget lists as receipts is assessed in the "
                                    "same months."),
        "conditions_left_out": say("Budget lines that hang on a condition are left out."),
        "taken_as_renewed": say("Where the mandate ends before an appropriation does, it is taken to be renewed, and "
                                "the rest is assessed then."),
    }  # fmt: skip
    found = [told[kind] for kind, _ in record["notes"] if kind in told]
    if record["spending_from"] == "budget":
        found.append(say("Each appropriation is spent evenly over its months."))
    return together(*found)
