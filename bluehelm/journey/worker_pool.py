"""Processes of this machine that work piece by piece: answers come as they are ready, and a death is told.

One pipe for each process, so that it is known who works on what. A process ends with the one that began it, also when
that one is killed; Ctrl-C reaches only the latter, which ends the others.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

from bluehelm.errors import SolverError

READY = -1
Piece = tuple[int, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Died:
    """Stands for the answer of a piece of work whose process ended without one, twice, the second time alone."""

    exit_code: int | None = None


@dataclass(slots=True)
class Worker:
    """A process, our end of its pipe, and the piece it works on."""

    process: BaseProcess
    pipe: Connection
    busy: Piece | None = None
    ready: bool = False


@dataclass(slots=True)
class WorkerPool:
    """Some processes that call one function. shared: first arguments of every call, sent once to each process."""

    work: Callable[..., Any]
    shared: tuple[Any, ...]
    size: int
    workers: list[Worker] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.shrink(0)

    def answers(self, pieces: Iterator[Piece]) -> Iterator[tuple[int, Any]]:
        """Yield number and answer of each piece as they come; one whose process died is tried again, alone, at the end.

        Raises
        ------
        SolverError
            If a process dies before it could take work.
        """
        aside: list[Piece] = []
        for number, given, answer in self._each(pieces):
            if isinstance(answer, Died):
                aside.append((number, given))
            else:
                yield number, answer
        self.shrink(min(1, len(aside)))
        self.size = 1
        for number, _, answer in self._each(iter(aside)):
            yield number, answer

    def shrink(self, size: int) -> None:
        """End processes at once: they hold nothing that would be lost."""
        while len(self.workers) > size:
            worker = self.workers.pop()
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()

    def _each(self, pieces: Iterator[Piece]) -> Iterator[tuple[int, tuple[Any, ...], Any]]:
        while True:
            self._hand_out(pieces)
            working = [worker for worker in self.workers if worker.busy is not None]
            if not working:
                return
            heard = wait([worker.pipe for worker in working])
            for worker in [worker for worker in working if worker.pipe in heard]:
                told = self._hear(worker)
                if told is not None and worker.busy is not None:
                    (number, given), worker.busy = worker.busy, None
                    yield number, given, told[0]

    def _hand_out(self, pieces: Iterator[Piece]) -> None:
        idle = [worker for worker in self.workers if worker.busy is None]
        while idle or len(self.workers) < self.size:
            piece = next(pieces, None)
            if piece is None:
                return
            if not idle:
                self.workers.append(self._begin())
            worker = idle.pop() if idle else self.workers[-1]
            worker.busy = piece
            # A process that is just dying is found out when it is listened to.
            try:
                worker.pipe.send(piece)
            except OSError:
                continue

    def _begin(self) -> Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work_on, args=(theirs, self.work, self.shared), daemon=True)
        process.start()
        theirs.close()
        return Worker(process, ours)

    def _hear(self, worker: Worker) -> tuple[Any] | None:
        """Return what a worker answers, in a tuple; None if it only says that it is ready."""
        try:
            number, answer = worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            self.workers.remove(worker)
            worker.process.join()
            code = worker.process.exitcode
            if not worker.ready:
                raise SolverError(
                    "A process for the work could not begin (exit code {code}). Use the engine 'here'; in a script of "
                    'your own, call it below: if __name__ == "__main__":',
                    code=code,
                ) from None
            return (Died(code),)
        if number == READY:
            worker.ready = True
            return None
        if isinstance(answer, _Raised):
            raise answer.error
        return (answer,)


@dataclass(frozen=True, slots=True)
class _Raised:
    """An error on its way back from a process."""

    error: Exception


def _work_on(pipe: Connection, work: Callable[..., Any], shared: tuple[Any, ...]) -> None:
    """Live as a worker: one thread works, the first one waits for the end of the process that began this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = threading.Thread(target=_answer_all, args=(pipe, work, shared), daemon=True)
    worker.start()
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _answer_all(pipe: Connection, work: Callable[..., Any], shared: tuple[Any, ...]) -> None:
    """Work on piece after piece; whatever goes wrong here beside the work itself ends the process, which is told."""
    try:
        pipe.send((READY, None))
        while True:
            number, given = pipe.recv()
            pipe.send((number, _answer(work, (*shared, *given))))
    finally:
        os._exit(1)


def _answer(work: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    """Call the work; its errors go to the one who asked, but want of memory is a death."""
    try:
        return work(*given)
    except MemoryError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001
        return _Raised(error)
