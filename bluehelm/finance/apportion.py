"""Share a whole number of cents out by rates, so that the parts add up to the last cent.

Largest remainder (Hamilton): every part is its exact amount rounded down, and the cents that are left go one each to
the largest remainders; equal remainders to the larger rate, then by name. So

- the parts add up exactly, and each is less than one cent from its exact amount;
- who has the larger rate never owes less, and equal rates differ by one cent at most;
- the order in which rates are listed changes nothing;
- a credit is shared out as the same charge with its sign turned.

A dearer amount may leave one part a cent cheaper (the Alabama paradox): that is the known price of this method.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.assessment_rules import DOLLARS, NOT_NEGATIVE, broken

Weight = Fraction | Decimal | int


def share_out(units: int, weights: Mapping[str, Weight]) -> dict[str, int]:
    """Share whole units out by weights.

    Parameters
    ----------
    units : int
        Units to share out; below 0 for a credit.
    weights : mapping of name to weight
        0 or more; only their proportions count.

    Returns
    -------
    dict of name to whole units, in the order of `weights`; they add up to `units`

    Raises
    ------
    RuleError
        If a weight is negative or no number.
    InvalidRecordError
        If no weight is above 0 and there is something to share out.

    Examples
    --------
    >>> share_out(100, {"a": 1, "b": 1, "c": 1})
    {'a': 34, 'b': 33, 'c': 33}
    >>> share_out(-100, {"a": 1, "b": 1, "c": 1})
    {'a': -34, 'b': -33, 'c': -33}
    """
    exact = {name: _weight(name, weight) for name, weight in weights.items()}
    total = sum(exact.values())
    if not total:
        if units:
            raise InvalidRecordError(
                "{units} cents are to be shared out, but no rate is above 0. Give a rate above 0.", units=units
            )
        return dict.fromkeys(exact, 0)
    size, sign = abs(units), -1 if units < 0 else 1
    quotas = {name: size * weight / total for name, weight in exact.items()}
    parts = {name: quota.numerator // quota.denominator for name, quota in quotas.items()}
    first = sorted(quotas, key=lambda name: (parts[name] - quotas[name], -exact[name], name))
    for name in first[: size - sum(parts.values())]:
        parts[name] += 1
    return {name: sign * part for name, part in parts.items()}


def _weight(name: str, weight: Weight) -> Fraction:
    if isinstance(weight, Decimal) and not weight.is_finite():
        raise broken(NOT_NEGATIVE, "The rate of '{name}' is {rate}; a number was expected.", name=name, rate=weight)
    if weight < 0:
        raise broken(
            NOT_NEGATIVE, "The rate of '{name}' is {rate}; 0 or more was expected. Mend it.", name=name, rate=weight
        )
    return Fraction(weight)


def apportion_usd(amount_usd: Decimal, rates: Mapping[str, Weight]) -> dict[str, Decimal]:
    """Share an amount out by rates, to the last cent; an amount below 0 is a credit.

    Raises
    ------
    RuleError
        If the amount is no whole number of cents, or a rate is negative.

    Examples
    --------
    >>> apportion_usd(Decimal("0.05"), {"a": Decimal("26.9493"), "b": Decimal("73.0507")})
    {'a': Decimal('0.01'), 'b': Decimal('0.04')}
    """
    return {name: from_cents(cents) for name, cents in share_out(to_cents(amount_usd), rates).items()}


def to_cents(amount_usd: Decimal) -> int:
    """Return an amount in whole cents; an amount with less than a cent is refused, never rounded."""
    exact = Fraction(amount_usd) * 100 if amount_usd.is_finite() else Fraction(1, 2)
    if exact.denominator != 1:
        raise broken(
            DOLLARS,
            "The amount is {amount} USD; a whole number of cents was expected. Round it first, and say how.",
            amount=amount_usd,
        )
    return exact.numerator


def from_cents(cents: int) -> Decimal:
    """Return whole cents as an amount in USD; exact for any size."""
    sign, digits = (1 if cents < 0 else 0), tuple(int(digit) for digit in str(abs(cents)))
    return Decimal((sign, digits, -2))
