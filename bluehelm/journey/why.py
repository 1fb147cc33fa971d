"""Why a plan is as it is: what binds for a site, a unit, an area or a shortfall, and what more would buy."""

from __future__ import annotations

from pathlib import Path

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.journey.why_area import why_area
from bluehelm.journey.why_asked import Asked, read_asked
from bluehelm.journey.why_shortfall import shortfalls_of, why_shortfall
from bluehelm.journey.why_site import why_site
from bluehelm.journey.why_unit import units_of, why_unit
from bluehelm.reports.numbers import month_name
from bluehelm.words import say


def why(
    plan_dir: Path | str,
    *,
    site: str | None = None,
    unit: str | None = None,
    area: str | None = None,
    shortfall: str | None = None,
) -> str:
    """Explain one site, unit, area or shortfall of a plan, in sentences.

    What one more unit, site or million would buy is found by planning again near the plan (at least) and from the
    relaxation of the whole model (at most).

    Raises
    ------
    InvalidRecordError
        If not exactly one is asked, or the plan has no such name; the nearest one is offered.
    PlanFilesError
        If the plan folder cannot be read.
    """
    if sum(name is not None for name in (site, unit, area, shortfall)) != 1:
        raise InvalidRecordError("Name exactly one of site, unit, area and shortfall.")
    asked = read_asked(plan_dir)
    if site is not None:
        _known(
            site, asked.data.site_ids, "The plan has no site '{name}' ({count} {count:site|sites}). Nearest: {offered}."
        )
        lines = why_site(asked, site)
    elif unit is not None:
        _known(unit, units_of(asked), "The plan has no unit or pledge '{name}' ({count} of them). Nearest: {offered}.")
        lines = why_unit(asked, unit)
    elif area is not None:
        _known(
            area, asked.data.area_ids, "The plan has no area '{name}' ({count} {count:area|areas}). Nearest: {offered}."
        )
        lines = why_area(asked, area)
    else:
        wanted = shortfall or ""
        _known(
            wanted,
            shortfalls_of(asked),
            "The plan has no shortfall '{name}' ({count} {count:kind|kinds}). Nearest: {offered}.",
        )
        lines = why_shortfall(asked, wanted)
    return "\n".join(line for line in [*_stale(asked), *_held(asked), *lines] if line)


def _known(name: str, known: list[str], message: str) -> None:
    """Refuse an unknown name, and offer the nearest or the first that are known."""
    if name not in known:
        offered = nearest(name, known) or ", ".join(known[:5]) or say("none")
        raise InvalidRecordError(message, name=name, count=len(known), offered=offered)


def _stale(asked: Asked) -> list[str]:
    if asked.plan.provenance.get("norms_hash") == asked.norms.digest():
        return []
    return [say("Norms have changed since this plan was made; answers that plan again use the norms of today.")]


def _held(asked: Asked) -> list[str]:
    """Say of an adapted plan that answers that plan again do not hold what was decided before the shock."""
    adapted = asked.plan.provenance.get("adapted")
    month = adapted.get("fixed_before") if isinstance(adapted, dict) else ""
    if not month or month == str(asked.plan.mission.setting.first_month):
        return []
    return [say("This plan was adapted in {month}: what it decides before stands. Answers that plan again say what "
                "would have been, as if that could be decided too.", month=month_name(month))]  # fmt: skip
