"""The first page of a forecast's report: how many deaths, where, how sure, and what is not in the numbers."""

from __future__ import annotations

from bluehelm.reports.forecast.names import model_name
from bluehelm.reports.forecast.reading import ForecastReading
from bluehelm.reports.numbers import about, chance, listing, month_name, score, span, together, whole
from bluehelm.reports.section import Line, Summary, Tile
from bluehelm.words import say

AREAS_TOLD = 5


def summary_of_forecast(reading: ForecastReading) -> Summary:
    """Tell a forecast on one page, in the language in use."""
    forecast = reading.forecast
    return Summary(
        say("Forecast of civilian deaths: {country}", country=reading.country),
        say("Standing at the end of {origin}, for {period}: {futures} {futures:future|futures} of {areas} areas.",
            origin=month_name(str(forecast.origin)), period=period_of(reading, forecast.months),
            futures=whole(forecast.paths.shape[0]),
            areas=whole(forecast.areas.height)),
        _tiles(reading),
        (
            Line(say("How many"), _how_many(reading)),
            Line(say("Where most"), _where(reading)),
            Line(say("Beside the past"), _beside_the_past(reading)),
            Line(say("How good of late"), how_good(reading)),
            Line(say("What this is not"), _not()),
        ),
    )  # fmt: skip


def period_of(reading: ForecastReading, months: int) -> str:
    """Write the first months ahead as a period."""
    first, last = month_name(reading.months[0]), month_name(reading.months[months - 1])
    return first if months == 1 else span(first, last)


def _tiles(reading: ForecastReading) -> tuple[Tile, ...]:
    tiles = []
    # Six tiles fill two rows: with a horizon beyond a year, that of three months is told below only.
    for months in [months for months in reading.horizons if months != 3 or len(reading.horizons) < 5]:
        deaths = reading.until(months)
        label = (
            say("civilian deaths next month (median)")
            if months == 1
            else say("civilian deaths in {count} {count:month|months} (median)", count=months)
        )
        told = say("90% of futures: {span}; {period}", span=span(about(deaths.low), about(deaths.high)),
                   period=period_of(reading, months))  # fmt: skip
        tiles.append(Tile(about(deaths.middle), label, told))
    likely = sum(area.chance_1 >= 0.5 for area in reading.areas)
    many = sum(area.chance_10 >= 0.5 for area in reading.areas)
    until = month_name(reading.months[-1])
    even = say("of {areas} areas, by {month}", areas=whole(reading.forecast.areas.height), month=until)
    tiles.append(Tile(whole(likely), say("areas where a death is more likely than not"), even))
    tiles.append(Tile(whole(many), say("areas where 10 deaths or more are more likely than not"), even))
    return tuple(tiles)


def _how_many(reading: ForecastReading) -> str:
    told = []
    for months in reading.horizons:
        deaths = reading.until(months)
        told.append(
            say("{median} by {month} (90% of futures: {span})", median=about(deaths.middle),
                month=month_name(reading.months[months - 1]), span=span(about(deaths.low), about(deaths.high)))
        )  # fmt: skip
    all_months = reading.months
    return together(
        say("Median number of civilian deaths that will be reported from {first} on, all areas together: {list}.",
            first=month_name(all_months[0]), list=say("; ").join(told)),
        say("In one future in a hundred more than {deaths} people are killed by {month}.",
            deaths=about(reading.beyond(len(all_months))), month=month_name(all_months[-1])),
    )  # fmt: skip


def _where(reading: ForecastReading) -> str:
    if not reading.areas:
        return say("No future holds a death in any area.")
    told = [
        say("{area} (at least 1 death: {one}; at least 10: {ten})", area=area.name, one=chance(area.chance_1),
            ten=chance(area.chance_10))
        for area in reading.areas[:AREAS_TOLD]
    ]  # fmt: skip
    share = sum(area.share for area in reading.areas[:AREAS_TOLD])
    return together(
        say("Chances by {month}: {list}.", month=month_name(reading.months[-1]), list=listing(told)),
        say(
            "Together these {count} {count:area|areas} {count:holds|hold} {share} of the deaths expected.",
            count=len(told),
            share=chance(share),
        ),
    )


def _beside_the_past(reading: ForecastReading) -> str:
    months = min(12, len(reading.months))
    past = reading.recorded(months)
    if past is None:
        return say("The record is too short to compare with.")
    deaths = reading.until(months)
    sure = float((reading.totals[:, :months].sum(axis=1) > past).mean())
    until = month_name(reading.recent[-1]["month"])
    told = {"month": until, "past": whole(past), "median": about(deaths.middle), "chance": chance(sure)}
    if months == 1:
        return say("In {month}, {past} civilian {past:death|deaths} {past:was|were} recorded. The median of the "
                   "month ahead is {median}; the "
                   "chance that it is worse is {chance}.", **told)  # fmt: skip
    return say("In the {count} {count:month|months} to {month}, {past} civilian {past:death|deaths} {past:was|were} "
               "recorded. The median of the {count} "
               "months ahead is {median}; the chance that they are worse is "
               "{chance}.", count=months, **told)  # fmt: skip


def how_good(reading: ForecastReading) -> str:
    """Compare the forecast's own last errors with those of the best yardstick, horizon by horizon."""
    own = reading.forecast.model
    told = []
    for horizon in sorted({row["horizon"] for row in reading.errors}):
        mine = reading.error(own, horizon, "total")
        at = [row for row in reading.errors if row["horizon"] == horizon and row["scope"] == "total"]
        others = [row for row in at if row["model"] != own]
        if mine and others:
            best = min(others, key=lambda row: row["crps"])
            told.append(
                say("{count} ahead {own}, best yardstick {best} ({name})", count=_months(horizon),
                    own=score(mine["crps"]), best=score(best["crps"]), name=model_name(best["model"]))
            )  # fmt: skip
    if not told:
        return say("The record is too short to try the forecast on its own past.")
    origins = max(row["origins"] for row in reading.errors)
    return say("Mean error (CRPS, in deaths, less is better) of the same model for all areas together, from {count} "
               "earlier months: {list}. So few months say little.", count=origins,
               list=say("; ").join(told))  # fmt: skip


def _months(count: int) -> str:
    return say("1 month") if count == 1 else say("{count} months", count=count)


def _not() -> str:
    return say("Reported deaths only; many are never reported. A spread, not a certainty: one future in ten lies "
               "outside the interval even if the model is right. Areas are ranked by the violence expected; no one's "
               "worth is ranked.")  # fmt: skip
