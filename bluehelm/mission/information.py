"""Who knows what when: on which knowledge each kind of decision is taken. Written by hand in `information.toml`.

    [orders]            # pledges are called without knowing what has happened so far
    knows = "nothing"

    [exits]             # who is told to leave: only what was known three months ago counts
    knows = "late"
    months = 3

    [[alike]]           # these two futures look alike to whoever opens and closes sites
    kinds = ["sites"]
    nodes = ["calm", "harm"]

What is not named is decided knowing all that has happened so far: the node itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from bluehelm.errors import MissionFilesError
from bluehelm.mission.columns import Column
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.months import Month
from bluehelm.mission.tables import Row, Table
from bluehelm.mission.toml_documents import TomlDocument, read_document, read_record, read_records

KINDS = ("orders", "units", "exits", "sites")
ALL, LATE, NOTHING = KNOWS = ("all", "late", "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Knows:
    """What is known when one kind of decision is taken."""

    knows: Annotated[str, Column("text", "what is known: the node, the node some months ago, or nothing", KNOWS)] = ALL
    months: Annotated[int, Column("month", "months by which knowledge is late", low=0, high=120)] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Nodes of one month that cannot be told apart when decisions of some kinds are taken."""

    kinds: Annotated[tuple[str, ...], Column("list", "kinds of decision", KINDS)]
    nodes: Annotated[tuple[str, ...], Column("list", "node_ids that begin in the same month")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """What is known when each kind of decision is taken.

    orders: pledges called. units: where units stand. exits: units told to leave. sites: which are open.
    alike: sets of nodes named one by one, beside the rules. since: month from which the sets bind, blank for all of the
    plan; an adapted plan writes it, since what was decided before stands. No file says it.
    """

    orders: Knows = Knows()
    units: Knows = Knows()
    exits: Knows = Knows()
    sites: Knows = Knows()
    alike: tuple[Alike, ...] = ()
    since: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether every decision is taken knowing its node, as without any such sets."""
        return not self.alike and all(self.of(kind).knows == ALL for kind in KINDS)

    def of(self, kind: str) -> Knows:
        """Return the rule of a kind of decision."""
        found: Knows = getattr(self, kind)
        return found

    def binds(self, month: Month) -> bool:
        """Say whether what is decided in a node that begins in a month is bound by the sets."""
        return not self.since or month >= Month.parse(self.since)


_NOTHING = Knows(knows=NOTHING)
NOTHING_LEARNED = Information(orders=_NOTHING, units=_NOTHING, exits=_NOTHING, sites=_NOTHING)
"""The rigid plan: all nodes of a month decide alike, as if made once and for all."""


def read_information(path: Path | str) -> Information:
    """Read who knows what when.

    Raises
    ------
    MissionFilesError
        If the file cannot be read or says what cannot be; `faults` lists everything found.
    """
    path = Path(path)
    if not path.is_file():
        raise MissionFilesError(
            "The file of information sets '{file}' is not there, or is not a file. Check the name.", (), file=str(path)
        )
    document, faults = read_document(path)
    if document is not None:
        rules, sets = _read(document, faults)
        if not any(fault.grade == "error" for fault in faults):
            given: dict[str, Any] = {kind: row.record for kind, row in rules.items() if row is not None}
            return Information(**given, alike=tuple(row.record for row in sets))
    raise MissionFilesError(
        "'{file}' does not say who knows what when: {count} {count:error|errors}.",
        tuple(faults),
        file=str(path),
        count=len(faults),
    )


def information_of(given: Mapping[str, Any] | None) -> Information | None:
    """Read information sets back from the options that a plan lists; None where it was made without."""
    if given is None:
        return None
    sets = tuple(Alike(kinds=tuple(one["kinds"]), nodes=tuple(one["nodes"])) for one in given["alike"])
    rules: dict[str, Any] = {kind: Knows(**given[kind]) for kind in KINDS}
    return Information(**rules, alike=sets, since=given.get("since", ""))


@dataclass(frozen=True, slots=True)
class _Top:
    """No key stands outside the tables."""


def _read(document: TomlDocument, faults: list[Fault]) -> tuple[dict[str, Row[Knows] | None], Table[Alike]]:
    read_record(document.top(without=(*KINDS, "alike")), _Top, faults, not_keys=(*KINDS, "alike"))
    rules: dict[str, Row[Knows] | None] = {}
    for kind in KINDS:
        keys = document.keys.get(kind)
        if isinstance(keys, dict):
            rules[kind] = read_record(document.table(kind, keys), Knows, faults)
        elif keys is not None:
            faults.append(_no_table(document, kind))
    sets = read_records(document, "alike", Alike, faults)
    faults += _contradictions(rules, sets)
    return rules, sets


def _no_table(document: TomlDocument, kind: str) -> Fault:
    return error(
        document.file,
        "'{column}' is not a table.",
        'A header [{column}] with a line knows = "nothing" (or "late", or "all") under it was expected.',
        "Write it in this form.",
        line=document.table("", {}).line_of(kind),
        column=kind,
    )


def _contradictions(rules: Mapping[str, Row[Knows] | None], sets: Table[Alike]) -> Iterator[Fault]:
    for row in rules.values():
        if row is not None and (row.record.knows == LATE) != (row.record.months > 0):
            yield row.error(
                "months",
                "knows is '{knows}' and months is {value}.",
                'Months of 1 or more beside "late", and none beside any other word, were expected.',
                "Correct one of the two.",
                knows=row.record.knows,
            )
    for one in sets:
        if len(set(one.record.nodes)) < 2:
            yield one.error(
                "nodes",
                "This set names fewer than two different nodes: {value}.",
                "Two node_ids or more, that begin in the same month, were expected.",
                "Name the nodes that cannot be told apart.",
            )
