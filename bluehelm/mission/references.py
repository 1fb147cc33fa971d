"""Faults between the parts of a mission: names that nothing bears, names borne twice, sources not listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bluehelm.errors import nearest
from bluehelm.mission.content import content_faults
from bluehelm.mission.draft import Draft, unknown_name
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.handover_faults import handover_faults
from bluehelm.mission.restriction_faults import restriction_faults
from bluehelm.mission.tables import Row, Table
from bluehelm.mission.timing import timing_faults
from bluehelm.mission.tree import tree_faults

if TYPE_CHECKING:
    import polars as pl

NAMES_SHOWN = 5


def reference_faults(draft: Draft) -> list[Fault]:
    """Find every fault between the parts of a mission that were read."""
    families = (
        _repeated_names, _unknown_sites, _unknown_zones, _unknown_conditions, _unknown_areas, _unknown_sources,
        _unknown_tasks, _unknown_in_frames, content_faults, restriction_faults, handover_faults, timing_faults,
        tree_faults,
    )  # fmt: skip
    return [fault for family in families for fault in family(draft)]


def _repeated_names(draft: Draft) -> Iterator[Fault]:
    mandate = draft.mandate_toml
    keyed: Sequence[tuple[Table[Any], tuple[str, ...]]] = (
        (draft.areas, ("area_id",)),
        (draft.sites, ("site_id",)),
        (draft.units, ("unit_id",)),
        (draft.pledges, ("pledge_id",)),
        (draft.nodes, ("node_id",)),
        (draft.routes, ("from_site", "to_place", "mode")),
        (mandate.condition, ("condition_id",)),
        (mandate.task, ("task_id",)),
        (mandate.ceiling, ("component", "from_month", "when")),
        (mandate.site_limit, ("from_month", "when")),
        (mandate.handover, ("handover_id",)),
        (draft.restrictions, ("what", "kind", "from_month", "when")),
    )
    for table, columns in keyed:
        first_line: dict[tuple[object, ...], int] = {}
        for row in table:
            name = tuple(getattr(row.record, column) for column in columns)
            if name in first_line:
                yield row.error(
                    columns[0],
                    "'{name}' stands twice: here and in line {first}.",
                    "Each {columns} was expected once.",
                    "Rename one, or take one out.",
                    name=" ".join(str(part) for part in name if part != ""),
                    first=first_line[name],
                    columns=" + ".join(columns),
                )
            first_line.setdefault(name, row.line)


def _unknown(rows: Iterable[Row[Any]], column: str, known: frozenset[str] | None, where: str) -> Iterator[Fault]:
    """Check one column of names, or of lists of names; a blank names nothing."""
    if known is None:
        return
    for row in rows:
        given = getattr(row.record, column)
        for name in given if isinstance(given, tuple) else (given,):
            if name and name not in known:
                yield unknown_name(row, column, name, known, where)


def _unknown_sites(draft: Draft) -> Iterator[Fault]:
    sites, areas = draft.sites.names_in("site_id"), draft.areas.names_in("area_id")
    yield from _unknown(draft.units, "site_id", sites, "sites.csv")
    yield from _unknown(draft.routes, "from_site", sites, "sites.csv")
    yield from _unknown(draft.hindsight_closures, "site_id", sites, "sites.csv")
    if sites is None or areas is None:
        return
    yield from _unknown(draft.routes, "to_place", sites | areas, "sites.csv or areas.csv")
    both = sites & areas
    for row in draft.routes:
        if row.record.to_place in both:
            yield row.error(
                "to_place",
                "'{value}' is both a site and an area, so it is not clear where the route leads.",
                "A name of one site or one area was expected.",
                "Rename the site or the area.",
            )


def _unknown_zones(draft: Draft) -> Iterator[Fault]:
    zones = draft.zones
    for asked in (draft.mandate_toml.task, draft.mandate_toml.handover):
        yield from _unknown(asked, "zones", zones, "the zones of areas.csv")
    site_zones = draft.sites.names_in("zone")
    if zones is None or site_zones is None:
        return
    for table in (draft.units, draft.pledges):
        yield from _unknown(table, "only_zones", zones | site_zones, "the zones of areas.csv and sites.csv")
    for row in draft.sites:
        if row.record.zone not in zones:
            near = nearest(row.record.zone, zones)
            yield row.warning(
                "zone",
                "Site '{site}' lies in zone '{value}', which no area names.",
                "A zone of areas.csv was expected: {zones}.",
                "Did you mean '{nearest}'?" if near else "Leave it if nobody lives in that zone.",
                site=row.record.site_id,
                zones=", ".join(sorted(zones)[:20]),
                nearest=near,
            )


def _unknown_conditions(draft: Draft) -> Iterator[Fault]:
    mandate, where = draft.mandate_toml, "the conditions of mandate.toml"
    hanging: Sequence[Table[Any]] = (
        mandate.ceiling, mandate.site_limit, mandate.task, mandate.handover, draft.restrictions, draft.budget,
    )  # fmt: skip
    for table in hanging:
        yield from _unknown(table, "when", draft.conditions, where)
    yield from _unknown(draft.nodes, "conditions", draft.conditions, where)


def _unknown_tasks(draft: Draft) -> Iterator[Fault]:
    tasks = draft.mandate_toml.task.names_in("task_id")
    yield from _unknown(draft.mandate_toml.handover, "tasks", tasks, "the tasks of mandate.toml")


def _unknown_areas(draft: Draft) -> Iterator[Fault]:
    yield from _unknown(draft.mandate_toml.floor, "areas", draft.areas.names_in("area_id"), "areas.csv")


def _unknown_sources(draft: Draft) -> Iterator[Fault]:
    if draft.mission_toml.sources is None:
        return
    known, where = frozenset(draft.mission_toml.sources), "[sources] of mission.toml"
    mandate = draft.mandate_toml
    for head, column in ((draft.mission_toml.setting, "fixed_cost_source"), (mandate.head, "source")):
        yield from _unknown([head] if head else [], column, known, where)
    tables: Sequence[Table[Any]] = (
        mandate.condition, mandate.ceiling, mandate.site_limit, mandate.task, mandate.floor, mandate.handover,
        draft.areas, draft.sites, draft.units, draft.pledges, draft.budget, draft.routes, draft.nodes,
        draft.restrictions, draft.hindsight_closures,
    )  # fmt: skip
    for table in tables:
        yield from _unknown(table, "source", known, where)
    for frame, file in ((draft.risk, "risk.csv"), (draft.hindsight_violence, "hindsight_violence.csv")):
        yield from _unknown_in_column(frame, file, "source", known, where)


def _unknown_in_frames(draft: Draft) -> Iterator[Fault]:
    areas = draft.areas.names_in("area_id")
    nodes = draft.nodes.names_in("node_id")
    yield from _unknown_in_column(draft.risk, "risk.csv", "area_id", areas, "areas.csv")
    yield from _unknown_in_column(draft.risk, "risk.csv", "node_id", nodes, "nodes.csv")
    yield from _unknown_in_column(draft.hindsight_violence, "hindsight_violence.csv", "area_id", areas, "areas.csv")
    yield from _repeated_rows(draft.risk, "risk.csv", ("area_id", "month", "node_id"))
    yield from _repeated_rows(draft.hindsight_violence, "hindsight_violence.csv", ("area_id", "month"))
    yield from _repeated_rows(draft.events, "events.csv", ("event_id",))


def _unknown_in_column(
    frame: pl.DataFrame | None, file: str, column: str, known: frozenset[str] | None, where: str
) -> Iterator[Fault]:
    if frame is None or known is None:
        return
    unknown = [name for name in frame.get_column(column).unique(maintain_order=True) if name and name not in known]
    for name in unknown[:NAMES_SHOWN]:
        near = nearest(name, known)
        yield error(
            file,
            "{column} names '{value}', which is not in {where}; {count} {count:name|names} {count:is|are} unknown in "
            "all.",
            "A name that stands in {where} was expected.",
            "Did you mean '{nearest}'?" if near else "Correct the name, or add it to {where}.",
            column=column,
            value=name,
            where=where,
            count=len(unknown),
            nearest=near,
        )


def _repeated_rows(frame: pl.DataFrame | None, file: str, columns: Sequence[str]) -> Iterator[Fault]:
    if frame is None:
        return
    repeated = frame.filter(frame.select(columns).is_duplicated()).select(columns).unique(maintain_order=True)
    if repeated.height:
        yield error(
            file,
            "{count} {count:row|rows} {count:stands|stand} more than once, such as '{value}'.",
            "Each {columns} was expected once.",
            "Take the rows that are too many out.",
            column=columns[0],
            value=" ".join(str(part) for part in repeated.row(0) if part != ""),
            count=repeated.height,
            columns=" + ".join(columns),
        )
