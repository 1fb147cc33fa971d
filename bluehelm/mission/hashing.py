"""The hash of a mission: the same for the same facts, however their rows are written down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bluehelm.mission.bulk import Event, RiskRow
from bluehelm.mission.columns import columns_of
from bluehelm.mission.mandate import Mandate
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine

if TYPE_CHECKING:
    import polars as pl

# Raised when the canonical form changes, so that an old hash is never taken for a new one.
CANONICAL_FORM = 1
# Fields younger than this form: they count only where they say something, so that older folders keep their hash.
YOUNGER_FIELDS = frozenset({(Mission, "restrictions"), (Mandate, "handover"), (BudgetLine, "when")})


def mission_hash(mission: Mission) -> str:
    """Return the SHA-256 of all facts but hindsight, which no plan may depend on.

    The order of rows counts, because a plan may name the first of equals; how numbers are written does not.
    """
    digest = hashlib.sha256(f"bluehelm mission {CANONICAL_FORM}\n".encode())
    for part in fields(mission):
        if part.name.startswith("hindsight_"):
            continue
        value = getattr(mission, part.name)
        if (Mission, part.name) in YOUNGER_FIELDS and not value:
            continue
        digest.update(f"{part.name}\n".encode())
        if part.name in ("risk", "events") and value is not None:
            for piece in _frame_bytes(value, RiskRow if part.name == "risk" else Event):
                digest.update(piece)
        else:
            text = json.dumps(_canonical(value), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
            digest.update(text.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _canonical(value: Any) -> Any:
    if hasattr(value, "item"):
        # Numbers of numpy are the numbers they show.
        value = value.item()
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            # Adding zero turns -0.0, which equals 0.0, into it.
            return repr(float(value) + 0.0)
        case Decimal():
            return _shortest(value)
        case tuple() | list():
            return [_canonical(item) for item in value]
        case Mapping():
            return {str(key): _canonical(item) for key, item in value.items()}
        case Month() | date():
            return str(value)
    kind = type(value)
    held = {one.name: _as_held(getattr(value, one.name), one.type) for one in columns_of(kind)}
    return {name: _canonical(given) for name, given in held.items() if given or (kind, name) not in YOUNGER_FIELDS}


def _as_held(value: Any, kind: Any) -> Any:
    """A whole number in a field of numbers with decimals is the same fact as that number with a point."""
    return float(value) if kind is float and value is not None else value


def _shortest(amount: Decimal) -> str:
    """Write an amount without zeros that change nothing: 1200.50 as 120050E-2 would be as 12005E-1."""
    sign, digits, exponent = amount.as_tuple()
    whole = int("".join(map(str, digits)))
    if not isinstance(exponent, int) or whole == 0:
        return "0" if whole == 0 else str(amount)
    while whole % 10 == 0:
        whole, exponent = whole // 10, exponent + 1
    return f"{'-' if sign else ''}{whole}E{exponent}"


def _frame_bytes(frame: pl.DataFrame, record: type) -> Iterator[bytes]:
    """Give the columns of a bulk table as bytes that depend on nothing but their values."""
    import polars as pl

    from bluehelm.mission.frames import clean_frame

    clean = clean_frame(frame, record)
    yield f"{clean.height}\n".encode()
    for column in clean.iter_columns():
        yield f"{column.name}\n".encode()
        if column.dtype == pl.String:
            yield column.str.len_bytes().to_numpy().astype("<u4").tobytes()
            yield "".join(column.to_list()).encode()
        elif column.dtype == pl.Float64:
            yield (column.to_numpy() + 0.0).astype("<f8").tobytes()
        else:
            yield column.cast(pl.Int64).to_numpy().astype("<i8").tobytes()
