"""Limits of the plan model in words: the sentence of each family, with names in place of keys."""

from __future__ import annotations

import re

from bluehelm.planning.equations import EQUATIONS
from bluehelm.reports.names import component_name, spoken
from bluehelm.reports.numbers import month_name
from bluehelm.reports.reading import Reading
from bluehelm.words import say


def limit_name(family: str) -> str:
    """Name a family of limits."""
    known = {
        "ceiling": say("Ceilings on personnel"), "ceiling_within": say("Ceilings on personnel"),
        "site_capacity": say("Beds at sites"),
        "site_limit": say("Number of bases"), "cash": say("Cash"), "appropriation": say("Approved budget"),
        "pledges": say("Pledges called"), "floor": say("Floors on protection"),
        "minimum_share": say("Minimum of a task"), "guard": say("Guard of bases"),
    }  # fmt: skip
    return known.get(family, spoken(family))


def limit_sentence(reading: Reading, family: str, row: str, sentence: str) -> str:
    """Say one limit in the language in use; a row of a family we do not know keeps the plan's own sentence."""
    key = _key(family, row)
    if not key or not EQUATIONS[family].sentence:
        return sentence
    return say(EQUATIONS[family].sentence, **{over: _named(reading, over, part) for over, part in key.items()})


def limit_subject(reading: Reading, family: str, row: str) -> str:
    """Name what a limit is about (a site, an area, a component); blank where it holds for the whole mission."""
    return say(", ").join(_named(reading, over, part) for over, part in _key(family, row).items() if over != "node")


def _key(family: str, row: str) -> dict[str, str]:
    """Split `family[a, b]` into what each part stands for; empty for a family we do not know."""
    found = re.fullmatch(r"[^\[]*\[(.*)\]", row)
    if found is None or family not in EQUATIONS:
        return {}
    over, parts = EQUATIONS[family].over, found[1].split(", ")
    return dict(zip(over, parts, strict=True)) if len(over) == len(parts) else {}


def _named(reading: Reading, over: str, part: str) -> str:
    if over == "component":
        return component_name(part)
    if over == "node":
        return _dated(reading, part, reading.month_of(part))
    if over == "month_end":
        node, _, month = part.rpartition(" ")
        return _dated(reading, node, month)
    return part if over in ("run", "pledge_class") else reading.name(part)


def _dated(reading: Reading, node_id: str, month: str) -> str:
    """Name a month, and the node where there are several futures; a node that bears a month's name adds nothing."""
    if not month:
        return node_id
    alone = len(reading.leaves) == 1 or node_id in ("", month)
    return month_name(month) if alone else say("{month} ({node})", month=month_name(month), node=node_id)
