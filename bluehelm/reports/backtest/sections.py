"""The sections of a backtest's report."""

from __future__ import annotations

from bluehelm.reports.backtest.names import OWN, arm_meaning, arm_name, kind_name, kind_of
from bluehelm.reports.backtest.reading import BacktestReading
from bluehelm.reports.backtest.summary import doubts, gap_interval, interval, points, share
from bluehelm.reports.numbers import NOTHING, decimal, listing, whole
from bluehelm.reports.scores.reading import verdict_name
from bluehelm.reports.section import Section, Shown, Table, Words
from bluehelm.words import say

MARKS = {1: "▲", 0: "=", -1: "▼"}


def pooled(reading: BacktestReading) -> Section:
    """Show all years together."""
    parts: tuple[Words | Shown | Table, ...] = (
        Words(say("Every arm has as many bases as the mission had in the planning year. A death counts as within "
                  "reach if a base that could act stood within {radius} km on that day. The dashed line is the "
                  "mission's own bases. A bar is the 90% interval, drawn over years.",
                  radius=f"{reading.record['radius_km']:g}")),
        Shown("pooled"),
        _pooled_table(reading),
        _meanings(reading),
    )  # fmt: skip
    return Section("pooled", say("All years together"), parts)


def _pooled_table(reading: BacktestReading) -> Table:
    headings = [say("Who decides"), say("Deaths within reach"), say("Events within reach"), say("Mean of the years"),
                say("Years won / even / lost"), say("Deaths within reach of a company by road")]  # fmt: skip
    rows = []
    for arm in reading.arms:
        row = reading.pooled(arm)
        if row is not None:
            won, even, lost = reading.wins(arm)
            shares = [say("{value} ({span})", value=share(row[name]), span=interval(row, name))
                      for name in ("share_deaths", "share_events")]  # fmt: skip
            wins = NOTHING if arm == OWN else f"{won} / {even} / {lost}"
            by_road = share(row.get("share_deaths_by_company"))
            rows.append((arm_name(arm), *shares, share(row["mean_of_years"]), wins, by_road))
    if not any(row[-1] != NOTHING for row in rows):
        headings, rows = headings[:-1], [row[:-1] for row in rows]
    note = say("Deaths and events are pooled over years, so that years with many deaths weigh more; the mean of the "
               "years weighs each alike. Won, even and lost: against the mission's own bases of the planning "
               "year.")  # fmt: skip
    return Table(say("All years together"), "l" + "r" * (len(headings) - 1), tuple(headings), tuple(rows), note)


def _meanings(reading: BacktestReading) -> Table:
    told: dict[str, str] = {}
    for arm in reading.arms:
        kind = kind_of(arm)
        if meaning := arm_meaning(arm):
            told[kind_name(kind) if kind else arm_name(arm)] = meaning
    return Table(say("How each decides"), "ll", (say("Who decides"), say("How")), tuple(told.items()))


def years(reading: BacktestReading) -> Section:
    """Show every year, wins and losses."""
    headings = [say("Who decides")]
    for year in reading.years:
        mark = "†" if year in reading.few else ""
        headings.append(
            say("{year}: {count} {count:death|deaths}", year=reading.scored_year(year), count=reading.deaths(year))
            + mark
        )
    rows = [(arm_name(arm), *(_cell(reading, arm, year) for year in reading.years)) for arm in reading.arms]
    bases = [_bases(reading, year) for year in reading.years]
    events = [_events(reading, year) for year in reading.years]
    rows += [(say("Bases"), *bases), (say("Events"), *events)]
    told = say("▲ more than the mission's own bases of the planning year, ▼ fewer, = as many. † fewer than 50 deaths: "
               "one event moves the share far.")  # fmt: skip
    parts: tuple[Words | Shown | Table, ...] = (
        Words(say("Share of deaths within reach in each year scored. The bases were sited with what was known by the "
                  "end of the year before, or of the month before where they move.")),
        Table(say("Every arm and year"), "l" + "r" * len(reading.years), tuple(headings), tuple(rows), told),
        Shown("years"),
    )  # fmt: skip
    return Section("years", say("Every year, wins and losses"), parts)


def _cell(reading: BacktestReading, arm: str, year: int) -> str:
    row = reading.row(arm, year)
    if row is None or row["share_deaths"] is None:
        return NOTHING
    gap = reading.versus_own(arm, year)
    mark = "" if arm == OWN or gap is None else f" {MARKS[gap]}"
    return f"{share(row['share_deaths'])}{mark}"


def _bases(reading: BacktestReading, year: int) -> str:
    row = reading.row(OWN, year) or next(row for arm in reading.arms if (row := reading.row(arm, year)))
    return whole(row["bases"])


def _events(reading: BacktestReading, year: int) -> str:
    row = next(row for arm in reading.arms if (row := reading.row(arm, year)))
    return whole(row["events"])


def differences(reading: BacktestReading) -> Section:
    """Show paired differences against the mission's own bases and against the recipe."""
    title = say("Told apart or not")
    if not reading.differences:
        return Section("differences", title, (Words(say("No difference was worked out.")),))
    parts = (
        Words(say("Two arms are compared on the same deaths, so that what makes a year hard for both cancels. Only "
                  "where the interval leaves out nought are they told apart. It is drawn over years; the one drawn "
                  "over events takes the years as they were, and is mostly narrower.")),
        Shown("gaps"),
        _differences_table(reading),
    )  # fmt: skip
    return Section("differences", title, parts)


def _differences_table(reading: BacktestReading) -> Table:
    headings: tuple[str, ...] = (
        say("Who decides"), say("Compared with"), say("Difference (points)"), say("90% interval, years drawn"),
        say("Told by this interval"), say("90% interval, events drawn"), say("Years"),
    )  # fmt: skip
    rows: tuple[tuple[str, ...], ...] = tuple(
        (arm_name(row["arm"]), arm_name(row["against"]),
         NOTHING if row["share_deaths"] is None else points(row["share_deaths"]), gap_interval(row),
         verdict_name(reading.verdict(row)), gap_interval(row, ("events_low", "events_high")), whole(row["blocks"]))
        for row in sorted(reading.differences, key=lambda row: reading.arms.index(row["against"]))
    )  # fmt: skip
    caption = say("Paired differences in the share of deaths within reach, percentage points")
    if all(row[5] == NOTHING for row in rows):
        headings, rows = (*headings[:5], *headings[6:]), tuple((*row[:5], *row[6:]) for row in rows)
    return Table(caption, "llrrsrr"[: len(headings)], headings, rows)


def moves(reading: BacktestReading) -> Section:
    """Show what moving cost, and how many people were within reach."""
    rows = []
    for arm in reading.arms:
        row = reading.pooled(arm)
        if row is not None:
            years_of_arm = [found for year in reading.years if (found := reading.row(arm, year))]
            people = [found["population_reached_persons"] for found in years_of_arm]
            known = [persons for persons in people if persons is not None]
            mean = sum(known) / len(known) if known else None
            rows.append((arm_name(arm), whole(row["moves"]), decimal(row["move_cost_usd"] / 1e6),
                         NOTHING if mean is None else decimal(mean / 1e6, 2)))  # fmt: skip
    headings = (say("Who decides"), say("Moves, all years"), say("Cost of moves (million USD)"),
                say("People within reach (million, mean of years)"))  # fmt: skip
    parts = (
        Words(say("Moves are counted over all years. Arms whose moves are free show what siting alone could win, not "
                  "what a mission could do. People within reach are those who live near a base, whether in danger or "
                  "not.")),
        Table(say("Moves, cost and people"), "lrrr", headings, tuple(rows)),
    )  # fmt: skip
    return Section("moves", say("What moving costs"), parts)


def limits(reading: BacktestReading) -> Section:
    """Say what coverage is and is not."""
    weak = doubts(reading)
    parts = (
        *((Words(weak),) if weak else ()),
        Words(say("Coverage is not protection. A death within reach happened all the same; a base nearby may lack the "
                  "troops, the will or the news. Nor does it say how many would have died without the base.")),
        Words(say("Bases follow violence. A base near deaths may be an answer to them, not a failure, and where the "
                  "mission kept people alive there are no deaths to count. So a low share for the mission's own bases "
                  "is no verdict on the mission, which also had other tasks than these deaths.")),
        Words(say("The deaths are those of one-sided violence that someone reported and placed on a map; places are "
                  "often only near the truth. Nothing here has moved a real base, and armed groups would have "
                  "answered.")),
        Words(say("The oracle knows the year it is scored on. It shows how much any siting could reach with as many "
                  "bases, not what anyone could have known.")),
    )  # fmt: skip
    return Section("limits", say("What coverage is, and is not"), parts)


def provenance(reading: BacktestReading) -> Section:
    """List how the backtest was made."""
    record = reading.record
    rows = [
        (say("Mission"), str(record["mission"])),
        (say("Planning years"), listing(str(year) for year in reading.years)),
        (say("Within reach"), say("{km} km", km=f"{record['radius_km']:g}")),
        (say("Events counted"), say("within {km} km of a base of the planning year", km=f"{record['theatre_km']:g}")),
        (say("Delay of publication assumed"), _delay(record["lag_months"])),
        (say("Seed of the random numbers"), str(record["seed"])),
    ]
    more = {
        "futures": say("Futures drawn each month"), "months_ahead": say("Months that a siting looks ahead"),
        "draws": say("Draws of random towns"), "events_hash": say("Hash of the events file (SHA-256)"),
        "bases_hash": say("Hash of the file of bases (SHA-256)"), "version": say("Version of bluehelm"),
    }  # fmt: skip
    rows += [(named, str(record[key])) for key, named in more.items() if record.get(key) is not None]
    table = Table(say("How the backtest was made"), "sl", (say("What"), say("Value")), tuple(rows))
    told = Words(say("The same files, options and seed give the same backtest."))
    notes = tuple(Words(f"• {note}") for note in record["notes"])
    heading = (Words(say("Notes taken while the files were read:")),) if notes else ()
    return Section("provenance", say("Notes and provenance"), (told, table, *heading, *notes))


def _delay(months: int) -> str:
    return say("none") if months == 0 else say("1 month") if months == 1 else say("{count} months", count=months)
