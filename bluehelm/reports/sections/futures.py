"""The plan over its futures: how likely, how well protected and how dear each is, and where decisions part."""

from __future__ import annotations

from bluehelm.adaptation.policy import Policy
from bluehelm.adaptation.policy_futures import mean_of_worst
from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.flags import PRESENCE, PRICES, flag
from bluehelm.reports.numbers import NOTHING, chance, decimal, listing, millions, month_name, percent
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Line, Section, Shown, Table, Words
from bluehelm.words import say

MOST_FUTURES, MOST_PARTINGS = 20, 20


def futures(reading: Reading, extras: ReportExtras) -> Section | None:
    """Tell each future of a plan over a tree; None for a plan that was not asked for it."""
    told = extras.policy
    if told is None:
        return None
    parts = (
        Words(_measure(reading, told)), Words(_count(told)), Shown("futures"), _over_all(told),
        _one_by_one(reading, told), *_partings(reading, told),
    )  # fmt: skip
    flagged = flag(reading, extras, tables=("areas", "nodes", "budget"), norms=(*PRESENCE, *PRICES))
    return Section("futures", say("The plan over its futures"), parts, flagged)


def _measure(reading: Reading, told: Policy) -> str:
    """Say over which futures harm was measured when the plan was made."""
    options = reading.plan.provenance.get("options")
    tail = float(options.get("tail", 0.0)) if isinstance(options, dict) else 0.0
    if not tail:
        return say("The plan was made for the mean over all futures, each counted by its chance.")
    if 1 - tail <= min(one.chance for one in told.futures) * (1 + 1e-9):
        return say("The plan was made for the worst future alone: harm is that of the future with most deaths not "
                   "answered.")  # fmt: skip
    return say("The plan was made for the worst {share} of the futures (CVaR): harm is the mean over them.",
               share=_share(1 - tail))  # fmt: skip


def _share(part: float) -> str:
    """Write a share of the futures without figures that it does not have."""
    return f"{round(100 * part, 1):g}%"


def _count(told: Policy) -> str:
    if not told.first_parting:
        return say(
            "It prepares for {count} {count:future|futures} and does the same in all of them.", count=len(told.futures)
        )
    return say(
        "It prepares for {count} {count:future|futures} with {courses} {courses:course|courses} of action. Until "
        "{month} all of them are planned "
        "alike.",
        count=len(told.futures), courses=told.courses, month=month_name(told.first_parting),
    )  # fmt: skip


def _over_all(told: Policy) -> Table:
    worst = say("Worst {share} of the futures", share=_share(1 - told.tail))
    ways = ((say("Mean over all futures"), 0.0), (worst, told.tail), (say("Worst future"), None))
    rows = []
    for name, tail in ways:
        deaths, unanswered = (_over(told, what, tail) for what in ("deaths", "unanswered"))
        protected = percent(1 - unanswered / deaths) if deaths else NOTHING
        rows.append((name, decimal(deaths), decimal(unanswered), protected, millions(_over(told, "cost_usd", tail))))
    headings = (say("Over"), say("Deaths expected"), say("Deaths expected out of reach"), say("Harm protected"),
                say("Cost (million USD)"))  # fmt: skip
    note = say("Deaths and cost are each measured over the futures that are worst in them. Harm protected is one minus "
               "deaths out of reach over all deaths, both so measured, as in the plan's goal.")  # fmt: skip
    return Table(say("Protection and cost over all futures"), "lrrrr", headings, tuple(rows), note)


def _over(told: Policy, what: str, tail: float | None) -> float:
    """Return the mean over the worst futures; over the worst alone where tail is None."""
    values = [float(getattr(one, what)) for one in told.futures]
    if tail is None:
        return max(values)
    return mean_of_worst(values, [one.chance for one in told.futures], tail)


def _one_by_one(reading: Reading, told: Policy) -> Table:
    states = _states(reading, told)
    rows = tuple(
        (one.node_id, chance(one.chance), decimal(one.deaths), decimal(one.unanswered),
         percent(one.protected_share) if one.deaths else NOTHING, millions(one.cost_usd), states[one.node_id])
        for one in told.futures[:MOST_FUTURES]
    )  # fmt: skip
    headings = (say("Future, by its last node"), say("Chance"), say("Deaths expected"),
                say("Deaths expected out of reach"), say("Harm protected"), say("Cost (million USD)"),
                say("What holds at its end"))  # fmt: skip
    left = len(told.futures) - len(rows)
    note = say("Left out: {count} {count:future|futures} with fewer deaths out of reach.", count=left) if left else ""
    caption = say("Futures, the gravest first")
    if not any(states.values()):
        return Table(caption, "srrrrr", headings[:-1], tuple(row[:-1] for row in rows), note)
    return Table(caption, "srrrrrl", headings, rows, note)


def _states(reading: Reading, told: Policy) -> dict[str, str]:
    """Name for each future the conditions, receipts and violence of its last node that do not hold in all of them."""
    ends = {one.node_id for one in told.futures}
    nodes = [node for node in reading.mission.nodes if node.node_id in ends]
    always = set.intersection(*(set(node.conditions) for node in nodes)) if nodes else set()
    found = dict.fromkeys(ends, "")
    for node in nodes:
        said = [name for name in node.conditions if name not in always]
        if node.receipts_scale != 1:
            said.append(say("receipts {share}", share=percent(node.receipts_scale, 0)))
        if node.risk_scale != 1:
            said.append(say("violence × {ratio}", ratio=f"{node.risk_scale:g}"))
        found[node.node_id] = listing(said)
    return found


def _partings(reading: Reading, told: Policy) -> list[Table | Words]:
    if not told.partings:
        return []
    rows = tuple(
        (one.node_id, month_name(one.month), chance(one.chance),
         say("; ").join(listing(way, 4) for way in one.ways[:6]) + (" …" if len(one.ways) > 6 else ""))
        for one in told.partings[:MOST_PARTINGS]
    )  # fmt: skip
    headings = (say("After node"), say("From"), say("Chance"), say("Ways that part, by the nodes that take them"))
    left = len(told.partings) - len(rows)
    note = say("{count} more stand in policy.json.", count=left) if left > 0 else ""
    return [Table(say("Where decisions part"), "ssrl", headings, rows, note)]


def futures_lines(reading: Reading, extras: ReportExtras) -> tuple[Line, ...]:
    """Tell the futures on the first page: the mean, the worst share and the worst of them."""
    told = extras.policy
    if told is None:
        return ()
    text = say(
        "Deaths expected out of reach: {mean} over all futures, {tail} over the worst {share}, {worst} in the worst.",
        mean=decimal(_over(told, "unanswered", 0.0)), tail=decimal(_over(told, "unanswered", told.tail)),
        share=_share(1 - told.tail), worst=decimal(_over(told, "unanswered", None)),
    )  # fmt: skip
    return (Line(say("Over its futures"), say("{before} {next}", before=_count(told), next=text)),)
