"""Faults of handovers: shares out of order, and zones where nothing is asked that could be taken over."""

from __future__ import annotations

from collections.abc import Iterator

from bluehelm.mission.draft import Draft
from bluehelm.mission.faults import Fault
from bluehelm.mission.mandate import Handover
from bluehelm.mission.tables import Row

# Each share is at most the next one.
ASCENDING = (("share_start", "share_full"), ("share_low", "share_full"), ("share_full", "share_high"))


def handover_faults(draft: Draft) -> Iterator[Fault]:
    """Find handovers that contradict themselves or the tasks that they take over."""
    asked_in = {row.record.task_id: frozenset(row.record.zones) for row in draft.mandate_toml.task}
    for row in draft.mandate_toml.handover:
        yield from _share_faults(row)
        zones, tasks = frozenset(row.record.zones), row.record.tasks
        known = [asked_in[task] for task in tasks if task in asked_in]
        if zones and known and all(asked and not asked & zones for asked in known):
            yield row.warning(
                "zones",
                "Handover '{handover}' changes nothing: none of its tasks is asked in {value}.",
                "Zones in which its tasks are asked were expected.",
                "Correct zones of the handover, or of its tasks.",
                handover=row.record.handover_id,
            )


def _share_faults(row: Row[Handover]) -> Iterator[Fault]:
    for low, high in ASCENDING:
        less, more = getattr(row.record, low), getattr(row.record, high)
        if less > more:
            yield row.error(
                low,
                "{low} is {value}, above {high} ({more}).",
                "share_start up to share_full, and share_low up to share_full up to share_high, were expected.",
                "Correct one of the two.",
                low=low,
                high=high,
                more=f"{more:g}",
            )
