"""What stands beside a question's script: what it judges, and the author's tests."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from symattn.derive.question import AuthorTest, Question
from symattn.errors import BrokenDerivation

if TYPE_CHECKING:
    from symattn.judge.judge import Judgement

SUFFIX = "_judged"
PATIENCE = 30.0
"""Seconds for one of the author's tests: its verdict must not hang on a busy machine."""
_COUNT = count(1)
_loaded: dict[Path, tuple[tuple[int, ...], Question]] = {}


def find(question: str | Path | Question, sheet: str | Path | None = None) -> Question:
    """Return a question with what it judges, by its name, its script, or as it is.

    Raises
    ------
    UnknownName : no such question.
    BrokenDerivation : its script, or the file beside it, raises.
    """
    if isinstance(question, Question):
        return question
    if isinstance(question, Path):
        return load(question)
    from symattn.run import find_question

    return load(find_question(question, sheet)[1])


def load(script: Path) -> Question:
    """Return the question of a script, with what the file beside it says is judged.

    A script that has not changed is not loaded again.
    """
    script = script.resolve()
    beside = script.with_name(script.stem + SUFFIX + ".py")
    stamp = tuple(p.stat().st_mtime_ns if p.is_file() else 0 for p in (script, beside))
    kept = _loaded.get(script)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    package = ModuleType(f"_symattn_beside_{next(_COUNT)}")
    package.__path__ = [str(script.parent)]
    sys.modules[package.__name__] = package
    question = _attribute(package, script, "QUESTION")
    if not isinstance(question, Question):
        raise BrokenDerivation(f"{script.name}: QUESTION is no Question")
    if beside.is_file():
        judged = _attribute(package, beside, "JUDGED")
        tests = _attribute(package, beside, "TESTS")
        question = replace(
            question, judged=judged, tests=tuple(tests), quantities=judged.listed(question)
        )
    _loaded[script] = (stamp, question)
    return question


def _attribute(package: ModuleType, path: Path, name: str) -> Any:
    """Import a file as a member of a package of its own, and return one of its names."""
    from symattn.run import guarded

    module = guarded(path, lambda: import_module(f"{package.__name__}.{path.stem}"))
    if not hasattr(module, name):
        raise BrokenDerivation(f"{path.name} defines no {name}")
    return getattr(module, name)


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
    from symattn.judge.judge import check

    asked = find(question, sheet)
    for test in asked.tests:
        found = check(asked, test.latex, dict(test.where), seconds=PATIENCE, explain=False)
        yield Trial(asked.name, test, found)
