"""Read an amount as people type it; another currency is refused, never converted."""

from __future__ import annotations

import re
from decimal import Decimal

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.assessment_rules import DOLLARS, broken

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_MONEY = re.compile(r"([^\d\s.,+-]*)\s*([+-]?[\d.,]*\d)\s*([^\d\s.,+-]*)")
_OURS = {"", "USD", "US$", "$"}
MOST_USD = Decimal("1e15")


def usd_amount(text: str) -> Decimal:
    """Read `1234.50`, `1,234.50`, `USD 1234.50` or `-1234.50`.

    Raises
    ------
    RuleError
        If the amount is in another currency or has a part of a cent.
    InvalidRecordError
        If it is no amount, or beyond 10^15.

    Examples
    --------
    >>> usd_amount("USD 1,234.50")
    Decimal('1234.50')
    """
    found = _MONEY.fullmatch(text.strip())
    before, number, after = found.groups() if found else ("", "", "")
    for mark in (before, after):
        if mark.upper() not in _OURS:
            raise broken(
                DOLLARS,
                "'{text}' is an amount in '{currency}'; United States dollars were expected. Convert it first at the "
                "operational rate of exchange of its month, and write USD.",
                text=text,
                currency=mark,
            )
    amount = Decimal(number.replace(",", "")) if _NUMBER.fullmatch(number) else None
    if amount is None or abs(amount) > MOST_USD:
        raise InvalidRecordError(
            "'{text}' is no amount of money; an amount in United States dollars such as 1234.50 was expected.",
            text=text,
        )
    if amount != amount.quantize(Decimal("0.01")):
        raise broken(
            DOLLARS,
            "The amount is {amount} USD; a whole number of cents was expected. Round it first, and say how.",
            amount=amount,
        )
    return amount
