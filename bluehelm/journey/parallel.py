"""Work shared out among processes of this machine, or, where Dask is installed, among the workers of a Dask cluster.

Each piece of work is a function at the top of a module and its arguments, so that any of the engines can carry it. The
answers come back in the order of the work, whatever the engine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from bluehelm.errors import InvalidRecordError, nearest

Answer = TypeVar("Answer")
ENGINES = ("processes", "dask", "here")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


def run_all(
    work: Callable[..., Answer], arguments: Sequence[tuple[Any, ...]], *, engine: str = "processes",
    workers: int | None = None,
) -> list[Answer]:  # fmt: skip
    """Call `work` with each set of arguments; return the answers in order.

    Parameters
    ----------
    engine : "processes", "dask" or "here" (one after the other, in this process)
    workers : number of processes; None for one on each core

    Raises
    ------
    InvalidRecordError
        If the engine is not known, the number of workers is less than 1, or Dask is asked for and not installed.
    """
    if engine not in ENGINES:
        raise InvalidRecordError(
            "'{engine}' is not an engine; one of {known} was expected. Nearest name: '{nearest}'.",
            engine=engine,
            known=", ".join(ENGINES),
            nearest=nearest(engine, ENGINES),
        )
    number = os.cpu_count() or 1 if workers is None else workers
    if number < 1:
        raise InvalidRecordError("workers is {workers}; 1 or more were expected.", workers=number)
    if not arguments:
        return []
    number = min(len(arguments), number)
    if engine == "dask":
        return _on_dask(work, arguments, number)
    if engine == "here" or number <= 1:
        return [work(*given) for given in arguments]
    with _one_thread_each(), ProcessPoolExecutor(number, mp_context=get_context("spawn")) as pool:
        return [waiting.result() for waiting in [pool.submit(work, *given) for given in arguments]]


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes begun here use one thread each: several of them with many threads wait for each other."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _on_dask(work: Callable[..., Answer], arguments: Sequence[tuple[Any, ...]], workers: int) -> list[Answer]:
    """Run on the cluster that DASK_SCHEDULER_ADDRESS names, otherwise on one that lives as long as this work."""
    try:
        from dask.distributed import Client
    except ImportError as trouble:
        raise InvalidRecordError(
            "Dask is not installed. Install the optional part: pip install 'bluehelm[dask]', or take the engine "
            "'processes'."
        ) from trouble
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    local = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    with Client(address) if address else Client(**local) as client:
        answers: list[Answer] = client.gather([client.submit(work, *given, pure=False) for given in arguments])
        return answers
