"""Which norms a plan rests on, how well each is known, and which themes the model leaves out."""

from __future__ import annotations

from bluehelm.mission.mission import Mission
from bluehelm.norms.norms import Norms
from bluehelm.norms.rules import trace
from bluehelm.planning.gather import gather
from bluehelm.reports.extras import NormUse, Theme


def norms_used(mission: Mission, norms: Norms) -> tuple[NormUse, ...]:
    """List the norms that the planner reads for a mission, as they stand on the first day planned."""
    on = mission.setting.first_month.first_day
    used = []
    for key in keys_used(mission, norms):
        norm = norms.norm(key)
        entry = norm.on(on)
        used.append(
            NormUse(
                key=key,
                unit=norm.unit,
                value=entry.value,
                status=entry.status,
                source=entry.source,
                reason=entry.reason,
                low=entry.low,
                high=entry.high,
                meaning=norm.meaning,
            )
        )
    return tuple(used)


def keys_used(mission: Mission, norms: Norms) -> tuple[str, ...]:
    """Name every norm that the plan model is gathered from, and those in its unit types and kinds of task."""
    with trace() as step:
        data = gather(mission, norms)
    keys = {use.key for use in step.all_uses()} | {"tier_tolerance_share"}
    keys |= {f"presence_share.{c.unit_type.unit_type}" for c in data.classes}
    keys |= {
        f"demand_hours_per_zone_month.{task.kind}"
        for task, presence in zip(data.demand.tasks, data.demand.presence, strict=True)
        if task.demand_hours_per_zone_month is None and not presence
    }
    return tuple(sorted(keys))


def themes(norms: Norms) -> tuple[Theme, ...]:
    """List the themes of the founding documents, with what this version does about each."""
    return tuple(
        Theme(title=theme.title, modelled=theme.modelled, sentence=theme.sentence)  # type: ignore[arg-type]
        for theme in norms.themes().values()
    )
