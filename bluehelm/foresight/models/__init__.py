"""Models of violence to come, one file each, all with the same two calls.

`fit(history)` learns from what was known; `sample(fitted, months, paths, seed)` returns int32 deaths of shape (paths,
areas, months), month 0 being the one after the record's last. A path is one whole future, joint over areas and months.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.foresight.history import History

YARDSTICKS = ("none", "last_value", "history_average", "sampled_history")
MODELS = (*YARDSTICKS, "self_exciting", "combination")
PRODUCT = "combination"


class Model(Protocol):
    """What every file here offers."""

    def fit(self, history: History) -> Any:
        """Learn from a record."""

    def sample(self, fitted: Any, months: int, paths: int, seed: int) -> NDArray[np.int32]:
        """Draw futures, shape (paths, areas, months)."""


def model(name: str) -> Model:
    """Return the model of a name.

    Raises
    ------
    InvalidRecordError
        If no model has the name.
    """
    if name not in MODELS:
        raise InvalidRecordError(
            "'{name}' is not a model; one of {known} was expected. Nearest name: '{nearest}'.",
            name=name,
            known=", ".join(MODELS),
            nearest=nearest(name, MODELS),
        )
    return cast(Model, import_module(f"bluehelm.foresight.models.{name}"))
