"""Imports run downward only; rooms and tools stay strangers; starting is light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "bluehelm"
# From the ground up. Parts of one layer never import each other, except inside the ground layer.
LAYERS: list[set[str]] = [
    {"errors", "words"},
    {"mission"},
    {"norms", "geo", "solve"},
    {"checks"},
    {"council", "foresight", "pledges", "planning", "finance", "adaptation"},
    {"reports"},
    {"journey"},
    {"cli", "web"},
]
HEAVY = {"altair", "highspy", "jinja2", "numpy", "polars", "pyproj", "scipy", "tqdm", "vl_convert", "xlsxwriter"}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem in ("errors", "words"))


def layer_of(part: str) -> int:
    found = [level for level, parts in enumerate(LAYERS) if part in parts]
    assert found, f"bluehelm/{part} has no layer yet: give it one in this test and in docs/index.md"
    return found[0]


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def parts_imported(path: Path) -> Iterator[tuple[str, int]]:
    """Name each part of bluehelm that a file imports, anywhere in it, with the line."""
    tree = ast.parse(path.read_text("utf-8"))
    only_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if path.stem == "errors" and node in only_types:
            continue  # an error may name the type of what it carries
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = [f"bluehelm.{alias.name}" for alias in node.names] if module == "bluehelm" else [module]
        else:
            continue
        for name in names:
            top, _, rest = name.partition(".")
            if top == "bluehelm" and rest and not rest.startswith("__"):
                yield rest.split(".")[0], node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downward_and_neighbours_stay_strangers(path):
    here = part_of(path)
    for other, line in parts_imported(path):
        if other == here or {here, other} <= LAYERS[0]:
            continue
        assert layer_of(other) < layer_of(here), f"{path.relative_to(REPOSITORY)}:{line}: {here} imports {other}"


def modules_after(code: str) -> set[str]:
    printed = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True, text=True, check=True, cwd=REPOSITORY,
    ).stdout  # fmt: skip
    return {name.split(".")[0] for name in printed.splitlines()[-1].split()}


def test_importing_bluehelm_brings_no_heavy_library():
    assert not modules_after("import bluehelm") & HEAVY


def test_help_on_the_command_line_brings_no_heavy_library():
    run_help = (
        "from bluehelm.cli.main import cli\nfor words in (['--help'], ['plan', '--help'], ['mission', '--help']):\n"
        "    try: cli.main(words, prog_name='bluehelm')\n    except SystemExit: pass"
    )
    assert not modules_after(run_help) & HEAVY
