"""The first page of an adapted plan: what changes now, what can wait, what is lost, what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from bluehelm.reports.adapt.names import arm_name, deed_sentence
from bluehelm.reports.adapt.reading import ADAPTED, BEFORE, HELD, PROPORTIONAL, ROUNDING, Adaptation, Deed
from bluehelm.reports.extras import read
from bluehelm.reports.numbers import NOTHING, decimal, listing, millions, month_name, percent, signed, together
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Line, Summary, Tile
from bluehelm.reports.tiers import gaps_sentence
from bluehelm.words import say

MOST_DEEDS = 6
MOST_AREAS = 3


def summary_of_adaptation(told: Adaptation) -> Summary:
    """Tell an adapted plan on one page, in the language in use."""
    reading = Reading(told.plan)
    lines = [
        Line(say("What happened"), together(*(read(shock) for shock in told.shocks)) or say("No shock was given.")),
        Line(say("This month"), this_month(reading, told)),
        Line(say("Can wait"), can_wait(reading, told)),
        Line(say("Lost"), lost(told)),
        Line(say("Cost"), cost(told)),
        Line(say("Changes"), changes(told)),
        Line(say("Proof"), gaps_sentence(told.plan)),
    ]
    return Summary(
        say("Adapted from {month}: {mission}", month=month_name(told.from_month),
            mission=told.plan.mission.setting.name),
        say("What was decided before {month} stands; from then on the plan is made anew in the Council's order and "
            "moves nothing without a gain.", month=month_name(told.from_month)),
        tuple(_tile(told, name) for name in (ADAPTED, HELD, PROPORTIONAL, BEFORE)),
        tuple(line for line in lines if line.text),
    )  # fmt: skip


def _tile(told: Adaptation, name: str) -> Tile:
    arm = told.arm(name)
    if arm is None:
        return Tile(NOTHING, arm_name(name), say("could not be worked out"))
    context = say("of expected harm protected from {month} on", month=month_name(told.from_month))
    if not arm.stands:
        context = say("{context}; breaks limits", context=context)
    return Tile(percent(arm.share), arm_name(name), context)


def changed(deeds: Sequence[Deed]) -> list[Deed]:
    """List the deeds that the plan before would not have done, or not as many."""
    return [deed for deed in deeds if deed.units != deed.before]


def _to_tell(deeds: Sequence[Deed]) -> list[Deed]:
    """Leave out that a unit moves away where it is told where it moves to."""
    return [deed for deed in deeds if deed.deed != "move_out"]


def this_month(reading: Reading, told: Adaptation) -> str:
    """Say what is done in the month in which the first shock is known."""
    if told.kept:
        return say("The plan comes back as it was: nothing was found that is better by more than its own gap.")
    if told.unchanged:
        return say("Nothing changes: every step stays as planned.")
    new = _to_tell([deed for deed in changed(told.now) if deed.units > deed.before])
    dropped, all_now = _to_tell(told.dropped), _to_tell(told.now)
    parts = []
    if new:
        shown = listing((deed_sentence(reading, deed) for deed in new), MOST_DEEDS)
        parts.append(say("New: {list}.", list=shown))
    else:
        parts.append(say("Nothing new is done this month."))
    if dropped:
        shown = listing((deed_sentence(reading, deed) for deed in dropped), MOST_DEEDS)
        parts.append(say("No longer: {list}.", list=shown))
    same = len(all_now) - len(new)
    if same:
        parts.append(say("Other steps of the month that stay as planned: {count}.", count=same))
    return together(*parts)


def can_wait(reading: Reading, told: Adaptation) -> str:
    """Say what need not be decided yet, and until when."""
    later = _to_tell([deed for deed in changed(told.later) if deed.units > deed.before])
    if not later:
        return "" if told.unchanged else say("No later step is new.")
    first = min(deed.decide_by for deed in later)
    soon = [deed for deed in later if deed.decide_by == first]
    shown = listing((deed_sentence(reading, deed) for deed in soon), MOST_DEEDS)
    return say("Later steps that are new: {count}. The first to decide, by {month}: {list}.", count=len(later),
               month=month_name(first), list=shown)  # fmt: skip


def lost(told: Adaptation) -> str:
    """Say what protection is lost, and what it would be without adapting."""
    before, now = told.arm(BEFORE), told.arm(ADAPTED)
    if before is None or now is None:
        return ""
    parts = [
        say("Protected from {month} on: {before} before the shocks, {now} now ({gap} points).",
            month=month_name(told.from_month), before=percent(before.share), now=percent(now.share),
            gap=signed(decimal(100 * (now.share - before.share)))),
    ]  # fmt: skip
    for name in (HELD, PROPORTIONAL):
        arm = told.arm(name)
        if arm is not None:
            values = {"arm": arm_name(name), "share": percent(arm.share)}
            parts.append(say("{arm}: {share}.", **values) if arm.stands else
                         say("{arm}: {share}, but it breaks limits.", **values))  # fmt: skip
    losing = [area for area in told.areas if area.unanswered(ADAPTED) - area.unanswered(BEFORE) > 0.05][:MOST_AREAS]
    if losing:
        names = [
            say("{name} ({deaths})", name=area.name,
                deaths=signed(f"{area.unanswered(ADAPTED) - area.unanswered(BEFORE):,.1f}"))
            for area in losing
        ]  # fmt: skip
        parts.append(say("Areas that lose most, in deaths that nobody answers: {list}.", list=listing(names)))
    return together(*parts)


def cost(told: Adaptation) -> str:
    """Say what the adapted plan costs beside the plan before."""
    before, now = told.arm(BEFORE), told.arm(ADAPTED)
    if before is None or now is None:
        return ""
    gap = now.cost_usd - before.cost_usd
    return say("USD {now} million from {month} on, {gap} million against the plan before the shocks; moves of "
               "units: {moves}.", now=millions(now.cost_usd), month=month_name(told.from_month),
               gap=signed(f"{gap / 1e6:,.1f}"), moves=f"{now.moves:,.0f}")  # fmt: skip


def changes(told: Adaptation) -> str:
    """Say how far the adapted plan is from the plan, and the least that is proven possible."""
    if told.kept or told.changed_unit_months < ROUNDING:
        return ""
    if told.changed_bound <= 0:
        return say("Unit-months and base-months that differ from the plan: {changed}; how few could is not proven.",
                   changed=f"{told.changed_unit_months:,.0f}")  # fmt: skip
    return say("Unit-months and base-months that differ from the plan: {changed}; no plan that reaches as much can "
               "differ by less than {bound}.", changed=f"{told.changed_unit_months:,.0f}",
               bound=f"{told.changed_bound:,.0f}")  # fmt: skip
