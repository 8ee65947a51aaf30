"""Bounds that hold in any thread, and processes that end with whoever started them."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from symattn.check import check, workers
from symattn.check.budget import close_workers, run_bounded
from symattn.check.equal import equal
from symattn.submission.pool import check_all

RIGHT = r"q = \gamma (k_i + k_j)"
HERE = Path(__file__).resolve().parent
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc and fork")


def in_a_thread(function, *args, **more):
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *args, **more).result()


@linux
def test_off_the_main_thread_the_python_functions_keep_their_bounds():
    assert in_a_thread(check, "q1c", RIGHT).verdict == "proved"
    assert in_a_thread(equal, r"\tanh x", r"\frac{e^{2x}-1}{e^{2x}+1}").verdict == "proved"
    long = r"M = 2 ((((S (S^\top S)^{-1} S^\top)^{8})^{8})^{8})^{8}"  # some seconds of work
    found = in_a_thread(check, "q1d", long, seconds=0.2)
    assert found.verdict == "undecided"
    assert found.code in ("out-of-time", "out-of-budget")


@linux
def test_only_off_the_main_thread_another_process_is_taken_by_itself(monkeypatch):
    module = importlib.import_module("symattn.check.equal")
    sent = []
    monkeypatch.setattr(module, "run_bounded", lambda *args, **_: sent.append(args) or None)
    equal("x", "x")
    assert sent == []
    in_a_thread(equal, "x", "x")
    equal("x", "x", isolated=True)
    assert len(sent) == 2


@linux
def test_a_class_at_eight_jobs_loses_nothing(tmp_path):
    """Workers come from a process without threads: no lock of a thread is held in them."""
    for k in range(16):
        text = rf"\section{{Q1 (c)}} \[ {RIGHT} \]"
        (tmp_path / f"s{k:02d}.tex").write_text(text, encoding="utf-8")
    found = list(check_all(sorted(tmp_path.iterdir()), jobs=8))
    assert [m.state for m in found] == ["right"] * 16
    assert threading.active_count() < 8


PARENT = """
import sys, threading, time
sys.path.insert(0, {here!r})
import symattn_bombs as bombs
from symattn.check import workers
from symattn.check.budget import run_bounded
import os
print(run_bounded(os.getpid, seconds=20), flush=True)
threading.Thread(target=run_bounded, args=(bombs.forever,), kwargs={{"seconds": 600}}).start()
print(run_bounded(os.getpid, seconds=20), workers._server.process.pid, flush=True)
time.sleep(600)
"""


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_their_parent(how):
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(here=str(HERE))], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    busy = int(process.stdout.readline())
    others = [int(word) for word in process.stdout.readline().split()]
    process.send_signal(how)
    process.wait()
    process.stdout.close()
    waited = time.monotonic() + 60
    while any(running(pid) for pid in (busy, *others)) and time.monotonic() < waited:
        time.sleep(0.05)
    assert [pid for pid in (busy, *others) if running(pid)] == []


def running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


@linux
def test_a_server_that_died_is_started_again():
    run_bounded(abs, -1, seconds=20)
    assert workers._server.process is not None
    os.kill(workers._server.process.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert run_bounded(abs, -2, seconds=20) == 2


@linux
def test_an_interrupt_while_a_worker_is_started_leaves_no_answer_behind():
    close_workers()
    server = workers._server
    run_bounded(abs, -1, seconds=20)
    close_workers()

    class Interrupted:
        def __init__(self, real):
            self.real = real

        def recv(self, size):
            raise KeyboardInterrupt

        def __getattr__(self, name):
            return getattr(self.real, name)

    server.socket = Interrupted(server.socket)
    with pytest.raises(KeyboardInterrupt):
        run_bounded(abs, -1, seconds=20)
    assert server.socket is None
    assert run_bounded(os.getpid, seconds=20) != os.getpid()


@linux
def test_a_worker_that_was_idle_and_died_costs_nothing(monkeypatch):
    """It may die between two calls without that anybody sees it yet."""
    dead = run_bounded(os.getpid, seconds=20)
    os.kill(dead, signal.SIGKILL)
    monkeypatch.setattr("symattn.check.workers.Worker.alive", lambda _: True)
    assert run_bounded(abs, -2, seconds=20) == 2


@linux
def test_nothing_of_the_folder_at_hand_is_imported(tmp_path, monkeypatch):
    for name in ("random", "numpy", "sitecustomize", "usercustomize"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    program = (
        "from symattn.check.budget import run_bounded; print(run_bounded(abs, -3, seconds=20))"
    )
    code = f"import sys; sys.path[:] = [p for p in sys.path if p]; {program}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "3\n"
    assert not (tmp_path / "ran").exists()
