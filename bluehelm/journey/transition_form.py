"""The mission that a change of form asks to plan: tasks, components and bases give way to those of the other form."""

from __future__ import annotations

import math
from dataclasses import replace

from bluehelm.adaptation.form_change import READINESS
from bluehelm.adaptation.forms import Form, form_named, structure_of, uniformed
from bluehelm.adaptation.transition import Asked, leaving_mission
from bluehelm.adaptation.transition_file import Leaving, Transition
from bluehelm.mission.mandate import Mandate, Task
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import COMPONENTS, Pledge
from bluehelm.norms.norms import Norms


def form_asked(mission: Mission, described: Transition, form: str, norms: Norms) -> tuple[Asked, Norms]:
    """Return what is planned for a change of form, and the norms it is planned with.

    Tasks whose kind the form does not have end with the present form; kinds that the mandate lacks are asked after it,
    below all others. Components that the form may not use leave; what its tasks lack is pledged, and comes one lead
    time after it is called. A form without presence keeps one base in each zone. A form that may use nobody who guards
    has its bases guarded by others: the guard is then not asked of the mission.
    """
    wanted = form_named(form, norms)
    ends = described.head.ends if described.file else _ends(mission, norms)
    after = structure_of(wanted, mission, norms)
    head = _head(described.head, wanted, ends, None if _protects(wanted, norms) else tuple(sorted(after.sites)))
    pledges = tuple(_pledges(mission, after.added, ends, head))
    changed = replace(
        mission,
        mandate=_tasks(mission.mandate, wanted, ends, mission, norms, head),
        setting=replace(mission.setting, mission_model=_model(form, mission, norms)),
        pledges=(*mission.pledges, *pledges),
    )
    if not uniformed(wanted):
        changed = replace(changed, amendments={**mission.amendments, "guard_persons_per_base": 0})
        norms = norms.with_amendments({"guard_persons_per_base": 0})
    return leaving_mission(changed, replace(described, head=head), norms), norms


def _protects(form: Form, norms: Norms) -> bool:
    return any(norms.task_kinds()[kind].answered_by == "presence" for kind in form.task_kinds)


def _model(form: str, mission: Mission, norms: Norms) -> str:
    """Name the form in the mission; the political mission is no model of the norms, so the old name stays."""
    return form if form in norms.mission_models() else mission.setting.mission_model


def _ends(mission: Mission, norms: Norms) -> Month:
    """Take the month by which those asked for today are there, within the months planned."""
    lead = math.ceil(norms.number(f"lead_months.{READINESS}", mission.setting.first_month.first_day))
    return mission.setting.first_month + min(lead, mission.setting.months - 1)


def _head(given: Leaving, form: Form, ends: Month, sites: tuple[str, ...] | None) -> Leaving:
    """Complete the head: components that the form may not use keep nobody."""
    stays = {f"residual_{component}_persons": 0 for component in COMPONENTS if component not in form.components}
    return replace(
        given, ends=ends, new_form=form.key, residual_sites=given.residual_sites or sites, **stays,  # type: ignore[arg-type]
    )  # fmt: skip


def _tasks(mandate: Mandate, form: Form, ends: Month, mission: Mission, norms: Norms, head: Leaving) -> Mandate:
    kept = tuple(
        task
        if task.kind in form.task_kinds
        else replace(task, ends=ends if task.ends is None else min(task.ends, ends))
        for task in mandate.task
        if task.kind in form.task_kinds or task.starts <= ends
    )
    there = {task.kind for task in mandate.task}
    lowest = max((task.priority for task in mandate.task), default=0) + 1
    starts = min(ends + 1, mission.months[-1])
    kinds = norms.task_kinds()
    new = tuple(
        Task(
            task_id=f"new_{kind}",
            title=kinds[kind].title,
            kind=kind,
            priority=lowest,
            starts=starts,
            source=head.source,
            status="assumed",
            note="A kind of task of the form that is planned.",
        )
        for kind in form.task_kinds
        if kind not in there
    )
    return replace(mandate, task=(*kept, *new))


def _pledges(mission: Mission, added: object, ends: Month, head: Leaving) -> list[Pledge]:
    assert isinstance(added, dict)
    last = mission.months[-1]
    return [
        Pledge(
            pledge_id=f"form-{kind}-{number}",
            unit_type=kind,
            contributor="",
            persons=persons,
            readiness_level=READINESS,
            available_from=mission.setting.first_month,
            expires_on=last.first_day,
            source=head.source,
            status="assumed",
            note="Asked for by the change of form; nobody has pledged it.",
        )
        for (kind, persons), count in sorted(added.items())
        for number in range(1, count + 1)
    ]
