"""Cash month by month in each future: in hand, owed to contributors, borrowed, and short; per mission and pooled.

    net[t] = opening + Σ receipts - Σ spending, up to and with month t

Where net is above 0 it is cash in hand. Below, bills of contributors stay unpaid up to a limit: that debt is the real
buffer. Then the mission borrows, up to its limit and what closed missions have. The rest is short: it cannot be paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.behaviour import FloatArray
from bluehelm.finance.mission_money import MissionMoney

# Cents of a rounding error are not a shortage.
CENT_USD = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """Amounts at the end of each month, (futures, missions, months) [USD]; room: what more could be spent by then."""

    net_usd: FloatArray
    in_hand_usd: FloatArray
    owed_usd: FloatArray
    borrowed_usd: FloatArray
    short_usd: FloatArray
    room_usd: FloatArray
    monthly_spending_usd: FloatArray

    @property
    def months_in_hand(self) -> FloatArray:
        """Months of the mission's mean spending that cash in hand pays; inf where nothing is spent."""
        with np.errstate(divide="ignore", invalid="ignore"):
            months = self.in_hand_usd / self.monthly_spending_usd[:, None]
        return np.where(self.in_hand_usd > 0, months, 0.0)

    @property
    def exhausted(self) -> FloatArray:
        """Whether cash, debt and borrowing do not suffice at the end of a month, (futures, missions, months)."""
        return np.asarray(self.short_usd > CENT_USD, float)

    @property
    def exhausted_by(self) -> FloatArray:
        """Whether they did not suffice at the end of this or an earlier month."""
        return np.asarray(np.maximum.accumulate(self.exhausted, axis=2))


def cash_of(receipts_usd: FloatArray, money: Sequence[MissionMoney], closed_cash_usd: float | None = None) -> Cash:
    """Work out cash of missions side by side.

    Parameters
    ----------
    receipts_usd : (futures, missions, months)
    closed_cash_usd : cash of closed missions that all may borrow from together; None: only their own limits bound them.
        Where it does not suffice, it is shared in proportion to what each lacks.

    Raises
    ------
    InvalidRecordError
        If numbers of missions or months differ, or the cash of closed missions is below 0.
    """
    spending = np.array([one.spending_usd for one in money])
    if receipts_usd.ndim != 3 or receipts_usd.shape[1:] != spending.shape:
        raise InvalidRecordError(
            "Receipts have shape {shape}; (futures, {missions}, {months}) was expected: one month of receipts for each "
            "month of spending.",
            shape=receipts_usd.shape, missions=len(spending), months=spending.shape[-1],
        )  # fmt: skip
    if closed_cash_usd is not None and not closed_cash_usd >= 0:
        raise InvalidRecordError("Cash of closed missions is {usd} USD; 0 or more was expected.", usd=closed_cash_usd)
    opening = np.array([one.opening_usd for one in money])
    owed_limit = np.array([one.owed_limit_usd for one in money])
    borrowing_limit = np.array([one.borrowing_limit_usd for one in money])
    net = opening[:, None] + np.cumsum(receipts_usd - spending, axis=2)
    lacking = np.maximum(-net, 0.0)
    owed = np.minimum(lacking, owed_limit)
    asked = np.minimum(lacking - owed, borrowing_limit)
    borrowed = asked if closed_cash_usd is None else _shared(asked, closed_cash_usd)
    return Cash(
        net_usd=net,
        in_hand_usd=np.maximum(net, 0.0),
        owed_usd=owed,
        borrowed_usd=borrowed,
        short_usd=lacking - owed - borrowed,
        room_usd=net + owed_limit + borrowing_limit,
        monthly_spending_usd=spending.mean(axis=1),
    )


def _shared(asked: FloatArray, there: float) -> FloatArray:
    """Share out what is there in proportion to what is asked."""
    total = asked.sum(axis=1, keepdims=True)
    given = np.minimum(total, there)
    return np.asarray(asked * np.divide(given, total, out=np.zeros_like(total), where=total > 0))


def pooled(money: Sequence[MissionMoney], name: str) -> MissionMoney:
    """Put the money of missions that begin in the same month together, as if all paid from one account."""
    if len({(one.first_month, one.months) for one in money}) != 1:
        raise InvalidRecordError("Missions of different months cannot be pooled. Give all the same months.")
    return MissionMoney(
        name=name,
        first_month=money[0].first_month,
        opening_usd=sum(one.opening_usd for one in money),
        letters_usd=np.sum([one.letters_usd for one in money], axis=0),
        credits_usd=np.sum([one.credits_usd for one in money], axis=0),
        spending_usd=np.sum([one.spending_usd for one in money], axis=0),
        owed_limit_usd=np.sum([one.owed_limit_usd for one in money], axis=0),
        borrowing_limit_usd=np.sum([one.borrowing_limit_usd for one in money], axis=0),
        notes=tuple(note for one in money for note in one.notes),
    )
