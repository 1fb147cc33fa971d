"""Everything a transition tells beside its plan, as one record: what `transition.json` holds and its page reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from typing import Any

import numpy as np

from bluehelm.adaptation.benchmarks import benchmarks
from bluehelm.adaptation.form_change import Change, all_changes, change
from bluehelm.adaptation.forms import form_named, structure_of, today_of
from bluehelm.adaptation.reversibility import reversibility
from bluehelm.adaptation.transition import Asked
from bluehelm.adaptation.transition_file import LISTS
from bluehelm.adaptation.transition_handover import break_evens, floor_in, full_share, held_cases, share_at
from bluehelm.adaptation.transition_months import Months
from bluehelm.adaptation.transition_residual import bridges, presence, presence_today
from bluehelm.adaptation.transition_work import handed_over_work
from bluehelm.journey.closures import closure_reasons
from bluehelm.journey.sentences import month_told
from bluehelm.journey.transition_again import planned_again
from bluehelm.journey.transition_caution import caution, told_for
from bluehelm.journey.transition_floors import floor_conflicts
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms
from bluehelm.planning.gather import PlanData
from bluehelm.planning.make import Options, data_of
from bluehelm.planning.tables import presence as presence_of
from bluehelm.planning.tables import protected_share
from bluehelm.reports.extras import Text, tell
from bluehelm.reports.reading import Reading

RETURN_NORMS = (
    "return_lead_months", "return_months_at_most", "lead_months.2", "exit_notice_months", "exit_lag_months",
    "move_days", "deployment_usd_per_person", "repatriation_usd_per_person", "move_usd_per_person",
    "effort_hours_per_person_month", "guard_persons_per_base",
)  # fmt: skip
SITE_NORMS = ("site_open_usd", "site_close_usd", "site_run_usd_per_month", "site_open_lead_months")


def transition_record(
    mission: Mission, asked: Asked, plan: Plan, norms: Norms, form: str, options: Options
) -> Mapping[str, Any]:
    """Work out what a transition tells.

    mission: as it stands; asked: what was planned; form: the form of operation that was asked for, blank for none.
    """
    months, data, reading = Months(told_for(plan, asked.mission), norms), data_of(plan, norms), Reading(plan)
    head = asked.transition.head
    record = {
        "mission": mission.setting.name,
        "title": head.title,
        "file": asked.transition.file,
        "ends": str(head.ends),
        "form": form,
        "status": plan.status,
        "gap": plan.gap,
        "tiers": plan.tiers,
        "input_hash": plan.input_hash,
        "provenance": dict(plan.provenance),
        "cost_usd": reading.cost_usd,
        "today": presence_today(months),
        "months": [presence(months, i) for i in range(len(months.all))],
        "unchanged": unchanged(data, months),
        "closures": list(_closures(reading, data)),
        "tasks": list(_tasks(asked, months)),
        "bridges": bridges(months, head),
        "cases": held_cases(months),
        "plan_for": head.plan_for,
        "caution": caution(plan, asked.mission, head.plan_for, norms, options),
        "break_evens": break_evens(months),
        "work": handed_over_work(months),
        "floors": list(_floors(months)),
        "conflicts": floor_conflicts(data),
        "benchmarks": planned_again(benchmarks(months), plan, norms, options),
        "reversibility": reversibility(months, asked.transition),
        "reserve": asked.transition.reserve,
        "forms": _forms(mission, norms, form),
        "notes": list(_notes(asked, form)),
        "unverified": list(_unverified(asked)),
        "norms": list(_norms(mission, norms)),
        "names": _names(mission, norms),
    }
    plain: Mapping[str, Any] = as_plain(record)
    return plain


def unchanged(data: PlanData, months: Months) -> list[float]:
    """Share of harm that today's units would protect in each month if none of them ever left or moved.

    Weighted over areas as the other shares of the record: by the deaths that each area expects.
    """
    stays = np.repeat(data.at_start[:, :, None], len(data.timeline), axis=2)
    shares = protected_share(data, presence_of(data, stays, np.zeros_like(stays)))
    weight = np.array([area.fatalities_per_month for area in data.mission.areas])
    by_node = weight @ shares / weight.sum() if weight.sum() else np.zeros(len(data.timeline))
    place = {node_id: n for n, node_id in enumerate(data.timeline.node_ids)}
    return [float(by_node[place[months.node_of[month]]]) for month in months.all]


def as_plain(value: Any) -> Any:
    """Return a value as JSON knows it: records become objects, months texts, sentences keep message and values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {_key(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [as_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)


def _key(key: object) -> str:
    return " ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)


def _closures(reading: Reading, data: PlanData) -> Iterator[Mapping[str, Any]]:
    reasons = closure_reasons(reading, data)
    for place, one in enumerate(reading.closures, 1):
        yield {"order": place, "site_id": one.site_id, "month": one.month, "reason": reasons.get(one.site_id, "")}


def _tasks(asked: Asked, months: Months) -> Iterator[Mapping[str, Any]]:
    """Say of each task whether it ends, goes to an actor or stays, and what actors hold of it in the last month."""
    last = months.all[-1]
    for task in asked.mission.mandate.task:
        actors = [one for one in asked.mission.mandate.handover if task.task_id in one.tasks]
        yield {
            "task_id": task.task_id,
            "title": task.title,
            "starts": str(task.starts),
            "ends": str(task.ends) if task.ends and task.ends < last else "",
            "actors": [
                {"actor": one.actor, "from_month": str(one.from_month), "full_month": str(one.full_month),
                 "zones": one.zones, "share": share_at(one, last) if months.holds(one.when, last) else 0.0,
                 "low": full_share(one, "low"), "high": full_share(one, "high")}
                for one in actors
            ],
        }  # fmt: skip


def _floors(months: Months) -> Iterator[Mapping[str, Any]]:
    """List every area with a floor: the lowest that the mission alone and with actors as stated holds of it."""
    mission = months.mission
    for area in mission.areas:
        asked = [(floor, month) for month in months.all if (floor := floor_in(mission, area.area_id, month)) > 0]
        if asked:
            alone = [(months.share(month, area.area_id) - floor, floor, month) for floor, month in asked]
            least, floor, month = min(alone)
            yield {"area_id": area.area_id, "floor": floor, "mission_alone": floor + least, "month": str(month)}


def _forms(mission: Mission, norms: Norms, form: str) -> Mapping[str, Any]:
    also = (form,) if form else ()
    found = all_changes(mission, norms, also)
    one = None
    if form:
        one = change(today_of(mission), structure_of(form_named(form, norms), mission, norms), mission, norms)
    return {"changes": [_change(row) for row in found], "asked": None if one is None else _change(one)}


def _change(row: Change) -> Mapping[str, Any]:
    return {**asdict(row), "come": row.come, "go": row.go, "persons_come": row.persons_come,
            "persons_go": row.persons_go}  # fmt: skip


def _notes(asked: Asked, form: str) -> Iterator[Text]:
    head = asked.transition.head
    if not asked.transition.file and not form:
        yield tell(
            "No transition.toml was given: the leaving is that of the mandate alone, to the end of the months planned."
        )
    if asked.freed:
        yield tell(
            "{count} {count:unit|units} that the mission says may not leave may leave here: what stays has no room "
            "for them.",
            count=len(asked.freed),
        )
    if asked.opened_up:
        yield tell(
            "{count} {count:site|sites} that the mission says may not close may close here: they are not among those "
            "that stay.",
            count=len(asked.opened_up),
        )
    if head.when:
        yield tell(
            "What stays after {month} hangs on the benchmark '{condition}': until it is met, nothing has to leave for "
            "it.",
            month=month_told(str(head.ends)),
            condition=head.when,
        )
    yield tell(
        "The fixed cost of the mission stays the same in every month, because the plan does not decide it: a mission "
        "that shrinks would need less."
    )
    yield tell(
        "Costs and times of returning and of changing form rest on the norms of the first month planned, most of them "
        "assumed."
    )


def _unverified(asked: Asked) -> Iterator[Mapping[str, Any]]:
    """List what the file states and is not verified."""
    listed: Sequence[tuple[str, Any]] = [
        ("transition", asked.transition.head),
        *((name, row) for name in (*LISTS, "reserve", "benchmark") for row in getattr(asked.transition, name)),
    ]
    for name, row in listed:
        if row.status != "verified" and asked.transition.file:
            yield {"what": name, "name": _name_of(row), "status": row.status, "reason": row.note}


def _name_of(row: Any) -> str:
    for key in ("handover_id", "condition_id", "component", "unit_type", "areas", "ends", "at_most"):
        if value := getattr(row, key, None):
            return ", ".join(value) if isinstance(value, tuple) else str(value)
    return ""


def _norms(mission: Mission, norms: Norms) -> Iterator[Mapping[str, Any]]:
    """List the norms that returning and changing form rest on, as they stand on the first day planned."""
    kinds = sorted({site.kind for site in mission.sites if site.kind != "partner_hospital"})
    keys = [*RETURN_NORMS, *(f"{key}.{kind}" for key in SITE_NORMS for kind in kinds)]
    for key in keys:
        entry = norms.entry(key, mission.setting.first_month.first_day)
        yield {
            "key": key, "meaning": norms.norm(key).meaning, "unit": norms.norm(key).unit, "value": str(entry.value),
            "low": "" if entry.low is None else str(entry.low), "high": "" if entry.high is None else str(entry.high),
            "status": entry.status,
        }  # fmt: skip


def _names(mission: Mission, norms: Norms) -> Mapping[str, Mapping[str, str]]:
    models = {key: model.title for key, model in norms.mission_models().items()}
    return {
        "areas": {area.area_id: area.name for area in mission.areas},
        "sites": {site.site_id: site.name for site in mission.sites},
        "forms": models,
        "tasks": {task.task_id: task.title for task in mission.mandate.task},
        "units": {key: kind.title for key, kind in norms.unit_types().items()},
    }
