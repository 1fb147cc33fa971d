"""A goal: one linear measure of a plan, to be made as large or as small as can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bluehelm.solve.model import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Goal:
    """constant + values·columns, in `unit`; later goals may give up `tolerance` (relative) of it.

    columns and values are flat and of one length; repeated columns are summed.
    """

    name: str
    title: str
    sense: Literal["max", "min"]
    unit: str
    columns: IntArray
    values: FloatArray
    constant: float = 0.0
    tolerance: float = 0.0

    @property
    def sign(self) -> float:
        """Factor that makes a goal one to be minimised."""
        return 1.0 if self.sense == "min" else -1.0

    def of(self, solution: FloatArray) -> float:
        """Measure a solution."""
        return float(self.constant + self.values @ solution[self.columns])

    def vector(self, size: int) -> FloatArray:
        """Return the measure as a dense cost vector, without its constant."""
        return np.bincount(self.columns, weights=self.values, minlength=size).astype(float)
