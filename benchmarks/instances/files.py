"""Instances in files: NumPy arrays for who computes, MPS for any solver, and a fingerprint of the arrays."""

from __future__ import annotations

import hashlib
from pathlib import Path

import highspy
import numpy as np
import scipy.sparse as sp

from benchmarks.instances.assemble import Instance

COLUMN_FIELDS = ("objective", "lower", "upper", "integer")
ROW_FIELDS = ("row_lower", "row_upper")
FIELDS = (
    "objective", "lower", "upper", "data", "indices", "indptr", "shape", "row_lower", "row_upper", "integer", "base",
    "parent", "probability",
)  # fmt: skip


def arrays(instance: Instance) -> dict[str, np.ndarray]:
    """Return every array under the name that it has in a file."""
    matrix = instance.matrix
    plain = {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr, "shape": np.array(matrix.shape)}
    rest = {name: np.asarray(getattr(instance, name)) for name in FIELDS if name not in plain}
    return {name: (plain | rest)[name] for name in FIELDS} | instance.extras


def fingerprint(instance: Instance) -> str:
    """Return the SHA-256 of names, types, shapes and bytes of the arrays, in the order of the file."""
    digest = hashlib.sha256()
    for name, values in arrays(instance).items():
        wide = values.astype(values.dtype.newbyteorder("<"), copy=False)
        digest.update(f"{name} {wide.dtype.str} {wide.shape}\n".encode())
        digest.update(np.ascontiguousarray(wide).tobytes())
    return digest.hexdigest()


def write_npz(instance: Instance, path: Path) -> None:
    """Write the arrays, compressed."""
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays(instance))


def read_npz(path: Path) -> Instance:
    """Read an instance; arrays beyond those that every instance has become extras."""
    with np.load(path, allow_pickle=False) as held:
        found = {name: held[name] for name in held.files}
    matrix = sp.csr_matrix((found["data"], found["indices"], found["indptr"]), tuple(found["shape"]))
    plain = {name: found[name] for name in (*COLUMN_FIELDS, *ROW_FIELDS, "parent", "probability")}
    extras = {name: values for name, values in found.items() if name not in FIELDS}
    return Instance(matrix=matrix, base=float(found["base"]), extras=extras, **plain)


def in_highs(instance: Instance) -> highspy.Highs:
    """Hand an instance to a fresh HiGHS, as it comes but silent."""
    solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    matrix = instance.matrix.tocsc()
    rows, columns = matrix.shape
    solver.passModel(
        columns, rows, matrix.nnz, 0, int(highspy.MatrixFormat.kColwise), 1, int(highspy.ObjSense.kMinimize), 0.0,
        instance.objective, instance.lower, instance.upper, instance.row_lower, instance.row_upper,
        matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
        np.zeros(1, np.int32), np.zeros(1, np.int32), np.zeros(1),
        instance.integer.astype(np.int32),
    )  # fmt: skip
    return solver


def write_mps(instance: Instance, path: Path) -> None:
    """Write MPS: column i of the arrays is named `ci`, row i `ri`. HiGHS writes it, names without spaces.

    Raises
    ------
    OSError
        If the name does not end in .mps (HiGHS chooses the format by it), or the file cannot be written.
    """
    if path.suffix != ".mps":
        raise OSError(f"'{path}' was given for MPS; a name that ends in .mps was expected.")
    if in_highs(instance).writeModel(str(path)) == highspy.HighsStatus.kError:
        raise OSError(f"'{path}' cannot be written.")
