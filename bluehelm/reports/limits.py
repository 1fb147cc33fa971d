"""Limits of the plan model in words: the sentence of each family, with names in place of keys."""

from __future__ import annotations

import re

from bluehelm.planning.equations import EQUATIONS
from bluehelm.reports.names import component_name, spoken
from bluehelm.reports.reading import Reading
from bluehelm.words import say


def limit_name(family: str) -> str:
    """Name a family of limits."""
    known = {
        "ceiling": say("Ceilings on personnel"), "site_capacity": say("Beds at sites"),
        "site_limit": say("Number of bases"), "cash": say("Cash"), "appropriation": say("Approved budget"),
        "pledges": say("Pledges called"), "floor": say("Floors on protection"),
        "minimum_share": say("Minimum of a task"), "guard": say("Guard of bases"),
    }  # fmt: skip
    return known.get(family, spoken(family))


def limit_sentence(reading: Reading, family: str, row: str, sentence: str) -> str:
    """Say one limit in the language in use; a row of a family we do not know keeps the plan's own sentence."""
    key = re.fullmatch(r"[^\[]*\[(.*)\]", row)
    equation = EQUATIONS.get(family)
    if key is None or equation is None or not equation.sentence:
        return sentence
    parts = key[1].split(", ")
    if len(parts) != len(equation.over):
        return sentence
    return say(
        equation.sentence,
        **{over: _named(reading, over, part) for over, part in zip(equation.over, parts, strict=True)},
    )


def _named(reading: Reading, over: str, part: str) -> str:
    return component_name(part) if over == "component" else reading.name(part)
