"""The processes in which bounded work is done, and the server that starts them.

The server is a fresh interpreter with one thread.  It imports what the jobs need, once, and forks a
worker whenever one is wanted: a fork of a process with threads, as the caller's may be, would leave
the locks that they hold locked for good.  Everything ends with the caller, however that ends.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from symattn.errors import BudgetExceeded

try:
    import resource
except ImportError:  # not on Windows, where there is no fork either
    resource = None  # type: ignore[assignment]

STARTING = 60.0
"""Seconds in which a worker must have imported and loaded what its job needs."""
PATIENCE = 12
"""How many times as long as its seconds of the processor a job may take on the clock."""
_MESSAGE = 1 << 16
_BOOT = "import sys; sys.path[:] = {path!r}; from symattn.check.workers import serve; serve({fd})"


class NeverBegan(BudgetExceeded):
    """A worker that ended before it began its job, which another may do."""


class Worker:
    """A process that answers one job after the other; `size` is its memory at the start.

    modules : what the server imports before it makes the worker.

    Raises
    ------
    BudgetExceeded : no process can be started.
    """

    used_before = False

    def __init__(self, modules: tuple[str, ...] = ()) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.pid = int(_server.ask(" ".join(("fork", *modules)), [theirs.fileno()]))
        self.pipe = Connection(ours.detach())
        self.size = 0

    def ask(self, job: bytes, seconds: float) -> tuple[str, Any, int]:
        """Send a job and wait for the answer: its kind, its value, the size of the process."""
        begun = False
        try:
            self.pipe.send_bytes(job)
            answer: tuple[str, Any, int] = self.wait(STARTING)
            if answer[0] == "begun":
                begun = True
                self.size = self.size or answer[2]
                answer = self.wait(seconds)
        except (EOFError, OSError):
            text = "the computation broke off without an answer"
            raise (BudgetExceeded if begun else NeverBegan)(text) from None
        return answer

    def wait(self, seconds: float) -> Any:
        """Return what the worker sends before it has used so many seconds of the processor."""
        begin, until = self.used(), time.monotonic() + PATIENCE * seconds
        left = seconds
        while not self.pipe.poll(max(left, 0.01)):
            left = seconds - (self.used() - begin)
            if left <= 0 or time.monotonic() > until:
                raise BudgetExceeded(f"no answer within {seconds:g} seconds")
        return pickle.loads(self.pipe.recv_bytes())  # noqa: S301

    def used(self) -> float:
        """Return the seconds of the processor that the process has used.

        Where the system does not tell them, those of the clock.
        """
        try:
            said = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
            user, system = said.rpartition(")")[2].split()[11:13]
            return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError):
            return time.monotonic()

    def alive(self) -> bool:
        """Tell whether it waits for a job: it says nothing, and its end of the pipe is open."""
        return not self.pipe.poll(0)

    def kill(self) -> None:
        """End the process, whatever it does."""
        self.pipe.close()
        with contextlib.suppress(BudgetExceeded):
            _server.ask(f"kill {self.pid}")


class _Server:
    """The caller's side of the server: it is started when it is wanted, and again if it died."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.socket: socket.socket | None = None

    def ask(self, request: str, files: list[int] = []) -> str:  # noqa: B006 - never changed
        """Send a request and return the answer.

        Raises
        ------
        BudgetExceeded : there is no server, and none can be started.
        """
        with self.lock:
            for _ in range(2):
                try:
                    if self.socket is None:
                        if request.startswith("kill"):
                            return ""  # it died with its server
                        self.start()
                    assert self.socket is not None
                    socket.send_fds(self.socket, [request.encode()], files)
                    answer = self.socket.recv(_MESSAGE).decode()
                    if answer:
                        return answer
                except OSError:
                    pass
                self.stop()
        raise BudgetExceeded("no process could be started for the computation")

    def start(self) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE * STARTING)
        with theirs:
            # isolated: nothing of the folder at hand is imported that is not imported here
            command = [sys.executable, "-I", "-c", _BOOT.format(path=sys.path, fd=theirs.fileno())]
            self.process = subprocess.Popen(
                [*command[:2], *(["-B"] if sys.dont_write_bytecode else []), *command[2:]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        self.socket = ours

    def stop(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None
        if self.process is not None:
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def forget(self) -> None:
        """Leave the server to the process that this one was forked from."""
        if self.socket is not None:
            self.socket.close()
        if self.process is not None:
            self.process.returncode = 0  # it is no child of this process
        self.__init__()  # type: ignore[misc]


_server = _Server()


def stop_server() -> None:
    """End the server and every worker; the next one that is wanted starts it again."""
    with _server.lock:
        _server.stop()


atexit.register(stop_server)
if hasattr(os, "register_at_fork"):  # a child has no right to its parent's server
    os.register_at_fork(after_in_child=_server.forget)


# -------------------------------------------------------------------------------------- the server


def serve(file: int) -> None:
    """Start and end workers as the caller asks, until the caller is gone; then end them all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides what an interrupt means
    warnings.simplefilter("ignore")  # they would stand between the lines of whoever called
    caller = os.getppid()
    requests = socket.socket(fileno=file)
    workers: set[int] = set()
    try:
        while True:
            while not select.select([requests], [], [], 1.0)[0]:
                if os.getppid() != caller:
                    return
            data, files, _, _ = socket.recv_fds(requests, _MESSAGE, 1)
            if not data:
                return
            word, *names = data.decode().split()
            if word == "kill":
                _end(int(names[0]), workers)
                requests.send(b"ok")
                continue
            for name in names:
                with contextlib.suppress(Exception):  # the worker says what is wrong with it
                    import_module(name)
            gc.freeze()
            worker = _forked(requests, files[0])
            workers.add(worker)
            os.close(files[0])
            requests.send(str(worker).encode())
    except OSError:
        return
    finally:
        for worker in list(workers):
            _end(worker, workers)


def _forked(requests: socket.socket, file: int) -> int:
    server = os.getpid()
    worker = os.fork()
    if worker:
        return worker
    try:
        requests.close()
        _die_with(server)
        _work(Connection(file))
    finally:
        os._exit(0)


def _end(worker: int, workers: set[int]) -> None:
    if worker in workers:  # nobody else has its number: it is waited for only here
        workers.discard(worker)
        with contextlib.suppress(OSError):
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)


def _die_with(parent: int) -> None:
    """End this process when its parent does, where the system can."""
    if sys.platform.startswith("linux"):
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(0)


# -------------------------------------------------------------------------------------- the worker


def _work(pipe: Connection) -> None:
    """Answer jobs until the caller is gone."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            try:
                folder, *job = pickle.loads(pipe.recv_bytes())  # noqa: S301
                with contextlib.suppress(OSError):
                    os.chdir(folder or os.curdir)
            except (ImportError, AttributeError, TypeError, pickle.UnpicklingError) as error:
                pipe.send_bytes(pickle.dumps(("raised", error, _size())))
                continue
            _answer(pipe, *job)


def _answer(
    pipe: Connection,
    function: Callable[..., Any],
    args: tuple[Any, ...],
    memory: int,
    first: Callable[..., Any] | None,
) -> None:
    """Do one job under a limit of memory and send what came of it."""
    if first is not None:
        kind, value = _outcome(first, args)
        if kind != "answer":
            pipe.send_bytes(pickle.dumps((kind, value, _size())))
            return
    pipe.send_bytes(pickle.dumps(("begun", None, _size())))
    pipe.send_bytes(_done(function, args, memory))


def _done(function: Callable[..., Any], args: tuple[Any, ...], memory: int) -> bytes:
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
