"""`transition.toml`: how a mission leaves or changes form, read into records with every fault in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from bluehelm.adaptation.forms import POLITICAL_MISSION
from bluehelm.errors import MissionFilesError
from bluehelm.mission.cells import text_of
from bluehelm.mission.columns import Column, columns_of
from bluehelm.mission.draft import Draft, unknown_name
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.mandate import Ceiling, Condition, Floor, Handover, Mandate, SiteLimit, Task
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import READINESS_LEVELS, Note, Source, Status
from bluehelm.mission.references import reference_faults
from bluehelm.mission.tables import Row, Table
from bluehelm.mission.toml_documents import TomlDocument, TomlTable, read_document, read_record, read_records
from bluehelm.mission.toml_files import MandateToml, MissionToml
from bluehelm.norms.norms import Norms

TRANSITION_FILE = "transition.toml"
LISTS: Mapping[str, type] = {
    "condition": Condition, "ceiling": Ceiling, "site_limit": SiteLimit, "floor": Floor, "handover": Handover,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """Units that a contributor keeps ready at home for a return."""

    unit_type: Annotated[str, Column("key", "building block, a key of the unit types in the norms")]
    units: Annotated[int, Column("unit", "units kept ready", low=1)]
    readiness_level: Annotated[str, Column("text", "level of readiness; sets the lead time", choices=READINESS_LEVELS)]
    source: Source
    status: Status
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """The month in which this transition takes a benchmark of the mandate as met, in place of the mandate's own."""

    condition_id: Annotated[str, Column("key", "benchmark, a condition of mandate.toml")]
    met_in: Annotated[Month, Column("month", "month from which it is taken as met")]
    source: Source
    status: Status
    note: Note = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The head of `transition.toml`: when the present form ends, and what stays after it."""

    ends: Annotated[Month, Column("month", "last month of the present form: by its last day only what stays is there")]
    source: Source
    status: Status
    title: Annotated[str, Column("text", "the transition in one sentence")] = ""
    when: Annotated[str, Column("key", "benchmark on which the end hangs; blank = none")] = ""
    residual_sites: Annotated[tuple[str, ...] | None, Column("list", "sites that stay open; left out = the plan's")] = (
        None
    )
    residual_military_persons: Annotated[
        int | None, Column("person", "military persons that may stay; left out = as the mandate says", low=0)
    ] = None
    residual_police_persons: Annotated[
        int | None, Column("person", "police that may stay; left out = as the mandate says", low=0)
    ] = None
    residual_civilian_persons: Annotated[
        int | None, Column("person", "civilians that may stay; left out = as the mandate says", low=0)
    ] = None
    new_form: Annotated[str, Column("key", "form of operation afterwards; blank = the same")] = ""
    overlap_months: Annotated[
        int, Column("month", "months for which mission and actor should work side by side", low=0)
    ] = 0
    plan_for: Annotated[
        str, Column("text", "share of each actor for which the plan is made", choices=("low", "stated", "high"))
    ] = "stated"
    return_months_at_most: Annotated[
        int | None, Column("month", "longest accepted time to return; left out = norm", low=0)
    ] = None
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition as it was read. The lists hold rows of the mandate that the leaving adds; file: "" for none."""

    head: Leaving
    condition: tuple[Condition, ...] = ()
    ceiling: tuple[Ceiling, ...] = ()
    site_limit: tuple[SiteLimit, ...] = ()
    floor: tuple[Floor, ...] = ()
    handover: tuple[Handover, ...] = ()
    reserve: tuple[Reserve, ...] = ()
    benchmark: tuple[Met, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    file: str = ""


def without_file(mission: Mission) -> Transition:
    """Return the transition that the mandate alone states: it ends with the months planned."""
    ends = mission.setting.first_month + (mission.setting.months - 1)
    return Transition(Leaving(ends=ends, source=mission.mandate.source, status=mission.mandate.status))


def read_transition(path: Path | str, mission: Mission, norms: Norms) -> Transition:
    """Read a transition for a mission.

    Raises
    ------
    MissionFilesError
        If the file has errors, or does not fit the mission; `faults` lists all of them.
    """
    path = Path(path)
    document, faults = read_document(path)
    if document is not None:
        found, more = _read(document, mission, norms)
        faults += more
        if found is not None and not any(fault.grade == "error" for fault in faults):
            return found
    errors = tuple(fault for fault in faults if fault.grade == "error")
    raise MissionFilesError(
        "Transition '{file}' has {count} {count:error|errors}. docs/transition.md shows a complete one.",
        errors,
        file=str(path),
        count=len(errors),
    )


def _read(document: TomlDocument, mission: Mission, norms: Norms) -> tuple[Transition | None, list[Fault]]:
    faults: list[Fault] = []
    parts = (*LISTS, "reserve", "benchmark", "sources")
    top = document.top(without=parts)
    head = read_record(top, Leaving, faults, not_keys=parts)
    lists: dict[str, Table[Any]] = {
        name: read_records(document, name, record, faults) for name, record in LISTS.items()
    }
    reserve = read_records(document, "reserve", Reserve, faults)
    met = read_records(document, "benchmark", Met, faults)
    sources = _sources(document, faults)
    if head is None or sources is None or any(fault.grade == "error" for fault in faults):
        return None, faults
    faults += _beside(mission, head, lists, (head, *reserve, *met), sources)
    faults += _benchmark_faults(mission, met)
    faults += _unknown_norms(norms, head, reserve)
    records = {name: table.records for name, table in lists.items()}
    made = Transition(
        head.record, **records, reserve=reserve.records, benchmark=met.records, sources=sources, file=document.file
    )
    return made, faults


def _sources(document: TomlDocument, faults: list[Fault]) -> Mapping[str, str] | None:
    given = document.keys.get("sources", {})
    table = TomlTable(document.file, {}, document.table("sources", {}).lines)
    if isinstance(given, dict) and all(isinstance(text, str) and text.strip() for text in given.values()):
        return dict(given)
    faults.append(
        error(
            document.file,
            "[sources] holds something that is not a citation.",
            'Lines such as key = "citation" were expected under [sources].',
            "Write each citation in quotation marks.",
            line=table.line_of(""),
        )
    )
    return None


def _beside(
    mission: Mission, head: Row[Leaving], lists: Mapping[str, Table[Any]], cited: tuple[Row[Any], ...],
    sources: Mapping[str, str],
) -> Iterator[Fault]:  # fmt: skip
    """Hold the file against the mission: names, sources and months, each fault at its line."""
    yield from _head_faults(mission, head, lists["condition"])
    known = frozenset({**mission.sources, **sources})
    for row in cited:
        if row.record.source not in known:
            yield unknown_name(row, "source", row.record.source, known, "[sources]")
    for fault in reference_faults(_draft(mission, lists, {**mission.sources, **sources})):
        if fault.file == head.file:
            yield fault


def _benchmark_faults(mission: Mission, met: Table[Met]) -> Iterator[Fault]:
    """A benchmark that is met in a month must be one of the mandate, in a mission whose futures do not say it."""
    known = {one.condition_id for one in mission.mandate.condition}
    for row in met:
        if row.record.condition_id not in known:
            yield unknown_name(row, "condition_id", row.record.condition_id, known, "the conditions of mandate.toml")
        elif mission.nodes:
            yield row.error(
                "met_in",
                "Benchmark '{condition}' is met in {value}, but nodes.csv says in which futures it is met.",
                "No [[benchmark]] was expected for a mission with nodes.csv.",
                "Name the condition in the nodes in which it holds, or plan the mission without nodes.csv.",
                condition=row.record.condition_id,
            )


def _unknown_norms(norms: Norms, head: Row[Leaving], reserve: Table[Reserve]) -> Iterator[Fault]:
    types, models = norms.unit_types(), norms.mission_models()
    for row in reserve:
        if row.record.unit_type not in types:
            yield unknown_name(row, "unit_type", row.record.unit_type, types, "the unit types of the norms")
    forms = [POLITICAL_MISSION.key, *models]
    if head.record.new_form and head.record.new_form not in forms:
        yield unknown_name(head, "new_form", head.record.new_form, forms, "the mission models of the norms")


def _head_faults(mission: Mission, head: Row[Leaving], conditions: Table[Condition]) -> Iterator[Fault]:
    first, last = mission.setting.first_month, mission.setting.first_month + (mission.setting.months - 1)
    if not first <= head.record.ends <= last:
        yield head.error(
            "ends",
            "The transition ends in {value}, outside the months planned.",
            "A month from {first} to {last} was expected.",
            "Correct ends, or months in mission.toml.",
            first=str(first),
            last=str(last),
        )
    bases = {site.site_id for site in mission.sites if site.kind != "partner_hospital"}
    for site_id in head.record.residual_sites or ():
        if site_id not in bases:
            yield unknown_name(head, "residual_sites", site_id, bases, "sites.csv")
    named = {row.record.condition_id for row in conditions} | {c.condition_id for c in mission.mandate.condition}
    if head.record.when and head.record.when not in named:
        yield unknown_name(head, "when", head.record.when, named, "the conditions of mandate.toml and this file")


def _draft(mission: Mission, lists: Mapping[str, Table[Any]], sources: Mapping[str, str]) -> Draft:
    """Lay rows of the file beside those of the mission, so that the same rules hold for both."""
    mandate = mission.mandate
    joined = {}
    for name, record in LISTS.items():
        rows = (*_rows(getattr(mandate, name), "mandate.toml"), *lists[name].rows)
        joined[name] = _table(rows, record)
    return Draft(
        mission_toml=MissionToml(Row(mission.setting, "mission.toml", 0), sources, {}),
        mandate_toml=MandateToml(
            head=Row(mandate, "mandate.toml", 0), task=_table(_rows(mandate.task, "mandate.toml"), Task),
            **joined,
        ),
        areas=_of(mission.areas, "areas.csv"),
        sites=_of(mission.sites, "sites.csv"),
        units=Table(),
        pledges=Table(),
        budget=Table(),
        routes=Table(),
        nodes=_of(mission.nodes, "nodes.csv"),
        restrictions=Table(),
        hindsight_closures=Table(),
    )  # fmt: skip


def _of(records: tuple[Any, ...], file: str) -> Table[Any]:
    return _table(_rows(records, file), type(records[0])) if records else Table()


def _rows(records: tuple[Any, ...], file: str) -> tuple[Row[Any], ...]:
    return tuple(Row(record, file, 0) for record in records)


def _table(rows: tuple[Row[Any], ...], record: type) -> Table[Any]:
    names = {
        one.name: frozenset(text_of(getattr(row.record, one.name)) for row in rows)
        for one in columns_of(record)
        if one.column.unit == "key"
    }
    return Table(rows, names, count=len(rows))


def with_rows(mandate: Mandate, transition: Transition) -> Mandate:
    """Return the mandate with the rows that a transition adds."""
    joined: dict[str, Any] = {name: (*getattr(mandate, name), *getattr(transition, name)) for name in LISTS}
    met = {one.condition_id: one.met_in for one in transition.benchmark}
    joined["condition"] = tuple(
        replace(one, holds_from=met[one.condition_id]) if one.condition_id in met else one
        for one in joined["condition"]
    )
    return replace(mandate, **joined)
