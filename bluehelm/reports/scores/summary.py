"""The first page of a report on scores: better than the yardsticks or not, and can the chances be believed."""

from __future__ import annotations

from bluehelm.reports.forecast.names import model_name
from bluehelm.reports.numbers import NOTHING, ahead, listing, month_name, percent, score, signed, span, together, whole
from bluehelm.reports.scores.reading import Row, ScoreReading
from bluehelm.reports.section import Line, Summary, Tile
from bluehelm.words import say


def summary_of_scores(reading: ScoreReading) -> Summary:
    """Tell scores on one page, in the language in use."""
    record = reading.record
    first, last = (month_name(month) for month in record["origins"])
    return Summary(
        say("How well deaths were forecast: {country}", country=reading.country),
        say("{count} {count:origin|origins} from {first} to {last}, {areas} {areas:area|areas}; the model told of: "
            "{model}.",
            count=whole(record["origins_scored"]), first=first, last=last, areas=whole(record["areas"]),
            model=model_name(reading.own)),
        _tiles(reading),
        (
            Line(say("Beside yardsticks"), _beside(reading)),
            Line(say("By how much"), _how_much(reading)),
            Line(say("Where it pointed"), _captured(reading)),
            Line(say("Can be believed"), _calibrated(reading)),
            Line(say("What this is not"), say(
                "Scores tell of these places and years; the next war may differ. They hold against reported deaths "
                "only, and are means: a good mean hides bad months, which are listed below.")),
        ),
    )  # fmt: skip


def _tiles(reading: ScoreReading) -> tuple[Tile, ...]:
    tiles = []
    for name, title in (("log_score", say("log scores of one area better than a yardstick's")),
                        ("crps", say("CRPS of one area better than a yardstick's"))):  # fmt: skip
        told = reading.verdicts("areas", name)
        all_told = sum(told.values())
        tiles.append(Tile(say("{part} of {whole}", part=told["better"], whole=all_told), title,
                          say("not told apart: {equal}; worse: {worse}", equal=told["not told apart"],
                              worse=told["worse"])))  # fmt: skip
    horizon = reading.horizons[0]
    row = reading.row(reading.own, horizon, "areas")
    if row is not None:
        share = NOTHING if row["captured_share"] is None else percent(row["captured_share"], 0)
        tiles.append(Tile(share, say("of deaths fell in the {count} {count:area|areas} pointed at",
                                     count=reading.record["captured_by_top_areas"]), ahead(horizon)))  # fmt: skip
    return tuple(tiles)


def _beside(reading: ScoreReading) -> str:
    if not reading.yardsticks:
        return say("No yardstick was scored.")
    told = []
    for scope, named in (("areas", say("One area at a time")), ("total", say("All areas together"))):
        for score_key, score_name in (("log_score", say("log score")), ("crps", say("CRPS"))):
            count = reading.verdicts(scope, score_key)
            told.append(
                say("{scope}, {score}: better in {better}, not told apart in {equal}, worse in {worse} of {all}.",
                    scope=named, score=score_name, better=count["better"], equal=count["not told apart"],
                    worse=count["worse"], all=sum(count.values()))
            )  # fmt: skip
    said = say("Each comparison is with one yardstick at one horizon; better or worse is said only where the 90% "
               "interval of the difference leaves out nought.")  # fmt: skip
    return together(*told, said)


def _how_much(reading: ScoreReading) -> str:
    told = []
    for horizon in reading.horizons:
        at = [(name, row) for name in reading.yardsticks if (row := reading.difference(name, horizon, "areas"))]
        ratios = [(row["log_score_ratio"], name, row) for name, row in at if row["log_score_ratio"] is not None]
        if ratios:
            # The yardstick that is hardest to beat: the one over which ours gains least.
            ratio, name, row = max(ratios, key=lambda found: found[0])
            told.append(
                say("{ahead} {change} ({span}) against "
                    "{name}", ahead=ahead(horizon), change=signed(percent(ratio - 1, 0)),
                    span=span_of(row, "log_score"), name=model_name(name))
            )  # fmt: skip
    if not told:
        return say("No difference was worked out.")
    return say("Log score of one area, less is better, against the yardstick hardest to beat: {list}. In brackets, the "
               "difference with its 90% interval.", list=say("; ").join(told))  # fmt: skip


def span_of(row: Row, name: str) -> str:
    """Write the interval of a difference, signed; a dash where it is not known."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return span(signed(score(low)), signed(score(high)))


def _captured(reading: ScoreReading) -> str:
    told = []
    for horizon in reading.horizons:
        row = reading.row(reading.own, horizon, "areas")
        if row is not None and row["captured_share"] is not None:
            low, high = row["captured_share_low"], row["captured_share_high"]
            between = NOTHING if low is None or high is None else span(percent(low, 0), percent(high, 0))
            told.append(say("{ahead} {share} ({span})", ahead=ahead(horizon), share=percent(row["captured_share"], 0),
                            span=between))  # fmt: skip
    return say("Share of deaths in the {count} {count:area|areas} with the largest expected share, with its 90% "
               "interval: {list}.",
               count=reading.record["captured_by_top_areas"], list=listing(told) or NOTHING)  # fmt: skip


def _calibrated(reading: ScoreReading) -> str:
    found = [(scope, row) for scope in ("areas", "total") for h in reading.horizons
             if (row := reading.calibration(h, scope))]  # fmt: skip
    inside = sum(bool(row["within_band"]) for _, row in found)
    known = sum(row["within_band"] is not None for _, row in found)
    covered = [row["covered_share"] for scope, row in found if scope == "total"]
    told = say(
        "{inside} of {known} PIT histograms lie within the band of calibrated forecasts.", inside=inside, known=known
    )
    if not covered:
        return told
    low, high = percent(min(covered), 0), percent(max(covered), 0)
    share = low if low == high else span(low, high)
    return together(
        told, say("The 90% intervals of all areas together held what came in {share} of the months.", share=share)
    )
