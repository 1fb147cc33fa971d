"""Work shared out among processes of this machine, or, where Dask is installed, among the workers of a Dask cluster.

Each piece of work is a function at the top of a module and its arguments, so that any of the engines can carry it.
`run_all` gives the answers back in the order of the work, whatever the engine; `run_each` gives each as it comes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.journey.worker_pool import Died, Piece, WorkerPool

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
    number = _workers(engine, workers)
    if not arguments:
        return []
    number = min(len(arguments), number)
    if engine == "dask":
        return _on_dask(work, arguments, number)
    if engine == "here" or number <= 1:
        return [work(*given) for given in arguments]
    with _one_thread_each(), ProcessPoolExecutor(number, mp_context=get_context("spawn")) as pool:
        return [waiting.result() for waiting in [pool.submit(work, *given) for given in arguments]]


def run_each(
    work: Callable[..., Answer], arguments: Iterable[tuple[Any, ...]], *, shared: tuple[Any, ...] = (),
    engine: str = "processes", workers: int | None = None,
) -> Iterator[tuple[int, Answer | Died]]:  # fmt: skip
    """Call `work` with `shared` and each set of arguments; yield the number of the piece and its answer as they come.

    A piece whose process dies (killed for want of memory, say) is tried once more, alone, after all others; if that one
    dies too, `Died` stands for its answer. At most a few pieces are on their way at a time, so there may be any number.

    Parameters
    ----------
    shared : first arguments of every call, sent once to each worker and not with each piece
    engine, workers : as for run_all

    Raises
    ------
    InvalidRecordError
        If the engine is not known, the number of workers is less than 1, or Dask is asked for and not installed.
    """
    number = _workers(engine, workers)
    pieces = enumerate(arguments)
    if engine == "dask":
        yield from _each_on_dask(work, pieces, shared, number)
    elif engine == "here":
        for i, given in pieces:
            yield i, work(*shared, *given)
    else:
        with _one_thread_each(), WorkerPool(work, shared, number) as pool:
            yield from pool.answers(pieces)


def _workers(engine: str, workers: int | None) -> int:
    """Return the number of workers, or refuse what cannot be."""
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
    return number


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
    with _dask_client(workers) as client:
        answers: list[Answer] = client.gather([client.submit(work, *given, pure=False) for given in arguments])
        return answers


def _each_on_dask(
    work: Callable[..., Answer], pieces: Iterator[Piece], shared: tuple[Any, ...], workers: int
) -> Iterator[tuple[int, Answer | Died]]:
    """Keep every thread of the cluster busy and one piece more waiting; Dask itself tries a piece whose worker died
    again, as often as its setting distributed.scheduler.allowed-failures says."""
    with _dask_client(workers) as client:
        from dask.distributed import KilledWorker, as_completed

        first = [client.scatter(one, broadcast=True) for one in shared]
        threads = sum(client.nthreads().values()) or workers
        numbers: dict[str, int] = {}

        def begun(count: int) -> list[Any]:
            made = []
            for i, given in islice(pieces, count):
                made.append(client.submit(work, *first, *given, pure=False))
                numbers[made[-1].key] = i
            return made

        running = as_completed(begun(threads + 1))
        for done in running:
            try:
                answer: Answer | Died = done.result()
            except KilledWorker:
                answer = Died()
            yield numbers.pop(done.key), answer
            for later in begun(1):
                running.add(later)


def _dask_client(workers: int) -> Any:
    """Open the cluster that DASK_SCHEDULER_ADDRESS names, otherwise one that lives as long as this work."""
    try:
        from dask.distributed import Client
    except ImportError as trouble:
        raise InvalidRecordError(
            "Dask is not installed. Install the optional part: pip install 'bluehelm[dask]', or take the engine "
            "'processes'."
        ) from trouble
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    local = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    return Client(address) if address else Client(**local)
