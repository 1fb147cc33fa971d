"""Which share of an area's risk can one unit at a site answer?

Reach is 1 up to a full travel time, then falls in a straight line to 0 at the zero time:

    rho = clip((zero - hours) / (zero - full), 0, 1);    zero = full is the 0/1 rule: 1 up to it, 0 beyond

Partial reaches combine as independent chances: in steps of protection one unit counts
sigma = ln(1 - q rho) / ln(1 - q), so that 1 - (1 - q)^sigma = q rho.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluehelm.errors import InvalidRecordError
from bluehelm.geo import refuse
from bluehelm.geo.refuse import FloatArray
from bluehelm.geo.travel import MeasuredTimes, travel_hours, use_measured


@dataclass(frozen=True, slots=True)
class Movement:
    """How a type of unit gets to people in one season: by which mode, how fast, and how late is too late."""

    mode: str
    speed_km_per_hour: float
    detour_ratio: float
    reaction_hours: float
    full_hours: float
    zero_hours: float

    def __post_init__(self) -> None:
        refuse.number(self.speed_km_per_hour, "speed_km_per_hour")
        refuse.number(self.detour_ratio, "detour_ratio", above=1.0, or_equal=True)
        refuse.number(self.reaction_hours, "reaction_hours", or_equal=True)
        _check_hours(self.full_hours, self.zero_hours)

    @classmethod
    def static(cls, reach_km: float) -> Self:
        """Describe units that stay at their site: all within a distance is reached, nothing beyond."""
        # At 1 km/h and without delay, a kilometre is an hour: the rule of hours becomes a rule of distance.
        return cls("static", 1.0, 1.0, 0.0, reach_km, reach_km)

    @property
    def limit_km(self) -> float:
        """Straight distance beyond which reach is 0, unless a time was measured."""
        moving_hours = max(0.0, self.zero_hours - self.reaction_hours)
        return moving_hours * self.speed_km_per_hour / self.detour_ratio


def reach_share(hours: ArrayLike, full_hours: float, zero_hours: float) -> FloatArray:
    """Turn travel times into reach.

    Parameters
    ----------
    hours : float array, any shape
        Door-to-door time [h]; inf where there is no way.
    full_hours, zero_hours : float
        Reach is 1 up to the first and 0 from the second on [h]; where they are equal, 1 up to it and 0 beyond.

    Returns
    -------
    float array, same shape, 0 to 1

    Raises
    ------
    InvalidRecordError
        If a time is negative or missing, or zero_hours is below full_hours.

    Examples
    --------
    >>> reach_share([0.5, 1.0, 2.0, 3.0, np.inf], full_hours=1.0, zero_hours=3.0)
    array([1. , 1. , 0.5, 0. , 0. ])
    >>> reach_share([1.0, 1.1], full_hours=1.0, zero_hours=1.0)
    array([1., 0.])
    """
    _check_hours(full_hours, zero_hours)
    times = refuse.not_negative(hours, "hours")
    if zero_hours == full_hours:
        return (times <= full_hours).astype(float)
    return np.clip((zero_hours - times) / (zero_hours - full_hours), 0.0, 1.0)


def limit_km(movements: Sequence[Movement]) -> float:
    """Return the distance beyond which none of the movements reaches: the limit to give to `distance_km`."""
    return max((movement.limit_km for movement in movements), default=0.0)


def reach(
    distance_km: ArrayLike, movements: Sequence[Movement], measured: Mapping[str, MeasuredTimes] | None = None
) -> NDArray[np.float32]:
    """Say for several types of unit at once which share of each area they reach from each site.

    Parameters
    ----------
    distance_km : float array, shape (sites, areas)
        Straight distance [km]; inf beyond the limit of interest.
    movements : sequence of Movement, one for each type
        Types with equal movements are computed once.
    measured : mapping of mode to MeasuredTimes
        Times of this season that replace computed ones for types of that mode.

    Returns
    -------
    float32 array, shape (types, sites, areas), 0 to 1
        Single precision (7 digits) halves the memory, and no time is known to 7 digits.

    Raises
    ------
    InvalidRecordError
        If a distance is negative or missing, or a measured pair lies outside the table.

    Examples
    --------
    >>> patrol = Movement("road", 20.0, 1.5, 0.5, full_hours=2.0, zero_hours=4.0)
    >>> reach([[10.0, 40.0, 90.0]], [patrol, Movement.static(15.0)])[:, 0].round(2).tolist()
    [[1.0, 0.25, 0.0], [1.0, 0.0, 0.0]]
    """
    distance = refuse.not_negative(distance_km, "distance_km")
    if distance.ndim != 2:
        raise InvalidRecordError("distance_km has {axes} axes; sites x areas was expected.", axes=distance.ndim)
    shares = np.empty((len(movements), *distance.shape), np.float32)
    first_of = {movement: index for index, movement in reversed(list(enumerate(movements)))}
    for index, movement in enumerate(movements):
        if first_of[movement] < index:
            shares[index] = shares[first_of[movement]]
        else:
            shares[index] = _one_reach(distance, movement, (measured or {}).get(movement.mode))
    return shares


def chance_steps(reach_share: ArrayLike, q: float) -> FloatArray:
    """Turn reach into steps of protection, so that partial reaches combine as independent chances.

    Parameters
    ----------
    reach_share : float array, any shape
        Reach rho, 0 to 1.
    q : float
        Chance that one unit in full reach can act, above 0 and up to 1.

    Returns
    -------
    float array, same shape, 0 to 1
        sigma = ln(1 - q rho) / ln(1 - q); rho itself at q = 1.

    Raises
    ------
    InvalidRecordError
        If a share or q is missing or out of range.

    Examples
    --------
    >>> chance_steps([0.0, 0.5, 1.0], q=0.75).round(4)
    array([0.   , 0.339, 1.   ])
    """
    rho = refuse.share(reach_share, "reach_share")
    if not 0 < q <= 1:
        raise InvalidRecordError("q is {q}; a chance above 0 and up to 1 was expected.", q=q)
    return rho if q == 1 else np.log1p(-q * rho) / np.log1p(-q)


def _one_reach(distance: FloatArray, movement: Movement, measured: MeasuredTimes | None) -> FloatArray:
    hours = travel_hours(distance, movement.speed_km_per_hour, movement.detour_ratio, movement.reaction_hours)
    if measured is not None:
        hours = use_measured(hours, measured)
    return reach_share(hours, movement.full_hours, movement.zero_hours)


def _check_hours(full_hours: float, zero_hours: float) -> None:
    refuse.number(full_hours, "full_hours", or_equal=True)
    refuse.number(zero_hours, "zero_hours", above=full_hours, or_equal=True)
