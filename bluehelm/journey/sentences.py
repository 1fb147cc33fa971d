"""Parts of sentences that are kept until they are read, so that a report says them in its own language."""

from __future__ import annotations

from collections.abc import Sequence

from bluehelm.reports.extras import Text, Told, tell
from bluehelm.reports.numbers import millions

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def named(name: str) -> Told:
    """Keep a name (of a site, a unit type, a task) that the catalogue may know."""
    return Told(name)


def month_told(month: str) -> Told:
    """Keep a month such as `2017-01`."""
    return tell("{month} {year}", month=Told(MONTHS[int(month[5:]) - 1]), year=month[:4])


def usd_told(usd: float) -> Told:
    """Keep an amount of money."""
    return tell("USD {amount} million", amount=millions(usd))


def listed(names: Sequence[Text], most: int = 0) -> Text:
    """Keep a list of names; beyond `most` (0 = all) the count of those left out."""
    shown = names[:most] if most else names
    if not shown:
        return ""
    text: Text = shown[0]
    for name in shown[1:]:
        text = tell("{names}, {name}", names=text, name=name)
    left_out = len(names) - len(shown)
    return tell("{names} and {count} more", names=text, count=left_out) if left_out else text


def joined(sentences: Sequence[Text]) -> Text:
    """Keep several sentences as one text."""
    given = [sentence for sentence in sentences if sentence]
    if not given:
        return ""
    text: Text = given[0]
    for sentence in given[1:]:
        text = tell("{before} {next}", before=text, next=sentence)
    return text
