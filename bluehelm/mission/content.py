"""Faults of what a mission says as a whole: tables without rows, settings that cannot be, rows in contradiction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bluehelm.mission.draft import MANDATE_FILE, Draft
from bluehelm.mission.faults import Fault, error, warning
from bluehelm.mission.tables import Row, Table

LINES_SHOWN = 5


def content_faults(draft: Draft) -> Iterator[Fault]:
    """Find what a mission lacks, and rows that contradict themselves."""
    yield from _empty_tables(draft)
    yield from _setting_faults(draft)
    yield from _site_faults(draft)
    yield from _unit_faults(draft)
    yield from _floor_faults(draft)
    yield from _assumed_without_reason(draft)


def _empty_tables(draft: Draft) -> Iterator[Fault]:
    wanted = ((draft.areas, "areas.csv"), (draft.sites, "sites.csv"))
    for table, file in wanted:
        if table.is_empty:
            yield error(
                file,
                "'{file}' has no rows.",
                "At least one row was expected: a mission has people to protect and sites to stand on.",
                "Fill the table in.",
            )
    if draft.units.is_empty and draft.pledges.is_empty:
        yield error(
            "units.csv",
            "There are neither units nor pledges.",
            "At least one unit in units.csv or one pledge in pledges.csv was expected.",
            "Fill one of the tables in.",
        )
    elif draft.units.is_empty:
        yield warning(
            "units.csv",
            "No unit is in place; the mission starts from its pledges alone.",
            "Units in place were expected, unless the mission is new.",
            "Fill units.csv in if units are there already.",
        )
    if draft.budget.is_empty:
        yield warning(
            "budget.csv",
            "'{file}' has no rows, so money is not limited; costs are only counted.",
            "Lines of cash, receipts or appropriations were expected.",
            "Fill the table in if money is limited.",
        )
    if draft.mandate_toml.task.is_empty:
        yield error(
            MANDATE_FILE,
            "The mandate asks for no task.",
            "At least one table under a header [[task]] was expected.",
            "Add the tasks of the resolution.",
            column="task",
        )
    if draft.mandate_toml.ceiling.is_empty:
        yield warning(
            MANDATE_FILE,
            "The mandate sets no ceiling, so the number of persons is not limited.",
            "Tables under headers [[ceiling]] were expected.",
            "Add the ceilings of the resolution, if it has any.",
            column="ceiling",
        )


def _setting_faults(draft: Draft) -> Iterator[Fault]:
    row = draft.mission_toml.setting
    if row is None:
        return
    wrong = [code for code in row.record.countries if not re.fullmatch("[A-Z]{3}", code)]
    if wrong:
        yield row.error(
            "countries",
            "countries holds {codes}.",
            'Codes of three capital letters such as ["SDN"] were expected (ISO 3166 alpha-3).',
            "Write the code of each host country.",
            codes=", ".join(repr(code) for code in wrong),
        )
    if len(set(row.record.wet_months)) < len(row.record.wet_months):
        yield row.error(
            "wet_months",
            "wet_months names a month twice: {value}.",
            "Each calendar month was expected once.",
            "Take the months that are too many out.",
        )


def _site_faults(draft: Draft) -> Iterator[Fault]:
    for row in draft.sites:
        site = row.record
        if site.kind == "partner_hospital" and site.hospital_level == 0:
            yield row.error(
                "hospital_level",
                "Partner hospital '{site}' has hospital_level 0.",
                "A level from 1 to 4 was expected.",
                "Write the level of care that it gives, or another kind of site.",
                site=site.site_id,
            )
        if not site.open_at_start and site.opens_from is None:
            yield row.warning(
                "opens_from",
                "Site '{site}' is not open at the start and can never open.",
                "A month in opens_from was expected for a site that may open.",
                "Fill opens_from in, or take the site out.",
                site=site.site_id,
            )


def _unit_faults(draft: Draft) -> Iterator[Fault]:
    sites = {row.record.site_id: row.record for row in draft.sites}
    for row in draft.units:
        unit, site = row.record, sites.get(row.record.site_id)
        if site is None:
            continue
        if site.kind == "partner_hospital":
            yield row.error(
                "site_id",
                "Unit '{unit}' is based at '{value}', which is a hospital of a partner.",
                "A site of the mission was expected.",
                "Base the unit at another site.",
                unit=unit.unit_id,
            )
        if unit.arrives is None and not site.open_at_start:
            yield row.error(
                "site_id",
                "Unit '{unit}' stands at '{value}', which is not open at the start.",
                "A site that is open on the day before the first month was expected.",
                "Write yes in open_at_start of that site, or a month in arrives of the unit.",
                unit=unit.unit_id,
            )
        if unit.only_zones and site.zone not in unit.only_zones and not unit.may_move:
            yield row.warning(
                "only_zones",
                "Unit '{unit}' stands in zone '{zone}', where its caveat does not let it stand, and it may not move.",
                "A site within the zones of its caveat was expected: {value}.",
                "Correct only_zones or site_id, or let it move.",
                unit=unit.unit_id,
                zone=site.zone,
            )


def _floor_faults(draft: Draft) -> Iterator[Fault]:
    for row in draft.mandate_toml.floor:
        if bool(row.record.taken_over_by) != (row.record.taken_over_from is not None):
            yield row.error(
                "taken_over_by",
                "A floor names only one of taken_over_by and taken_over_from.",
                "Both the actor and the month were expected, or neither.",
                "Fill the other one in.",
            )


def _assumed_without_reason(draft: Draft) -> Iterator[Fault]:
    mandate = draft.mandate_toml
    tables: Sequence[Table[Any]] = (
        draft.areas, draft.sites, draft.units, draft.pledges, draft.budget, draft.routes, draft.nodes,
        draft.restrictions, draft.hindsight_closures, mandate.condition, mandate.ceiling, mandate.site_limit,
        mandate.task, mandate.floor, mandate.handover,
    )  # fmt: skip
    for table in tables:
        bare: list[Row[Any]] = [row for row in table if row.record.status == "assumed" and not row.record.note]
        if bare:
            yield bare[0].warning(
                "note",
                "{count} {count:row|rows} {count:is|are} assumed, without a reason in note (lines {lines}).",
                "A reason was expected for what is assumed.",
                "Say in note why the figure is taken to be so.",
                count=len(bare),
                lines=", ".join(str(row.line) for row in bare[:LINES_SHOWN]),
            )
