"""Shocks: what befalls a running operation, as records read strictly from a file of `[[shock]]` tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from bluehelm.errors import ImportFileError, nearest
from bluehelm.mission.columns import Column
from bluehelm.mission.faults import Fault, error
from bluehelm.mission.mandate import Task
from bluehelm.mission.months import Month
from bluehelm.mission.records import ALL_AIRCRAFT, COMPONENTS, STATUSES
from bluehelm.mission.toml_documents import TomlDocument, TomlTable, read_document, read_record

FAULTS_SHOWN = 5

Until = Annotated[Month | None, Column("month", "last month of it; left out = to the end of the plan")]
Where = Annotated[tuple[str, ...], Column("list", "areas or zones that it befalls")]
S = TypeVar("S", bound="Shock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """What all shocks say: when it begins, when it is known, why, and how well that is known."""

    kind: Annotated[str, Column("text", "kind of shock")]
    from_month: Annotated[Month, Column("month", "month in which it begins")]
    known_from: Annotated[
        Month | None, Column("month", "month in which it is known and decisions can change; left out = from_month")
    ] = None
    reason: Annotated[str, Column("text", "why, in words")] = ""
    source: Annotated[str, Column("text", "where it is written")] = ""
    status: Annotated[str, Column("text", "how well it is known", choices=STATUSES)] = "assumed"

    @property
    def known(self) -> Month:
        """Month from which decisions can answer it."""
        return self.from_month if self.known_from is None else self.known_from

    @property
    def last(self) -> Month | None:
        """Last month of it; None where it lasts to the end of the plan."""
        return None

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it befalls: two shocks of one subject at one time contradict each other."""
        return (self.kind,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingShock(Shock):
    """A shock that may pass."""

    until_month: Until = None

    @property
    def last(self) -> Month | None:
        """Last month of it."""
        return self.until_month


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingCut(PassingShock):
    """Receipts, and what is approved for the months of the run, fall by a share."""

    share: Annotated[float, Column("share", "share by which money falls", low=0, high=1)]
    at_once: Annotated[
        bool, Column("yes/no", "what is approved falls in its own run, even where units cannot be out in time")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeWithdrawn(Shock):
    """A promised unit will not come."""

    pledge_id: Annotated[str, Column("key", "the pledge")]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The pledge."""
        return (f"pledge {self.pledge_id}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeLate(PledgeWithdrawn):
    """A promised unit can be ordered only some months later."""

    months: Annotated[int, Column("month", "months later", low=1, high=120)]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitWithdrawn(Shock):
    """A contributor calls a unit home: it is told to leave in `from_month`."""

    unit_id: Annotated[str, Column("key", "the unit")]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The unit."""
        return (f"unit {self.unit_id}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLate(UnitWithdrawn):
    """A unit on its way arrives some months later."""

    months: Annotated[int, Column("month", "months later", low=1, high=120)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLost(PassingShock):
    """A site cannot be open."""

    site_id: Annotated[str, Column("key", "the site")]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The site."""
        return (f"site {self.site_id}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(PassingShock):
    """The mission may not act in areas or zones: presence protects no one there, and no work is done in the zones."""

    where: Where

    @property
    def subjects(self) -> tuple[str, ...]:
        """The areas and zones, as far as consent goes."""
        return tuple(f"consent {name}" for name in self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolenceSurge(PassingShock):
    """Expected deaths in areas or zones are multiplied."""

    where: Where
    factor: Annotated[float, Column("ratio", "expected deaths are multiplied by it", low=1)]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The areas and zones, as far as violence goes."""
        return tuple(f"violence {name}" for name in self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelicoptersGrounded(PassingShock):
    """Units of a type, or everything that flies, cannot act."""

    unit_type: Annotated[str, Column("key", "a unit type of the norms; air = everything that flies")] = ALL_AIRCRAFT

    @property
    def subjects(self) -> tuple[str, ...]:
        """The type."""
        return (f"unit type {self.unit_type}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingLowered(Shock):
    """Fewer persons of a component may be in theatre, counted on the last day of each month from `from_month` on."""

    component: Annotated[str, Column("text", "part of the mission", choices=COMPONENTS)]
    persons: Annotated[int, Column("person", "most persons in theatre", low=0)]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The component."""
        return (f"ceiling {self.component}",)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask(Shock):
    """The Council asks one task more; its keys stand below `[shock.task]`, as in mandate.toml."""

    task: Task

    @property
    def subjects(self) -> tuple[str, ...]:
        """The task."""
        return (f"task {self.task.task_id}",)


KINDS: Mapping[str, type[Shock]] = {
    "funding_cut": FundingCut, "pledge_withdrawn": PledgeWithdrawn, "pledge_late": PledgeLate, "unit_late": UnitLate,
    "unit_withdrawn": UnitWithdrawn, "site_lost": SiteLost, "consent_withdrawn": ConsentWithdrawn,
    "violence_surge": ViolenceSurge, "helicopters_grounded": HelicoptersGrounded, "ceiling_lowered": CeilingLowered,
    "new_task": NewTask,
}  # fmt: skip


def read_shocks(path: Path | str) -> tuple[Shock, ...]:
    """Read a file of shocks; `shock = []` is a file without any.

    Raises
    ------
    ImportFileError
        If it cannot be read, or a kind, key or value is not what it should be.
    """
    path = Path(path)
    if not path.is_file():
        raise ImportFileError(
            "The file of shocks '{file}' is not there, or is not a file. Check the name.", file=str(path)
        )
    document, faults = read_document(path)
    found = [] if document is None else _shocks(document, faults)
    errors = [fault for fault in faults if fault.grade == "error"]
    if errors:
        raise ImportFileError(
            "The file of shocks '{file}' has {count} {count:error|errors}. {first}",
            file=str(path),
            count=len(errors),
            first=" ".join(str(fault) for fault in errors[:FAULTS_SHOWN]),
        )
    return tuple(found)


def _shocks(document: TomlDocument, faults: list[Fault]) -> list[Shock]:
    """Read every table; its kind says which keys it has."""
    for key in document.keys:
        if key != "shock":
            faults.append(_strange(document, key))
    given = document.keys.get("shock")
    if not isinstance(given, list) or not all(isinstance(keys, dict) for keys in given):
        faults.append(
            error(
                document.file,
                "The file has no list of shocks.",
                "Tables under headers [[shock]] were expected, or shock = [] for none.",
                "Write [[shock]] in double brackets before each of them.",
                line=document.top(()).line_of("shock"),
            )
        )
        return []
    found: list[Shock] = []
    tasks = 0
    for number, keys in enumerate(given):
        table = document.table("shock", keys, number)
        kind = _kind(table, faults)
        if kind is NewTask:
            one: Shock | None = _new_task(table, document.lines.get(("shock.task", tasks), {}), faults)
            tasks += 1
        else:
            row = None if kind is None else read_record(table, kind, faults)
            one = None if row is None else row.record
        if one is not None:
            found.append(one)
    return found


def _kind(table: TomlTable, faults: list[Fault]) -> type[Shock] | None:
    kind = table.keys.get("kind")
    if isinstance(kind, str) and kind in KINDS:
        return KINDS[kind]
    near = nearest(str(kind), KINDS) if kind is not None else ""
    faults.append(
        error(
            table.file,
            "A shock of kind '{value}' is not known." if kind is not None else "A shock does not say its kind.",
            "One of these kinds was expected: {known}.",
            "Did you mean '{nearest}'?" if near else 'Write kind = "..." with one of them.',
            line=table.line_of("kind"),
            column="kind",
            value="" if kind is None else str(kind),
            known=", ".join(KINDS),
            nearest=near,
        )
    )
    return None


def _new_task(table: TomlTable, lines: Mapping[str, int], faults: list[Fault]) -> NewTask | None:
    """Read the task below its shock; where it names no start, source or status, it takes those of the shock."""
    keys = dict(table.keys)
    given = keys.pop("task", None)
    head = read_record(TomlTable(table.file, keys, table.lines), Shock, faults)
    if not isinstance(given, dict):
        faults.append(
            error(
                table.file,
                "A shock of kind 'new_task' has no task.",
                "The keys of a task, as in mandate.toml, were expected below [shock.task].",
                "Write [shock.task] below it, with task_id, title, kind and priority.",
                line=table.line_of("kind"),
                column="task",
            )
        )
        return None
    if head is None:
        return None
    shock = head.record
    filled: dict[str, Any] = {
        "starts": str(shock.from_month), "source": shock.source or "-", "status": shock.status, **given,
    }  # fmt: skip
    row = read_record(TomlTable(table.file, filled, lines or table.lines), Task, faults)
    return None if row is None else NewTask(task=row.record, **_fields(shock))


def _fields(shock: Shock) -> dict[str, Any]:
    return {name: getattr(shock, name) for name in ("kind", "from_month", "known_from", "reason", "source", "status")}


def _strange(document: TomlDocument, key: str) -> Fault:
    near = nearest(key, ("shock",))
    return error(
        document.file,
        "Key '{column}' is not known here.",
        "These keys are known: {known}.",
        "Did you mean '{nearest}'?" if near else "Take it out, or write it as a comment after '#'.",
        line=document.top(()).line_of(key),
        column=key,
        known="[[shock]]",
        nearest=near,
    )


def by_known_month(shocks: Sequence[Shock]) -> list[tuple[Month, tuple[Shock, ...]]]:
    """Group shocks by the month in which they are known, in order: nobody answers what is not known yet."""
    months = sorted({shock.known for shock in shocks})
    return [(month, tuple(shock for shock in shocks if shock.known == month)) for month in months]
