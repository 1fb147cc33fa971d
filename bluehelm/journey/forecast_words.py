"""What a forecast, or the scores of forecasts, say in a few lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from bluehelm.foresight.forecast import Forecast
from bluehelm.foresight.models import PRODUCT
from bluehelm.foresight.rolling import expected_shares
from bluehelm.words import say

TOP = 5


def forecast_told(made: Forecast) -> list[str]:
    """Say how many deaths to reckon with, where, and what was assumed."""
    lines = [str(note) for note in made.facts.get("notes", ())]
    total = made.paths.sum(axis=1)
    for ahead in sorted({1, 3, 6, 12, made.months}):
        if ahead <= made.months:
            low, middle, high = np.quantile(total[:, :ahead].sum(axis=1), (0.05, 0.5, 0.95), method="inverted_cdf")
            first, last = str(made.origin + 1), str(made.origin + ahead)
            lines.append(
                say(
                    "Civilian deaths, {months}: median {middle}, in 9 of 10 futures between {low} and {high}.",
                    months=first if ahead == 1 else f"{first} – {last}",
                    middle=int(middle),
                    low=int(low),
                    high=int(high),
                )
            )
    whole = made.paths.sum(axis=2)
    chance = (whole >= 1).mean(axis=0)
    for row in np.argsort(-expected_shares(whole), kind="stable")[:TOP]:
        lines.append(
            say(
                "{area}: {chance:.0%} chance of at least one death in {months} {months:month|months}.",
                area=made.areas.get_column("name")[int(row)],
                chance=float(chance[row]),
                months=made.months,
            )
        )
    return lines


def scores_told(record: dict[str, Any]) -> list[str]:
    """Say the scores of all models by horizon, and how the product compares."""
    lines = [*record["notes"]]
    lines.append(
        say(
            "{origins} {origins:origin|origins} from {first} to {last}, {areas} {areas:area|areas}, {samples} "
            "{samples:future|futures} of each model; less is better.",
            origins=record["origins_scored"],
            first=record["origins"][0],
            last=record["origins"][1],
            areas=record["areas"],
            samples=record["samples"],
        )
    )
    for title, rows in ((say("By area"), record["rows"]), (say("Total of all areas"), record["total_rows"])):
        lines.append(f"{title}:")
        lines += [_row_told(row) for row in sorted(rows, key=lambda row: row["horizon"])]
    for row in record["differences"]:
        if row["model"] == PRODUCT and row["crps_high"] is not None:
            lines.append(_difference_told(row))
    return lines


def _row_told(row: dict[str, Any]) -> str:
    share = row["captured_share"]
    return (
        f"  {row['horizon']:>2}  {row['model']:<16} CRPS {row['crps']:9.4f}  log {row['log_score']:7.4f}"
        f"  top {'   –' if share is None else f'{share:4.0%}'}"
    )


def _difference_told(row: dict[str, Any]) -> str:
    def told(score: str) -> str:
        return f"{row[score]:+.4f} [{row[f'{score}_low']:+.4f}, {row[f'{score}_high']:+.4f}]"

    return say(
        "{horizon} ahead, {scope}: {model} less {yardstick}: CRPS {crps}, log score {log}.",
        horizon=row["horizon"],
        scope=say("by area") if row["scope"] == "areas" else say("total"),
        model=row["model"],
        yardstick=row["yardstick"],
        crps=told("crps"),
        log=told("log_score"),
    )
