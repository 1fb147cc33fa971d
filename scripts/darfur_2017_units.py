"""Blocks of units in Darfur in December 2016: those on the map, those that it does not place, and staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from darfur_2017_inputs import ROWS, Row

from bluehelm.mission.records import Unit
from bluehelm.norms.norms import load_norms

MAP_COMPANY_PERSONS = 150

# The model gives no credit for what enablers do for others, so no plan may send them home for want of a task.
ENABLERS = (
    "engineer_company_construction",
    "military_observer_team",
    "military_police_unit",
    "signals_company",
    "transport_company",
)


@dataclass(frozen=True)
class Block:
    """One unit before it has a name and a strength."""

    site_id: str
    unit_type: str
    source: str
    note: str
    contributor: str = ""
    stays: bool = False


def contributors_on_map(row: Row) -> Iterator[tuple[str, int | None]]:
    """Yield contributor and persons (None where the map gives no size) of one location."""
    for number in range(1, 18):
        name, persons = row[f"nameoftcc_{number}"], row[f"notroopspertcc_{number}"]
        if name not in ("", "NA"):
            yield name, int(float(persons)) if persons not in ("", "NA", "unknown") else None


def blocks_on_map(mapped: Mapping[str, Row]) -> Iterator[Block]:
    """Yield the blocks that the map places."""
    named = {(b["site_id"], b["contributor"]): b for b in ROWS["map_block"]}
    for site in ROWS["site"]:
        if site["name"] not in mapped:
            continue
        for contributor, persons in contributors_on_map(mapped[site["name"]]):
            if block := named.get((site["site_id"], contributor)):
                if block["unit_type"]:
                    yield Block(site["site_id"], block["unit_type"], "geopko_v21", block["note"], contributor)
            elif persons:
                note = "Place, type and contributor as on the map; strength scaled to the UN's monthly figures."
                for _ in range(persons // MAP_COMPANY_PERSONS):
                    yield Block(site["site_id"], "infantry_company", "geopko_v21", note, contributor)


def blocks_placed() -> Iterator[Block]:
    """Yield the blocks that the map does not place."""
    on_map = [row["site_id"] for row in ROWS["site"] if row.get("kind") != "temporary_base"]
    for row in ROWS["placed"]:
        at = row.get("at", []) + on_map * row.get("at_every_map_site", 0)
        at += row.get("extra_at", []) * row.get("extra", 0)
        for site_id in sorted(at, key=on_map.index):
            stays = row.get("stays", False)
            source = "geopko_v21" if row["note"].startswith("Map:") else "planner"
            yield Block(site_id, row["unit_type"], source, row["note"], row.get("contributor", ""), stays)


def units(mapped: Mapping[str, Row]) -> list[Unit]:
    """Return every block of December 2016; the staff of the headquarters takes what remains of the published sums."""
    numbers: Counter[tuple[str, str]] = Counter()
    made = []
    for block in [*blocks_on_map(mapped), *blocks_placed()]:
        numbers[block.site_id, block.unit_type] += 1
        made.append(
            Unit(
                unit_id=f"{block.site_id}-{block.unit_type}-{numbers[block.site_id, block.unit_type]}",
                unit_type=block.unit_type,
                contributor=block.contributor,
                site_id=block.site_id,
                persons=ROWS["strength"][block.unit_type],
                source=block.source,
                status="assumed",
                # A hospital stays where it stands: to move one takes longer than any other unit, and its patients wait.
                may_move="hospital" not in block.unit_type,
                may_leave=not (block.stays or block.unit_type in ENABLERS),
                note=block.note,
            )
        )
    return made + headquarters_staff(made)


def headquarters_staff(others: list[Unit]) -> list[Unit]:
    """Return the staff of the headquarters, sized so that the military sums are met."""
    types = load_norms().unit_types()
    military = sum(u.persons for u in others if types[u.unit_type].component == "military")
    observers = sum(u.persons for u in others if u.unit_type == "military_observer_team")
    plan, totals = ROWS["headquarters"], ROWS["totals"]
    sized = [(site_id, plan["sector_persons"], "Staff of the sector, size assumed.") for site_id in plan["sectors"]]
    rest = totals["troops"] - (military - observers) - sum(persons for _, persons, _ in sized)
    officers = totals["observers_and_staff_officers"] - observers
    sized += [
        (plan["site_id"], rest, "Staff company of the mission headquarters: what remains of 13,617 troops."),
        (plan["site_id"], officers, "Staff officers: what remains of 181 once the observer teams are taken off."),
    ]
    return [
        Unit(
            unit_id=f"{site_id}-staff_officers-{number}",
            unit_type="staff_officers",
            contributor="",
            site_id=site_id,
            persons=persons,
            source="ipi_contributions",
            status="assumed",
            may_move=False,
            may_leave=False,
            note=note,
        )
        for number, (site_id, persons, note) in enumerate(sized, start=1)
    ]
