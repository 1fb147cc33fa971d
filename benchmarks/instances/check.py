"""Is a file a solution of an instance, and how good is it? Shares no code with generators or solvers.

    python -m benchmarks.instances.check INSTANCE.npz SOLUTION.npz

A solution holds `values`, one number a column; or, shorter, `index` and `value` of the whole columns that are not 0:
the others are then set by a linear program, and the result is checked like any other.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

TOLERANCE = 1e-6
Arrays = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check finds: the largest violation of each kind, and the objective as added up from the arrays."""

    objective: float
    share: float
    bounds: float
    rows: float
    whole: float

    @property
    def holds(self) -> bool:
        """Whether nothing is violated by more than the tolerance."""
        return max(self.bounds, self.rows, self.whole) <= TOLERANCE


def check(arrays: Arrays, values: NDArray[np.float64]) -> Found:
    """Measure a solution against the arrays; a row's violation counts over the larger of 1 and its own bound.

    Raises
    ------
    ValueError
        If there is not one finite number for each column.
    """
    if values.shape != arrays["objective"].shape or not np.isfinite(values).all():
        raise ValueError(f"{arrays['objective'].size} finite numbers were expected, one a column.")
    matrix = sp.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), tuple(arrays["shape"]))
    whole = values[arrays["integer"].astype(bool)]
    objective = float(arrays["objective"] @ values)
    return Found(
        objective,
        (0.0 - objective) / float(arrays["base"]),
        _outside(values, arrays["lower"], arrays["upper"]),
        _outside(np.asarray(matrix @ values), arrays["row_lower"], arrays["row_upper"]),
        float(np.abs(whole - whole.round()).max(initial=0.0)),
    )


def _outside(values: NDArray[np.float64], lower: NDArray[np.float64], upper: NDArray[np.float64]) -> float:
    """Return how far values lie outside their bounds at most."""
    worst = 0.0
    for bound, beyond in ((lower, lower - values), (upper, values - upper)):
        real = np.isfinite(bound)
        worst = max(worst, float((beyond[real] / np.maximum(1.0, np.abs(bound[real]))).max(initial=0.0)))
    return worst


def complete(arrays: Arrays, whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Set the columns that need not be whole as well as they can be; `whole` counts where the instance asks for it.

    Raises
    ------
    ValueError
        If nothing feasible goes with these whole columns.
    """
    fixed = arrays["integer"].astype(bool)
    matrix = sp.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), tuple(arrays["shape"]))
    given, rest = matrix[:, fixed] @ whole[fixed], matrix[:, ~fixed]
    found = milp(
        arrays["objective"][~fixed],
        constraints=LinearConstraint(rest, arrays["row_lower"] - given, arrays["row_upper"] - given),
        bounds=Bounds(arrays["lower"][~fixed], arrays["upper"][~fixed]),
    )
    if found.x is None:
        raise ValueError(f"Nothing feasible goes with these whole columns: {found.message}")
    values = np.where(fixed, whole, 0.0)
    values[~fixed] = found.x
    return values


def read_solution(arrays: Arrays, path: Path) -> NDArray[np.float64]:
    """Read a solution of either form.

    Raises
    ------
    ValueError
        If the file holds neither.
    """
    held = read_arrays(path)
    if "values" in held:
        return np.asarray(held["values"], float)
    if not {"index", "value"} <= set(held):
        raise ValueError(f"'{path.name}' holds {sorted(held)}; values, or index and value, were expected.")
    index, value, whole = held["index"], held["value"], np.zeros(len(arrays["objective"]))
    if index.ndim != 1 or index.shape != value.shape or index.dtype.kind not in "iu" or len(set(index)) < len(index):
        raise ValueError(f"'{path.name}': index and value are not one whole number and one value a column, each once.")
    if len(index) and not 0 <= index.min() <= index.max() < len(whole):
        raise ValueError(f"'{path.name}' names column {index.max()}; there are {len(whole)}, counted from 0.")
    whole[index] = value
    return complete(arrays, whole)


def read_arrays(path: Path) -> Arrays:
    """Read every array of a file.

    Raises
    ------
    ValueError
        If it is no .npz file, or a damaged one.
    """
    try:
        with np.load(path, allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
    except (ValueError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as trouble:
        raise ValueError(f"'{path.name}' is no file of arrays (.npz), or a damaged one.") from trouble


def main() -> int:
    """Check, print, and end with status 1 where the file is no solution."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instances.check", description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("solution", type=Path)
    asked = parser.parse_args()
    try:
        arrays = read_arrays(asked.instance)
        found = check(arrays, read_solution(arrays, asked.solution))
    except KeyError as missing:
        print(f"Not checked: '{asked.instance.name}' lacks the array {missing}; it is no instance.", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"Not checked: {error}", file=sys.stderr)
        return 1
    print(f"objective {found.objective:.9g}, share {found.share:.9f}")
    print(f"worst violation: bounds {found.bounds:.1e}, rows {found.rows:.1e}, whole columns {found.whole:.1e}")
    print("a solution" if found.holds else "NOT a solution")
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main())
