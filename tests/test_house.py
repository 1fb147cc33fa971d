"""Rules of the house that a machine can check on every file."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

LONGEST_FILE_LINES = 400
SKIPPED_FOLDERS = {".git", ".venv", "out", "build", "dist", "__pycache__", ".hypothesis"}
HERE = Path(__file__).resolve()


def files_of_the_project() -> list[Path]:
    """List what git would commit; without git (a copy, an archive), what lies in the folder."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        return sorted(path for name in listed.stdout.split("\0") if name and (path := REPOSITORY / name).is_file())
    folders = (path for path in REPOSITORY.rglob("*") if path.is_file())
    return sorted(path for path in folders if not {*path.relative_to(REPOSITORY).parts[:-1]} & SKIPPED_FOLDERS)


def texts() -> list[tuple[str, str]]:
    """Read every text file; one that is no UTF-8 is a picture or a parquet file."""
    found = []
    for path in files_of_the_project():
        data = path.read_bytes()
        if path != HERE and b"\0" not in data[:8192] and len(data) < 5_000_000:
            found.append((str(path.relative_to(REPOSITORY)), data.decode("utf-8", errors="replace")))
    return found


def places(pattern: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}"
        for name, text in texts()
        for hit in wanted.finditer(text)
    ]


def test_no_file_bears_a_path_of_one_machine():
    assert places(r"(?<![\w.\-])/(?:work|root|home|Users|tmp|opt)/\w+") == []


def test_no_file_bears_the_address_of_a_package_registry():
    assert places(r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|--(?:extra-)?index-url") == []


@pytest.mark.parametrize("folder", ["bluehelm", "tests", "examples"])
def test_a_file_answers_one_question_and_stays_short(folder):
    lines = {
        str(path.relative_to(REPOSITORY)): len(path.read_text("utf-8").splitlines())
        for path in (REPOSITORY / folder).rglob("*.py")
    }
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE_LINES} == {}


def test_every_public_function_and_class_says_what_it_is():
    silent = [
        f"{path.relative_to(REPOSITORY)}: {node.name}"
        for path in sorted((REPOSITORY / "bluehelm").rglob("*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if ast.get_docstring(node) is None
    ]
    assert silent == []


def rooms() -> list[str]:
    package = REPOSITORY / "bluehelm"
    return sorted(path.parent.name for path in package.glob("*/__init__.py"))


@pytest.mark.parametrize("room", rooms())
def test_every_room_has_its_page(room):
    page = REPOSITORY / "docs" / f"{room}.md"
    assert page.is_file(), f"write docs/{room}.md: question, inputs, formulas, outputs, limits"
    assert f"({room}.md)" in (REPOSITORY / "docs" / "index.md").read_text("utf-8")


def test_licence_and_notice_stand_at_the_top():
    assert "Apache License" in (REPOSITORY / "LICENSE").read_text("utf-8")[:200]
    assert "bluehelm" in (REPOSITORY / "NOTICE").read_text("utf-8")


def test_constraints_hold_every_library_that_is_asked_for():
    project = (REPOSITORY / "pyproject.toml").read_text("utf-8")
    asked = set(re.findall(r'^\s+"([a-z][a-z0-9-]+)(?:>=[\d.]+)?",$', project, re.MULTILINE)) - {"peacekeeping"}
    held = set(re.findall(r"^([a-z0-9-]+)==", (REPOSITORY / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    assert asked <= held
