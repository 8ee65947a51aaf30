"""The lines that an author keeps beside a question, each with the verdict that it must get."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from symattn.derive.question import AuthorTest, Question
from symattn.judge.author import find
from symattn.judge.judge import check
from symattn.judge.judgement import Judgement

PATIENCE = 30.0
"""Seconds for one of the author's tests: its verdict must not hang on a busy machine."""


@dataclass(frozen=True)
class Trial:
    """One of the author's tests with what the judge says of it."""

    question: str
    test: AuthorTest
    found: Judgement

    @property
    def passed(self) -> bool:
        """True when the verdict is the expected one, and the code where one is expected."""
        same = self.found.verdict == self.test.verdict
        return same and self.test.code in ("", self.found.code)


def run_author_tests(
    question: str | Path | Question, sheet: str | Path | None = None
) -> Iterable[Trial]:
    """Judge every line that the author of a question keeps beside it."""
    asked = find(question, sheet)
    for test in asked.tests:
        yield Trial(asked.name, test, judged_line(asked, test))


def judged_line(asked: Question, test: AuthorTest) -> Judgement:
    """Judge one of the author's lines."""
    return check(asked, test.latex, dict(test.where), seconds=PATIENCE, explain=False)
