"""Write an instance: python -m benchmarks.instances --family stripped --stages 4 --size medium --seed 0 --out x.npz."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.instances import SIZES, VERSION
from benchmarks.instances.files import fingerprint, write_mps, write_npz
from benchmarks.instances.names import MAKERS, Name


def main() -> int:
    """Make what was asked for, write it, and tell its size and fingerprint."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instances", description=__doc__)
    parser.add_argument("--family", choices=sorted(MAKERS), default="stripped")
    parser.add_argument("--stages", type=int, default=4, help="3, 4, 5, 6: trees of 13, 40, 121, 364 nodes")
    parser.add_argument("--size", choices=sorted(SIZES), default="medium", help="size of the ground")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="arrays (.npz)")
    parser.add_argument("--mps", type=Path, help="the same for any solver")
    asked = parser.parse_args()
    if asked.stages < 1 or asked.seed < 0:
        parser.error("at least one stage and a seed of 0 or more were expected")
    name = Name(asked.family, asked.stages, asked.size, asked.seed)
    instance = name.make()
    rows, columns = instance.matrix.shape
    print(f"{name}, generator {VERSION}")
    print(f"{len(instance.parent)} nodes, {columns} columns ({instance.integer.sum()} whole), {rows} rows, "
          f"{instance.matrix.nnz} non-zeros")  # fmt: skip
    print(f"sha256 of the arrays {fingerprint(instance)}")
    try:
        if asked.out is not None:
            write_npz(instance, asked.out)
        if asked.mps is not None:
            write_mps(instance, asked.mps)
    except OSError as error:
        print(f"Not written: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
