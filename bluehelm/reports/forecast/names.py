"""Names of models in words."""

from __future__ import annotations

from collections.abc import Iterable

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.models import MODELS
from bluehelm.geo.countries import countries_named
from bluehelm.reports.names import spoken
from bluehelm.words import language, say


def model_name(model: str) -> str:
    """Name a model; one that is not known here by its key, as words."""
    known = {
        "none": say("No violence"),
        "last_value": say("Last month again"),
        "history_average": say("Average of the last year"),
        "sampled_history": say("Months of the last year, drawn"),
        "self_exciting": say("Self-exciting process"),
        "combination": say("Combination (ours)"),
    }
    return known.get(model, spoken(model))


def country_name(country: str | None) -> str:
    """Name the country asked for, in the language in use; a name that is not known stays as it was written.

    Examples
    --------
    >>> country_name("CAF"), country_name("Erewhon")
    ('Central African Republic', 'Erewhon')
    """
    if not country:
        return say("all countries of the events file")
    try:
        return " / ".join(found.name(language()) for found in countries_named(country))
    except InvalidRecordError:
        return country


def in_order(models: Iterable[str], first: str = "") -> list[str]:
    """Order models for a table: one first, then those of ours, then yardsticks."""
    ranks = {name: -place for place, name in enumerate(MODELS)}
    return sorted(dict.fromkeys(models), key=lambda name: (name != first, ranks.get(name, 1), name))


def about_models() -> str:
    """Say what each yardstick does."""
    return say(
        "Yardsticks are simple rules that a forecast should beat: no violence at all; last month again; the average of "
        "the last year; months of the last year, drawn at random."
    )
