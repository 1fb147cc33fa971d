"""Names of models in words."""

from __future__ import annotations

from collections.abc import Iterable

from bluehelm.foresight.models import MODELS
from bluehelm.reports.names import spoken
from bluehelm.words import say


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
