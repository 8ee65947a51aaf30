"""The budget holds for every input, and the next call works."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import time
import weakref
from pathlib import Path

import pytest
from sympy import Symbol, exp

from symattn.check import budget, workers
from symattn.check.budget import close_workers, deadline, run_bounded
from symattn.errors import BudgetExceeded, ReadError

sys.path.insert(0, str(Path(__file__).parent))
bombs = importlib.import_module("symattn_bombs")

MIB = 1 << 20
posix = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs interval timers")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc and fork")


BOMBS = {
    bombs.forever: "no answer within",
    bombs.stuck_in_c: "no answer within",
    bombs.ignores_everything: "no answer within",
    bombs.memory_bomb: "MiB of memory",
    bombs.crash: "broke off",
    bombs.segfault: "broke off",
    bombs.recurse: "too deeply",
    bombs.deep_answer: "too deeply",
}


@linux
@pytest.mark.parametrize("bomb", BOMBS, ids=lambda f: f.__name__)
def test_every_bomb_ends_with_a_sentence_and_the_next_call_works(bomb):
    start = time.monotonic()
    with pytest.raises(BudgetExceeded, match=BOMBS[bomb]) as caught:
        run_bounded(bomb, seconds=0.4 if BOMBS[bomb].startswith("no") else 20, memory=200 * MIB)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - start < 60
    assert run_bounded(pow, 2, 10, seconds=20) == 1024


def test_expressions_go_there_and_back():
    x = Symbol("x", positive=True)
    assert run_bounded(exp, 2 * x, seconds=20) == exp(2 * x)


def test_what_the_function_raises_is_raised_here():
    with pytest.raises(ReadError) as caught:
        run_bounded(bombs.refuse, seconds=20)
    assert (caught.value.position, caught.value.source, caught.value.hint) == (0, "{x", "close it")
    with pytest.raises(ZeroDivisionError):
        run_bounded(divmod, 1, 0, seconds=20)


def test_what_cannot_be_pickled_is_refused():
    base = 3
    with pytest.raises(TypeError, match="cannot be sent"):
        run_bounded(lambda y: base**y, 4, seconds=20)
    with pytest.raises(TypeError, match="cannot be sent"):
        run_bounded(bombs.returns_a_function, seconds=20)


@linux
def test_a_warm_call_stays_in_one_process():
    first = run_bounded(os.getpid, seconds=20)
    assert {run_bounded(os.getpid, seconds=20) for _ in range(50)} == {first}
    assert first != os.getpid()
    close_workers()
    assert run_bounded(os.getpid, seconds=20) != first


@linux
def test_a_worker_that_keeps_too_much_is_replaced(monkeypatch):
    close_workers()
    first = run_bounded(os.getpid, seconds=20)
    monkeypatch.setattr(budget, "GROWTH", -1)
    run_bounded(os.getpid, seconds=20)
    assert run_bounded(os.getpid, seconds=20) != first


@linux
def test_a_worker_that_died_while_it_waited_is_replaced():
    first = run_bounded(os.getpid, seconds=20)
    os.kill(first, signal.SIGKILL)
    time.sleep(0.05)
    assert run_bounded(os.getpid, seconds=20) != first


@linux
def test_threads_do_not_share_a_worker():
    found = []

    def ask(k):
        found.append(run_bounded(divmod, 10 * k, 3, seconds=20))

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [divmod(10 * k, 3) for k in range(6)]


@linux
def test_a_forked_child_has_its_own_worker():
    run_bounded(abs, -1, seconds=20)
    # the function runs in a worker, whose own list of workers must be empty
    assert run_bounded(len, [], seconds=20) == 0
    assert run_bounded(bombs.idle, seconds=20) == 0
    assert run_bounded(run_bounded, abs, -5, seconds=20) == 5


@posix
def test_deadline():
    with pytest.raises(BudgetExceeded, match=r"no answer within 0\.05 seconds"), deadline(0.05):
        bombs.forever()
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    with deadline(5):
        pass
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


@posix
def test_a_deadline_that_is_swallowed_comes_again():
    def stubborn():
        try:
            bombs.forever()
        except BudgetExceeded:
            bombs.forever()

    with pytest.raises(BudgetExceeded), deadline(0.05):
        stubborn()


@posix
def test_a_deadline_waits_for_a_finalizer(monkeypatch):
    """What is raised there, Python prints with a traceback and forgets."""
    begun, printed = [], []
    monkeypatch.setattr(sys, "unraisablehook", lambda found: printed.append(str(found.exc_value)))

    class Slow:
        def __del__(self):
            begun.append(True)
            stop = time.thread_time() + 0.2
            while len(begun) == 1 and time.thread_time() < stop:
                pass

    def weak():
        held = weakref.WeakKeyDictionary()
        while True:
            held[Slow()] = 1

    with pytest.raises(BudgetExceeded), deadline(0.05):
        weak()
    assert printed == []


@posix
@pytest.mark.parametrize(("outer", "inner"), [(0.1, 30), (30, 0.1)])
def test_the_earlier_of_two_deadlines_counts(outer, inner):
    start = time.monotonic()
    with pytest.raises(BudgetExceeded, match=r"0\.1"), deadline(outer), deadline(inner):
        bombs.forever()
    assert time.monotonic() - start < 60


@posix
def test_the_outer_deadline_goes_on_after_the_inner():
    def body():
        with deadline(0.1):
            pass
        bombs.forever()

    with pytest.raises(BudgetExceeded, match=r"0\.2"), deadline(0.2):
        body()


@posix
def test_what_others_do_is_not_counted():
    """A busy machine, or a busy thread beside, takes nothing from the time of a computation."""
    over = threading.Event()

    def busy():
        while not over.is_set():
            pass

    beside = [threading.Thread(target=busy) for _ in range(3)]
    for thread in beside:
        thread.start()
    try:
        with deadline(0.3):
            time.sleep(0.2)
            mine = time.thread_time() + 0.1
            while time.thread_time() < mine:
                pass
        with pytest.raises(BudgetExceeded), deadline(0.1):
            bombs.forever()
    finally:
        over.set()
        for thread in beside:
            thread.join()


@linux
def test_only_the_work_of_a_job_is_counted():
    assert run_bounded(time.sleep, 0.5, seconds=0.2) is None
    assert run_bounded(bombs.forever_until, 0.1, seconds=0.3, first=bombs.slow_to_load) == 0.1
    with pytest.raises(BudgetExceeded, match="no answer within"):
        run_bounded(bombs.forever_until, 0.6, seconds=0.3)


@linux
def test_a_job_that_does_nothing_for_long_ends_as_well(monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 2)
    with pytest.raises(BudgetExceeded, match="no answer within"):
        run_bounded(time.sleep, 30, seconds=0.2)


def test_off_the_main_thread_a_deadline_does_nothing():
    done = []

    def body():
        with deadline(0.01):
            time.sleep(0.05)
        done.append(True)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    assert done == [True]
