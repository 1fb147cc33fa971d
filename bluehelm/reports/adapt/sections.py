"""The sections of an adapted plan's report, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Sequence

from bluehelm.reports.adapt.names import arm_name, deed_name, deed_subject
from bluehelm.reports.adapt.reading import ADAPTED, BEFORE, HELD, PROPORTIONAL, Adaptation, Arm, Deed
from bluehelm.reports.adapt.summary import can_wait, changed, changes, cost, lost, this_month
from bluehelm.reports.extras import ReportExtras, read
from bluehelm.reports.flags import PRESENCE, flag
from bluehelm.reports.numbers import NOTHING, decimal, measure, millions, month_name, percent, signed, together, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Section, Shown, Table, Words, shortened
from bluehelm.reports.sections.norms import norms as norms_of_plan
from bluehelm.reports.sections.proof import proof as proof_of_plan
from bluehelm.reports.tiers import tier_short
from bluehelm.words import say

MOST_ROWS, MOST_AREAS = 40, 15
Part = Words | Shown | Table


def now(told: Adaptation) -> Section:
    """Show what changes in the month in which the first shock is known."""
    reading = Reading(told.plan)
    shocks = tuple(Words(f"• {read(shock)}") for shock in told.shocks)
    parts: list[Part] = [Words(this_month(reading, told)), *shocks]
    rows = [(deed_name(deed), deed_subject(deed) or NOTHING, _site(reading, deed), _as_planned(deed))
            for deed in (*told.now, *(deed for deed in told.dropped if not deed.units))]  # fmt: skip
    if rows:
        headings = (say("Step"), say("Units"), say("Site"), say("Beside the plan"))
        note = say(
            "The most likely future. Whoever leaves is told so in this month and stops work one notice later."
        )  # fmt: skip
        parts.append(Table(say("Steps of {month}", month=month_name(told.from_month)), "llll", headings, tuple(rows),
                           note))  # fmt: skip
    return Section("now", say("What changes this month"), tuple(parts))


def _site(reading: Reading, deed: Deed) -> str:
    return reading.name(deed.site_id) if deed.site_id else NOTHING


def _as_planned(deed: Deed) -> str:
    if deed.units == deed.before:
        return say("as planned")
    if not deed.before:
        return say("new")
    return say("no longer") if not deed.units else say("{before} were planned", before=deed.before)


def later(told: Adaptation) -> Section:
    """Show what can wait, and until when."""
    reading = Reading(told.plan)
    ordered = sorted((deed for deed in changed(told.later)), key=lambda deed: (deed.decide_by, deed.month))
    listed: list[tuple[str, ...]] = [
        (month_name(deed.decide_by), month_name(deed.month), deed_name(deed), deed_subject(deed) or NOTHING,
         _site(reading, deed), _as_planned(deed))
        for deed in ordered
    ]  # fmt: skip
    parts: list[Part] = [Words(can_wait(reading, told) or say("No later step is new."))]
    if listed:
        rows, left_out = shortened(listed, MOST_ROWS)
        headings = (say("Decide by"), say("In effect"), say("Step"), say("Units"), say("Site"), say("Beside the plan"))
        note = say("{count} more {count:row|rows} {count:is|are} in adapt.json.", count=left_out) if left_out else ""
        parts.append(Table(say("Later steps that differ from the plan"), "ssllll", headings, rows, note))
    return Section("later", say("What can wait"), tuple(parts))


def losses(told: Adaptation) -> Section:
    """Show what is lost, by tier and area, with and without adapting."""
    parts: list[Part] = [
        Words(lost(told)),
        Words(say("Held as it is: the plan goes on as if nothing had happened; units of a site that is lost go to the "
                  "nearest base with beds. Cut in proportion: units stay where they stand, and just enough leave, in "
                  "proportion everywhere. Both are measured by the code that measures the adapted plan.")),
        Shown("arms"),
        _tiers(told),
        *_broken(told),
        *(Words(read(text)) for text in told.missing),
        _areas(told),
    ]  # fmt: skip
    flagged = flag(Reading(told.plan), _extras(told), tables=("areas", "units", "sites"), norms=PRESENCE)
    return Section("losses", say("What is lost"), tuple(parts), flagged)


def _shown(told: Adaptation) -> list[Arm]:
    return [arm for name in (BEFORE, HELD, PROPORTIONAL, ADAPTED) if (arm := told.arm(name)) is not None]


def _tiers(told: Adaptation) -> Table:
    arms = _shown(told)
    rows = []
    for tier in told.plan.tiers:
        values = [measure(arm.tiers[tier.name], tier.unit) if tier.name in arm.tiers else NOTHING for arm in arms]
        rows.append((tier_short(tier), *values, measure(tier.bound, tier.unit), percent(tier.gap, 2)))
    headings = (say("Tier, in order"), *(arm_name(arm.name) for arm in arms), say("No adapted plan can do better than"),
                say("Gap"))  # fmt: skip
    note = say("Over the whole plan, what was before included. A bound holds for plans that keep what was decided "
               "before and, for each tier, those above it. An arm that breaks limits may pass it.")  # fmt: skip
    return Table(say("Every tier, with and without adapting"), "l" + "r" * (len(arms) + 2), headings, tuple(rows), note)


def _broken(told: Adaptation) -> Sequence[Part]:
    rows = tuple((arm_name(arm.name), " ".join(read(text) for text in arm.broken)) for arm in told.arms if arm.broken)
    if not rows:
        return ()
    return (Table(say("Limits that are broken"), "ll", (say("Who decides"), say("What it breaks")), rows),)


def _areas(told: Adaptation) -> Table:
    arms = _shown(told)
    rows: list[tuple[str, ...]] = [
        (area.name, decimal(area.deaths_before), decimal(area.deaths),
         *(percent(area.shares[arm.name], 0) for arm in arms),
         signed(f"{area.unanswered(ADAPTED) - area.unanswered(BEFORE):,.1f}"))
        for area in told.areas
    ]  # fmt: skip
    kept, left_out = shortened(rows, MOST_AREAS)
    headings = (say("Area"), say("Deaths expected before"), say("Deaths expected now"),
                *(arm_name(arm.name) for arm in arms), say("More that nobody answers"))  # fmt: skip
    note = say("From {month} on; shares of the expected deaths that are protected.", month=month_name(told.from_month))
    if left_out:
        note = together(note, say("{count} more {count:row|rows} {count:is|are} in adapt.json.", count=left_out))
    return Table(say("Areas, those that lose most first"), "lrr" + "r" * len(arms) + "r", headings, kept, note)


def costs(told: Adaptation) -> Section:
    """Show what it costs."""
    rows = tuple(
        (arm_name(arm.name), millions(arm.cost_usd), millions(arm.total_cost_usd), whole(arm.moves),
         whole(arm.unmet_hours))
        for arm in _shown(told)
    )  # fmt: skip
    headings = (say("Who decides"), say("From {month} on (million USD)", month=month_name(told.from_month)),
                say("Whole plan (million USD)"), say("Unit moves"), say("Hours of work not done"))  # fmt: skip
    parts: list[Part] = [
        Words(cost(told)),
        Table(say("Cost, moves and work, with and without adapting"), "lrrrr", headings, rows),
    ]
    if text := changes(told):
        parts.append(Words(text))
    flagged = flag(Reading(told.plan), _extras(told), tables=("units", "sites", "budget"))
    return Section("costs", say("What it costs"), tuple(parts), flagged)


def proof(told: Adaptation) -> Section:
    """Show bounds, gaps and provenance of the adapted plan, and which plan it came from."""
    section = proof_of_plan(Reading(told.plan), _extras(told))
    row = Table(say("Adapted from"), "ll", (say("What"), say("Value")),
                ((say("Hash of the mission before the shocks (SHA-256)"), told.incumbent_hash),))  # fmt: skip
    return Section(section.key, section.title, (*section.parts, row), section.flag)


def norms(told: Adaptation) -> Section:
    """List the norms that the adapted plan rests on."""
    return norms_of_plan(Reading(told.plan), _extras(told))


def _extras(told: Adaptation) -> ReportExtras:
    return ReportExtras(norms_used=told.norms_used)
