"""What a bounded process is asked to do, and imports by name: functions that go wrong, a judge."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from sympy import Integer

from symattn.check import budget
from symattn.errors import ReadError
from symattn.submission.assignment import Asked
from symattn.submission.judging import Finding

MIB = 1 << 20
KNOWN = ("q1a", "q1b", "q1c", "q1d", "q1e", "q1f")


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


@dataclass(frozen=True)
class Echo:
    """A judge without mathematics: the verdict is in the formula."""

    unknown: str = "q"

    def questions(self):
        return KNOWN

    def asked(self, question):
        return Asked()

    def quantities(self, question):
        return (self.unknown, r"\alpha_i", "c")

    def letters(self, question):
        return frozenset("q c k v M S x other".split()), frozenset()

    def prepare(self, questions):
        pass

    def judge(self, question, latex, seconds):
        if "kill" in latex:
            os._exit(3)
        if "raise" in latex:
            raise ValueError("a defect of the judge")
        if r"\text{ " in latex:
            return Finding("unread", "unread", "it reads no words")
        for word, verdict in (("bad", "refuted"), ("open", "undecided"), ("odd", "unread")):
            if word in latex:
                return Finding(verdict, word, f"it is {word}")
        code = "not-an-answer" if "other" in latex else "fine"
        spent = 0.3 if "slow" in latex else 0.0
        verdict = "undecided" if "other" in latex else "proved"
        return Finding(verdict, code, "it is fine", spent=spent)
