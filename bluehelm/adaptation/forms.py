"""Forms of operation: what a mission would consist of in each, by a stated rule.

The rule: keep what the form may use and has work for, add what its tasks lack, close what nobody stands at. Work is
asked for as the norms have it for each kind of task and zone; a form that protects by presence keeps every unit with
presence and every base, any other keeps one base in each zone. It is a rule, not a plan: `bluehelm transition --form`
plans one change.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import COMPONENTS
from bluehelm.mission.unit_type import UnitType
from bluehelm.norms.norms import Norms
from bluehelm.norms.unit_price import monthly_unit_cost_usd

TODAY = "today"
Kind = tuple[str, int]
"""A unit type and its strength."""

# Most important first: a form without presence keeps the first of these in each zone.
SITE_RANK = ("mission_headquarters", "sector_headquarters", "company_base", "temporary_base")
# Kinds of task by which units support others; those that can do nothing else are there for the rest of the force.
SUPPORT_KINDS = {"engineering_works", "logistic_support_to_partner", "remote_medical_support"}
CARE_LEVEL = 2
SHOWN = (
    "political_mission", "observation_and_verification", "protection_of_civilians", "support_to_partner_operation",
    "bridging_operation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """A form of operation: which components it may use and which kinds of task it has. status: how well known."""

    key: str
    title: str
    components: tuple[str, ...]
    task_kinds: tuple[str, ...]
    status: str


# No mission model of the norms is civilian and political; this one is our own reading, assumed.
POLITICAL_MISSION = Form(
    "political_mission", "Political mission", ("civilian",),
    ("mediation_good_offices", "electoral_support", "human_rights_monitoring", "transition_planning"), "assumed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Structure:
    """What a mission consists of in a form: units by type and strength, open bases; added: units that it lacks today.

    guards_lacking: persons short of the guard of its bases, where the form may not use units that guard.
    """

    form: str
    units: Mapping[Kind, int]
    sites: frozenset[str]
    added: Mapping[Kind, int]
    guards_lacking: int = 0


def form_named(key: str, norms: Norms) -> Form:
    """Return a form by its key: a mission model of the norms, or the political mission.

    Raises
    ------
    InvalidRecordError
        If there is no such form.
    """
    if key == POLITICAL_MISSION.key:
        return POLITICAL_MISSION
    models = norms.mission_models()
    if key not in models:
        known = [POLITICAL_MISSION.key, *models]
        raise InvalidRecordError(
            "'{form}' is not a form of operation; one of {known} was expected. Nearest name: '{nearest}'.",
            form=key,
            known=", ".join(known),
            nearest=nearest(key, known),
        )
    model = models[key]
    return Form(key, model.title, model.components, model.task_kinds, "assumed")


def today_of(mission: Mission) -> Structure:
    """Return what the mission consists of today."""
    units = Counter((u.unit_type, u.persons) for u in mission.units if mission.stands_today(u))
    open_today = {s.site_id for s in mission.sites if s.open_at_start and s.kind != "partner_hospital"}
    return Structure(TODAY, dict(units), frozenset(open_today), {})


def _at_hand(mission: Mission) -> Mapping[Kind, int]:
    """Units that a form can be made of: those of today, or, where a mission starts from nothing, those pledged."""
    standing = today_of(mission).units
    return standing or Counter((pledge.unit_type, pledge.persons) for pledge in mission.pledges)


def structure_of(form: Form, mission: Mission, norms: Norms) -> Structure:
    """Return what the mission would consist of in a form."""
    on = mission.setting.first_month.first_day
    types = norms.unit_types()
    today = Counter({kind: n for kind, n in _at_hand(mission).items() if _may_use(form, types[kind[0]])})
    presence = any(norms.task_kinds()[kind].answered_by == "presence" for kind in form.task_kinds)
    sites = _sites(mission, all_of_them=presence)
    kept = Counter({kind: n for kind, n in today.items() if presence and types[kind[0]].presence_share > 0})
    added: Counter[Kind] = Counter()
    _give_work(form, mission, norms, today, kept, added)
    lacking = _guard(form, norms, on, len(sites), today, kept, added)
    _enable(types, today, kept)
    return Structure(form.key, dict(kept + added), sites, dict(added), lacking)


def _may_use(form: Form, unit_type: UnitType) -> bool:
    return unit_type.component in form.components


def _sites(mission: Mission, *, all_of_them: bool) -> frozenset[str]:
    """Every base open today (where a mission starts from nothing: that may open), or the first one of each zone."""
    bases = [s for s in mission.sites if s.kind != "partner_hospital"]
    here = [s for s in bases if s.open_at_start] or [s for s in bases if s.opens_from is not None]
    if all_of_them:
        return frozenset(site.site_id for site in here)
    best: dict[str, tuple[int, str]] = {}
    for site in here:
        rank = (SITE_RANK.index(site.kind), site.site_id)
        best[site.zone] = min(best.get(site.zone, rank), rank)
    return frozenset(site_id for _, site_id in best.values())


def _give_work(
    form: Form, mission: Mission, norms: Norms, today: Counter[Kind], kept: Counter[Kind], added: Counter[Kind]
) -> None:
    """Keep and add units until the hours of every kind of task are met; hours of a unit are given once."""
    on = mission.setting.first_month.first_day
    types, kinds = norms.unit_types(), norms.task_kinds()
    per_person = norms.number("effort_hours_per_person_month", on)
    left: dict[Kind, float] = {kind: n * kind[1] * per_person for kind, n in kept.items()}
    for name in form.task_kinds:
        if kinds[name].answered_by == "presence":
            continue
        asked = kinds[name].demand_hours_per_zone_month * len(mission.zones)
        asked -= _drawn(left, types, name, asked)
        for kind in sorted(today, key=lambda k: (-types[k[0]].effort_share.get(name, 0.0), k[1], k)):
            share = types[kind[0]].effort_share.get(name, 0.0)
            while share > 0 and asked > 0 and kept[kind] < today[kind]:
                kept[kind] += 1
                left[kind] = left.get(kind, 0.0) + kind[1] * per_person
                asked -= _drawn(left, types, name, asked)
        best = _cheapest(form, norms, on, name)
        while best is not None and asked > 1e-9:
            added[best] += 1
            left[best] = left.get(best, 0.0) + best[1] * per_person
            asked -= _drawn(left, types, name, asked)


def _drawn(left: dict[Kind, float], types: Mapping[str, UnitType], name: str, asked: float) -> float:
    """Take hours for a kind of task from units that have some left, those that do it best first."""
    taken = 0.0
    for kind in sorted(left, key=lambda k: (-types[k[0]].effort_share.get(name, 0.0), k)):
        share = types[kind[0]].effort_share.get(name, 0.0)
        if share > 0 and asked - taken > 0:
            hours = min(left[kind], (asked - taken) / share)
            left[kind] -= hours
            taken += hours * share
    return taken


def _cheapest(form: Form, norms: Norms, on: date, name: str) -> Kind | None:
    """Unit type that gives counted hours for the least money; None where the form may use none that can."""
    priced = [
        (
            float(monthly_unit_cost_usd(t, t.strength_persons, norms, on))
            / (t.strength_persons * t.effort_share[name]),
            key,
        )
        for key, t in norms.unit_types().items()
        if _may_use(form, t) and t.effort_share.get(name, 0.0) > 0
    ]
    if not priced:
        return None
    key = min(priced)[1]
    return key, norms.unit_types()[key].strength_persons


def _guard(
    form: Form, norms: Norms, on: date, sites: int, today: Counter[Kind], kept: Counter[Kind], added: Counter[Kind]
) -> int:
    """Keep and add units that guard, until every base has its guard; return the persons that still lack."""
    types = norms.unit_types()
    asked = sites * norms.number("guard_persons_per_base", on)
    asked -= sum(n * kind[1] for kind, n in (kept + added).items() if types[kind[0]].guards)
    for kind in sorted(today, key=lambda k: (k[1], k)):
        while types[kind[0]].guards and asked > 0 and kept[kind] < today[kind]:
            kept[kind] += 1
            asked -= kind[1]
    able = [(t.strength_persons, key) for key, t in types.items() if t.guards and _may_use(form, t)]
    if able and asked > 0:
        persons, key = min(able, key=lambda one: (abs(one[0] - 150), one[1]))
        added[key, persons] += math.ceil(asked / persons)
        asked = 0
    return max(0, math.ceil(asked))


def _enable(types: Mapping[str, UnitType], today: Counter[Kind], kept: Counter[Kind]) -> None:
    """Keep units that only enable others (hospitals, helicopters, engineers, staff) in proportion to those kept."""
    enabling = [k for k in today if _enables(types[k[0]])]
    worked = [k for k in today if k not in enabling and types[k[0]].component != "civilian"]
    before = sum(today[k] * k[1] for k in worked)
    after = sum(kept[k] * k[1] for k in worked)
    for kind in enabling:
        kept[kind] = max(kept[kind], math.ceil(today[kind] * after / before) if before else 0)


def _enables(unit_type: UnitType) -> bool:
    """Say whether a unit is there for the other units: care, lift, and work that only supports."""
    supports = set(unit_type.effort_share) <= SUPPORT_KINDS and unit_type.presence_share == 0
    return unit_type.medical_level >= CARE_LEVEL or unit_type.casualty_lift or supports


def uniformed(form: Form) -> bool:
    """Say whether a form may use military or police."""
    return any(component in form.components for component in COMPONENTS if component != "civilian")
