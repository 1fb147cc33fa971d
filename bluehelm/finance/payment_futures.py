"""Futures of payments: drawn payer by payer, summed over payers before they are spread over missions.

What a payer does with the letters of a month it does in all missions, so receipts are linear in the letters:

    receipts[f, g, t] = Σ_s K[f, s, t] · letters[g, s]        K[f, s, t] = Σ_p share[p] · paid[p, f, s] · [pays in t]

K is built for a block of futures at a time, so that payments by payer, month, mission and future are never held at
once; those of one payer are drawn again when asked for. Each payer has its own stream of random numbers, named by the
seed, its name and the block: a changed payer changes nobody else's payments, and neither order nor number matters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.finance.behaviour import FloatArray, Payment, payment_of
from bluehelm.finance.payers import Payer, checked_payers
from bluehelm.mission.months import Month
from bluehelm.norms.norms import Norms

IntArray = NDArray[np.int64]
# Part of what a seed means: another block length would give other futures.
BLOCK = 1000
MOST_FUTURES, MOST_MONTHS = 1_000_000, 120


@dataclass(frozen=True, kw_only=True)
class PaymentFutures:
    """Receipts in each future, and all that they were drawn from.

    receipts_usd : (futures, missions, months). letters_usd : (missions, months), assessed in each month. unpaid_usd :
    (payers, missions), unpaid from before the first month. earlier : months by which a payer pays earlier than drawn.
    """

    receipts_usd: FloatArray
    letters_usd: FloatArray
    unpaid_usd: FloatArray
    payers: tuple[Payer, ...]
    first_month: Month
    seed: int
    payments: tuple[Payment, ...] = field(repr=False)
    earlier: Mapping[str, int] = field(default_factory=dict)

    @property
    def futures(self) -> int:
        """Number of futures."""
        return int(self.receipts_usd.shape[0])

    @property
    def shares(self) -> FloatArray:
        """Share of each payer, summing to 1 whatever rounding the rates carry."""
        return shares_of(self.payers)

    def payments_of(self, payer: str, earlier: int | None = None) -> FloatArray:
        """Payments of one payer, (futures, missions, months), drawn again; `earlier` by so many months than drawn."""
        p = self.row_of(payer)
        sooner = self.earlier.get(payer, 0) if earlier is None else earlier
        one = _Draw(self.payers[p].payer, float(self.shares[p]), self.payments[p], self.unpaid_usd[p], sooner)
        blocks = _receipts([one], self.letters_usd, self.first_month, self.futures, self.seed)
        return np.concatenate([*blocks])

    def assessed_of(self, payer: str) -> FloatArray:
        """What one payer owes by the end of each month if it pays nothing, (missions, months)."""
        p = self.row_of(payer)
        return np.asarray(self.unpaid_usd[p][:, None] + self.shares[p] * self.letters_usd.cumsum(axis=1))

    def arrears_of(self, payer: str) -> FloatArray:
        """What one payer still owes at the end of each month, (futures, missions, months)."""
        return np.asarray(self.assessed_of(payer) - self.payments_of(payer).cumsum(axis=2))

    def row_of(self, payer: str) -> int:
        """Row of a payer, or its nearest name."""
        names = [one.payer for one in self.payers]
        if payer not in names:
            raise InvalidRecordError(
                "'{payer}' is not among the {count} payers. Nearest name: '{nearest}'.",
                payer=payer,
                count=len(names),
                nearest=nearest(payer, names),
            )
        return names.index(payer)


def payment_futures(
    payers: Sequence[Payer], letters_usd: FloatArray, first_month: Month, norms: Norms, *, futures: int = 10_000,
    seed: int = 0, unpaid_usd: FloatArray | None = None, earlier: Mapping[str, int] | None = None,
) -> PaymentFutures:  # fmt: skip
    """Draw futures of payments.

    Parameters
    ----------
    letters_usd : (missions, months), what letters of each month ask of all payers together
    first_month : of the letters; decides calendar months and the norms in force
    unpaid_usd : (payers, missions), unpaid from before; None: what the payers' own arrears say, in the first mission
    earlier : payer to months by which it pays earlier than drawn, though never before its letter

    Raises
    ------
    InvalidRecordError
        If payers, letters or numbers cannot be.
    """
    payers = checked_payers(payers, first_month.first_day)
    letters = np.atleast_2d(np.asarray(letters_usd, float))
    _refuse_wrong(letters, futures, seed)
    unpaid = _unpaid(payers, letters, unpaid_usd)
    sooner = dict(earlier or {})
    payments = tuple(payment_of(one, norms, first_month.first_day) for one in payers)
    shares = shares_of(payers)
    draws = [
        _Draw(one.payer, float(shares[p]), payments[p], unpaid[p], sooner.get(one.payer, 0))
        for p, one in enumerate(payers)
    ]
    # Sums in the order of names are the same whatever the order of the table.
    draws.sort(key=lambda draw: draw.payer)
    received = np.empty((futures, *letters.shape))
    at = 0
    for block in _receipts(draws, letters, first_month, futures, seed):
        received[at : at + len(block)] = block
        at += len(block)
    made = PaymentFutures(
        receipts_usd=received, letters_usd=letters, unpaid_usd=unpaid, payers=payers, first_month=first_month,
        seed=seed, payments=payments, earlier=sooner,
    )  # fmt: skip
    for name in sooner:
        made.row_of(name)
    return made


def shares_of(payers: Sequence[Payer]) -> FloatArray:
    """Rates as shares that sum to 1."""
    rates = np.array([float(one.rate_pct) for one in payers])
    return np.asarray(rates / float(sum(one.rate_pct for one in payers)))


@dataclass(frozen=True, slots=True)
class _Draw:
    payer: str
    share: float
    payment: Payment
    unpaid_usd: FloatArray
    earlier: int


def _refuse_wrong(letters: FloatArray, futures: int, seed: int) -> None:
    if letters.shape[1] < 1 or letters.shape[1] > MOST_MONTHS or letters.shape[0] < 1:
        raise InvalidRecordError("Letters have {months} months; 1 to {most} were expected.", months=letters.shape[1],
                                 most=MOST_MONTHS)  # fmt: skip
    if not (1 <= futures <= MOST_FUTURES and seed >= 0):
        raise InvalidRecordError("futures is {futures}, seed {seed}; 1 to {most} futures and a seed of 0 or more were "
                                 "expected.", futures=futures, seed=seed, most=MOST_FUTURES)  # fmt: skip
    wrong = ~(np.isfinite(letters) & (letters >= 0))
    if wrong.any():
        raise InvalidRecordError(
            "{count} {count:letter|letters} of {all} are below 0 or missing; what is returned is credited against "
            "later letters, not asked for.", count=int(wrong.sum()), all=letters.size,
        )  # fmt: skip


def _unpaid(payers: Sequence[Payer], letters: FloatArray, given: FloatArray | None) -> FloatArray:
    unpaid = np.zeros((len(payers), len(letters)))
    if given is None:
        unpaid[:, 0] = [float(one.arrears_usd) for one in payers]
        return unpaid
    if np.shape(given) != unpaid.shape or not (np.asarray(given) >= 0).all():
        raise InvalidRecordError("unpaid_usd has shape {shape}; {wanted} (payers, missions), 0 or more, was expected.",
                                 shape=np.shape(given), wanted=unpaid.shape)  # fmt: skip
    return np.asarray(given, float)


def _receipts(
    draws: Sequence[_Draw], letters: FloatArray, first_month: Month, futures: int, seed: int
) -> Iterator[FloatArray]:
    """Yield receipts of each block of futures, (block, missions, months).

    Waits are gathered by fiscal year, since a payer does with all letters of a year the same; payers whose own fiscal
    year starts in the same month are spread over letters and months together.
    """
    missions, months = letters.shape
    at: list[int] = np.flatnonzero(letters.any(axis=0)).tolist()
    year_of = [(first_month + s).fiscal_year - first_month.fiscal_year for s in at]
    years = max(year_of, default=0) + 1
    longest = 1 + max(way.last for draw in draws for way in draw.payment.ways)
    kinds = sorted({(draw.payment.fiscal_month, draw.earlier) for draw in draws})
    for block, start in enumerate(range(0, futures, BLOCK)):
        count = min(BLOCK, futures - start)
        spread = {kind: np.zeros((BLOCK, years, longest)) for kind in kinds}
        received = np.zeros((BLOCK, missions, months + 1))
        for draw in draws:
            later, share, settles = _drawn(draw, seed, block, years)
            kind = spread[draw.payment.fiscal_month, draw.earlier]
            kind.reshape(-1, longest)[np.arange(later.size), later.ravel()] += draw.share * share.ravel()
            if draw.unpaid_usd.any():
                wait = _wait(draw.payment.fiscal_month, first_month)
                when = np.clip(wait + later[:, 0] - draw.earlier, 0, months)
                received[np.arange(BLOCK), :, when] += settles[:, None] * draw.unpaid_usd
        kernel = np.zeros((BLOCK, len(at), months + 1))
        for (fiscal_month, earlier), waits in spread.items():
            for i, s in enumerate(at):
                wait = _wait(fiscal_month, first_month + s)
                for m in range(longest):
                    # Never before the letter, and what comes after the last month is kept apart.
                    paid_in = min(max(s + wait + m - earlier, s), months)
                    kernel[:, i, paid_in] += waits[:, year_of[i], m]
        received += np.matmul(letters[:, at], kernel)
        yield received[:count, :, :months]


def _wait(fiscal_month: int, letter: Month) -> int:
    """Months from a letter until the payer's own fiscal year begins; 0 for who does not wait for it."""
    return (fiscal_month - letter.month) % 12 if fiscal_month else 0


def _drawn(draw: _Draw, seed: int, block: int, years: int) -> tuple[IntArray, FloatArray, FloatArray]:
    """Months waited and share paid of the letters of each fiscal year, (BLOCK, years), and whether what is unpaid from
    before is settled, (BLOCK,)."""
    u = _habits(draw, seed, block, years)
    ways = draw.payment.ways
    which = np.searchsorted(np.cumsum([way.chance for way in ways])[:-1], u[0], side="right")
    first = np.array([way.first for way in ways])[which]
    span = np.array([way.last - way.first + 1 for way in ways])[which]
    # Close to 1 the law of waiting is that of equal chances, which has no logarithm to divide by.
    waits = np.array([min(max(way.waits, 1e-9), 1 - 1e-9) for way in ways])[which]
    waited = np.log1p(-u[1] * -np.expm1(span * np.log(waits))) / np.log(waits)
    low = np.array([way.share_low for way in ways])[which]
    width = np.array([way.share_high - way.share_low for way in ways])[which]
    stays = np.array([1 - way.fall for way in ways])[which] ** np.arange(years)
    settles = np.array([float(way.settles) for way in ways])[which[:, 0]]
    return first + np.minimum(waited.astype(int), span - 1), (low + width * u[2]) * stays, settles


def _habits(draw: _Draw, seed: int, block: int, years: int) -> FloatArray:
    """Uniform numbers for way, month and share by fiscal year, (3, BLOCK, years); a habit keeps those of the year
    before. A longer horizon draws more years and leaves the first ones as they were."""
    name = int.from_bytes(hashlib.sha256(draw.payer.encode()).digest()[:8], "little")
    random = np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, name, block])))
    u = np.empty((3, BLOCK, years))
    for year in range(years):
        fresh = random.random((4, BLOCK))
        kept = (fresh[3] < draw.payment.habit) & (year > 0)
        u[:, :, year] = np.where(kept, u[:, :, year - 1], fresh[:3])
    return u
