"""Numbers that cannot be are refused here, with how many there are and where the first five stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluehelm.errors import InvalidRecordError

FloatArray = NDArray[np.float64]


def degrees(latitude_deg: ArrayLike, longitude_deg: ArrayLike, names: tuple[str, str]) -> tuple[FloatArray, FloatArray]:
    """Return latitudes and longitudes as two equally long rows of floats, or refuse them."""
    lat, lon = np.atleast_1d(np.asarray(latitude_deg, float)), np.atleast_1d(np.asarray(longitude_deg, float))
    if lat.ndim != 1 or lat.shape != lon.shape:
        raise InvalidRecordError(
            "{first} has shape {first_shape} and {second} has {second_shape}; two equally long rows were expected.",
            first=names[0],
            second=names[1],
            first_shape=lat.shape,
            second_shape=lon.shape,
        )
    for name, values, most in ((names[0], lat, 90.0), (names[1], lon, 180.0)):
        wrong = ~(np.abs(values) <= most)
        if wrong.any():
            raise InvalidRecordError(
                "{name} is missing or outside -{most} to {most} degrees in {count} of {total} values "
                "(positions {first}). Give degrees north and east on WGS 84.",
                name=name,
                most=int(most),
                **_where(wrong),
            )
    return lat, lon


def not_negative(values: ArrayLike, name: str) -> FloatArray:
    """Return distances or times as floats of 0 or more, where inf means no route, or refuse them."""
    array = np.asarray(values, float)
    wrong = ~(array >= 0)
    if wrong.any():
        raise InvalidRecordError(
            "{name} is negative or missing in {count} of {total} values (positions {first}). "
            "Write inf where no route exists.",
            name=name,
            **_where(wrong),
        )
    return array


def share(values: ArrayLike, name: str) -> FloatArray:
    """Return shares from 0 to 1 as floats, or refuse them."""
    array = np.asarray(values, float)
    wrong = ~((array >= 0) & (array <= 1))
    if wrong.any():
        raise InvalidRecordError(
            "{name} is missing or outside 0 to 1 in {count} of {total} values (positions {first}). "
            "A share of 1 is everything.",
            name=name,
            **_where(wrong),
        )
    return array


def number(value: float, name: str, above: float = 0.0, or_equal: bool = False) -> float:
    """Return a finite number above a limit (or equal to it), or refuse it."""
    if np.isfinite(value) and (value > above or (or_equal and value == above)):
        return float(value)
    if or_equal:
        raise InvalidRecordError(
            "{name} is {value}; {above} or more was expected.", name=name, value=value, above=above
        )
    raise InvalidRecordError(
        "{name} is {value}; a number above {above} was expected.", name=name, value=value, above=above
    )


def _where(wrong: NDArray[np.bool_]) -> dict[str, object]:
    found = np.argwhere(wrong)[:5]
    places = found[:, 0].tolist() if wrong.ndim == 1 else [tuple(row) for row in found.tolist()]
    return {"count": int(wrong.sum()), "total": wrong.size, "first": places}
