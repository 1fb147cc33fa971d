"""Liquidity of a mission: cash by month over futures of payments, who owes what, and what paying earlier would add."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import version
from typing import Any

import numpy as np

from bluehelm import __version__
from bluehelm.errors import InvalidRecordError
from bluehelm.finance.behaviour import FloatArray
from bluehelm.finance.cash import Cash, cash_of, pooled
from bluehelm.finance.mission_money import MissionMoney, money_of
from bluehelm.finance.payers import Payer
from bluehelm.finance.payment_futures import PaymentFutures, payment_futures
from bluehelm.mission.hashing import mission_hash
from bluehelm.mission.mission import Mission
from bluehelm.norms import Norms, trace

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
LARGEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidityOrder:
    """What is asked for. months: None for all of the mission. return_credits: what is not spent is credited."""

    futures: int = 10_000
    seed: int = 0
    months: int | None = None
    return_credits: bool = True


@dataclass(frozen=True, slots=True)
class Liquidity:
    """Money, payments and cash of one mission, and the same as plain values, ready for JSON."""

    money: MissionMoney
    payments: PaymentFutures
    cash: Cash
    record: dict[str, Any]


def liquidity_of(
    mission: Mission, payers: Sequence[Payer], norms: Norms, order: LiquidityOrder | None = None,
    spending_usd: FloatArray | None = None, spending_from: str = "",
) -> Liquidity:  # fmt: skip
    """Simulate when a mission's money comes, and what is in hand by month.

    spending_usd : (months,), from a plan; None: each appropriation evenly over its run. spending_from : its hash.

    Raises
    ------
    InvalidRecordError
        If the mission has no money, or payers, months or futures cannot be.
    """
    order = order or LiquidityOrder()
    with trace("liquidity") as traced:
        money = money_of(mission, norms, months=order.months, spending_usd=spending_usd,
                         return_credits=order.return_credits)  # fmt: skip
        futures = payment_futures(
            payers, money.letters_usd, money.first_month, norms, futures=order.futures, seed=order.seed
        )
    cash = cash_of(futures.receipts_usd, [money])
    worst = worst_month(cash)
    record = {
        "mission": mission.setting.name,
        "operation": mission.setting.operation,
        "first_month": str(money.first_month),
        "months": money.months,
        "futures": order.futures,
        "spending_from": "plan" if spending_from else "budget",
        "opening_usd": money.opening_usd,
        "assessed_usd": float(money.letters_usd.sum()),
        "unpaid_before_usd": float(futures.unpaid_usd.sum()),
        "spending_usd": float(money.spending_usd.sum()),
        "received_usd": _spread(futures.receipts_usd.sum(axis=(1, 2))),
        "by_month": by_month(money, futures, cash),
        "worst_month": str(money.first_month + worst),
        "payers_count": len(futures.payers),
        "behaviours": _behaviours(futures.payers),
        "payers": [_payer_told(futures, cash, money, worst, one) for one in largest(futures.payers)],
        "notes": [list(note) for note in money.notes],
        "norms_used": _norms_used(traced.all_uses()),
        "provenance": _provenance(mission, futures.payers, norms, order, spending_from),
    }
    return Liquidity(money, futures, cash, record)


def pooled_of(
    missions: Sequence[Mission], payers: Sequence[Payer], norms: Norms, order: LiquidityOrder | None = None,
    closed_cash_usd: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Simulate missions side by side, and as if all paid from one account, in the same futures of payments.

    All begin in the same month; the months are those of the shortest. What payers owe from before (arrears_usd) is not
    asked for, since the table does not say of which mission it is. Norms are those of all; a mission's amendments are
    not laid over them. closed_cash_usd : cash of closed missions that all may borrow from together.

    Raises
    ------
    InvalidRecordError
        If missions begin in different months, one stands twice or has no money.
    """
    order = order or LiquidityOrder()
    months = min([one.setting.months for one in missions] + ([order.months] if order.months else []))
    names = [one.setting.name for one in missions]
    if len({one.setting.first_month for one in missions}) != 1 or len(set(names)) < len(names):
        raise InvalidRecordError(
            "{names}: missions that begin in the same month, each once, were expected.", names=", ".join(names)
        )
    money = [money_of(one, norms, months=months) for one in missions]
    futures = payment_futures(
        payers, np.array([one.letters_usd for one in money]), money[0].first_month, norms, futures=order.futures,
        seed=order.seed, unpaid_usd=np.zeros((len(payers), len(money))),
    )  # fmt: skip
    apart = cash_of(futures.receipts_usd, money, closed_cash_usd)
    as_one = pooled(money, "pooled")
    together = cash_of(futures.receipts_usd.sum(axis=1, keepdims=True), [as_one], closed_cash_usd)
    one_account = replace(futures, receipts_usd=futures.receipts_usd.sum(axis=1, keepdims=True))
    return {
        "closed_cash_usd": closed_cash_usd,
        "months": months,
        "missions": [
            {"mission": one.name, "by_month": by_month(one, futures, apart, g)} for g, one in enumerate(money)
        ],
        "pooled": {"by_month": by_month(as_one, one_account, together)},
        "input_hashes": {one.setting.name: mission_hash(one) for one in missions},
    }


def largest(payers: Sequence[Payer], count: int = LARGEST) -> list[Payer]:
    """Return the payers with the largest shares, the first by name of equals."""
    return sorted(payers, key=lambda one: (-one.rate_pct, one.payer))[:count]


def worst_month(cash: Cash) -> int:
    """Return the month in which what could still be spent is least in the worst tenth of the futures; the first of
    equals."""
    return int(np.argmin(np.quantile(cash.room_usd[:, 0], 0.1, axis=0)))


def by_month(money: MissionMoney, futures: PaymentFutures, cash: Cash, row: int = 0) -> list[dict[str, Any]]:
    """Tell each month of one mission: what is asked, comes in and is spent, and cash as quantiles over futures."""
    spreads = {
        "receipts_usd": futures.receipts_usd[:, row],
        "net_usd": cash.net_usd[:, row],
        "in_hand_usd": cash.in_hand_usd[:, row],
        "months_in_hand": cash.months_in_hand[:, row],
        "owed_usd": cash.owed_usd[:, row],
        "borrowed_usd": cash.borrowed_usd[:, row],
    }
    exhausted, by_then = cash.exhausted[:, row].mean(axis=0), cash.exhausted_by[:, row].mean(axis=0)
    return [
        {
            "month": str(money.first_month + t),
            "letters_usd": float(money.letters_usd[t]),
            "credits_usd": float(money.credits_usd[t]),
            "spending_usd": float(money.spending_usd[t]),
            "limit_usd": float(money.owed_limit_usd[t] + money.borrowing_limit_usd[t]),
            **{name: _spread(block[:, t]) for name, block in spreads.items()},
            "exhausted_share": float(exhausted[t]),
            "exhausted_by_share": float(by_then[t]),
        }
        for t in range(money.months)
    ]


def _spread(values: FloatArray) -> dict[str, float]:
    """Mean and quantiles over futures."""
    found = np.quantile(values, QUANTILES)
    named = {f"q{round(100 * q)}": float(value) for q, value in zip(QUANTILES, found, strict=True)}
    return {"mean": float(values.mean()), **named}


def _behaviours(payers: Sequence[Payer]) -> list[dict[str, Any]]:
    names = sorted({one.behaviour for one in payers})
    return [
        {
            "behaviour": name,
            "payers": sum(one.behaviour == name for one in payers),
            "rate_pct": float(sum(one.rate_pct for one in payers if one.behaviour == name)),
        }
        for name in names
    ]


def _payer_told(futures: PaymentFutures, cash: Cash, money: MissionMoney, worst: int, payer: Payer) -> dict[str, Any]:
    """Tell what one payer owes, and what it would add to pay each letter a month earlier."""
    paid = futures.payments_of(payer.payer)[:, 0]
    sooner = futures.payments_of(payer.payer, futures.earlier.get(payer.payer, 0) + 1)[:, 0]
    more = (sooner - paid).cumsum(axis=1)
    # Sums of floats miss nothing owed by fractions of a cent.
    owes = np.maximum(futures.assessed_of(payer.payer)[0] - paid.cumsum(axis=1), 0.0).round(2)
    room = cash.room_usd[:, 0]
    return {
        "payer": payer.payer,
        "rate_pct": float(payer.rate_pct),
        "behaviour": payer.behaviour,
        "assessed_usd": float(futures.assessed_of(payer.payer)[0, -1]),
        "arrears_end_usd": _spread(owes[:, -1]),
        "arrears_worst_month_usd": _spread(owes[:, worst]),
        "earlier": {
            "cash_worst_month_usd": float(more[:, worst].mean()),
            "cash_worst_month_q10_usd": float(
                np.quantile(room[:, worst] + more[:, worst], 0.1) - np.quantile(room[:, worst], 0.1)
            ),
            "exhausted_share": float((room + more < -0.005).any(axis=1).mean()),
        },
    }


def _norms_used(uses: Sequence[Any]) -> list[dict[str, Any]]:
    """List the norms used, each once; amended: by the mission, a what-if."""
    found = {
        use.key: {
            "key": use.key, "value": str(use.entry.value), "unit": use.unit, "status": use.entry.status,
            "reason": use.entry.reason or use.entry.source, "amended": use.amended,
        }
        for use in uses
    }  # fmt: skip
    return [found[key] for key in sorted(found)]


def payers_hash(payers: Sequence[Payer]) -> str:
    """Return the SHA-256 of a table of payers, whatever its order."""
    rows = sorted("\x1f".join(str(getattr(one, part.name)) for part in fields(one)) for one in payers)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _provenance(
    mission: Mission, payers: Sequence[Payer], norms: Norms, order: LiquidityOrder, spending_from: str
) -> Mapping[str, Any]:
    """Everything that decides the figures, and nothing that does not."""
    return {
        "input_hash": mission_hash(mission),
        "payers_hash": payers_hash(payers),
        "plan_hash": spending_from,
        "norms_hash": norms.digest(),
        "bluehelm": __version__,
        "numpy": version("numpy"),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "asked": asdict(order),
    }
