"""What is asked of a study of value: of which plans, how near to their best, in how much time."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.information import Information
from bluehelm.planning.make import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOrder:
    """What is asked for.

    alpha: share of the futures, the mildest, that the tail leaves out. gap: wanted of each plan. seconds: for all plans
    together; work: rounds of improvement for each goal of each plan instead, so that the same inputs give the same
    bytes. rolling: also plan step by step for the mean. ablation: also take one kind of recourse away at
    a time. knows: who knows what when, for one more way of planning.
    """

    alpha: float = 0.8
    gap: float = 0.01
    seconds: float = 300.0
    seed: int = 0
    work: int | None = None
    rolling: bool = True
    ablation: bool = False
    knows: Information | None = None
    engine: str = "processes"
    workers: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.alpha < 1:
            raise InvalidRecordError("alpha is {alpha}; a share from 0 to below 1 was expected.", alpha=self.alpha)
        if not (0 <= self.gap <= 1 and self.seconds > 0 and (self.work is None or self.work >= 1)):
            raise InvalidRecordError(
                "gap is {gap}, seconds {seconds}, work {work}; a gap from 0 to 1, seconds above 0 and rounds of work "
                "of 1 or more were expected.",
                gap=self.gap,
                seconds=self.seconds,
                work=self.work,
            )

    @property
    def options(self) -> Options:
        """How each plan is made, but for its seconds."""
        seconds = math.inf if self.work else self.seconds
        return Options(gap=self.gap, seconds=seconds, work=self.work, seed=self.seed, threads=1)

    @property
    def at_once(self) -> int:
        """Plans that are made at the same time."""
        return 1 if self.engine == "here" else self.workers or os.cpu_count() or 1
