"""The first page of a backtest's report: what lay within reach, won and lost, and what coverage is not."""

from __future__ import annotations

from bluehelm.reports.backtest.names import ADAPTIVE, OWN, arm_name
from bluehelm.reports.backtest.reading import BacktestReading, Row
from bluehelm.reports.numbers import NOTHING, listing, percent, signed, span, together, whole
from bluehelm.reports.scores.reading import verdict_name
from bluehelm.reports.section import Line, Summary, Tile
from bluehelm.words import say


def summary_of_backtest(reading: BacktestReading) -> Summary:
    """Tell a backtest on one page, in the language in use."""
    record = reading.record
    deaths = sum(reading.deaths(year) for year in reading.years)
    lines = [
        Line(say("Within reach"), _reached(reading)),
        Line(say("Won and lost"), _won(reading)),
        Line(say("Told apart"), _told_apart(reading)),
        Line(say("Doubts"), doubts(reading)),
        Line(say("What this is not"), say(
            "Coverage is not protection: a base within reach may do nothing, or come too late. Bases follow violence, "
            "so a base near deaths may be an answer to them. Deaths are those reported.")),
    ]  # fmt: skip
    return Summary(
        say("Where bases would have stood: {mission}", mission=record["mission"]),
        say("Sited with what was known, scored on the year after: {first} to {last}; {deaths} {deaths:death|deaths} "
            "of one-sided "
            "violence; within reach means {radius} km of a base.", first=reading.scored_year(reading.years[0]),
            last=reading.scored_year(reading.years[-1]), deaths=whole(deaths), radius=f"{record['radius_km']:g}"),
        tuple(_tile(reading, arm) for arm in reading.headline),
        tuple(line for line in lines if line.text),
    )  # fmt: skip


def interval(row: Row, name: str) -> str:
    """Write the interval of a share."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return NOTHING if low is None or high is None else span(percent(low, 0), percent(high, 0))


def share(value: float | None, digits: int = 0) -> str:
    """Write a share, or a dash where there is none."""
    return NOTHING if value is None else percent(value, digits)


def _tile(reading: BacktestReading, arm: str) -> Tile:
    row = reading.pooled(arm)
    if row is None:
        return Tile(NOTHING, arm_name(arm), "")
    told = say("of deaths within reach; 90% interval {span}", span=interval(row, "share_deaths"))
    return Tile(share(reading.share(arm)), arm_name(arm), told)


def _reached(reading: BacktestReading) -> str:
    told = [say("{name} {share}", name=arm_name(arm), share=share(reading.share(arm))) for arm in reading.headline]
    return say("Of the deaths of all years together, within reach: {list}. Every arm is told below.",
               list=say("; ").join(told))  # fmt: skip


def _won(reading: BacktestReading) -> str:
    own = reading.moving(ADAPTIVE)
    told = []
    for arm in [own] if own else [arm for arm in reading.arms if arm != OWN][:1]:
        won, even, lost = reading.wins(arm)
        told.append(say("{name} against the mission's own bases, year by year: won {won}, even {even}, lost {lost}.",
                        name=arm_name(arm), won=won, even=even, lost=lost))  # fmt: skip
    return together(*told)


def _told_apart(reading: BacktestReading) -> str:
    main = reading.moving(ADAPTIVE)
    rows = [row for row in reading.differences if row["arm"] == main and row["share_deaths"] is not None]
    return together(*(difference_sentence(reading, row) for row in rows))


def difference_sentence(reading: BacktestReading, row: Row) -> str:
    """Tell one paired difference."""
    return say("{name}, held against “{against}”: {gap} of deaths (90% interval {span}; {verdict}).",
               name=arm_name(row["arm"]), against=arm_name(row["against"]),
               gap=say("{number} {number:point|points}", number=points(row["share_deaths"])), span=gap_interval(row),
               verdict=verdict_name(reading.verdict(row)))  # fmt: skip


def gap_interval(row: Row, ends: tuple[str, str] = ("low", "high")) -> str:
    """Write the interval of a difference, in percentage points."""
    low, high = (row.get(f"share_deaths_{end}") for end in ends)
    return NOTHING if low is None or high is None else span(points(low), points(high))


def points(share_gap: float) -> str:
    """Write a difference of shares in percentage points.

    Examples
    --------
    >>> points(-0.123), points(0.04)
    ('−12', '+4')
    """
    return signed(f"{100 * share_gap:.0f}")


def doubts(reading: BacktestReading) -> str:
    """Say what makes the comparison weak: few deaths, or nearly everything within reach."""
    told = []
    if reading.saturated:
        told.append(say("The mission's own bases reach {share} of deaths: nearly every place is within reach of a "
                        "base, so the comparison is saturated and little can be "
                        "won.", share=share(reading.share(OWN))))  # fmt: skip
    if reading.few:
        years = listing(
            say("{year} ({deaths})", year=reading.scored_year(year), deaths=reading.deaths(year))
            for year in reading.few
        )
        told.append(say("Years with fewer than 50 deaths, in which one event moves a share far: {years}.", years=years))
    if len(reading.years) < 5:
        told.append(say("Years scored: {count}. Intervals from so few years say little.", count=len(reading.years)))
    return together(*told)
