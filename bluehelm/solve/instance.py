"""Instances in files: arrays of a problem over a scenario tree, read strictly, and solutions checked against them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from bluehelm.errors import ImportFileError
from bluehelm.solve.model import FloatArray, IntArray, Problem

VECTORS = ("objective", "lower", "upper", "row_lower", "row_upper", "integer")
SPARSE = ("data", "indices", "indptr", "shape")
TREE = ("parent", "probability")
NEEDED = (*VECTORS, *SPARSE, *TREE, "base")
WHOLE = ("integer", "indices", "indptr", "shape", "parent", "stage")
# How far a solution may pass a limit, and how far a whole column may be from a whole number.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Instance:
    """A problem over a tree: minimise; the share it stands for is -objective / base.

    stage: node of each column. probability: chance of reaching each node. start: a solution, where the file holds one.
    """

    problem: Problem
    parent: IntArray
    stage: IntArray
    probability: FloatArray
    base: float
    start: FloatArray | None = None


def read_instance(path: Path | str) -> Instance:
    """Read the arrays that an instance file holds (`.npz`; benchmarks/instances/README.md says which).

    Raises
    ------
    ImportFileError
        If the file is missing or none of ours, an array is missing, has the wrong length or holds what cannot be, or
        the tree is none.
    """
    arrays = _arrays(Path(path))
    rows, columns = _shape(path, arrays)
    _lengths(path, arrays, rows, columns)
    matrix = _matrix(path, arrays, rows, columns)
    parent, probability = arrays["parent"].astype(np.int64), arrays["probability"].astype(float)
    _check_tree(path, parent, probability)
    stage = _stage(path, arrays, matrix, len(parent))
    lower, upper, row_lower, row_upper = (arrays[name].astype(float) for name in VECTORS[1:5])
    _check_limits(path, arrays["objective"], ((lower, upper, "lower"), (row_lower, row_upper, "row_lower")))
    problem = Problem(
        arrays["objective"].astype(float), 0.0, lower, upper, row_lower, row_upper, sparse.csc_array(matrix),
        arrays["integer"].astype(bool), stage, np.zeros(rows, bool), len(parent),
    )  # fmt: skip
    base = float(arrays["base"])
    if not (np.isfinite(base) and base > 0):
        raise ImportFileError("'{path}': base is {base}; a number above 0 was expected.", path=path, base=base)
    return Instance(problem, parent, stage, probability, base, _start(path, arrays, problem))


def _start(path: Path | str, arrays: Mapping[str, np.ndarray[Any, Any]], problem: Problem) -> FloatArray | None:
    """Return the solution that a file may hold to begin from; one that breaks the arrays is refused."""
    if "start" not in arrays:
        return None
    start = arrays["start"].astype(float)
    if start.shape != problem.cost.shape or not worst_violation(problem, start) <= TOLERANCE:
        raise ImportFileError("'{path}': start is no solution of its own arrays. Make the file again.", path=path)
    return start


def _arrays(path: Path) -> Mapping[str, np.ndarray[Any, Any]]:
    if not path.is_file():
        raise ImportFileError("'{path}' is not there. Name a file of arrays (.npz).", path=path)
    try:
        if not zipfile.is_zipfile(path):
            raise zipfile.BadZipFile
        with np.load(path, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error, EOFError) as trouble:
        raise ImportFileError(
            "'{path}' cannot be read as a file of arrays (.npz). Make it again.", path=path
        ) from trouble
    missing = [name for name in NEEDED if name not in arrays]
    if missing:
        raise ImportFileError(
            "'{path}' lacks {missing}. An instance holds {needed}. Make it again.",
            path=path, missing=", ".join(missing), needed=", ".join(NEEDED),
        )  # fmt: skip
    _check_kinds(path, arrays)
    return arrays


def _check_kinds(path: Path, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    """Refuse words and tables where a list of numbers belongs, and broken numbers where whole ones do."""
    for name in (*NEEDED, "stage", "start"):
        if name not in arrays:
            continue
        values = arrays[name]
        sound = values.dtype.kind in "biuf" and values.ndim == (0 if name == "base" else 1)
        if sound and name in WHOLE:
            sound = bool((np.isfinite(values) & (values == np.floor(values))).all())
        if not sound:
            raise ImportFileError(
                "'{path}': {name} does not hold numbers as an instance has them. Make the file again.",
                path=path, name=name,
            )  # fmt: skip


def _shape(path: Path | str, arrays: Mapping[str, np.ndarray[Any, Any]]) -> tuple[int, int]:
    shape = arrays["shape"]
    if shape.shape != (2,) or (shape < 1).any():
        raise ImportFileError("'{path}': shape is {shape}; two numbers above 0 were expected.", path=path,
                              shape=shape.tolist())  # fmt: skip
    return int(shape[0]), int(shape[1])


def _lengths(path: Path | str, arrays: Mapping[str, np.ndarray[Any, Any]], rows: int, columns: int) -> None:
    expected = {
        **dict.fromkeys(("objective", "lower", "upper", "integer"), columns),
        **dict.fromkeys(("row_lower", "row_upper"), rows),
        "indptr": rows + 1,
        "indices": len(arrays["data"]),
        "probability": len(arrays["parent"]),
    }
    for name, length in expected.items():
        if arrays[name].shape != (length,):
            raise ImportFileError(
                "'{path}': {name} has the shape {shape}; {length} numbers were expected. Make the file again.",
                path=path, name=name, shape=arrays[name].shape, length=length,
            )  # fmt: skip


def _matrix(path: Path | str, arrays: Mapping[str, np.ndarray[Any, Any]], rows: int, columns: int) -> sparse.csr_array:
    index, start = arrays["indices"], arrays["indptr"]
    sound = (
        start[0] == 0 and start[-1] == len(index) and (np.diff(start) >= 0).all()
        and (not len(index) or (index.min() >= 0 and index.max() < columns)) and np.isfinite(arrays["data"]).all()
    )  # fmt: skip
    if not sound:
        raise ImportFileError(
            "'{path}': data, indices and indptr are not a matrix of {rows} rows and {columns} columns. "
            "Make the file again.",
            path=path, rows=rows, columns=columns,
        )  # fmt: skip
    return sparse.csr_array((arrays["data"].astype(float), index, start), shape=(rows, columns))


def _check_tree(path: Path | str, parent: IntArray, probability: FloatArray) -> None:
    """Refuse what is no tree of futures: none, orphans, circles, chances that do not add up."""
    if not len(parent):
        raise ImportFileError("'{path}' has a tree without a node: there is no future to plan for.", path=path)
    place = np.arange(len(parent))
    wrong = np.flatnonzero((parent >= place) | (parent < -1) | ((parent == -1) & (place > 0)))
    if parent[0] != -1 or len(wrong):
        node = int(wrong[0]) if len(wrong) else 0
        raise ImportFileError(
            "'{path}': the parent of node {node} is {parent}. Parents come before their children, and only node 0 has "
            "none (-1). Number the nodes anew.",
            path=path, node=node, parent=int(parent[node]),
        )  # fmt: skip
    if not np.isfinite(probability).all() or (probability < 0).any() or abs(probability[0] - 1) > TOLERANCE:
        raise ImportFileError(
            "'{path}': the chance of the first node is {chance}, or one is below 0. 1 was expected for the first, and "
            "from 0 to 1 for the others.",
            path=path, chance=float(probability[0]),
        )  # fmt: skip
    below = np.bincount(parent[1:], weights=probability[1:], minlength=len(parent))
    has = np.bincount(parent[1:], minlength=len(parent)) > 0
    off = np.flatnonzero(has & (np.abs(below - probability) > TOLERANCE))
    if len(off):
        raise ImportFileError(
            "'{path}': the chances of the nodes after node {node} add up to {total:.6g}; {chance:.6g} was expected, "
            "the chance of node {node} itself.",
            path=path, node=int(off[0]), total=float(below[off[0]]), chance=float(probability[off[0]]),
        )  # fmt: skip


def _stage(
    path: Path | str, arrays: Mapping[str, np.ndarray[Any, Any]], matrix: sparse.csr_array, nodes: int
) -> IntArray:
    """Return the node of each column: as the file says, or else from rows that come node by node, as many for each."""
    rows, columns = matrix.shape
    if "stage" in arrays:
        stage = arrays["stage"]
        if stage.shape != (columns,) or (stage < -1).any() or (stage >= nodes).any():
            raise ImportFileError("'{path}': stage is not a node for each of the {columns} columns.", path=path,
                                  columns=columns)  # fmt: skip
        return stage.astype(np.int64)
    if rows % nodes:
        return np.zeros(columns, np.int64)
    entries = matrix.tocoo()
    stage = np.full(columns, nodes)
    np.minimum.at(stage, entries.col, entries.row // (rows // nodes))
    return np.where(stage == nodes, 0, stage)


def _check_limits(path: Path | str, cost: FloatArray, pairs: tuple[tuple[FloatArray, FloatArray, str], ...]) -> None:
    if not np.isfinite(cost).all():
        raise ImportFileError("'{path}': objective holds a number that is not finite.", path=path)
    for lower, upper, name in pairs:
        crossed = np.flatnonzero(~(lower <= upper))
        if len(crossed):
            raise ImportFileError(
                "'{path}': {name} passes its upper limit, or is no number, in {count} places, the first at {place}.",
                path=path, name=name, count=len(crossed), place=int(crossed[0]),
            )  # fmt: skip


def worst_violation(problem: Problem, values: FloatArray) -> float:
    """Say how far a solution passes a row, a bound or a whole number at most; over the limit's own size, if above 1."""
    done = problem.matrix @ values
    over = [
        _beyond(problem.row_lower, problem.row_lower - done),
        _beyond(problem.row_upper, done - problem.row_upper),
        _beyond(problem.column_lower, problem.column_lower - values),
        _beyond(problem.column_upper, values - problem.column_upper),
        np.abs(values - np.rint(values))[problem.integer],
    ]
    return float(max(part.max(initial=0.0) for part in over))


def _beyond(limit: FloatArray, by: FloatArray) -> FloatArray:
    real = np.isfinite(limit)
    return by[real] / np.maximum(1.0, np.abs(limit[real]))
