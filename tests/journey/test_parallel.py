from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.journey.parallel import run_all, run_each
from bluehelm.journey.worker_pool import Died
from tests.conftest import REPOSITORY

WORK = [(base, power) for base in range(5) for power in (2, 3)]


def raised(base: int, power: int) -> int:
    return int(base**power)


def process(_: int) -> int:
    return os.getpid()


def threads(_: int) -> str | None:
    return os.environ.get("POLARS_MAX_THREADS")


def refuse(number: int) -> int:
    raise InvalidRecordError("samples is {samples}; 2 or more were expected.", samples=number)


@pytest.mark.parametrize("engine", ["here", "processes", "dask"])
def test_answers_are_the_same_and_in_order_whatever_the_engine(engine):
    if engine == "dask":
        pytest.importorskip("distributed", reason="needs Dask: pip install 'bluehelm[dask]'")
    assert run_all(raised, WORK, engine=engine, workers=2) == [base**power for base, power in WORK]


def test_processes_are_others_than_this_one():
    assert os.getpid() not in run_all(process, [(1,), (2,)], workers=2)
    assert run_all(process, [(1,), (2,)], engine="here") == [os.getpid()] * 2
    assert run_all(process, [(1,)], workers=2) == [os.getpid()], "one piece of work needs no other process"


def test_processes_use_one_thread_each_and_this_one_keeps_its_own(monkeypatch):
    monkeypatch.setenv("POLARS_MAX_THREADS", "7")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert run_all(threads, [(1,), (2,)], workers=2) == ["1", "1"]
    assert os.environ["POLARS_MAX_THREADS"] == "7" and "OMP_NUM_THREADS" not in os.environ


@pytest.mark.parametrize("engine", ["here", "processes"])
def test_an_error_of_the_work_reaches_its_reader(engine):
    with pytest.raises(InvalidRecordError, match="samples is 7"):
        run_all(refuse, [(7,), (8,)], engine=engine, workers=2)


@pytest.mark.parametrize("engine", ["here", "processes", "dask"])
def test_no_work_has_no_answer(engine):
    assert run_all(raised, [], engine=engine) == []


def test_an_unknown_engine_and_no_workers_are_refused():
    with pytest.raises(InvalidRecordError, match=r"'proceses' is not an engine.*Nearest name: 'processes'"):
        run_all(raised, WORK, engine="proceses")
    with pytest.raises(InvalidRecordError, match="workers is 0"):
        run_all(raised, WORK, workers=0)


def test_dask_that_is_not_installed_is_told_with_the_way_out(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(InvalidRecordError, match=r"pip install 'bluehelm\[dask\]'"):
        run_all(raised, WORK, engine="dask")


def added(first: int, second: int) -> int:
    return first + second


def killed(marks: str, number: int) -> int:
    """End the process without an answer: always on 3, on 5 the first time only."""
    mark = Path(marks) / f"{number}-{time.time_ns()}"
    mark.touch()
    tried = len(list(Path(marks).glob(f"{number}-*")))
    if number == 3 or (number == 5 and tried == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("engine", ["here", "processes", "dask"])
def test_each_answer_comes_with_its_number_whatever_the_engine(engine):
    if engine == "dask":
        pytest.importorskip("distributed", reason="needs Dask: pip install 'bluehelm[dask]'")
    work = ((second,) for second in range(7))
    found = dict(run_each(added, work, shared=(100,), engine=engine, workers=2))
    assert found == {i: 100 + i for i in range(7)}


def test_a_piece_whose_process_dies_is_tried_once_more_alone_and_then_told(tmp_path):
    found = dict(run_each(killed, ((i,) for i in range(8)), shared=(str(tmp_path),), workers=2))
    assert isinstance(found[3], Died) and found[3].exit_code == -signal.SIGKILL
    assert {i: answer for i, answer in found.items() if i != 3} == {i: i for i in range(8) if i != 3}
    tried = [path.name.split("-")[0] for path in tmp_path.iterdir()]
    assert tried.count("3") == tried.count("5") == 2
    again = sorted(path.name.split("-")[1] for path in tmp_path.iterdir())[-2:]
    late = {path.name.split("-")[0] for path in tmp_path.iterdir() if path.name.split("-")[1] in again}
    assert late == {"3", "5"}, "they are tried again when all others are done"


def test_pieces_are_taken_only_as_they_are_needed():
    taken = []

    def pieces():
        for i in range(1000):
            taken.append(i)
            yield (i,)

    answers: Any = run_each(process, pieces(), workers=2)
    for _ in range(5):
        next(answers)
    answers.close()
    assert len(taken) < 20
    assert not multiprocessing.active_children(), "no process is left behind"


def test_an_error_of_one_piece_ends_the_rest():
    with pytest.raises(InvalidRecordError, match=r"samples is [78]"):
        list(run_each(refuse, [(7,), (8,)], workers=2))


def test_one_thread_each_holds_for_each_too(monkeypatch):
    monkeypatch.setenv("POLARS_MAX_THREADS", "7")
    assert {answer for _, answer in run_each(threads, [(1,), (2,)], workers=2)} == {"1"}
    assert os.environ["POLARS_MAX_THREADS"] == "7"


def test_each_refuses_what_all_refuses():
    with pytest.raises(InvalidRecordError, match="Nearest name: 'processes'"):
        next(run_each(raised, WORK, engine="proceses"))
    with pytest.raises(InvalidRecordError, match="workers is 0"):
        next(run_each(raised, WORK, workers=0))


PARENT = """
import sys, time
from pathlib import Path
from typing import Any
sys.path.insert(0, sys.argv[1])
from tests.journey.test_parallel import slept
from bluehelm.journey.parallel import run_each
if __name__ == "__main__":
    list(run_each(slept, [(sys.argv[2],)] * 2, workers=2))
"""


def slept(marks: str) -> None:
    (Path(marks) / str(os.getpid())).touch()
    time.sleep(60)


def test_processes_end_with_the_one_that_began_them_even_if_it_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    marks = tmp_path / "marks"
    marks.mkdir()
    with subprocess.Popen([sys.executable, str(script), str(REPOSITORY), str(marks)]) as parent:
        while len(list(marks.iterdir())) < 2:
            assert parent.poll() is None
            time.sleep(0.05)
        parent.kill()
    for path in marks.iterdir():
        for _ in range(200):
            if not _alive(int(path.name)):
                break
            time.sleep(0.05)
        else:
            pytest.fail("a process outlives the one that began it")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
