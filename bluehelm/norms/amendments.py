"""A what-if: values laid over the norms, which stay marked as amended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from bluehelm.errors import UnknownNormError, nearest
from bluehelm.norms.entry import AMENDED, Entry, Norm, as_value, check_range
from bluehelm.norms.strict import StrictTable


def amend(norms: Mapping[str, Norm], amendments: Mapping[str, object]) -> dict[str, Norm]:
    """Lay amendments over norms: `key = value` for all days, or a table with value and, if wanted, since.

    A key may be written with dots or as tables within tables, as TOML reads unquoted dots.
    """
    amended = dict(norms)
    for key, raw in _flat(amendments, ""):
        if key not in amended:
            raise unknown(key, norms)
        amended[key] = amend_norm(amended[key], raw)
    return amended


def _flat(amendments: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for name, raw in amendments.items():
        key = f"{prefix}{name}"
        if isinstance(raw, Mapping) and raw and "value" not in raw:
            yield from _flat(raw, key + ".")
        else:
            yield key, raw


def amend_norm(norm: Norm, raw: object) -> Norm:
    """Put one value in force, from its own day on or on all days."""
    table = StrictTable(raw if isinstance(raw, Mapping) else {"value": raw}, f"amendments: {norm.key}")
    since = table.take("since", date) if "since" in table else None
    value = as_value(norm.key, norm.unit, "value", table.take_any("value"))
    low, high = (
        as_value(norm.key, norm.unit, end, table.take_any(end)) if end in table else None for end in ("low", "high")
    )
    check_range(norm.key, value, low, high)
    entry = Entry(
        since=since or norm.entries[0].since,
        value=value,
        low=low,
        high=high,
        status="assumed",
        source=table.take_or("source", str, ""),
        reason=table.take_or("reason", str, AMENDED),
    )
    table.done()
    before = tuple(kept for kept in norm.entries if since and kept.since < since)
    return replace(norm, entries=(*before, entry), amended=True)


def unknown(key: str, norms: Mapping[str, Norm]) -> UnknownNormError:
    """Say that no norm has this key, with the nearest name that one has."""
    near = nearest(key, norms)
    if near:
        return UnknownNormError("Norm '{key}' is unknown. Nearest name: '{near}'. Use a known key.", key=key, near=near)
    return UnknownNormError(
        "Norm '{key}' is unknown; none of the {count} norms has a name like it. The keys are listed in docs/norms.md.",
        key=key,
        count=len(norms),
    )
