"""How long does it take to get there?

    hours = reaction + detour x distance / speed

By road the detour says how much longer the road is than the straight line, and the speed depends on the season; by air
the detour is 1. A time that someone measured replaces the one computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluehelm.errors import InvalidRecordError
from bluehelm.geo import refuse
from bluehelm.geo.refuse import FloatArray


def travel_hours(
    distance_km: ArrayLike, speed_km_per_hour: float, detour_ratio: float, reaction_hours: float
) -> FloatArray:
    """Estimate door-to-door times from distances.

    Parameters
    ----------
    distance_km : float array, any shape
        Straight distance [km]; inf where there is no way.
    speed_km_per_hour : float
        Speed while moving [km/h], above 0; a closed season is inf distance, not zero speed.
    detour_ratio : float
        Length of the way over the straight distance, 1 or more; 1 by air.
    reaction_hours : float
        Time from the call to leaving [h].

    Returns
    -------
    float array, same shape
        Time [h]; inf where the distance is inf.

    Raises
    ------
    InvalidRecordError
        If a distance is negative or missing, or a number cannot be.

    Examples
    --------
    >>> travel_hours([0.0, 30.0, np.inf], speed_km_per_hour=20.0, detour_ratio=1.4, reaction_hours=0.5)
    array([0.5, 2.6, inf])
    """
    speed = refuse.number(speed_km_per_hour, "speed_km_per_hour")
    detour = refuse.number(detour_ratio, "detour_ratio", above=1.0, or_equal=True)
    reaction = refuse.number(reaction_hours, "reaction_hours", or_equal=True)
    distance = refuse.not_negative(distance_km, "distance_km")
    return reaction + distance * (detour / speed)


@dataclass(frozen=True, slots=True)
class MeasuredTimes:
    """Door-to-door times that someone measured, for some pairs of places; inf where the way is closed."""

    from_index: NDArray[np.intp]
    to_index: NDArray[np.intp]
    hours: FloatArray

    def __post_init__(self) -> None:
        refuse.not_negative(self.hours, "hours")
        if not len(self.from_index) == len(self.to_index) == len(self.hours):
            raise InvalidRecordError(
                "Measured times have {starts} starts, {ends} ends and {hours} {hours:time|times}; as many of each "
                "were expected.",
                starts=len(self.from_index),
                ends=len(self.to_index),
                hours=len(self.hours),
            )


def use_measured(hours: FloatArray, measured: MeasuredTimes) -> FloatArray:
    """Return the times with measured ones in place of computed ones.

    Examples
    --------
    >>> road = MeasuredTimes(np.array([0]), np.array([1]), np.array([7.5]))
    >>> use_measured(np.array([[1.0, 2.0]]), road)
    array([[1. , 7.5]])
    """
    pairs = np.stack([measured.from_index, measured.to_index], axis=1).astype(np.intp).reshape(-1, 2)
    outside = ((pairs < 0) | (pairs >= np.array(hours.shape))).any(axis=1)
    first_seen = np.unique(pairs, axis=0, return_index=True)[1]
    if outside.any() or len(first_seen) < len(pairs):
        raise InvalidRecordError(
            "Of {total} measured times, {outside} name a place outside the table of {starts} x {ends} and "
            "{twice} repeat a pair. Give each pair of known places once.",
            total=len(pairs),
            outside=int(outside.sum()),
            twice=len(pairs) - len(first_seen),
            starts=hours.shape[0],
            ends=hours.shape[1],
        )
    replaced = hours.copy()
    replaced[pairs[:, 0], pairs[:, 1]] = measured.hours
    return replaced
