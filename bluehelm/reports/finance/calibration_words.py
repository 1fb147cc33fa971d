"""A calibrated model of cost in words, and its mission-years as a table."""

from __future__ import annotations

import csv
import io

from bluehelm.finance.calibrate import TARGET_SHARE, Calibration
from bluehelm.reports.names import spoken
from bluehelm.reports.numbers import listing, percent, signed, together
from bluehelm.words import say


def term_name(term: str) -> str:
    """Name a term of the model.

    Examples
    --------
    >>> term_name("uniformed_persons")
    'each uniformed person'
    """
    return {
        "fixed": say("each mission, whatever it does"),
        "uniformed_persons": say("each uniformed person"),
        "civilians": say("each civilian"),
        "sites": say("each site"),
        "aircraft": say("each aircraft"),
        "aviation_sites": say("each site with an aviation unit"),
    }.get(term) or spoken(term)


def calibration_told(found: Calibration) -> str:
    """Tell the prices, the error on missions not seen, whether the target is met, and what was left out."""
    missions = {row.year.mission for row in found.told}
    prices = listing(
        say("USD {usd} a year for {term}", usd=f"{usd:,.0f}", term=term_name(term))
        for term, usd in found.model.prices_usd.items()
    )
    error = found.left_out_error_share
    verdict = (
        say("The target of {target} is met.", target=percent(TARGET_SHARE, 0))
        if error <= TARGET_SHARE
        else say(
            "The target of {target} is missed: use the model for orders of magnitude only.",
            target=percent(TARGET_SHARE, 0),
        )
    )
    worst = max(found.told, key=lambda row: abs(row.left_out_error_share))
    lines = [
        say(
            "Fitted to {years} mission-years of {missions} missions: {prices}.",
            years=len(found.told), missions=len(missions), prices=prices,
        ),
        together(
            say(
                "On missions it was not fitted to, its median absolute error is {error} over mission-years and {by} "
                "over missions; on those it was fitted to, {fitted}.",
                error=percent(error), by=percent(found.left_out_error_by_mission),
                fitted=percent(found.fitted_error_share),
            ),
            verdict,
        ),
        say(
            "Told worst without having been seen: {mission} {year}, {error}.",
            mission=worst.year.mission, year=worst.year.fiscal_year,
            error=signed(percent(worst.left_out_error_share)),
        ),
        say(
            "Median error by fiscal year (prices are not corrected for inflation; a drift would show here): {years}.",
            years=listing(f"{year} {signed(percent(level))}" for year, level in found.level_by_year.items()),
        ),
        *found.notes,
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def calibration_csv(found: Calibration) -> str:
    """Write a row for each mission-year: what was spent, and what the model says with and without its mission."""
    terms = [term for term in found.model.prices_usd if term != "fixed"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["mission", "fiscal_year", "measure", *terms, "spent_usd", "fitted_usd", "fitted_error_share",
                     "left_out_usd", "left_out_error_share"])  # fmt: skip
    for row in found.told:
        writer.writerow([
            row.year.mission, row.year.fiscal_year, row.measure, *(row.year.strength[term] for term in terms),
            f"{row.year.spent_usd:.2f}", f"{row.fitted_usd:.2f}", f"{row.fitted_error_share:.4f}",
            f"{row.left_out_usd:.2f}", f"{row.left_out_error_share:.4f}",
        ])  # fmt: skip
    return out.getvalue()
