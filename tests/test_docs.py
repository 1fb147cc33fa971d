"""What the documents say is true: examples run, links lead somewhere, generated pages are up to date."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bluehelm.mission.template import write_template
from tests.conftest import REPOSITORY

MODULES = sorted(
    ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
    for path in (REPOSITORY / "bluehelm").rglob("*.py")
    if path.stem != "__main__" and ">>> " in path.read_text("utf-8")
)
PAGES = sorted(
    [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), *(REPOSITORY / "examples").rglob("*.md")]
)
EXAMPLES = sorted((REPOSITORY / "examples").glob("*.py"))


def page_name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_give_what_they_show(module):
    result = doctest.testmod(importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("page", [page for page in PAGES if ">>> " in page.read_text("utf-8")], ids=page_name)
def test_examples_in_pages_give_what_they_show(page):
    result = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_between_pages_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_the_data_dictionary_is_up_to_date():
    from bluehelm.mission.dictionary import data_dictionary

    written = (REPOSITORY / "docs" / "data_dictionary.md").read_text("utf-8")
    assert written == "# Data dictionary\n\n" + data_dictionary(), "run: make docs"


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_begins_with_the_two_commands_and_the_makefile_knows_them(name):
    head = (REPOSITORY / name).read_text("utf-8")[:900]
    targets = re.findall(r"^make ([a-z-]+)", head, re.MULTILINE)
    assert targets[:2] == ["plan", "test"]
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


@pytest.mark.parametrize("name", ["find_faults", "load_norms", "plan", "read_mission", "report", "write_mission"])
def test_the_names_of_the_python_interface_are_there(name):
    import bluehelm

    assert callable(getattr(bluehelm, name))


def test_a_wrong_name_in_the_python_interface_says_what_there_is():
    import bluehelm

    with pytest.raises(AttributeError, match=r"it offers .*find_faults, forecast, load_norms, plan"):
        bluehelm.plam  # noqa: B018


@pytest.mark.parametrize("script", EXAMPLES, ids=page_name)
def test_examples_run_as_a_newcomer_runs_them(script, tmp_path):
    write_template(tmp_path / "mission")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, str(script), "mission", "out"],
        capture_output=True, text=True, env=environment, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
