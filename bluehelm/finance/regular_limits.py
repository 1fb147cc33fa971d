"""Limits of the regular scale: a floor, a ceiling, and a ceiling for least developed countries.

They bound what the General Assembly decides; a scale given by someone else is not refused for them, but told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bluehelm.finance.scale import RegularRate
from bluehelm.norms import Norms
from bluehelm.words import say


def beyond_limits(regular: Sequence[RegularRate], norms: Norms, on: date) -> tuple[str, ...]:
    """Say which regular rates lie below the floor or above a ceiling, one sentence for each limit that is passed."""

    def limit_pct(name: str) -> Decimal:
        return (100 * Decimal(str(norms.value(f"regular_rate_{name}_share", on)))).normalize()

    floor, ceiling, ceiling_j = (limit_pct(name) for name in ("floor", "ceiling", "least_developed_ceiling"))
    told = []
    low = [state.member_state for state in regular if state.rate_pct < floor]
    if low:
        told.append(
            say(
                "{count} {count:State is|States are} below the floor of {limit} per cent: {states}.", count=len(low),
                limit=f"{floor:f}", states=", ".join(low[:5]),
            )
        )  # fmt: skip
    for limit, high in (
        (ceiling, [state.member_state for state in regular if state.rate_pct > ceiling]),
        (ceiling_j, [state.member_state for state in regular if state.level == "J" and state.rate_pct > ceiling_j]),
    ):
        if high:
            told.append(
                say(
                    "{count} {count:State is|States are} above the ceiling of {limit} per cent: {states}.",
                    count=len(high), limit=f"{limit:f}", states=", ".join(high[:5]),
                )
            )  # fmt: skip
    return tuple(told)
