"""What a report tells beside its plan, kept as a file in the plan folder, so that it can be told again at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bluehelm.errors import PlanFilesError
from bluehelm.mission.plan_folder import json_bytes
from bluehelm.reports.extras import GapItem, NormUse, ReportExtras, Sensitivity, Theme, Told, Yardstick

EXTRAS_FILE = "extras.json"
LISTS: Mapping[str, type] = {
    "yardsticks": Yardstick, "sensitivities": Sensitivity, "norms_used": NormUse, "themes": Theme, "gap_list": GapItem,
}  # fmt: skip


def extras_bytes(extras: ReportExtras) -> bytes:
    """Write extras as JSON; the policy has a file of its own (policy.json)."""
    held = _plain(replace(extras, policy=None))
    del held["policy"]
    return json_bytes(held)


def read_extras(folder: Path) -> ReportExtras:
    """Read the extras of a plan folder; without the file the report says that they were not worked out.

    Raises
    ------
    PlanFilesError
        If the file is not as we wrote it.
    """
    path = folder / EXTRAS_FILE
    if not path.is_file():
        return ReportExtras()
    try:
        held = json.loads(path.read_bytes())
        lists: dict[str, Any] = {
            name: tuple(kind(**_told_in(row)) for row in held[name]) for name, kind in LISTS.items()
        }
        reasons = {site: _told(text) for site, text in held["closure_reasons"].items()}
        return ReportExtras(notes=tuple(_told(note) for note in held["notes"]), closure_reasons=reasons, **lists)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise PlanFilesError(
            "'{file}' of a plan cannot be read: {reason}. Restore the file, or plan the mission again.",
            file=str(path),
            reason=repr(trouble),
        ) from trouble


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it; amounts of money become texts, so that they stay exact."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value


def _told(value: Any) -> Any:
    """Return a sentence that was written with its values, or anything else as it is; lists become tuples."""
    if isinstance(value, dict) and set(value) == {"message", "values"}:
        return Told(value["message"], {name: _told(item) for name, item in value["values"].items()})
    return tuple(value) if isinstance(value, list) else value


def _told_in(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _told(value) for name, value in row.items()}
