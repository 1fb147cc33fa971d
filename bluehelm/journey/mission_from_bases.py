"""A plannable mission from where peacekeepers stood: bases of Geo-PKO, events and places if given, norms for the rest.

Supply is what stands there, ceilings are the same, the budget pays for it, and one task asks to protect civilians.
Whatever no file gives is a default: its row is `assumed` and says why, and the notes list all of them for the reader.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.areas import AreaRules
from bluehelm.journey.budget_from_norms import BudgetRules, budget_of
from bluehelm.journey.countries_of_bases import countries_of
from bluehelm.journey.ground_from_bases import Ground, Horizon, ground_of
from bluehelm.journey.sites_from_bases import SiteRules, candidate_sites, headquarters_of, site_notes, sites_of
from bluehelm.journey.supply_from_bases import Supply, least_guard, supply_of
from bluehelm.mission.importers.base import Base, BasesRead
from bluehelm.mission.importers.geopko import read_bases
from bluehelm.mission.importers.reading import unique_slugs
from bluehelm.mission.importers.ucdp import read_ucdp_with_faults
from bluehelm.mission.mandate import NOT_GIVEN, Ceiling, Mandate, Task
from bluehelm.mission.mission import Mission, Setting
from bluehelm.mission.months import Month
from bluehelm.mission.records import COMPONENTS
from bluehelm.norms import Norms, load_norms
from bluehelm.words import say

GEOPKO = "Geo-PKO {version}, maps of {year}: Cil, Fjelde, Hultman and Nilsson (2020), Journal of Peace Research 57(2)"
UCDP = "UCDP Georeferenced Event Dataset, CC BY 4.0: Sundberg and Melander (2013), Journal of Peace Research 50(4)"
ASSUMED = "Defaults of 'bluehelm mission from-geopko'"
LICENCE_NOTE = "Bases: Geo-PKO, free for research with citation. Events: CC BY 4.0. Places: as their source says."
GUARD = "guard_persons_per_base"
TASK = "protection_of_civilians"


@dataclass(frozen=True, slots=True)
class DraftRules:
    """The numbers that no file gives; all are planning assumptions."""

    publication_lag_months: int = 1
    areas: AreaRules = field(default_factory=AreaRules)
    sites: SiteRules = field(default_factory=SiteRules)
    budget: BudgetRules = field(default_factory=BudgetRules)


@dataclass(frozen=True, slots=True)
class MissionDraft:
    """A mission made from bases, and every default taken on the way, a sentence each."""

    mission: Mission
    notes: tuple[str, ...]


def mission_from_geopko(
    bases: Path | str,
    mission: str,
    year: int,
    months: int,
    norms: Norms,
    events: Path | str | None = None,
    places: Path | str | None = None,
    types: Path | str | None = None,
    contributors: Path | str | None = None,
) -> Mission:
    """Make a mission that starts in January of the year after; `mission_from_bases` says its defaults too."""
    return mission_from_bases(
        bases,
        operation=mission,
        year=year,
        months=months,
        events=events,
        places=places,
        types=types,
        contributors=contributors,
        norms=norms,
    ).mission


def mission_from_bases(
    bases: Path | str,
    *,
    operation: str,
    year: int,
    months: int,
    events: Path | str | None = None,
    places: Path | str | None = None,
    types: Path | str | None = None,
    contributors: Path | str | None = None,
    norms: Norms | None = None,
    rules: DraftRules | None = None,
) -> MissionDraft:
    """Make a mission from the bases of one year, and say every default.

    Parameters
    ----------
    bases : Geo-PKO locations, v2.1 or v2.3; types, contributors : the other two files of v2.3
    operation, year : as in the file of bases, such as UNAMID and 2016
    months : number of months planned, 1 to 120, from January of the year after
    events : UCDP GED file; without it, risk is the prior on population alone
    places : populated places; without it, the places that come with bluehelm
    norms : prices, strengths, half-life and prior of risk; None takes those of the package

    Raises
    ------
    ImportFileError
        If a file cannot be used, or holds no such mission or year.
    InvalidRecordError
        If `months` is out of range.
    """
    if not 1 <= months <= 120:
        raise InvalidRecordError("months is {months}; 1 to 120 was expected.", months=months)
    rules, norms = rules or DraftRules(), norms or load_norms()
    read = read_bases(bases, operation, year, types, contributors)
    happened, faults = (None, ()) if events is None else read_ucdp_with_faults(events)
    time = Horizon(Month(year + 1, 1), months, rules.publication_lag_months)
    site_ids = unique_slugs((base.location for base in read.bases), otherwise="base")
    headquarters = headquarters_of(read.bases, site_ids)
    countries = countries_of(read.bases)
    ground = ground_of(read.bases, countries.hosts, headquarters, places, happened, time, norms, rules.areas)
    zones = headquarters.only({area.zone for area in ground.areas})
    supply = supply_of(read.bases, site_ids, norms.unit_types(), zones.names[0])
    sites = sites_of(read.bases, site_ids, zones, supply, countries.listed, norms, time.first_month, rules.sites)
    sites += candidate_sites(ground.areas, sites, time.first_month, rules.sites)
    budget = budget_of(supply.units, sites, norms, time.first_month, months, rules.budget)
    mission = Mission(
        setting=_setting(read, countries.listed, time, budget.fixed_cost_usd_per_month),
        mandate=_mandate(read, supply, time),
        areas=ground.areas,
        sites=sites,
        units=tuple(supply.units),
        budget=budget.lines,
        events=ground.events,
        sources=_sources(read, ground),
        amendments=_amendments(supply, site_ids, norms, time.first_month),
        hindsight_violence=ground.later,
    )
    said = (
        read.notes,
        countries.notes,
        map(str, faults),
        supply.notes(),
        site_notes(sites),
        ground.notes,
        budget.notes,
    )
    return MissionDraft(mission, (*chain(*said), *_defaults(mission)))


def _sources(read: BasesRead, ground: Ground) -> dict[str, str]:
    sources = {"geopko": GEOPKO.format(version=read.version, year=read.year), "assumed": ASSUMED, **ground.sources}
    return sources | ({} if ground.events is None else {"ucdp": UCDP})


def _setting(read: BasesRead, countries: tuple[str, ...], time: Horizon, fixed_cost: Decimal) -> Setting:
    return Setting(
        name=f"{read.mission} {time.first_month.year}",
        operation=read.mission,
        countries=countries,
        first_month=time.first_month,
        months=time.months,
        wet_months=_wet_months(read.bases),
        mission_model=TASK,
        fixed_cost_usd_per_month=fixed_cost,
        fixed_cost_source="assumed",
        fixed_cost_status="assumed",
        title=(
            f"{read.mission} from where it stood in {read.year}: supply and ceilings are what the maps show, "
            "budget and wet months are defaults, the one task is to protect civilians"
        ),
        licence_note=LICENCE_NOTE,
    )


def _wet_months(bases: tuple[Base, ...]) -> tuple[int, ...]:
    """Take the usual rains of the latitude; every month is dry to roads beyond 25 degrees."""
    latitude = sum(base.latitude_deg for base in bases) / len(bases)
    if abs(latitude) > 25:
        return ()
    if latitude >= 4:
        return (6, 7, 8, 9)
    return (1, 2, 3, 11, 12) if latitude <= -4 else (3, 4, 5, 9, 10, 11)


def _mandate(read: BasesRead, supply: Supply, time: Horizon) -> Mandate:
    first_month = time.first_month
    standing = {component: supply.persons_of(component) for component in COMPONENTS}
    return Mandate(
        resolution=NOT_GIVEN,
        adopted_on=first_month.first_day - timedelta(days=1),
        valid_until=(first_month + time.months).first_day - timedelta(days=1),
        source="assumed",
        status="assumed",
        note="Default: in force for the months planned. Replace it by the resolution",
        ceiling=tuple(
            Ceiling(
                component=component,
                persons=persons,
                from_month=first_month,
                source="geopko",
                status="assumed",
                note=f"Default: what stood there in {read.year}",
            )
            for component, persons in standing.items()
            if persons or component != "civilian"
        ),
        task=(
            Task(
                task_id="protect-civilians",
                title="Protect civilians",
                kind=TASK,
                priority=1,
                starts=first_month,
                source="assumed",
                status="assumed",
                note="Default: the one task",
            ),
        ),
    )


def _amendments(supply: Supply, site_ids: list[str], norms: Norms, first_month: Month) -> dict[str, object]:
    """Ask of no base a larger guard than the maps show: many had observers or a platoon only, guarded by the host."""
    least = least_guard(supply, site_ids)
    return {GUARD: least} if least < norms.number(GUARD, first_month.first_day) else {}


def _defaults(mission: Mission) -> tuple[str, ...]:
    ceilings = ", ".join(f"{ceiling.component} {ceiling.persons:,}" for ceiling in mission.mandate.ceiling)
    wet = ", ".join(map(str, mission.setting.wet_months)) or say("none")
    guard = (
        say(
            "The guard that a base needs is lowered to {persons} {persons:person|persons}, the fewest at any base "
            "today.",
            persons=least,
        )
        for least in mission.amendments.values()
    )
    return (
        *guard,
        say("Ceilings are what stands there: {ceilings}.", ceilings=ceilings),
        say("The one task is to protect civilians, priority 1, in all zones."),
        say("Wet months, by latitude: {months}.", months=wet),
    )
