"""The progress bar of a plan: the goal at work, best plan, bound and gap, on standard error."""

from __future__ import annotations

import math
import sys
import time
from types import TracebackType
from typing import Self

from bluehelm.words import say


class ProgressBar:
    """Show how far a plan is; it is the `watch` that the planner calls with each news.

    The bar fills with time, because that is the one thing known beforehand: a plan stops at its gap or its seconds.
    """

    def __init__(self, seconds: float, *, shown: bool) -> None:
        from tqdm import tqdm

        self._began = time.monotonic()
        self._bar = tqdm(
            total=round(seconds),
            file=sys.stderr,
            disable=not shown,
            leave=False,
            bar_format="{desc} {bar:20} {n:.0f}/{total} s {postfix}",
        )

    def __call__(self, goal: str, best: float, bound: float) -> None:
        """Tell the goal at work and how good the plan is by now; a value that is not finite is not known yet."""
        from bluehelm.solve.aims import relative_gap

        known = []
        if math.isfinite(best):
            known.append(say("best {best:,.4g}", best=best))
        if math.isfinite(bound):
            known.append(say("bound {bound:,.4g}", bound=bound))
        if len(known) == 2:
            known.append(say("gap {gap:.2%}", gap=relative_gap(best, bound)))
        self._bar.n = min(time.monotonic() - self._began, self._bar.total)
        self._bar.set_description_str(say(goal), refresh=False)
        self._bar.set_postfix_str(" · ".join(known))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.close()
