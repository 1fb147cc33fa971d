"""Receipts that a plan can count on: a path of receipts so far that most futures keep to in every month at once.

"The plan holds in 90 of 100 payment futures" is a sentence about whole futures. The tenth percentile of each month by
itself does not make it true: a future may fall below it in one month and not in another, so that far fewer than 90 of
100 lie above it in all months. Asked for is a path R with

    C[f, t] ≥ R[t] for all months t, in at least a share `hold` of the futures f        C: receipts so far

Any plan that keeps within R then keeps within the receipts of each of those futures. There are many such paths; this
one is as high as possible in this sense: no month of it can be raised, the others left as they are, without the share
falling below `hold`. It is found from the highest level at which the same percentile of every month does it, by leaving
out, one after the other, the futures whose leaving raises the sum of R over months most.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

import numpy as np

from bluehelm.errors import InvalidRecordError
from bluehelm.finance.behaviour import FloatArray
from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine

CENT = Decimal("0.01")


def holds_share(so_far_usd: FloatArray, path_usd: FloatArray) -> float:
    """Count the share of futures that keep to a path in every month. so_far_usd: (futures, months)."""
    return float((so_far_usd >= path_usd).all(axis=1).mean())


def receipts_path(so_far_usd: FloatArray, hold: float, at_least: FloatArray | None = None) -> FloatArray:
    """Find a path of receipts so far, (months,), that a share of the futures keeps to, as high as the module says.

    Parameters
    ----------
    so_far_usd : (futures, months), receipts up to and with each month, which never fall
    hold : share of the futures, above 0 and at most 1
    at_least : a path that enough futures keep to already; the new one is nowhere below it

    Raises
    ------
    InvalidRecordError
        If hold is no such share, receipts so far fall, or too few futures keep to `at_least`.
    """
    if not 0 < hold <= 1:
        raise InvalidRecordError("hold is {hold}; a share above 0 and up to 1 was expected, such as 0.9.", hold=hold)
    if so_far_usd.ndim != 2 or not so_far_usd.size or (np.diff(so_far_usd, axis=1, prepend=0.0) < 0).any():
        raise InvalidRecordError("Receipts so far of each future, 0 or more and never falling, were expected.")
    needed = int(np.ceil(hold * len(so_far_usd) - 1e-9))
    start = _same_level(so_far_usd, needed) if at_least is None else at_least
    kept = so_far_usd[(so_far_usd >= start).all(axis=1)]
    if len(kept) < needed:
        raise InvalidRecordError("{count} futures keep to the path given; {needed} were expected.", count=len(kept),
                                 needed=needed)  # fmt: skip
    while len(kept) > needed:
        fewer = _without_lowest(kept, needed)
        if fewer is None:
            break
        kept = fewer
    return np.asarray(kept.min(axis=0))


def _same_level(so_far: FloatArray, needed: int) -> FloatArray:
    """Return, of every month, the percentile that is highest of those at which enough futures lie above it in all."""
    ordered = np.sort(so_far, axis=0)
    low, high = 0, len(so_far) - needed
    while low < high:
        middle = (low + high + 1) // 2
        if (so_far >= ordered[middle]).all(axis=1).sum() >= needed:
            low = middle
        else:
            high = middle - 1
    return np.asarray(ordered[low])


def _without_lowest(kept: FloatArray, needed: int) -> FloatArray | None:
    """Leave out the futures at the lowest of the month where that raises the path most for each left out."""
    lowest = kept.min(axis=0)
    best: tuple[float, FloatArray] | None = None
    for month in range(kept.shape[1]):
        stay = kept[:, month] > lowest[month]
        left_out = len(kept) - int(stay.sum())
        if len(kept) - left_out < needed:
            continue
        fewer = kept[stay]
        gain = float((fewer.min(axis=0) - lowest).sum()) / left_out
        if best is None or gain > best[0]:
            best = (gain, fewer)
    return None if best is None else best[1]


def filled(path_usd: FloatArray, judged: Sequence[int], mean_so_far_usd: FloatArray) -> FloatArray:
    """Return a path for all months from one for the months in which cash is judged; between them it rises as the mean
    of the futures does, and after the last one it stays.

    judged : months (from 0), rising, one for each entry of the path
    """
    whole = np.full(len(mean_so_far_usd), path_usd[-1])
    before, level, mean = 0, 0.0, 0.0
    for month, reached in zip(judged, path_usd, strict=True):
        rise = mean_so_far_usd[before : month + 1] - mean
        share = rise / rise[-1] if rise[-1] > 0 else np.ones(len(rise))
        whole[before : month + 1] = level + (reached - level) * share
        # The month that is judged has exactly what was found for it.
        whole[month] = reached
        before, level, mean = month + 1, float(reached), float(mean_so_far_usd[month])
    return whole


def receipt_lines(path_usd: FloatArray, first_month: Month, note: str, source: str) -> tuple[BudgetLine, ...]:
    """Return a path of receipts so far as budget lines, a line for each month with receipts.

    Amounts so far are rounded down to the cent before they are taken apart, so that no month has more than the path.
    """
    lines, before = [], Decimal(0)
    for t, so_far in enumerate(path_usd):
        amount = max(Decimal(float(so_far)).quantize(CENT, ROUND_DOWN), before)
        if amount > before:
            month = first_month + t
            lines.append(
                BudgetLine(kind="receipt", first_month=month, last_month=month, amount_usd=amount - before,
                           source=source, status="assumed", note=note)
            )  # fmt: skip
        before = amount
    return tuple(lines)
