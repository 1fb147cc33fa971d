"""How long do 10,000 futures of payments take: 193 payers, 36 months of letters, 12 missions?

Run: python benchmarks/liquidity.py [runs]. Asked: 5 s and 2 GB. Each run is a process of its own, so that its peak
memory is its own. In the same run, at a size that they can hold, the same model written straightforwardly: by NumPy
with every payment in one array (payers, futures, missions, months), and by Polars with a row for each payment. All give
receipts by future, mission and month; their means over futures must agree with the formulas.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bluehelm.finance.behaviour import Payment, mean_paid_by, payment_of
from bluehelm.finance.payment_futures import payment_futures, shares_of
from bluehelm.finance.scale_payers import default_payers
from bluehelm.mission.months import Month
from bluehelm.norms import load_norms

MONTHS, MISSIONS, FIRST = 36, 12, Month(2023, 7)
ASKED_SECONDS, ASKED_MB = 5.0, 2000.0
FUTURES = {"ours": 10_000, "ours, small": 1_000, "numpy": 1_000, "polars": 100}

Array = NDArray[Any]
NORMS = load_norms()
PAYERS = default_payers(NORMS, FIRST, MONTHS).payers
PAYMENTS = [payment_of(one, NORMS, FIRST.first_day) for one in PAYERS]


def letters() -> Array:
    """Make up a letter for each mission and month."""
    return np.random.default_rng(0).uniform(1e6, 1e8, (MISSIONS, MONTHS))


def ours(futures: int) -> Array:
    """Draw by the package."""
    return payment_futures(PAYERS, letters(), FIRST, NORMS, futures=futures).receipts_usd


def _drawn(payment: Payment, futures: int, random: np.random.Generator) -> tuple[Array, Array]:
    """Month in which each letter is paid and its share, (futures, months), drawn way by way."""
    years = np.array([(FIRST + s).fiscal_year - FIRST.fiscal_year for s in range(MONTHS)])
    u = random.random((4, futures, years.max() + 1))
    for year in range(1, years.max() + 1):
        kept = u[3, :, year] < payment.habit
        u[:3, kept, year] = u[:3, kept, year - 1]
    which = np.searchsorted(np.cumsum([way.chance for way in payment.ways])[:-1], u[0])
    wait, share = np.zeros_like(u[0]), np.zeros_like(u[0])
    for w, way in enumerate(payment.ways):
        weight = np.cumsum(way.waits ** np.arange(way.last - way.first + 1))
        wait = np.where(which == w, way.first + np.searchsorted(weight / weight[-1], u[1]), wait)
        fall = (1 - way.fall) ** np.arange(years.max() + 1)
        share = np.where(which == w, (way.share_low + (way.share_high - way.share_low) * u[2]) * fall, share)
    own = np.array([(payment.fiscal_month - (FIRST + s).month) % 12 if payment.fiscal_month else 0
                    for s in range(MONTHS)])  # fmt: skip
    return np.arange(MONTHS) + own + wait[:, years].astype(int), share[:, years]


def by_numpy(futures: int) -> Array:
    """Hold every payment at once, and sum over payers at the end."""
    random, asked, shares = np.random.default_rng(0), letters(), shares_of(PAYERS)
    paid = np.zeros((len(PAYERS), futures, MISSIONS, MONTHS + 1))
    for p, payment in enumerate(PAYMENTS):
        when, share = _drawn(payment, futures, random)
        for s in range(MONTHS):
            amounts = shares[p] * share[:, s, None] * asked[:, s]
            paid[p, np.arange(futures), :, np.minimum(when[:, s], MONTHS)] += amounts
    return paid[:, :, :, :MONTHS].sum(axis=0)


def by_polars(futures: int) -> Array:
    """Make a row for each payer, future, letter and mission, and group them."""
    import polars as pl

    random, asked, shares = np.random.default_rng(0), letters(), shares_of(PAYERS)
    drawn = [_drawn(payment, futures, random) for payment in PAYMENTS]
    when, share = np.stack([one for one, _ in drawn]), np.stack([one for _, one in drawn])
    rows = pl.DataFrame({
        "future": np.broadcast_to(np.arange(futures)[None, :, None], when.shape).ravel(),
        "letter": np.broadcast_to(np.arange(MONTHS), when.shape).ravel(),
        "month": when.ravel(), "paid": (shares[:, None, None] * share).ravel(),
    })  # fmt: skip
    all_letters = pl.DataFrame({
        "letter": np.tile(np.arange(MONTHS), MISSIONS), "mission": np.repeat(np.arange(MISSIONS), MONTHS),
        "asked": asked.ravel(),
    })  # fmt: skip
    sums = (
        rows.filter(pl.col("month") < MONTHS).join(all_letters, on="letter")
        .group_by("future", "mission", "month").agg((pl.col("paid") * pl.col("asked")).sum().alias("usd"))
    )  # fmt: skip
    found = np.zeros((futures, MISSIONS, MONTHS))
    found[sums["future"], sums["mission"], sums["month"]] = sums["usd"]
    return found


WAYS: dict[str, Callable[[int], Array]] = {
    "ours": ours, "ours, small": ours, "numpy": by_numpy, "polars": by_polars
}  # fmt: skip


def expected() -> float:
    """Share of all letters that comes in within the months, by the formulas (payers by the scale have no arrears
    that grow)."""
    asked, total = letters(), 0.0
    for share, payment in zip(shares_of(PAYERS), PAYMENTS, strict=True):
        total += sum(
            share * asked[:, s].sum() * mean_paid_by(payment, (FIRST + s).month, MONTHS - s)[-1] for s in range(MONTHS)
        )
    return float(total / asked.sum())


def once(name: str) -> None:
    """Run one way in this process and print seconds, peak memory and the share that came in."""
    began = perf_counter()
    receipts = WAYS[name](FUTURES[name])
    seconds = perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, peak, receipts.sum() / len(receipts) / letters().sum())


def main() -> int:
    """Print seconds and memory of each way; return 1 if the aim is missed or a mean is wrong."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    told = expected()
    print(f"{len(PAYERS)} payers x {MONTHS} months x {MISSIONS} missions, {runs} runs; {told:.2%} of letters come in")
    missed = False
    for name in WAYS:
        found = []
        for _ in range(runs):
            done = subprocess.run(
                [sys.executable, __file__, "--once", name], capture_output=True, text=True, check=True
            )
            found.append([float(number) for number in done.stdout.split()])
        seconds, peaks, shares = zip(*found, strict=True)
        per_thousand = median(seconds) / FUTURES[name] * 1000
        spread = f"{min(seconds):6.2f} {median(seconds):6.2f} {max(seconds):6.2f} s"
        print(
            f"  {name:<12}{FUTURES[name]:>7} futures  {spread}  {max(peaks):6.0f} MB  {per_thousand:7.3f} s a thousand"
        )
        missed |= any(abs(share - told) > 0.02 for share in shares)
        if name == "ours":
            missed |= median(seconds) > ASKED_SECONDS or max(peaks) > ASKED_MB
    print(f"asked: {ASKED_SECONDS:.0f} s and {ASKED_MB:.0f} MB; {'missed' if missed else 'met'}")
    return int(missed)


if __name__ == "__main__":
    if "--once" in sys.argv:
        once(sys.argv[-1])
    else:
        sys.exit(main())
