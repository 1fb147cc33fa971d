"""A backtest as a table of a few lines."""

from __future__ import annotations

from typing import Any

from bluehelm.words import say


def backtest_told(record: dict[str, Any]) -> list[str]:
    """Say the share of deaths within reach, by arm and planning year, pooled with its interval."""
    years = record["years"]
    share = {(row["arm"], row["year"]): row["share_deaths"] for row in record["rows"]}
    first = record["arms"][0]
    deaths = {row["year"]: row["deaths"] for row in record["rows"] if row["arm"] == first}
    lines = [*record["notes"]]
    lines.append(
        say(
            "{mission}: share of one-sided deaths of the year after within {km} km of a base that acted.",
            mission=record["mission"],
            km=f"{record['radius_km']:g}",
        )
    )
    lines.append(_line(say("planning year"), [str(year) for year in years], say("pooled"), ""))
    lines.append(_line(say("deaths"), [str(deaths[year]) for year in years], str(sum(deaths.values())), ""))
    for row in record["pooled"]:
        shares = [_percent(share.get((row["arm"], year))) for year in years]
        between = f"[{_percent(row['share_deaths_low'])}, {_percent(row['share_deaths_high'])}]"
        lines.append(_line(row["arm"], shares, _percent(row["share_deaths"]), between))
    return lines


def _line(name: str, cells: list[str], pooled: str, between: str) -> str:
    return f"{name:<24}" + "".join(f"{cell:>7}" for cell in cells) + f"{pooled:>9}  {between}".rstrip()


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
