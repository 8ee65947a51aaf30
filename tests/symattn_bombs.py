"""Functions that a bounded process is asked to do, and that go wrong; it imports them by name."""

from __future__ import annotations

import os
import signal
import time

from sympy import Integer

from symattn.check import budget
from symattn.errors import ReadError

MIB = 1 << 20


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


def returns_a_function():
    return lambda: 1


def idle():
    return len(budget._idle)


def slow_to_load(_seconds):
    forever_until(0.6)


def forever_until(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
    return seconds
