"""The record of an ensemble read for its report: levels of each axis, and how far each axis moves what is planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bluehelm.reports.ensemble.names import value_name
from bluehelm.reports.numbers import span

MOST_LEVELS = 8
BINS = 5
PROTECTION, DEATHS, COST = "protected_share", "deaths_not_answered", "cost_usd"
Run = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Level:
    """One value of an axis, or one stretch of it, with its runs."""

    label: str
    at: float | None
    runs: tuple[Run, ...]

    @property
    def planned(self) -> tuple[Run, ...]:
        """Runs that made a plan."""
        return tuple(run for run in self.runs if run["figures"])

    def mean(self, figure: str) -> float | None:
        """Mean of a figure over the runs that made a plan; None where none did."""
        known = numbers(self.planned, figure)
        return sum(known) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class Effect:
    """How far an axis moves a figure: lowest and highest mean of its levels, and its share of the variance."""

    axis: str
    low: float
    high: float
    share_of_variance: float | None

    @property
    def range(self) -> float:
        """Highest mean less the lowest."""
        return self.high - self.low


def numbers(runs: Sequence[Run], figure: str) -> list[float]:
    """List a figure over runs that know it."""
    return [float(run["figures"][figure]) for run in runs if run["figures"].get(figure) is not None]


def effect_of(axis: str, levels: Sequence[Level], figure: str) -> Effect | None:
    """Say how far an axis moves a figure; None where fewer than two of its levels have a plan.

    The share of the variance is Σ n (mean of the level - mean)² / Σ (run - mean)²: in a full grid the part that the
    axis explains alone.

    Examples
    --------
    >>> runs = [{"figures": {"cost_usd": cost}} for cost in (1.0, 3.0, 5.0, 7.0)]
    >>> effect_of("a", [Level("low", 0.0, tuple(runs[:2])), Level("high", 1.0, tuple(runs[2:]))], "cost_usd")
    Effect(axis='a', low=2.0, high=6.0, share_of_variance=0.8)
    """
    listed = [numbers(level.planned, figure) for level in levels]
    known = [part for part in listed if part]
    if len(known) < 2:
        return None
    means = [sum(part) / len(part) for part in known]
    everything = [value for part in known for value in part]
    mean = sum(everything) / len(everything)
    between = sum(len(part) * (m - mean) ** 2 for part, m in zip(known, means, strict=True))
    total = sum((value - mean) ** 2 for value in everything)
    return Effect(axis, min(means), max(means), between / total if total > 1e-18 else None)


@dataclass(frozen=True)
class EnsembleReading:
    """What the report asks of an ensemble."""

    record: Mapping[str, Any]

    @property
    def runs(self) -> Sequence[Run]:
        """All runs, in the order of their settings."""
        listed: Sequence[Run] = self.record["runs"]
        return listed

    @cached_property
    def planned(self) -> tuple[Run, ...]:
        """Runs that made a plan."""
        return tuple(run for run in self.runs if run["figures"])

    @property
    def axes(self) -> tuple[str, ...]:
        """Axes in the order of the file."""
        return tuple(self.record["axes"])

    @property
    def moving(self) -> tuple[str, ...]:
        """Axes with more than one level."""
        return tuple(axis for axis in self.axes if len(self.levels[axis]) > 1)

    @cached_property
    def levels(self) -> Mapping[str, tuple[Level, ...]]:
        """Levels of each axis: its values, or five stretches of as many as there are."""
        return {axis: self._levels(axis) for axis in self.axes}

    def _levels(self, axis: str) -> tuple[Level, ...]:
        by_value: dict[Any, list[Run]] = {}
        for run in self.runs:
            by_value.setdefault(run["setting"][axis], []).append(run)
        texts = any(isinstance(value, str) for value in by_value)
        if texts or len(by_value) <= MOST_LEVELS:
            order = list(by_value) if texts else sorted(by_value)
            return tuple(
                Level(value_name(value), None if texts else float(value), tuple(by_value[value])) for value in order
            )
        low, high = float(min(by_value)), float(max(by_value))
        width = (high - low) / BINS
        bins: list[list[Run]] = [[] for _ in range(BINS)]
        for value, runs in by_value.items():
            bins[min(int((float(value) - low) / width + 1e-9), BINS - 1)] += runs
        return tuple(
            Level(
                span(value_name(low + i * width), value_name(low + (i + 1) * width)),
                low + (i + 0.5) * width,
                tuple(runs),
            )
            for i, runs in enumerate(bins)
            if runs
        )

    def effects(self, figure: str) -> list[Effect]:
        """List the effects of all axes on a figure, the widest first."""
        found = [effect_of(axis, self.levels[axis], figure) for axis in self.moving]
        return sorted((one for one in found if one is not None), key=lambda one: -one.range)

    def range_of(self, figure: str) -> tuple[float, float] | None:
        """Lowest and highest of a figure over all plans."""
        known = numbers(self.planned, figure)
        return (min(known), max(known)) if known else None

    @cached_property
    def statuses(self) -> Counter[str]:
        """How many runs ended in which way."""
        return Counter(run["status"] for run in self.runs)

    @cached_property
    def gaps(self) -> Mapping[str, float]:
        """Largest gap of each goal over all plans."""
        found: dict[str, float] = {}
        for run in self.planned:
            for tier in run["tiers"]:
                if tier["gap"] is not None:
                    found[tier["name"]] = max(found.get(tier["name"], 0.0), tier["gap"])
        return found
