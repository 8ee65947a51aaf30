"""`pytest path/to/folder` runs a sheet: its steps, its claims, its author's tests.

The package registers this as a plugin of pytest.  It imports nothing of ours until a sheet's script
is met.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take up `q1a.py` where an assignment lies beside it."""
    if not re.fullmatch(r"q\d+[a-z]\.py", file_path.name):
        return None
    if not any(
        file_path.with_name(f"assignment.{ending}").is_file() for ending in ("txt", "md", "tex")
    ):
        return None
    return SheetScript.from_parent(parent, path=file_path)  # type: ignore[no-any-return]


class SheetScript(pytest.File):
    """A script of a sheet."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for the steps, one for each claim, one for each of the author's tests."""
        from symattn.derive.script import derive
        from symattn.errors import SymattnError
        from symattn.judge.author import load

        script = self.path.resolve()
        try:
            derivation, asked = derive(script), load(script)
        except SymattnError as error:
            said = str(error)
            yield Checked.of(self, "script", lambda: said)
            return
        yield Checked.of(self, "steps", lambda: _steps(derivation))
        for claim in derivation.claims:
            yield Checked.of(self, claim.name, lambda claim=claim: _claim(claim))  # type: ignore[misc]
        for at, test in enumerate(asked.tests, 1):
            yield Checked.of(self, f"line {at}", lambda test=test: _line(asked, test))  # type: ignore[misc]


class Checked(pytest.Item):
    """One thing to check; it fails with a sentence."""

    check: Callable[[], str]

    @classmethod
    def of(cls, parent: SheetScript, name: str, check: Callable[[], str]) -> Checked:
        """Return an item: `check` returns what is wrong, empty for nothing."""
        item: Checked = cls.from_parent(parent, name=name)
        item.check = check
        return item

    def runtest(self) -> None:
        """Fail with what is wrong."""
        said = self.check()
        if said:
            pytest.fail(said, pytrace=False)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """Say what failed, in one sentence."""
        return _said(excinfo) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where the item stands, and what it is called."""
        return self.path, None, f"{self.path.stem}: {self.name}"


def _said(excinfo: Any) -> str:
    from symattn.errors import SymattnError

    return str(excinfo.value) if isinstance(excinfo.value, SymattnError) else ""


def _steps(derivation: Any) -> str:
    from symattn.check.study import check_steps

    check_steps(derivation)
    return ""


def _claim(claim: Any) -> str:
    from symattn.check.study import examine_claim

    found = examine_claim(claim)
    return "" if found.passed else f"{claim.latex}: {found}"


def _line(asked: Any, test: Any) -> str:
    from symattn.judge.author_tests import Trial, judged_line

    trial = Trial(asked.name, test, judged_line(asked, test))
    return "" if trial.passed else f"{test.latex}: {test.verdict} was expected; {trial.found}"
