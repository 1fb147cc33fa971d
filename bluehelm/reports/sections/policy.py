"""What a plan over futures asks of those who carry it out: what is done anyhow, what on which sign, what is kept."""

from __future__ import annotations

from collections.abc import Sequence

from bluehelm.adaptation.policy import LEAST_EITHER_WAY, Policy, Trigger
from bluehelm.adaptation.policy_judged import LEAST_EXPLAINED, LEAST_NODES
from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.flags import LAGS, PRESENCE, flag
from bluehelm.reports.numbers import month_name, percent, together, whole
from bluehelm.reports.policy_words import deed_words, keep_sentence, sign_words, trigger_sentence
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Line, Section, Table, Words
from bluehelm.words import say

MOST_ROWS = 40

Part = Table | Words


def policy(reading: Reading, extras: ReportExtras) -> Section | None:
    """Tell the policy of a plan over futures; None for a plan that was not asked for one."""
    if extras.policy is None:
        return None
    listed = extras.policy.triggers
    ruled = [one for one in listed if one.signs]
    open_ = [one for one in listed if not one.explained]
    follow = [one for one in listed if one.explained and not one.signs and not one.everywhere]
    parts: list[Part] = [
        Words(_intro(extras.policy)),
        *_stopped(reading),
        *_knowing_less(reading),
        *_anyhow(reading, [one for one in listed if one.everywhere]),
        *_table(reading, say("What depends on what is seen"), ruled),
        *_table(reading, say("What follows wherever it can still be done"), follow),
        *_table(reading, say("What no rule explains"), open_),
        *_kept(reading, extras.policy),
    ]
    if not ruled and not open_ and not follow:
        parts.append(Words(say("No decision differs between the futures: the plan is the same in all of them.")))
    flagged = flag(reading, extras, tables=("areas", "nodes"), norms=(*PRESENCE, *LAGS))
    return Section("policy", say("The plan as a policy"), tuple(parts), flagged)


def _intro(told: Policy) -> str:
    read_from = (
        say("Deaths are those that the futures of each node have seen in the stage before it.")
        if told.knows_before
        else say("The tree does not say what its nodes have seen, so what is known of violence is what the plan "
                 "reckons with in the stage before, and what is expected from the month of the decision on: a "
                 "forecast has to tell that.")
    )  # fmt: skip
    return say(
        "These sentences are advice, read from the plan and from nothing else. For each decision that is taken in "
        "some nodes of a month and not in others, the simplest rule on what is known by then was sought: one sign "
        "first, then two. It is given if it gets right at least {least} of what always the commoner choice would get "
        "wrong. “Holds in” is the share of the futures where the decision could be taken, by their chance, in which "
        "rule and plan agree, counted on the nodes from which the rule was read; “found without them” counts it where"
        " some nodes are held back while the rule is sought, and it is tried on those. Rules that rest on fewer than "
        "{nodes} nodes, or on fewer than {either} that go one of the two ways, are indicative. {read_from}",
        least=percent(LEAST_EXPLAINED, 0), nodes=LEAST_NODES, either=LEAST_EITHER_WAY, read_from=read_from,
    )  # fmt: skip


def _stopped(reading: Reading) -> list[Words]:
    """Say where the plan itself is far from its bound: rules describe the plan that was found."""
    if reading.plan.status == "within_gap" or not reading.plan.tiers:
        return []
    told = say(
        "The search was stopped with a largest gap of {gap}: rules describe the plan that was found, and a better one "
        "may tell futures apart otherwise.",
        gap=percent(reading.plan.gap, 1),
    )
    return [Words(told)]


def _knowing_less(reading: Reading) -> list[Part]:
    """Say where decisions were planned knowing less than their node: rules do not know that."""
    options = reading.plan.provenance.get("options")
    if not isinstance(options, dict) or not options.get("information"):
        return []
    return [Words(say("Some decisions were planned knowing less than what has happened by then. Rules rest on all that "
                      "has happened: hold each against what is known in time."))]  # fmt: skip


def _anyhow(reading: Reading, listed: Sequence[Trigger]) -> list[Part]:
    months = dict.fromkeys(one.month for one in listed)
    rows = tuple(
        (month_name(month), say("; ").join(deed_words(reading, one) for one in listed if one.month == month))
        for month in months
    )
    headings = (say("Month"), say("What is done"))
    return [Table(say("Done in every future"), "sl", headings, rows)] if rows else []


def _table(reading: Reading, caption: str, listed: Sequence[Trigger]) -> list[Part]:
    rows = tuple(
        (trigger_sentence(reading, one), whole(one.nodes_taken), whole(one.nodes), whole(one.futures),
         _remark(reading, one, near_end=one.near_end and not all(other.near_end for other in listed)))
        for one in sorted(listed, key=lambda one: (one.month, one.indicative, -one.agreement * one.chance))[:MOST_ROWS]
    )  # fmt: skip
    headings = (say("Rule"), say("Nodes that do it"), say("Nodes asked"), say("Futures"), say("Remark"))
    left = len(listed) - len(rows)
    notes = [say("{count} more stand in policy.json.", count=left)] if left > 0 else []
    if all(one.near_end for one in listed):
        notes.append(say("All of these lie closer to the end of the plan than its slowest delay: nothing after them "
                         "corrects them."))  # fmt: skip
    note = together(*notes)
    return [Table(caption, "lrrrl", headings, rows, note)] if rows else []


def _remark(reading: Reading, one: Trigger, *, near_end: bool) -> str:
    said = [say("indicative")] if one.indicative else []
    if near_end:
        said.append(say("near the end: nothing corrects it"))
    if one.signs and one.alternatives:
        said.append(say("other signs that tell as well: {count}", count=whole(one.alternatives)))
    if one.signs and one.also is not None:
        said.append(say("for example if {sign}", sign=sign_words(reading, one.also, one)))
    return say("; ").join(said)


def _kept(reading: Reading, told: Policy) -> list[Part]:
    if not told.keeps:
        return [Words(say("No site and no unit stays in every future beyond the first decision."))]
    rows = tuple((keep_sentence(reading, keep),) for keep in told.keeps[:MOST_ROWS])
    left = len(told.keeps) - len(rows)
    note = say("{count} more stand in policy.json.", count=left) if left > 0 else ""
    return [Table(say("What every future keeps"), "l", (say("Kept"),), rows, note)]


def policy_lines(reading: Reading, extras: ReportExtras) -> tuple[Line, ...]:
    """Tell the policy on the first page: how many decisions depend on what is seen, and the first of them."""
    told = extras.policy
    if told is None:
        return ()
    ruled = [one for one in told.triggers if one.signs]
    differing = [one for one in told.triggers if not one.everywhere]
    if not differing:
        text = together(say("No decision differs between the futures."), *(part.text for part in _stopped(reading)))
        return (Line(say("Policy"), text),)
    text = say(
        "Decisions that differ between futures: {count}; told by a rule on what is seen: {told}, explained by no rule: "
        "{unsaid}.",
        count=len(differing), told=len(ruled), unsaid=sum(not one.explained for one in told.triggers),
    )  # fmt: skip
    surest = [one for one in ruled if not one.indicative] or ruled
    if surest:
        one = max(surest, key=lambda rule: (rule.agreement * rule.chance, -len(rule.signs)))
        text = say("{before} {next}", before=text, next=trigger_sentence(reading, one))
        text = say("{before} Indicative: it rests on few nodes.", before=text) if one.indicative else text
    return (Line(say("Policy"), text),)
