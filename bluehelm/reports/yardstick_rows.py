"""The yardsticks with the plan itself among them."""

from __future__ import annotations

from bluehelm.reports.extras import ReportExtras, Yardstick, tell
from bluehelm.reports.reading import Reading


def with_plan(reading: Reading, extras: ReportExtras) -> tuple[Yardstick, ...]:
    """Put the plan first; what only the journey can measure of it is unknown unless the journey gave it."""
    if any(y.name == "plan" for y in extras.yardsticks) or not extras.yardsticks:
        return tuple(sorted(extras.yardsticks, key=lambda y: y.name != "plan"))
    own = Yardstick(
        name="plan",
        title=tell("This plan"),
        protected_share=reading.protected_share,
        protected_deaths=reading.protected_deaths,
        cost_usd=reading.cost_usd,
        moves=reading.moved_units(),
        sites_closed=reading.sites_left,
    )
    return (own, *extras.yardsticks)
