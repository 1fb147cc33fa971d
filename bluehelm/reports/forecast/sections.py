"""The sections of a forecast's report."""

from __future__ import annotations

from bluehelm.reports.figures.outline import attribution, disclaimer
from bluehelm.reports.forecast.names import about_models, in_order, model_name
from bluehelm.reports.forecast.reading import ForecastReading
from bluehelm.reports.forecast.summary import how_good, period_of
from bluehelm.reports.numbers import (
    NOTHING,
    about,
    ahead,
    chance,
    listing,
    month_name,
    percent,
    score,
    span,
    whole,
)
from bluehelm.reports.section import Section, Shown, Table, Words, shortened
from bluehelm.words import say

MOST_AREAS = 20


def how_many(reading: ForecastReading) -> Section:
    """Show the total of all areas, month by month and summed."""
    rows = []
    for count in reading.horizons:
        deaths, past = reading.until(count), reading.recorded(count)
        rows.append(
            (period_of(reading, count),
             about(deaths.middle), span(about(deaths.lower), about(deaths.upper)),
             span(about(deaths.low), about(deaths.high)), about(reading.beyond(count)),
             NOTHING if past is None else whole(past))
        )  # fmt: skip
    headings = (say("Months"), say("Median"), say("50% of futures"), say("90% of futures"),
                say("One future in a hundred: more than"), say("Recorded in as many months before"))  # fmt: skip
    parts = (
        Words(say("Civilian deaths in all areas together. Dark bars were recorded. For each month ahead the line is "
                  "the median: half of the futures bring more, half fewer. The inner band holds half of the futures, "
                  "the outer band nine in ten.")),
        Shown("total"),
        Table(say("Civilian deaths in all areas together, summed from the first month"), "srrrrr", headings,
              tuple(rows),
              say("Numbers of deaths of 100 and more are rounded to two figures; futures cannot tell them finer.")),
    )  # fmt: skip
    return Section("total", say("How many"), parts)


def where(reading: ForecastReading) -> Section:
    """Show areas on a map and in a table."""
    title = say("Where")
    if not reading.areas:
        return Section("areas", title, (Words(say("No future holds a death in any area.")),))
    period = period_of(reading, len(reading.months))
    rows: list[tuple[str, ...]] = [
        (area.name, percent(area.share), about(area.deaths.middle),
         span(about(area.deaths.low), about(area.deaths.high)),
         chance(area.chance_1), chance(area.chance_10), chance(area.chance_25))
        for area in reading.areas
    ]  # fmt: skip
    kept, left_out = shortened(rows, MOST_AREAS)
    headings = (say("Area"), say("Share of deaths expected"), say("Median deaths"), say("90% of futures"),
                say("Chance of at least 1 death"), say("of at least 10"), say("of at least 25"))  # fmt: skip
    note = say(
        "{count} more {count:area|areas} {count:is|are} in areas.csv; risk.csv holds every area, month by month.",
        count=left_out,
    )
    parts = (
        Words(say("Each circle is an area. On the left, the larger the circle, the more of the deaths are expected "
                  "there; the darker, the surer it is that there will be any. On the right, the larger, the worse one "
                  "future in twenty is; the darker, the likelier are 10 deaths or more. All for {period}.",
                  period=period)),
        Shown("map"),
        Words(attribution()),
        Words(disclaimer()),
        Table(say("Areas, largest expected share first: {period}", period=period), "lrrrrrr", headings, kept,
              note if left_out else ""),
        Words(say("The share is the mean over futures of an area's part of all deaths in that future. A low chance is "
                  "not safety.")),
        Words(say("In a single month most areas see no death in most futures, so that their bands begin at nought; the "
                  "height of a band says how bad a bad month can be.")),
        Shown("fans"),
    )  # fmt: skip
    return Section("areas", title, parts)


def last_errors(reading: ForecastReading) -> Section:
    """Show how well the same model forecast of late, beside the yardsticks."""
    title = say("How well it forecast of late")
    if not reading.errors:
        said = say("The record is too short to try the forecast on its own past.")
        return Section("errors", title, (Words(said),))
    parts = (
        Words(say("The model was set back to earlier months, given only the events known then (areas are those of "
                  "today), and held against what came. CRPS is the distance of a whole forecast from what came, in "
                  "deaths; the log score says how little chance the forecast gave to what came. Of both, less is "
                  "better.")),
        Words(how_good(reading)),
        Shown("errors"),
        Words(about_models()),
        _errors_table(reading, "total", say("Mean errors, all areas together")),
        _errors_table(reading, "areas", say("Mean errors of one area")),
        _came(reading),
    )  # fmt: skip
    return Section("errors", title, parts)


def _errors_table(reading: ForecastReading, scope: str, caption: str) -> Table:
    rows = [row for row in reading.errors if row["scope"] == scope]
    horizons = sorted({row["horizon"] for row in rows})
    models = in_order((row["model"] for row in rows), reading.forecast.model)
    headings = [say("Model")]
    headings += [say("CRPS, {ahead}", ahead=ahead(horizon)) for horizon in horizons]
    headings += [say("Log score, {ahead}", ahead=ahead(horizon)) for horizon in horizons]
    table = tuple(
        (model_name(model), *(_score(reading, model, horizon, scope, name) for name in ("crps", "log_score")
                              for horizon in horizons))
        for model in models
    )  # fmt: skip
    return Table(caption, "l" + "r" * (len(headings) - 1), tuple(headings), table)


def _score(reading: ForecastReading, model: str, horizon: int, scope: str, name: str) -> str:
    row = reading.error(model, horizon, scope)
    return NOTHING if row is None else score(row[name])


def _came(reading: ForecastReading) -> Table:
    rows = [row for row in reading.errors if row["scope"] == "total"]
    models = in_order((row["model"] for row in rows), reading.forecast.model)
    headings = (say("Horizon"), say("Deaths that came"), *(model_name(model) for model in models))
    table = []
    for horizon in sorted({row["horizon"] for row in rows}):
        at = {row["model"]: row for row in rows if row["horizon"] == horizon}
        came = next(iter(at.values()))["observed"]
        table.append((ahead(horizon), about(came), *(about(at[m]["expected"]) if m in at else NOTHING for m in models)))
    note = say("Means over the months tried. The mean of a forecast lies above its median: a few futures are very bad.")
    return Table(say("Deaths a month in all areas together: what came, and what each model expected"),
                 "s" + "r" * (len(headings) - 1), headings, tuple(table), note)  # fmt: skip


def limits(reading: ForecastReading) -> Section:
    """Say what the numbers are not."""
    parts = (
        Words(say("These are deaths of civilians that will be reported. Many are never reported, least where no one "
                  "can travel; reports also grow and change for months afterwards.")),
        Words(say("The spread says how sure the model is, not how sure you should be: it holds only if tomorrow comes "
                  "about as yesterday did. It knows past events, places and people; it knows nothing of what is being "
                  "planned, threatened, agreed or signed.")),
        Words(say("An area without a circle is not safe, and a chance of 5% comes true one time in twenty. The number "
                  "is also not what a base there would prevent.")),
        Words(say("Areas are ranked by the violence expected in them. No one's worth is ranked: one death in a small "
                  "place counts as one death in the capital.")),
    )  # fmt: skip
    return Section("limits", say("What these numbers are not"), parts)


def provenance(reading: ForecastReading) -> Section:
    """List what the forecast was made from."""
    forecast, facts = reading.forecast, reading.forecast.facts
    record = facts.get("record")
    versions = facts.get("versions") or {}
    rows = [
        (say("Model"), model_name(forecast.model)),
        (say("Country"), reading.country),
        (say("Standing at the end of"), month_name(str(forecast.origin))),
        (say("Record of events used"), span(month_name(record[0]), month_name(record[1])) if record else NOTHING),
        (say("Events known"), _count(facts.get("events_known"))),
        (say("Delay of publication assumed"), _delay(facts.get("lag_months"))),
        (say("Areas"), whole(forecast.areas.height)),
        (say("Futures"), whole(forecast.paths.shape[0])),
        (say("Seed of the random numbers"), str(facts.get("seed", NOTHING))),
        (say("Hash of the events file (SHA-256)"), str(facts.get("events_hash", NOTHING))),
        (say("Versions"), listing(f"{name} {version}" for name, version in versions.items()) or NOTHING),
    ]
    told = Words(say("The same files, options and seed give the same forecast."))
    table = Table(say("What it was made from"), "sl", (say("What"), say("Value")), tuple(rows))
    notes = tuple(Words(f"• {note}") for note in facts.get("notes") or ())
    heading = (Words(say("Notes taken while the files were read:")),) if notes else ()
    return Section("provenance", say("Notes and provenance"), (told, table, *heading, *notes))


def _count(number: object) -> str:
    return whole(float(number)) if isinstance(number, int | float) else NOTHING


def _delay(months: object) -> str:
    if not isinstance(months, int):
        return NOTHING
    return say("none") if months == 0 else say("1 month") if months == 1 else say("{count} months", count=months)
