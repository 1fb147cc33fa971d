"""The settings of an ensemble: every combination of a grid, or points drawn with a seed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from bluehelm.adaptation.settings import Value
from bluehelm.errors import InvalidRecordError
from bluehelm.journey.ensemble.order import MOST_SETTINGS, AxisAsked, EnsembleOrder, in_form

Point = dict[str, Value]


def settings_of(order: EnsembleOrder, axes: tuple[AxisAsked, ...]) -> tuple[list[Point], int]:
    """List the settings of an ensemble, each once; return them and how many were left out as seen before.

    A grid runs through its last axis first. A latin hypercube cuts the range of every axis into as many equal parts as
    there are points and draws one point in each; a random design draws them independently.

    Raises InvalidRecordError if a grid has more settings than anybody can want.
    """
    points = list(_grid(axes) if order.design == "grid" else _sample(order, axes))
    unique = {json.dumps(point, sort_keys=True): point for point in points}
    return list(unique.values()), len(points) - len(unique)


def _grid(axes: tuple[AxisAsked, ...]) -> Iterator[Point]:
    levels = [_levels(axis) for axis in axes]
    count = prod(len(listed) for listed in levels)
    if count > MOST_SETTINGS:
        raise InvalidRecordError(
            "The grid has {count} {count:setting|settings}; at most {most} are planned. Take fewer values, or design = "
            '"latin_hypercube" with so many points.',
            count=count,
            most=MOST_SETTINGS,
        )
    for values in product(*levels):
        yield {axis.name: value for axis, value in zip(axes, values, strict=True)}


def _levels(axis: AxisAsked) -> list[Value]:
    if axis.values:
        return [_as_typed(value, axis) for value in axis.values]
    return [in_form(float(value), axis.form) for value in np.linspace(axis.low, axis.high, axis.steps)]


def _sample(order: EnsembleOrder, axes: tuple[AxisAsked, ...]) -> Iterator[Point]:
    drawn = np.random.default_rng(order.seed)
    if order.design == "random":
        unit: NDArray[np.float64] = drawn.random((order.points, len(axes)))
    else:
        from scipy.stats import qmc

        unit = np.asarray(qmc.LatinHypercube(len(axes), seed=drawn).random(order.points))
    for row in unit:
        yield {axis.name: _at(axis, float(share)) for axis, share in zip(axes, row, strict=True)}


def _at(axis: AxisAsked, share: float) -> Value:
    """Return the value at a share of the way through an axis; values of a list are equally likely."""
    if axis.values:
        return _as_typed(axis.values[min(int(share * len(axis.values)), len(axis.values) - 1)], axis)
    if axis.form == "whole":
        return min(int(axis.low + share * (axis.high - axis.low + 1)), int(axis.high))
    return in_form(axis.low + share * (axis.high - axis.low), axis.form)


def _as_typed(value: Value, axis: AxisAsked) -> Value:
    """A whole number on an axis of numbers is the same setting as that number with a point."""
    return float(value) if axis.form == "number" else value
