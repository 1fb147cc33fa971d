"""Which actor takes over what: one line for each handover, under protection or under what is asked of effort."""

from __future__ import annotations

from bluehelm.mission.mandate import Handover
from bluehelm.norms import load_norms
from bluehelm.reports.numbers import listing, month_name, percent, together
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Words
from bluehelm.words import say


def handover_words(reading: Reading, *, by_presence: bool) -> tuple[Words, ...]:
    """Say what named actors take over of the tasks that presence, or else effort, answers; nothing where none does."""
    kinds = load_norms().task_kinds()
    answered_by = "presence" if by_presence else "effort"
    titles = {
        task.task_id: reading.name(task.task_id)
        for task in reading.mission.mandate.task
        if task.kind in kinds and kinds[task.kind].answered_by == answered_by
    }
    told = [
        _sentence(reading, handover, [titles[task_id] for task_id in handover.tasks if task_id in titles])
        for handover in reading.mission.mandate.handover
        if any(task_id in titles for task_id in handover.tasks)
    ]
    return tuple(Words(text) for text in told)


def _sentence(reading: Reading, handover: Handover, titles: list[str]) -> str:
    text = say(
        "{actor} takes over from the mission: {tasks} ({zones}). From {start} in {first} to {full} from {last} on; the "
        "range of the latter is {low} to {high}.",
        actor=handover.actor,
        tasks=listing(titles),
        zones=listing(reading.name(zone) for zone in handover.zones) or say("all zones"),
        start=percent(handover.share_start, 0),
        first=month_name(str(handover.from_month)),
        full=percent(handover.share_full, 0),
        last=month_name(str(handover.full_month)),
        low=percent(handover.share_low, 0),
        high=percent(handover.share_high, 0),
    )
    if not handover.when:
        return text
    condition = say("Only where this holds: {condition}.", condition=_condition(reading, handover.when))
    return together(text, condition)


def _condition(reading: Reading, condition_id: str) -> str:
    texts = {one.condition_id: one.text for one in reading.mission.mandate.condition}
    return texts.get(condition_id, condition_id).rstrip(".")
