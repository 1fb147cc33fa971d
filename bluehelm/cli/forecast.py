"""`bluehelm forecast ...`: futures of violence from a file of events, and how good such forecasts were."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bluehelm.cli.event_options import AREAS, COUNTRY, ENGINE, EVENTS, H3, LAG, PATH, PLACES
from bluehelm.cli.spoken import SpokenGroup, option
from bluehelm.words import say


@click.group(
    cls=SpokenGroup,
    short_help="Forecast violence against civilians, or score such forecasts.",
    help="From a file of conflict events (UCDP GED, ACLED or plain CSV) to sampled futures of civilian deaths by area "
    "and month, and to scores that say how good such forecasts were.",
)
def forecast() -> None:
    """Hold the commands on forecasts."""


@forecast.command(
    short_help="Forecast civilian deaths by area and month.",
    help="Write a new folder DIR: sampled futures, their summary by area and month, areas, a report, and how well the "
    "same model forecast of late. Events that were not over at the end of the origin are never used.",
)
@EVENTS
@option("--out", type=PATH, metavar="DIR", required=True, help="A folder that does not exist yet.")
@COUNTRY
@AREAS
@PLACES
@H3
@option("--origin", metavar="YYYY-MM", required=True, help="The month at whose end one stands.")
@option(
    "--horizon", type=click.IntRange(1, 36), metavar="MONTHS", default=12, show_default=True,
    help="Months to forecast.",
)  # fmt: skip
@option(
    "--samples", type=click.IntRange(2, 100_000), metavar="N", default=1000, show_default=True,
    help="Number of futures drawn.",
)  # fmt: skip
@LAG
@option(
    "--seed", type=click.IntRange(0), metavar="N", default=0, show_default=True,
    help="Seed: the same seed gives the same futures.",
)  # fmt: skip
@option("--json", "as_json", is_flag=True, help="Print forecast.json; words go to standard error.")
def run(
    events: Path, out: Path, country: str | None, areas: Path | None, places: Path | None, h3: int | None,
    origin: str, horizon: int,
    samples: int, lag: int, seed: int, as_json: bool,
) -> None:  # fmt: skip
    """Forecast, write the folder, and say what stands in it."""
    from bluehelm.journey.forecast_run import ForecastOrder, forecast_folder
    from bluehelm.journey.forecast_words import forecast_told
    from bluehelm.mission.months import Month

    order = ForecastOrder(
        events=events, origin=Month.parse(origin), country=country, areas=areas, places=places, h3=h3, horizon=horizon,
        samples=samples, lag_months=lag, seed=seed,
    )  # fmt: skip
    made = forecast_folder(order, out)
    for line in forecast_told(made):
        click.echo(line, err=as_json)
    click.echo(say("Report: {path}", path=out / "report.html"), err=as_json)
    if as_json:
        click.echo((out / "forecast.json").read_text("utf-8"), nl=False)


@forecast.command(
    short_help="Score the models on a country's past.",
    help="Stand at the end of month after month, forecast with what was known then, and score what every model said "
    "against what came: CRPS, log score and the share of deaths in the areas pointed to, each with an interval.",
)
@EVENTS
@COUNTRY
@AREAS
@PLACES
@H3
@option("--origins", metavar="YYYY-MM:YYYY-MM", required=True, help="First and last month to stand at.")
@option(
    "--step", type=click.IntRange(1, 60), metavar="MONTHS", default=1, show_default=True,
    help="Months from one origin to the next.",
)  # fmt: skip
@option("--horizons", metavar="MONTHS", default="1,3,6,12", show_default=True, help="Months ahead that are scored.")
@option(
    "--samples", type=click.IntRange(2, 10_000), metavar="N", default=400, show_default=True,
    help="Number of futures drawn by each model.",
)  # fmt: skip
@LAG
@option(
    "--seed", type=click.IntRange(0), metavar="N", default=0, show_default=True,
    help="Seed: the same seed gives the same scores.",
)  # fmt: skip
@ENGINE
@option("--json", "json_file", type=PATH, metavar="FILE", help="Write all scores into this file.")
@option("--report", type=PATH, metavar="FILE", help="Write a report (HTML) into this file.")
def score(
    events: Path, country: str | None, areas: Path | None, places: Path | None, h3: int | None,
    origins: str, step: int, horizons: str,
    samples: int, lag: int, seed: int, engine: str, json_file: Path | None, report: Path | None,
) -> None:  # fmt: skip
    """Score, print the table, and write the files asked for."""
    from bluehelm.cli.numbers import months_between, whole_numbers
    from bluehelm.foresight.models import MODELS
    from bluehelm.foresight.rolling import ScoreRules
    from bluehelm.journey.forecast_score import ScoreOrder, score_forecasts
    from bluehelm.journey.forecast_words import scores_told
    from bluehelm.mission.new_file import write_text_whole

    first, last = months_between(origins, "--origins")
    rules = ScoreRules(MODELS, whole_numbers(horizons, "--horizons", 1, 36), samples, lag, seed)
    scored = score_forecasts(
        ScoreOrder(
            events=events,
            first=first,
            last=last,
            country=country,
            areas=areas,
            places=places,
            step=step,
            rules=rules,
            engine=engine,
        )
    )
    for line in scores_told(scored.record):
        click.echo(line)
    if json_file is not None:
        write_text_whole(json_file, json.dumps(scored.record, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    if report is not None:
        from bluehelm.journey.forecast_report import write_score_report
        from bluehelm.words import language

        write_score_report(scored, report, language())
