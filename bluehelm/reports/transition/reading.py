"""The record of a transition read for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bluehelm.mission.records import COMPONENTS
from bluehelm.reports.names import component_name, spoken, unit_type_name
from bluehelm.reports.numbers import listing, money, month_name, percent, whole
from bluehelm.words import say

Row = Mapping[str, Any]
# Deaths are counted in shares: differences below this are none.
SAME = 0.0005


def said(value: Any) -> str:
    """Say a sentence that was kept with its values, in the language in use."""
    if isinstance(value, Mapping) and set(value) == {"message", "values"}:
        return say(value["message"], **{name: said(item) for name, item in value["values"].items()})
    return say(value) if isinstance(value, str) and value else str(value)


class TransitionReading:
    """What the page asks of a record."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.record = record
        self.today: Row = record["today"]
        self.months: Sequence[Row] = record["months"]
        self.last: Row = record["months"][-1]

    def area(self, area_id: str) -> str:
        """Name of an area."""
        return say(self.record["names"]["areas"].get(area_id, area_id))

    def site(self, site_id: str) -> str:
        """Name of a site."""
        return say(self.record["names"]["sites"].get(site_id, site_id))

    def sites(self, site_ids: Sequence[str], most: int = 0) -> str:
        """Names of sites in one line."""
        return listing((self.site(site_id) for site_id in site_ids), most)

    def form(self, key: str) -> str:
        """Name of a form of operation."""
        own = {"political_mission": say("Political mission"), "today": say("As it stands today")}
        return own[key] if key in own else say(self.record["names"]["forms"].get(key, key))

    def units(self, counted: Mapping[str, int]) -> str:
        """Units by type and strength in one line; a key is the type and the strength."""
        by_type: dict[str, int] = {}
        for key, count in counted.items():
            kind = key.rpartition(" ")[0]
            by_type[kind] = by_type.get(kind, 0) + count
        return listing(
            say("{count} × {name}", count=whole(count), name=unit_type_name(kind))
            for kind, count in sorted(by_type.items(), key=lambda one: (-one[1], one[0]))
        )

    def case(self, name: str) -> Row:
        """The plan held with actors at one of the three shares."""
        found: Row = next(case for case in self.record["cases"] if case["name"] == name)
        return found

    @property
    def actors(self) -> Sequence[Row]:
        """Handovers as the plan has them."""
        rows: Sequence[Row] = self.record["bridges"]
        return rows

    def actor(self, handover_id: str) -> str:
        """Name of the actor of a handover."""
        return next((say(row["actor"]) for row in self.actors if row["handover_id"] == handover_id), handover_id)

    def persons(self, row: Row) -> int:
        """Persons of all components."""
        return int(sum(row["persons"].values()))


def persons_by_component(row: Row) -> str:
    """Persons by component in one line."""
    return listing(
        say("{component}: {count}", component=component_name(component), count=whole(count))
        for component in COMPONENTS
        for count in (row["persons"][component],)
    )


def months_told(count: float) -> str:
    """Write a length of time in months."""
    number = f"{count:.1f}".rstrip("0").rstrip(".")
    return say("1 month") if number == "1" else say("{count} months", count=number)


def break_told(reading: TransitionReading, row: Row) -> str:
    """Say by how much a floor is broken."""
    return say(
        "{area}: {held} instead of {floor} in {month}, short in {count} {count:month|months}",
        area=reading.area(row["area_id"]), held=percent(row["held"]), floor=percent(row["floor"]),
        month=month_name(row["month"]), count=row["months"],
    )  # fmt: skip


def waiting_told(reading: TransitionReading, row: Row) -> str:
    """Say what hangs on a benchmark."""
    what = row["what"]
    if row["kind"] == "ceiling":
        return say("ceiling ({name}) of {count} persons", name=component_name(what), count=whole(row["amount"]))
    if row["kind"] == "site_limit":
        return say("limit of {count} sites", count=whole(row["amount"]))
    if row["kind"] == "task":
        return say("start of the task: {title}", title=say(reading.record["names"]["tasks"].get(what, what)))
    if row["kind"] == "handover":
        return say("handover to {actor}", actor=reading.actor(what))
    kind = {"receipt": say("receipt"), "appropriation": say("appropriation")}.get(what) or spoken(what).lower()
    return say("{kind} of {amount}", kind=kind, amount=money(row["amount"]))
