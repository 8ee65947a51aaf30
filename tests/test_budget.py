"""The budget holds for every input, and the next call works."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import weakref

import pytest
from sympy import Integer, Symbol, exp

from symattn.check import budget
from symattn.check.budget import Budget, close_workers, deadline, run_bounded
from symattn.errors import BudgetExceeded, ReadError

MIB = 1 << 20
posix = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs interval timers")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc and fork")


def forever():
    while True:
        pass


def stuck_in_c():
    return int(Integer(7) ** (10**9) % 11)


def memory_bomb():
    hoard = []
    while True:
        hoard.append(bytearray(MIB))


def crash():
    os._exit(3)


def segfault():
    os.kill(os.getpid(), signal.SIGSEGV)


def recurse(n=0):
    return recurse(n + 1)


def deep_answer():
    nest: list = []
    for _ in range(100_000):
        nest = [nest]
    return nest


def refuse():
    raise ReadError("a brace is missing", "{x", 0, "close it")


def ignores_everything():
    while True:
        try:
            forever()
        except BaseException:  # noqa: BLE001
            continue


BOMBS = {
    forever: "no answer within",
    stuck_in_c: "no answer within",
    ignores_everything: "no answer within",
    memory_bomb: "MiB of memory",
    crash: "broke off",
    segfault: "broke off",
    recurse: "too deeply",
    deep_answer: "too deeply",
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
        run_bounded(refuse, seconds=20)
    assert (caught.value.position, caught.value.source, caught.value.hint) == (0, "{x", "close it")
    with pytest.raises(ZeroDivisionError):
        run_bounded(divmod, 1, 0, seconds=20)


@linux
def test_what_cannot_be_pickled_gets_a_process_of_its_own():
    base = 3
    assert run_bounded(lambda y: base**y, 4, seconds=20) == 81
    with pytest.raises(TypeError, match="cannot be sent"):
        run_bounded(lambda: lambda: 1, seconds=20)


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
    assert run_bounded(lambda: len(budget._idle), seconds=20) == 0
    assert Budget(20).run(run_bounded, abs, -5) == 5


@posix
def test_deadline():
    with pytest.raises(BudgetExceeded, match=r"no answer within 0\.05 seconds"), deadline(0.05):
        forever()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    with deadline(5):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@posix
def test_a_deadline_that_is_swallowed_comes_again():
    def stubborn():
        try:
            forever()
        except BudgetExceeded:
            forever()

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
            stop = time.monotonic() + 0.2
            while len(begun) == 1 and time.monotonic() < stop:
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
        forever()
    assert time.monotonic() - start < 60


@posix
def test_the_outer_deadline_goes_on_after_the_inner():
    def body():
        with deadline(0.1):
            pass
        forever()

    with pytest.raises(BudgetExceeded, match=r"0\.2"), deadline(0.2):
        body()


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
