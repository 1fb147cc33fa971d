"""Progress on standard error: of a plan its goal, best value, bound and gap; of many runs how many are finished."""

from __future__ import annotations

import math
import sys
import time
from types import TracebackType
from typing import Any, Self

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


class CountBar:
    """Show how many runs are finished, of how many, and the time left; called with both numbers.

    What was finished before this call began does not count for the speed.
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._bar: Any = None
        self.done = self.total = 0

    def __call__(self, done: int, total: int) -> None:
        """Tell how many runs are finished."""
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(
                total=total,
                initial=done,
                file=sys.stderr,
                disable=not self._shown,
                leave=False,
                bar_format=say(
                    "{bar} {done}/{all} {all:run|runs}, time left {left}",
                    bar="{bar:24}", done="{n}", all="{total}", left="{remaining}",
                ),
            )  # fmt: skip
        self.done, self.total = done, total
        self._bar.update(done - self._bar.n)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()
