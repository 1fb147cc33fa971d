"""Names of payers and of ways to pay, in words."""

from __future__ import annotations

from bluehelm.errors import InvalidRecordError
from bluehelm.geo.countries import countries_named
from bluehelm.reports.names import spoken
from bluehelm.words import language, say


def payer_name(payer: str) -> str:
    """Name a payer in the language in use; a name that means no State as it was given.

    Examples
    --------
    >>> payer_name("FRA"), payer_name("Atlantis")
    ('France', 'Atlantis')
    """
    try:
        return countries_named(payer)[0].name(language())
    except InvalidRecordError:
        return payer


def behaviour_name(behaviour: str) -> str:
    """Name a way to pay."""
    return {
        "unknown": say("not known"),
        "punctual": say("within the term"),
        "late": say("late, in full"),
        "fiscal": say("by its own fiscal year"),
        "partial": say("in part"),
        "capped": say("capped by law"),
        "growing": say("arrears grow"),
        "silent": say("nothing"),
    }.get(behaviour) or spoken(behaviour)


def behaviour_meaning(behaviour: str) -> str:
    """Say in a sentence how such a payer pays."""
    return {
        "unknown": say("Drawn in each future among “within the term”, “late, in full” and “in part”, as often as "
                       "States at large paid the regular budget so."),
        "punctual": say("Each letter in full, in its own month."),
        "late": say("Each letter in full, in one of the months that follow, sooner rather than later."),
        "fiscal": say("Each letter in full, once its own fiscal year has begun."),
        "partial": say("A share of each letter, drawn for each year; the rest stays owed."),
        "capped": say("Of each letter what its law allows, once its own fiscal year has begun; the rest stays owed."),
        "growing": say("A share that falls from year to year; the rest stays owed."),
        "silent": say("Nothing; all of it stays owed."),
    }.get(behaviour, "")  # fmt: skip
