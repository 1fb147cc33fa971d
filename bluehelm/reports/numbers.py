"""Numbers as a reader sees them: 12,400 persons, 41.2%, USD 1,402.1 million, Jan 2017."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, isfinite, log10

from bluehelm.words import say

NOTHING = "–"


def whole(number: float) -> str:
    """Write a count, grouped by commas in every language.

    Examples
    --------
    >>> whole(12400.4)
    '12,400'
    """
    return f"{round(number):,}" if isfinite(number) else NOTHING


def decimal(number: float, digits: int = 1) -> str:
    """Write a number with a fixed count of decimals."""
    return f"{number:,.{digits}f}" if isfinite(number) else NOTHING


def percent(share: float, digits: int = 1) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> percent(0.4118)
    '41.2%'
    """
    return f"{100 * share:,.{digits}f}%" if isfinite(share) else NOTHING


def about(number: float) -> str:
    """Write a number of deaths as exactly as samples allow: in full below 100, with two leading figures above.

    Examples
    --------
    >>> about(7.6), about(1234.0), about(98)
    ('8', '1,200', '98')
    """
    if not isfinite(number) or abs(number) < 100:
        return whole(number)
    step = 10.0 ** (floor(log10(abs(number))) - 1)
    return whole(round(number / step) * step)


def chance(share: float) -> str:
    """Write a chance as a whole percentage; what samples cannot tell from never or always is not called so.

    Examples
    --------
    >>> chance(0.4118), chance(0.001), chance(0.999), chance(0.0)
    ('41%', '<1%', '>99%', '0%')
    """
    if 0 < share < 0.005:
        return "<1%"
    return ">99%" if 0.995 < share < 1 else percent(share, 0)


def score(number: float | None) -> str:
    """Write a score with three figures or so.

    Examples
    --------
    >>> score(0.0713), score(1.482), score(117.8), score(None)
    ('0.071', '1.48', '118', '–')
    """
    if number is None:
        return NOTHING
    return decimal(number, 3 if abs(number) < 0.995 else 2 if abs(number) < 9.95 else 1 if abs(number) < 99.5 else 0)


def signed(text: str) -> str:
    """Give a number that was written the sign of a difference.

    Examples
    --------
    >>> signed("0.12"), signed("-0.12"), signed("0.0%")
    ('+0.12', '−0.12', '0.0%')
    """
    if not any(digit in text for digit in "123456789"):
        return text.removeprefix("-")
    return f"−{text[1:]}" if text.startswith("-") else f"+{text}"


def span(low: str, high: str) -> str:
    """Write an interval in words."""
    return NOTHING if NOTHING in (low, high) else say("{low} to {high}", low=low, high=high)


def millions(usd: float) -> str:
    """Write an amount of money in million USD, for a table whose heading says so."""
    return decimal(usd / 1e6)


def money(usd: float) -> str:
    """Write an amount of money in words."""
    return say("USD {amount} million", amount=millions(usd).replace("-", "−")) if isfinite(usd) else NOTHING


def plain(value: object) -> str:
    """Write the value of a norm as it was given, thousands grouped.

    Examples
    --------
    >>> plain("290698"), plain(0.25), plain("contingent")
    ('290,698', '0.25', 'contingent')
    """
    text = str(value)
    whole_part, dot, rest = text.partition(".")
    return f"{int(whole_part):,}{dot}{rest}" if whole_part.lstrip("-").isdigit() else text


def measure(value: float, unit: str) -> str:
    """Write a value by its unit: a share as a percentage, money in millions, anything else with its unit."""
    if unit == "share":
        return percent(value, 2)
    if unit in ("USD", "thousand USD", "million USD"):
        return money(value * {"USD": 1, "thousand USD": 1e3, "million USD": 1e6}[unit])
    from bluehelm.reports.names import unit_of

    return f"{decimal(value, 0 if abs(value) >= 1000 else 2)} {unit_of(unit)}".strip()


def month_name(month: str) -> str:
    """Write a month such as `2017-01` in words."""
    names = (
        say("Jan"), say("Feb"), say("Mar"), say("Apr"), say("May"), say("Jun"),
        say("Jul"), say("Aug"), say("Sep"), say("Oct"), say("Nov"), say("Dec"),
    )  # fmt: skip
    return say("{month} {year}", month=names[int(month[5:]) - 1], year=month[:4]) if month else NOTHING


def ahead(months: int) -> str:
    """Write how far ahead a month lies."""
    return say("1 month ahead") if months == 1 else say("{count} months ahead", count=months)


def together(*sentences: str) -> str:
    """Set sentences one after the other, as the language does: Chinese leaves no space between them."""
    said = [sentence for sentence in sentences if sentence]
    text = said[0] if said else ""
    for sentence in said[1:]:
        text = say("{before} {next}", before=text, next=sentence)
    return text


def listing(names: Iterable[str], most: int = 0) -> str:
    """Join names; beyond `most` (0 = all) say how many are left out."""
    known = list(names)
    shown = known[:most] if most else known
    text = say(", ").join(shown)
    left_out = len(known) - len(shown)
    return say("{names} and {count} more", names=text, count=left_out) if left_out else text
