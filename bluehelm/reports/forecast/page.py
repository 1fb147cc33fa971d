"""Write a forecast as one self-contained HTML file, readable offline and in print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bluehelm.foresight.forecast import Forecast
from bluehelm.reports.figures.fan import fan_of_areas, fan_of_total
from bluehelm.reports.figures.last_errors import last_errors as errors_drawn
from bluehelm.reports.figures.risk_map import risk_map
from bluehelm.reports.forecast.reading import ForecastReading
from bluehelm.reports.forecast.sections import how_many, last_errors, limits, provenance, where
from bluehelm.reports.forecast.summary import summary_of_forecast
from bluehelm.reports.page import render_page, write_page
from bluehelm.reports.section import Figure, figures_of
from bluehelm.words import say, speaking

SECTIONS = (how_many, where, last_errors, limits, provenance)


def write_forecast_page(forecast: Forecast, path: Path | str, *, language: str = "en") -> Path:
    """Write the report of a forecast; the same forecast and language give the same bytes."""
    with speaking(language):
        reading = ForecastReading(forecast)
        sections = [section(reading) for section in SECTIONS]
        text = render_page(say("Forecast"), summary_of_forecast(reading), sections, forecast_figures(reading))
        return write_page(path, text)


def forecast_figures(reading: ForecastReading) -> Mapping[str, Figure]:
    """Make the figures for which there is something to show, in the language in use."""
    return figures_of(
        ("total", fan_of_total(reading), say("Civilian deaths a month in all areas together, recorded and to come"),
         say("Bars of deaths recorded by month, then for each month ahead the median within a 50% and a 90% band.")),
        ("map", risk_map(reading), say("Areas at risk, and how sure"),
         say("Two maps of areas as circles: expected share of deaths, coloured by the chance of any; and deaths in one "
             "future in twenty, coloured by the chance of 10 or more.")),
        ("fans", fan_of_areas(reading), say("Deaths a month in the areas with the largest share: bands as above, one "
                                            "scale for all"),
         say("One panel an area: for each month ahead the median within a 50% and a 90% band.")),
        ("errors", errors_drawn(reading), say("The forecast's own last errors, beside the yardsticks"),
         say("One bar a model in each panel; one panel for each number of months ahead.")),
    )  # fmt: skip
