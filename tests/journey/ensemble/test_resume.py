"""Killed at any moment and begun again: nothing lost, nothing planned twice, the same bytes in the end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from multiprocessing import active_children
from pathlib import Path

import pytest

from bluehelm.errors import BluehelmError, InvalidRecordError
from bluehelm.journey.ensemble import run as story
from bluehelm.journey.ensemble.lock import locked
from bluehelm.journey.ensemble.run import ensemble
from bluehelm.journey.ensemble.store import Store
from tests.conftest import FULL, REPOSITORY
from tests.journey.ensemble import made
from tests.journey.ensemble.made import AXES, HEAD, LIMITS, written


def told(_record: object, *, language: str = "en") -> str:
    """Stand for the report, which is drawn slowly and not what is tested here."""
    return f"a report in {language}"


def contents(folder: Path) -> dict[str, bytes]:
    """Read all but the reports, which processes of their own draw in full."""
    return {name: content for name, content in made.contents(folder).items() if not name.startswith("report")}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(story, "ensemble_page", told)


class Killed(BaseException):
    """Stands for an end at this very moment: nothing of ours catches it."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, dict[str, bytes]]:
    """An ensemble that nobody interrupted, and its file."""
    folder = tmp_path_factory.mktemp("whole")
    file = written(folder)
    ensemble(file, folder / "out", engine="here")
    return file, contents(folder / "out")


@pytest.fixture
def kept(monkeypatch) -> Counter[str]:
    """Count how often each run is written."""
    counts: Counter[str] = Counter()
    keep = Store.keep

    def counted(self: Store, key: str, record: dict[str, object]) -> None:
        keep(self, key, record)
        counts[key] += 1

    monkeypatch.setattr(Store, "keep", counted)
    return counts


def killed_at(moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system calls by which files appear fail from the `moment`-th on, before or after they have worked."""
    calls = 0
    for name in ("replace", "fsync"):
        real = getattr(os, name)

        def dying(*given: object, real=real) -> None:
            nonlocal calls
            calls += 1
            if calls < moment:
                real(*given)
            elif calls == moment:
                if moment % 3 == 0:
                    real(*given)
                raise Killed

        monkeypatch.setattr(os, name, dying)


@pytest.mark.parametrize("moment", list(range(1, 29)) if FULL else [1, 2, 9, 12, 18, 22, 27])
def test_ended_at_any_file_it_goes_on_with_nothing_lost_or_planned_twice(whole, kept, moment, tmp_path, monkeypatch):
    file, expected = whole
    with monkeypatch.context() as during:
        killed_at(moment, during)
        with pytest.raises(Killed):
            ensemble(file, tmp_path / "out", engine="here")
    finished = runs_of(tmp_path / "out")
    outcome = ensemble(file, tmp_path / "out", engine="here", resume=True)
    assert contents(tmp_path / "out") == expected
    assert outcome.planned_now == 8 - len(finished) and finished.items() <= runs_of(tmp_path / "out").items()
    # A run whose file had just appeared when the end came is not counted as kept, and is not planned again.
    assert set(kept.values()) == {1} and sum(kept.values()) in (7, 8)


def runs_of(out: Path) -> dict[str, tuple[int, int]]:
    """Each finished run with the number and time that its file got when it was written."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (out / "runs").glob("[!.]*.json")}


def call(file: Path, out: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "bluehelm", "ensemble", str(file), "--out", str(out), "--workers", "2", *words]


@pytest.mark.parametrize("seed", range(8) if FULL else [1])
def test_killed_in_a_process_of_its_own_it_goes_on_from_there(whole, seed, tmp_path):
    file, expected = whole
    out = tmp_path / "out"
    drawn = random.Random(seed)
    before: dict[str, tuple[int, int]] = {}
    for finished in sorted(drawn.sample(range(8), 2 if FULL else 1)):
        words = ["--resume"] if out.exists() else []
        engine = drawn.choice(["here", "processes"])
        with subprocess.Popen(call(file, out, "--engine", engine, *words), cwd=REPOSITORY) as process:
            while process.poll() is None and not (out.exists() and len(runs_of(out)) >= finished):
                time.sleep(0.005)
            time.sleep(drawn.random() * 0.05)
            process.send_signal(signal.SIGKILL)
        after = runs_of(out) if out.exists() else {}
        assert before.items() <= after.items(), "what was finished is left as it was"
        before = after
    ensemble(file, out, engine="here", resume=True)
    assert before.items() <= runs_of(out).items()
    assert contents(out) == expected


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(whole, tmp_path):
    file, expected = whole
    out = tmp_path / "out"
    with subprocess.Popen(call(file, out), cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not ((out / "runs").exists() and len(runs_of(out)) >= 2):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    assert "of 8 runs are finished and kept" in said and "--resume" in said and "Traceback" not in said
    before = runs_of(out)
    ensemble(file, out, engine="here", resume=True)
    assert before.items() <= runs_of(out).items() and contents(out) == expected


def test_a_plan_that_ctrl_c_cut_short_is_no_result(whole, tmp_path, monkeypatch):
    from bluehelm.journey.ensemble import one_run

    make_plan = one_run.make_plan  # type: ignore[attr-defined]
    calls = 0

    def cut_short(*given, **more):
        nonlocal calls
        calls += 1
        planned = make_plan(*given, **more)
        if calls == 3:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.3)
        return planned

    monkeypatch.setattr(one_run, "make_plan", cut_short)
    with pytest.raises(KeyboardInterrupt):
        ensemble(whole[0], tmp_path / "out", engine="here")
    assert len(runs_of(tmp_path / "out")) == 2
    ensemble(whole[0], tmp_path / "out", engine="here", resume=True)
    assert contents(tmp_path / "out") == whole[1] and calls == 9


def test_a_finished_ensemble_is_told_again_without_planning(whole, kept, tmp_path):
    ensemble(whole[0], tmp_path / "out", engine="here")
    assert ensemble(whole[0], tmp_path / "out", engine="here", resume=True).planned_now == 0
    assert set(kept.values()) == {1}


def test_a_run_that_was_damaged_is_planned_again(whole, tmp_path):
    out = tmp_path / "out"
    ensemble(whole[0], out, engine="here")
    damaged = sorted((out / "runs").glob("*.json"))[3]
    damaged.write_bytes(damaged.read_bytes()[:100])
    assert ensemble(whole[0], out, engine="here", resume=True).planned_now == 1
    assert contents(out) == whole[1]


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"axes": AXES.replace("2.0", "3.0")}, "axes.risk_scale.values.2: 2.0 → 3.0"),
        ({"limits": LIMITS.replace("0.0", "0.1")}, "limits.gap: 0.0 → 0.1"),
        ({"head": HEAD + "seed = 3\n"}, "seed: 0 → 3"),
        ({"months": 3}, "input_hash: "),
    ],
)
def test_another_ensemble_is_refused_with_what_differs(whole, changed, differs, tmp_path):
    out = tmp_path / "out"
    ensemble(whole[0], out, engine="here")
    before = contents(out)
    with pytest.raises(InvalidRecordError, match="holds another ensemble") as refused:
        ensemble(written(tmp_path, **{"axes": AXES, **changed}), out, engine="here", resume=True)
    assert differs in str(refused.value)
    assert contents(out) == before


def test_two_processes_never_work_in_one_folder_and_a_lock_left_behind_keeps_nobody_out(whole, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys,time\nfrom pathlib import Path\nfrom bluehelm.journey.ensemble.lock import "
         "locked\nwith locked(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)", str(out)],
        stdout=subprocess.PIPE, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    assert holder.stdout is not None and holder.stdout.readline().strip() == "held"
    for resume in (False, True):
        with pytest.raises(InvalidRecordError, match="Another process works in"):
            ensemble(whole[0], out, engine="here", resume=resume)
    holder.kill()
    holder.communicate()
    ensemble(whole[0], out, engine="here", resume=True)
    assert contents(out) == whole[1]


def test_the_lock_is_free_again_after_an_error(tmp_path):
    with pytest.raises(BluehelmError), locked(tmp_path):
        raise InvalidRecordError("workers is {workers}; 1 or more were expected.", workers=0)
    with locked(tmp_path):
        pass


@pytest.mark.parametrize("engine", ["processes", "dask"])
def test_a_worker_killed_in_the_middle_costs_no_run_and_changes_no_byte(whole, kept, engine, tmp_path):
    if engine == "dask":
        pytest.importorskip("dask.distributed")
    victims: list[int] = []

    def kill_one(done: int, _total: int) -> None:
        if done == 2 and not victims:
            victims.append(active_children()[0].pid or 0)
            os.kill(victims[0], signal.SIGKILL)

    ensemble(whole[0], tmp_path / "out", engine=engine, workers=2, progress=kill_one)
    assert victims
    assert set(kept.values()) == {1} and len(kept) == 8
    assert contents(tmp_path / "out") == whole[1]


def test_a_setting_whose_process_dies_twice_is_told_as_failed(whole, tmp_path, monkeypatch):
    def dying(work, wanted, *, shared, engine, workers):
        from bluehelm.journey.worker_pool import Died

        for number, given in enumerate(wanted):
            yield number, Died(-9) if number == 2 else work(*shared, *given)

    monkeypatch.setattr(story, "run_each", dying)
    table = ensemble(whole[0], tmp_path / "out").table
    assert table["status"].to_list() == ["within_gap"] * 2 + ["failed"] + ["within_gap"] * 5
    assert "exit code -9" in table["sentence"][2]
