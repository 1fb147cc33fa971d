"""The sections of a report on scores."""

from __future__ import annotations

from bluehelm.reports.forecast.names import about_models, model_name
from bluehelm.reports.names import spoken_name
from bluehelm.reports.numbers import (
    NOTHING,
    ahead,
    listing,
    month_name,
    percent,
    score,
    signed,
    span,
    whole,
)
from bluehelm.reports.scores.reading import Row, ScoreReading, verdict_name
from bluehelm.reports.scores.summary import span_of
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.words import say


def beside(reading: ScoreReading) -> Section:
    """Compare our model with every yardstick."""
    parts = (
        Words(say("CRPS is the distance of a whole forecast from what came, in deaths; the log score says how little "
                  "chance the forecast gave to what came. Of both, less is better. Left of nought, ours is better. A "
                  "bar is the 90% interval; where it crosses nought, the two are not told apart.")),
        Shown("gaps"),
        Words(about_models()),
        _differences(reading, "areas", say("Ours less each yardstick, one area at a time")),
        _differences(reading, "total", say("Ours less each yardstick, all areas together")),
    )  # fmt: skip
    return Section("beside", say("Ours beside the yardsticks"), parts)


def _differences(reading: ScoreReading, scope: str, caption: str) -> Table:
    rows = []
    for horizon in reading.horizons:
        for yardstick in reading.yardsticks:
            row = reading.difference(yardstick, horizon, scope)
            if row is not None:
                told = [(_difference(row, name), verdict_name(reading.verdict(yardstick, horizon, scope, name)))
                        for name in ("log_score", "crps")]  # fmt: skip
                rows.append((ahead(horizon), model_name(yardstick), *told[0], *told[1]))
    headings = (say("Horizon"), say("Yardstick"), say("Log score: difference"), say("Told by its interval"),
                say("CRPS: difference"), say("Told by its interval"))  # fmt: skip
    note = say("In brackets, the 90% interval, drawn over calendar years; after it, the change as a share.")
    return Table(caption, "slrsrs", headings, tuple(rows), note)


def _difference(row: Row, name: str) -> str:
    between = span_of(row, name)
    ratio = row.get(f"{name}_ratio")
    change = "" if ratio is None else say("; {change}", change=signed(percent(ratio - 1, 0)))
    return say("{value} ({span}){change}", value=signed(score(row[name])), span=between, change=change)


def scores(reading: ScoreReading) -> Section:
    """Show every score of every model."""
    parts = (
        Words(say("Means over all origins, with the 90% interval. Scores of one area are small because most areas are "
                  "quiet in most months.")),
        _scores(reading, "areas", say("Scores of one area")),
        _scores(reading, "total", say("Scores of all areas together")),
    )  # fmt: skip
    return Section("scores", say("Scores of every model"), parts)


def _scores(reading: ScoreReading, scope: str, caption: str) -> Table:
    rows: list[tuple[str, ...]] = []
    for horizon in reading.horizons:
        for model in reading.models:
            row = reading.row(model, horizon, scope)
            if row is not None:
                rows.append((ahead(horizon), model_name(model), _between(row, "log_score"), _between(row, "crps"),
                             _captured(row), percent(row["covered_share"], 0)))  # fmt: skip
    top = reading.record["captured_by_top_areas"]
    headings = [say("Horizon"), say("Model"), say("Log score"), say("CRPS [deaths]"),
                say("Deaths in the {count} {count:area|areas} pointed at", count=top), say("Came within the 90% "
                                                                              "interval")]  # fmt: skip
    if scope == "total":
        headings, rows = headings[:4] + headings[5:], [row[:4] + row[5:] for row in rows]
    return Table(caption, "sl" + "r" * (len(headings) - 2), tuple(headings), tuple(rows))


def _between(row: Row, name: str) -> str:
    between = span(score(row[f"{name}_low"]), score(row[f"{name}_high"]))
    return say("{value} ({span})", value=score(row[name]), span=between)


def _captured(row: Row) -> str:
    share, low, high = (row[f"captured_share{end}"] for end in ("", "_low", "_high"))
    if share is None:
        return NOTHING
    between = NOTHING if low is None or high is None else span(percent(low, 0), percent(high, 0))
    return say("{value} ({span})", value=percent(share, 0), span=between)


def calibration(reading: ScoreReading) -> Section:
    """Show whether what was called one chance in ten came one time in ten."""
    rows = []
    for horizon in reading.horizons:
        for scope, named in (("areas", say("One area at a time")), ("total", say("All areas together"))):
            row = reading.calibration(horizon, scope)
            if row is not None:
                rows.append((ahead(horizon), named, _within(row["within_band"]), percent(row["covered_share"], 0)))
    headings = (
        say("Horizon"),
        say("What was forecast"),
        say("PIT within its band"),
        say("Came within the 90% interval"),
    )
    parts = (
        Words(say("The PIT says where among its futures a forecast placed what came: near 0% where fewer died than "
                  "almost any future held, near 100% where more died. If forecasts are calibrated, all bars are about "
                  "as high. The dashed lines hold all bars of calibrated forecasts nine times in ten. High bars at "
                  "both ends: too sure; a hump: too unsure; high on the right: too low.")),
        Shown("pit"),
        Table(say("Calibration of our model"), "slsr", headings, tuple(rows),
              say("Where most futures and most months are quiet, an interval rightly holds more than 90%.")),
    )  # fmt: skip
    return Section("calibration", say("Can the chances be believed"), parts)


def _within(within: bool | None) -> str:
    return {True: say("✓ yes"), False: say("✗ no")}.get(bool(within), NOTHING) if within is not None else NOTHING


def came(reading: ScoreReading) -> Section:
    """Show deaths expected against deaths that came: by size, and month by month."""
    bins = reading.bins()
    rows = tuple(
        (score(b.expected), score(b.came), span(score(b.low), score(b.high)), whole(b.forecasts)) for b in bins
    )
    headings = (say("Deaths expected (mean)"), say("Deaths that came (mean)"), say("90% interval"), say("Forecasts"))
    parts = (
        Words(say("Forecasts of one area and month, grouped by the number of deaths they expected, all horizons "
                  "together. Above the dashed line more came than was expected, below it less.")),
        Shown("bins"),
        Table(say("Deaths expected and deaths that came, one area and month"), "srrr", headings, rows),
        Words(say("All areas together, month by month: grey bars came, the line is the mean of the futures drawn so "
                  "many months before. A few very bad futures lift that mean above the median.")),
        Shown("months"),
    )  # fmt: skip
    return Section("came", say("What was expected and what came"), parts)


def years(reading: ScoreReading) -> Section:
    """Show every year, wins and losses."""
    parts = (
        Words(say("Log score of one area by the year in which the months fell, ours and in brackets that of the best "
                  "yardstick of that year. ▲ ours is better, ▼ the yardstick is. One year is few months: read the "
                  "column, not a cell.")),
        _years(reading),
        _areas(reading),
    )  # fmt: skip
    return Section("years", say("Every year, wins and losses"), parts)


def _years(reading: ScoreReading) -> Table:
    found = reading.by_year("areas")
    rows = []
    for year in sorted({year for _, _, year in found}):
        cells = [_year_cell(reading, horizon, year) for horizon in reading.horizons]
        at = [found.get((reading.own, horizon, year)) for horizon in reading.horizons]
        deaths = [NOTHING if row is None else whole(row["deaths"]) for row in at]
        rows.append((str(year), " / ".join(deaths), *cells))
    headings = (say("Year"), say("Deaths in the months scored"), *(ahead(horizon) for horizon in reading.horizons))
    note = say("Horizons reach different months, so one year can hold several numbers of deaths, in the order of the "
               "columns.")  # fmt: skip
    caption = say("Log score of one area, by year: ours (best yardstick)")
    return Table(caption, "sr" + "r" * len(reading.horizons), headings, tuple(rows), note)


def _year_cell(reading: ScoreReading, horizon: int, year: int) -> str:
    found = reading.by_year("areas")
    mine = found.get((reading.own, horizon, year))
    others = [row["log_score"] for name in reading.yardsticks if (row := found.get((name, horizon, year)))]
    if mine is None or not others:
        return NOTHING
    mark = "▲" if mine["log_score"] < min(others) else "▼" if mine["log_score"] > min(others) else "="
    return say("{mark} {own} ({best})", mark=mark, own=score(mine["log_score"]), best=score(min(others)))


def _areas(reading: ScoreReading) -> Table:
    rows = tuple(
        (spoken_name(row["area_id"]), score(row["observed"]), score(row["expected"]), score(row["crps"]),
         score(row["log_score"]))
        for row in reading.record["by_area"]
    )  # fmt: skip
    headings = (say("Area"), say("Deaths that came"), say("Deaths expected"), say("CRPS [deaths]"), say("Log score"))
    return Table(
        say("Areas with most deaths: means a month of our model, all horizons together"), "lrrrr", headings, rows
    )


def limits(reading: ScoreReading) -> Section:
    """Say what scores are not."""
    parts = (
        Words(say("A score says how a forecast did in these places and years, against reported deaths. It does not say "
                  "that the next war will be like the last ones.")),
        Words(say("Months of one war hang together, so intervals are drawn over calendar years; few years make them "
                  "wide, and an interval from fewer than about eight years says little.")),
        Words(say("Beating a yardstick does not make a forecast good enough to decide by alone. Nor does a forecast "
                  "that is told apart from no yardstick mean that nothing can be known.")),
        Words(say("Areas with more deaths weigh more in CRPS; the log score weighs all areas and months alike. No "
                  "one's worth is ranked.")),
    )  # fmt: skip
    return Section("limits", say("What scores are not"), parts)


def provenance(reading: ScoreReading) -> Section:
    """List how the scores were made."""
    record = reading.record
    first, last = (month_name(month) for month in record["origins"])
    rows = (
        (say("Country"), reading.country),
        (say("Areas"), whole(record["areas"])),
        (say("Origins"), say("{count} from {first} to {last}", count=record["origins_scored"], first=first, last=last)),
        (say("Origins left out, as events end too early"), whole(record["origins_left_out"])),
        (say("Futures drawn by each model"), whole(record["samples"])),
        (say("Delay of publication assumed"), _delay(record["lag_months"])),
        (say("Seed of the random numbers"), str(record["seed"])),
        (say("Intervals"), say("90%, drawn over calendar years of the months scored (bootstrap)")),
        (say("Models"), listing(model_name(model) for model in reading.models)),
    )
    table = Table(say("How the scores were made"), "sl", (say("What"), say("Value")), rows)
    told = Words(say("The same files, options and seed give the same scores."))
    notes = tuple(Words(f"• {note}") for note in record["notes"])
    heading = (Words(say("Notes taken while the files were read:")),) if notes else ()
    return Section("provenance", say("Notes and provenance"), (told, table, *heading, *notes))


def _delay(months: int) -> str:
    return say("none") if months == 0 else say("1 month") if months == 1 else say("{count} months", count=months)
