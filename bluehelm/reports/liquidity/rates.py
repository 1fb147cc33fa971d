"""What is to be said of the rates by which payers are assessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bluehelm.reports.numbers import month_name, together
from bluehelm.words import say


def rates_told(record: Mapping[str, Any]) -> str:
    """Say which scale the rates are of, and in which months it is not the one in force; nothing of a table's rates."""
    rates = record.get("rates")
    if not rates:
        return ""
    return together(
        say("All States by name, at their peacekeeping rates of the scale of {period}.", period=rates["period"]),
        *carried_told(rates),
    )


def rates_and_sources(record: Mapping[str, Any]) -> list[str]:
    """Say it with the sources of rates and levels."""
    rates = record.get("rates")
    if not rates:
        return []
    return [
        rates_told(record),
        say("Regular rates: {source}.", source=rates["source"]),
        say("Levels: {source}.", source=rates["levels_source"]),
    ]


def carried_told(rates: Mapping[str, Any]) -> list[str]:
    """Say in which months the rates are not those in force."""
    told = []
    if run := rates["carried_back"]:
        told.append(
            say(
                "Rates of {period} carried back to {first} – {last} ({months} {months:month|months}): no scale of that "
                "time is at hand in full.",
                **_values(rates, run),
            )
        )
    if run := rates["carried_forward"]:
        told.append(
            say(
                "Rates of {period} carried forward to {first} – {last} ({months} {months:month|months}): no scale of "
                "that time is at hand in full.",
                **_values(rates, run),
            )
        )
    if run := rates["another_scale"]:
        told.append(
            say(
                "From {first} to {last} ({months} {months:month|months}) another scale is in force: the rates of "
                "{period}, of the first month, are used all the same.",
                **_values(rates, run),
            )
        )
    return told


def _values(rates: Mapping[str, Any], run: Mapping[str, Any]) -> dict[str, object]:
    return {
        "period": rates["period"],
        "first": month_name(run["from"]),
        "last": month_name(run["to"]),
        "months": run["months"],
    }
