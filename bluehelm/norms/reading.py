"""Read norms from TOML: dated values with source and status, in the form told in docs/norms.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.records import STATUSES
from bluehelm.norms.entry import MEASURES, Entry, Norm, as_value, check_range
from bluehelm.norms.strict import StrictTable, read_toml


def read_norms(text: str, file: str) -> dict[str, Norm]:
    """Read every norm of one file; the key of a table within a table is joined by a dot."""
    return {norm.key: norm for norm in _norms_in(read_toml(text, file), "", file)}


def _norms_in(group: Mapping[str, object], prefix: str, file: str) -> list[Norm]:
    found: list[Norm] = []
    for name, raw in group.items():
        key = prefix + name
        if isinstance(raw, Mapping) and raw and all(isinstance(part, Mapping) for part in raw.values()):
            found += _norms_in(raw, key + ".", file)
        else:
            found.append(read_norm(key, raw, file))
    return found


def read_norm(key: str, raw: object, file: str) -> Norm:
    """Read one norm: its unit, meaning and dated values."""
    table = StrictTable(raw, f"{file}: {key}")
    unit = table.take_choice("unit", tuple(MEASURES))
    meaning = table.take("meaning", str)
    rows: list[object] = table.take("values", list)
    table.done()
    entries = tuple(read_entry(key, unit, StrictTable(row, f"{file}: {key}")) for row in rows)
    return Norm(key=key, unit=unit, meaning=meaning, entries=in_order(key, entries))


def read_entry(key: str, unit: str, table: StrictTable) -> Entry:
    """Read one dated value, with the range and reason that its status asks for."""
    status = table.take_choice("status", STATUSES)
    assumed = status == "assumed"
    source = table.take_or("source", str, "") if assumed else table.take("source", str)
    reason = table.take("reason", str) if assumed else table.take_or("reason", str, "")
    since = table.take("since", date)
    raw_value, raw_low, raw_high = (table.take_any(name) for name in ("value", "low", "high"))
    table.done()
    if not (reason.strip() if assumed else source.strip()):
        raise InvalidRecordError(
            "{place} is {status} but its {missing} is empty. Write it.",
            place=table.place,
            status=status,
            missing="reason" if assumed else "source",
        )
    value = as_value(key, unit, "value", raw_value)
    low = None if raw_low is None and not assumed else as_value(key, unit, "low", raw_low)
    high = None if raw_high is None and not assumed else as_value(key, unit, "high", raw_high)
    check_range(key, value, low, high)
    return Entry(since=since, value=value, low=low, high=high, status=status, source=source, reason=reason)


def in_order(key: str, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries if there is one at least and each starts after the one before."""
    if not entries:
        raise InvalidRecordError("Norm '{key}' has no values. Give it one, with its day and source.", key=key)
    for before, after in pairwise(entries):
        if before.since >= after.since:
            raise InvalidRecordError(
                "Norm '{key}' has a value since {after} listed after one since {before}; "
                "rising days were expected. Put its values in order.",
                key=key,
                before=before.since,
                after=after.since,
            )
    return entries
