from __future__ import annotations

import os

import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.journey.parallel import run_all

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
