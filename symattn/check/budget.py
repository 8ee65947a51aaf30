"""Bounded computation: an answer, or one plain sentence, within a time and a memory.

`deadline` is cheap and stops Python code; it cannot stop a long call inside C.  `run_bounded` holds
for every input: the work is done in another process, which is killed when it does not answer.  That
process is kept for the next call, so that a call costs a fraction of a millisecond more than its
work.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, TypeVar

from symattn.errors import BudgetExceeded

try:
    import resource
except ImportError:  # not on Windows: the time is bounded there, the memory is not
    resource = None  # type: ignore[assignment]

Result = TypeVar("Result")

GIB = 1 << 30
GROWTH = GIB // 2
"""How much a worker may keep between calls before it is replaced."""


@dataclass(frozen=True)
class Budget:
    """A time in seconds and a memory in bytes, on top of what is in use at the start."""

    seconds: float = 5.0
    bytes: int = GIB

    def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """Return `function(*args)`.

        Raises
        ------
        BudgetExceeded : if it took more, or ended without an answer.

        >>> Budget(seconds=10).run(divmod, 17, 5)
        (3, 2)
        """
        return run_bounded(function, *args, seconds=self.seconds, memory=self.bytes)


class deadline:  # used like a function: with deadline(2.0): ...
    """Raise `BudgetExceeded` in the body of a `with` after that many seconds.

    It works on the main thread where there are interval timers, and does nothing elsewhere.  Of two
    nested deadlines the earlier one counts.

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
        here = threading.current_thread() is threading.main_thread()
        if not here or not hasattr(signal, "setitimer"):
            return self
        self.start = time.monotonic()
        self.outer_left, self.outer_again = signal.getitimer(signal.ITIMER_REAL)
        if 0 < self.outer_left <= self.seconds:
            return self
        self.outer_handler = signal.signal(signal.SIGALRM, self.ring)
        self.on = True
        signal.setitimer(signal.ITIMER_REAL, max(self.seconds, 1e-6), self.AGAIN)
        return self

    def ring(self, _signum: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code is deadline.__exit__.__code__:
            return  # the body is over, the timer is about to be
        if _is_swallowed(frame):
            signal.setitimer(signal.ITIMER_REAL, self.SOON, self.AGAIN)
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
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.outer_handler)
        if self.outer_left:
            left = max(self.outer_left - (time.monotonic() - self.start), 1e-6)
            signal.setitimer(signal.ITIMER_REAL, left, self.outer_again)


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
) -> Result:
    """Return `function(*args)`, computed in another process.

    Parameters
    ----------
    function : one that can be pickled shares a warm process; any other gets a fresh one.
    seconds : wall time.
    memory : bytes on top of what the process has at the start.

    Raises
    ------
    BudgetExceeded : if it took more, nested too deeply, or ended without an answer.

    What the function itself raises is raised here.

    >>> run_bounded(sum, [1, 2, 3], seconds=10)
    6
    """
    try:
        job = pickle.dumps((function, args, memory))
    except (pickle.PicklingError, AttributeError, TypeError):
        worker = _Worker((function, args, memory))
        job = b""
    else:
        worker = _take()
    try:
        answer = worker.ask(job, seconds)
    except BaseException:
        worker.kill()
        raise
    kind, value, size = answer
    if kind == "answer":
        if job and size - worker.size < GROWTH:
            _give_back(worker)
        else:
            worker.kill()
        return value
    if kind == "raised":
        if job:
            _give_back(worker)
        raise value
    worker.kill()
    if kind == "memory":
        raise BudgetExceeded(f"it needs more than {memory / (1 << 20):g} MiB of memory")
    raise BudgetExceeded("it is nested too deeply")


# ------------------------------------------------------------------------------------- the parent

_idle: list[_Worker] = []
_lock = threading.Lock()


class _Worker:
    """A process that answers one job after the other; `size` is its memory at the start."""

    def __init__(self, first: Any = None) -> None:
        self.pipe, theirs = Pipe()
        if sys.platform.startswith("linux"):
            # Everything is imported already. `multiprocessing` would refuse in a daemonic process.
            self.pid = _fork(self.pipe, theirs, first)
        else:
            context = multiprocessing.get_context("spawn")
            process = context.Process(target=_serve, args=(theirs, first), daemon=True)
            process.start()
            self.process = process
            self.pid = process.pid or 0
        theirs.close()
        self.size = 0

    def ask(self, job: bytes, seconds: float) -> tuple[str, Any, int]:
        """Send a job and wait for the answer: its kind, its value, the size of the process."""
        try:
            if job:
                self.pipe.send_bytes(job)
            if not self.pipe.poll(seconds):
                raise BudgetExceeded(f"no answer within {seconds:g} seconds")
            answer: tuple[str, Any, int] = pickle.loads(self.pipe.recv_bytes())  # noqa: S301
        except (EOFError, OSError):
            raise BudgetExceeded("the computation broke off without an answer") from None
        self.size = self.size or answer[2]
        return answer

    def alive(self) -> bool:
        if sys.platform.startswith("linux"):
            return os.waitpid(self.pid, os.WNOHANG) == (0, 0)
        return self.process.is_alive()

    def kill(self) -> None:
        self.pipe.close()
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            if sys.platform.startswith("linux"):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            else:
                self.process.kill()
                self.process.join()


def _fork(ours: Connection, theirs: Connection, first: Any) -> int:
    import warnings

    with warnings.catch_warnings():
        # Python warns of a fork beside threads. A worker that waits for a lock of such a thread
        # does not answer, and is killed like any other.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return pid
    try:
        ours.close()
        faulthandler.disable()  # a crash is told in one sentence, by the parent
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _serve(theirs, first)
    finally:
        os._exit(0)


def _take() -> _Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.alive():
                return worker
    return _Worker()


def _give_back(worker: _Worker) -> None:
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
    _idle.clear()


atexit.register(close_workers)
if hasattr(os, "register_at_fork"):  # a child has no right to its parent's workers
    os.register_at_fork(after_in_child=_forget)


# -------------------------------------------------------------------------------------- the worker


def _serve(pipe: Connection, first: Any) -> None:
    """Answer jobs until the parent is gone."""
    if first is not None:
        pipe.send_bytes(_answer(*first))
        return
    with contextlib.suppress(EOFError, OSError):
        while True:
            try:
                job = pickle.loads(pipe.recv_bytes())  # noqa: S301
            except (ImportError, AttributeError, TypeError, pickle.UnpicklingError) as error:
                pipe.send_bytes(pickle.dumps(("raised", error, _size())))
                continue
            pipe.send_bytes(_answer(*job))


def _answer(function: Callable[..., Any], args: tuple[Any, ...], memory: int) -> bytes:
    """Do one job under a limit of memory and pickle what came of it."""
    before = _limit(_size() + memory)
    try:
        kind, value = _outcome(function, args)
        try:
            return pickle.dumps((kind, value, _size()))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            return pickle.dumps(("raised", TypeError(f"an answer that cannot be sent: {error}"), 0))
        except MemoryError:
            kind = "memory"
        except RecursionError:
            kind = "recursion"
        return pickle.dumps((kind, None, 0))
    finally:
        _limit(before)


def _outcome(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "answer", function(*args)
    except MemoryError:
        return "memory", None
    except RecursionError:
        return "recursion", None
    except Exception as error:  # noqa: BLE001 - handed to the caller, who raises it again
        return "raised", error.with_traceback(None)


def _size() -> int:
    """Return the address space of this process in bytes, 0 where it is not known."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _limit(size: int) -> int:
    """Set the limit of the address space, return the one before."""
    if resource is None or not _size():
        return -1
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY and (size < 0 or size > hard):
        size = hard
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))
    return soft
