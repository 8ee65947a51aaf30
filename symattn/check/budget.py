"""Bounded computation: an answer, or one plain sentence, within a time and a memory.

Time is the processor's: what else the machine does takes nothing from a computation, so that it
ends alike on an idle machine and on a busy one.  `deadline` is cheap and stops Python code; it
cannot stop a long call inside C.  `run_bounded` holds for every input: the work is done in another
process, which is killed when it does not answer.  That process is kept for the next call, so that a
call costs a fraction of a millisecond more than its work.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, TypeVar

from symattn.check.workers import NeverBegan, Worker
from symattn.errors import BudgetExceeded

Result = TypeVar("Result")

GIB = 1 << 30
GROWTH = GIB // 2
"""How much a worker may keep between calls before it is replaced."""


class deadline:  # used like a function: with deadline(2.0): ...
    """Raise `BudgetExceeded` in the body of a `with` after that many seconds of the processor.

    What other threads and other processes use does not count.  It works on the main thread where
    there are interval timers, and does nothing elsewhere.  Of two nested deadlines the earlier one
    counts.

    Raises
    ------
    BudgetExceeded : when the time is over, and again every quarter of a second, in case the body
        swallowed it.

    >>> with deadline(0.05):
    ...     while True:
    ...         pass
    Traceback (most recent call last):
    symattn.errors.BudgetExceeded: no answer within 0.05 seconds
    """

    AGAIN = 0.25
    SOON = 0.01

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.on = False

    def __enter__(self) -> deadline:
        if off_main_thread() or not hasattr(signal, "setitimer"):
            return self
        self.outer_left, self.outer_again = signal.getitimer(signal.ITIMER_PROF)
        if 0 < self.outer_left <= self.seconds:
            return self
        self.start, self.process_start = time.thread_time(), time.process_time()
        self.outer_handler = signal.signal(signal.SIGPROF, self.ring)
        self.on = True
        signal.setitimer(signal.ITIMER_PROF, max(self.seconds, 1e-6), self.AGAIN)
        return self

    def ring(self, _signum: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code is deadline.__exit__.__code__:
            return  # the body is over, the timer is about to be
        left = self.seconds - (time.thread_time() - self.start)
        if left > self.SOON:  # the timer counts the other threads as well
            signal.setitimer(signal.ITIMER_PROF, left, self.AGAIN)
            return
        if _is_swallowed(frame):
            signal.setitimer(signal.ITIMER_PROF, self.SOON, self.AGAIN)
            return
        raise BudgetExceeded(f"no answer within {self.seconds:g} seconds")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if not self.on:
            return
        self.on = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self.outer_handler)
        if self.outer_left:
            left = max(self.outer_left - (time.process_time() - self.process_start), 1e-6)
            signal.setitimer(signal.ITIMER_PROF, left, self.outer_again)


def _is_swallowed(frame: FrameType | None) -> bool:
    """Tell whether Python would print what is raised here to the error stream, and go on."""
    while frame is not None:
        code = frame.f_code
        if code.co_name == "__del__" or code.co_filename in _WEAK:
            return True
        frame = frame.f_back
    return False


_WEAK = (weakref.__file__, weakref.WeakSet.__init__.__code__.co_filename)


def run_bounded(
    function: Callable[..., Result],
    *args: Any,
    seconds: float = 5.0,
    memory: int = GIB,
    first: Callable[..., Any] | None = None,
) -> Result:
    """Return `function(*args)`, computed in another process, from any thread.

    Parameters
    ----------
    function, args : what can be pickled.
    seconds : of the processor; as a last resort twelve times as long on the clock.
    memory : bytes on top of what the process has at the start.
    first : called with the same arguments before the time begins: it imports and loads what the
        process will need again.

    Raises
    ------
    BudgetExceeded : if it took more, nested too deeply, or ended without an answer.
    TypeError : the function, its arguments or its answer cannot be pickled.

    What the function itself raises is raised here.  Where there is no fork (Windows) the work is
    done in this process, with `deadline` alone.

    >>> run_bounded(sum, [1, 2, 3], seconds=10)
    6
    """
    if not hasattr(os, "fork"):
        if first is not None:
            first(*args)
        with deadline(seconds):
            return function(*args)
    try:
        job = pickle.dumps((_folder(), function, args, memory, first))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise TypeError(f"a job that cannot be sent: {error}") from None
    modules = {getattr(f, "__module__", "") or "" for f in (function, first)}
    needed = tuple(sorted(m for m in modules if m.startswith("symattn.")))
    worker = _take(needed)
    while True:
        try:
            kind, value, size = worker.ask(job, seconds)
            break
        except BaseException as error:
            worker.kill()
            if not (isinstance(error, NeverBegan) and worker.used_before):
                raise
            worker = Worker(needed)  # it died while it waited, and nobody had seen it
    if kind in ("answer", "raised") and size - worker.size < GROWTH:
        worker.used_before = True
        _give_back(worker)
    else:
        worker.kill()
    if kind == "answer":
        return value
    if kind == "raised":
        raise value
    if kind == "memory":
        raise BudgetExceeded(f"it needs more than {memory / (1 << 20):g} MiB of memory")
    raise BudgetExceeded("it is nested too deeply")


def off_main_thread() -> bool:
    """Tell whether this is a thread in which `deadline` does nothing."""
    return threading.current_thread() is not threading.main_thread()


def _folder() -> str | None:
    try:
        return str(Path.cwd())
    except OSError:  # somebody deleted it
        return None


_idle: list[Worker] = []
_lock = threading.Lock()


def _take(modules: tuple[str, ...]) -> Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.alive():
                return worker
            worker.kill()
    return Worker(modules)


def _give_back(worker: Worker) -> None:
    with _lock:
        _idle.append(worker)


def close_workers() -> None:
    """End the processes that wait for a job; the next call starts a new one."""
    with _lock:
        workers, _idle[:] = _idle[:], []
    for worker in workers:
        worker.kill()


def _forget() -> None:
    global _lock  # noqa: PLW0603 - another thread may have held it when the process was forked
    _lock = threading.Lock()
    for worker in _idle:
        worker.pipe.close()
    _idle.clear()


if hasattr(os, "register_at_fork"):  # a child has no right to its parent's workers
    os.register_at_fork(after_in_child=_forget)
