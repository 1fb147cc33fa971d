"""Names of the instances of the library, and the instance that a name stands for: `full_n40_medium_s0`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from benchmarks.instances import SIZES, STAGES
from benchmarks.instances.assemble import Instance
from benchmarks.instances.full import full
from benchmarks.instances.stripped import stripped

MAKERS: dict[str, Callable[..., Instance]] = {"stripped": stripped, "full": full}


@dataclass(frozen=True, slots=True)
class Name:
    """family: stripped or full. stages: of the tree. size: small, medium or large. seed: 0 in the library."""

    family: str
    stages: int
    size: str
    seed: int

    def __str__(self) -> str:
        """Spell the name out."""
        return f"{self.family}_n{(3**self.stages - 1) // 2}_{self.size}_s{self.seed}"

    def make(self) -> Instance:
        """Make the instance."""
        sites, areas = SIZES[self.size]
        return MAKERS[self.family](stages=self.stages, areas=areas, sites=sites, seed=self.seed)


def parse(text: str) -> Name:
    """Read a name.

    Raises
    ------
    ValueError
        If no instance is called so.

    Examples
    --------
    >>> parse("stripped_n40_medium_s0")
    Name(family='stripped', stages=4, size='medium', seed=0)
    """
    found = re.fullmatch(r"(stripped|full)_n(\d+)_(small|medium|large)_s(\d+)", text)
    if found is None or int(found[2]) not in STAGES:
        raise ValueError(f"No instance is called '{text}'; one like 'full_n40_medium_s0' was expected.")
    return Name(found[1], STAGES[int(found[2])], found[3], int(found[4]))


def library() -> list[Name]:
    """List the 24 instances of the library, by family, size of ground and number of nodes."""
    return [Name(family, stages, size, 0) for family, size, stages in product(MAKERS, SIZES, STAGES.values())]
