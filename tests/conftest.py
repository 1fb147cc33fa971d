"""What all tests share: real data or a skip that says why, sizes of property tests, parts of the long tests."""

from __future__ import annotations

import os
import shutil
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("BLUEHELM_SHARED") or REPOSITORY.parent / "shared")
FULL = os.environ.get("BLUEHELM_FULL") == "1"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# Derandomised: a test that passes here passes everywhere, and a failure comes back when it is run again.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
settings.load_profile("house")

# Tests read English wherever they run; a test of another language names it.
for _name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
    os.environ.pop(_name, None)
os.environ.update(LANG="C.UTF-8", BLUEHELM_LANG="en")


def examples(few: int, many: int) -> Callable[[Any], Any]:
    """Try a property on `few` cases in `make test` and on `many` in `make test-full`.

    @examples(50, 5_000)
    @given(missions())
    def test_a_mutated_folder_never_ends_in_a_traceback(mission): ...
    """

    def sized(test: Any) -> Any:
        return pytest.mark.scaled(settings(max_examples=many if FULL else few)(test))

    return sized


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real data beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"needs real data in {SHARED.name}/ beside the repository")
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a browser without a window."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium, which is not installed here")
    return CHROMIUM


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slice", metavar="I/N", help="run the I-th (from 0) of N parts of the tests selected")


def pytest_configure(config: pytest.Config) -> None:
    seconds = os.environ.get("BLUEHELM_SECONDS")
    if seconds:  # workers inherit the deadline of the process that starts them
        os.environ.setdefault("BLUEHELM_DEADLINE", str(time.time() + float(seconds)))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests to `make test-full`, take the part asked for, and say why what cannot run is skipped."""
    part, parts = (int(number) for number in (config.getoption("--slice") or "0/1").split("/"))
    chosen: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        too_long = not FULL and item.get_closest_marker("full") is not None
        elsewhere = zlib.crc32(item.nodeid.encode()) % parts != part
        (left if too_long or elsewhere else chosen).append(item)
        if item.get_closest_marker("real_data") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason="needs real data in shared/ beside the repository"))
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="needs Chromium, which is not installed here"))
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = chosen


def pytest_runtest_setup(item: pytest.Item) -> None:
    if time.time() > float(os.environ.get("BLUEHELM_DEADLINE", "inf")):
        pytest.skip("the time for this part of the long tests is over")


def pytest_sessionfinish(session: pytest.Session) -> None:
    # A part of the long tests may be empty; no tests at all is a failure everywhere else.
    if session.config.getoption("--slice") and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
