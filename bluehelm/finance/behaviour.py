"""How payers pay, as distributions: in which month after a letter, and which share of it, for each way to pay.

A way to pay has a first month in which it can pay a letter (the letter's own, or the first of the payer's fiscal year
that has begun by then or begins later), a distribution of further months, and a range of shares. What a payer does in
one UN fiscal year it does with all letters of that year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bluehelm.finance.payers import Payer
from bluehelm.norms.norms import Norms

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to pay.

    chance: that it is drawn. first, last: months that may pass from the first month in which letters can be paid.
    waits: chance that who has not paid waits another month, up to the last; 1: each month is as likely. share_low,
    share_high: share of a letter that is paid, evenly between. fall: share by which this falls each fiscal year.
    settles: what is unpaid from before is paid too.
    """

    chance: float
    first: int = 0
    last: int = 0
    waits: float = 1.0
    share_low: float = 1.0
    share_high: float = 1.0
    fall: float = 0.0
    settles: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How one payer pays: ways of which one is drawn, and the chance that a year is as the one before.

    fiscal_month: calendar month in which letters can first be paid; 0: their own.
    """

    ways: tuple[Way, ...]
    habit: float
    fiscal_month: int = 0


def payment_of(payer: Payer, norms: Norms, on: date) -> Payment:
    """Put the behaviour of a payer into distributions, with the norms of a day."""
    habit = norms.number("payment_habit_share", on)
    if payer.behaviour != "unknown":
        waits = (payer.fiscal_month or 0) if payer.behaviour in ("fiscal", "capped") else 0
        return Payment(ways=(_named(payer, payer.behaviour, 1.0, norms, on),), habit=habit, fiscal_month=waits)
    punctual = norms.number("payers_punctual_share", on)
    in_full = max(norms.number("payers_in_full_share", on), punctual)
    chances = {"punctual": punctual, "late": in_full - punctual, "partial": 1 - in_full}
    return Payment(ways=tuple(_named(payer, name, p, norms, on) for name, p in chances.items()), habit=habit)


def _named(payer: Payer, name: str, chance: float, norms: Norms, on: date) -> Way:
    late, waits = int(norms.number("late_payment_months_most", on)), norms.number("late_payment_waits_share", on)
    if name == "punctual":
        return Way(chance=chance)
    if name == "late":
        return Way(chance=chance, first=min(1, late), last=late, waits=waits)
    if name == "silent":
        return Way(chance=chance, share_low=0.0, share_high=0.0, settles=False)
    if name == "partial":
        low = norms.number("partial_payment_share_low", on) if payer.share_low is None else payer.share_low
        high = norms.number("partial_payment_share_high", on) if payer.share_high is None else payer.share_high
        return Way(chance=chance, first=min(1, late), last=late, waits=waits, share_low=min(low, high), share_high=high,
                   settles=False)  # fmt: skip
    if name == "growing":
        share = norms.number("growing_arrears_first_share", on)
        return Way(chance=chance, first=min(1, late), last=late, waits=waits, share_low=share, share_high=share,
                   fall=norms.number("growing_arrears_fall_share", on), settles=False)  # fmt: skip
    most = int(norms.number("fiscal_payment_months_most", on))
    first, last, waits = (0, most, 1.0) if payer.fiscal_month else (min(1, late), late, waits)
    share = 1.0 if name == "fiscal" else capped_share(payer)
    return Way(
        chance=chance, first=first, last=last, waits=waits, share_low=share, share_high=share, settles=name == "fiscal"
    )


def capped_share(payer: Payer) -> float:
    """Share of its letters that a payer may pay by its law: cap over rate, at most all.

    Examples
    --------
    >>> from decimal import Decimal
    >>> us = Payer(payer="USA", rate_pct=Decimal("26.9493"), behaviour="capped", cap_pct=Decimal(25))
    >>> round(capped_share(us), 6)
    0.927668
    """
    assert payer.cap_pct is not None, "a capped payer has a cap"
    return 1.0 if payer.cap_pct >= payer.rate_pct else float(payer.cap_pct / payer.rate_pct)


def mean_paid_by(payment: Payment, letter_month: int, months: int) -> FloatArray:
    """Share of a letter that is paid on average by the end of each of so many months, by the formulas.

    letter_month: calendar month (1–12) of the letter, in the first year. An answer to hold the simulation against.
    """
    paid = np.zeros(months)
    wait = (payment.fiscal_month - letter_month) % 12 if payment.fiscal_month else 0
    for way in payment.ways:
        weight = way.waits ** np.arange(way.last - way.first + 1)
        for more, part in enumerate(weight / weight.sum(), way.first):
            paid[wait + more :] += part * way.chance * (way.share_low + way.share_high) / 2
    return paid
