"""Faults of restrictions: a thing that is not there, a name of two things, the same row twice."""

from __future__ import annotations

from collections.abc import Iterator

from bluehelm.mission.draft import Draft, unknown_name
from bluehelm.mission.faults import Fault
from bluehelm.mission.records import Restriction
from bluehelm.mission.tables import Row


def restriction_faults(draft: Draft) -> Iterator[Fault]:
    """Find restrictions of what is not there; unit types are looked up in the norms by `bluehelm.checks`."""
    sites, areas, zones = draft.sites.names_in("site_id"), draft.areas.names_in("area_id"), draft.zones
    for row in draft.restrictions:
        what, kind = row.record.what, row.record.kind
        if kind == "site_lost" and sites is not None and what not in sites:
            yield unknown_name(row, "what", what, sites, "sites.csv")
        if kind == "no_consent" and areas is not None and zones is not None:
            yield from _consent_faults(row, areas, zones)


def _consent_faults(row: Row[Restriction], areas: frozenset[str], zones: frozenset[str]) -> Iterator[Fault]:
    what = row.record.what
    if what not in areas | zones:
        yield unknown_name(row, "what", what, areas | zones, "the areas and zones of areas.csv")
    elif what in areas & zones:
        yield row.error(
            "what",
            "'{value}' is both an area and a zone, so it is not clear where consent is missing.",
            "A name of one area or one zone was expected.",
            "Rename the area or the zone.",
        )
