"""What stands beside a question's script: what it judges."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib import import_module
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

from symattn.derive.derivation import Derivation
from symattn.derive.question import Question
from symattn.derive.script import guarded
from symattn.errors import BrokenDerivation
from symattn.judge.judged import Judged
from symattn.sheet import find_question

SUFFIX = "_judged"
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
    source = beside if beside.is_file() else script
    module = import_module(f"{package.__name__}.{script.stem}")
    judged = _attribute(package, beside, "JUDGED") if source is beside else None
    if judged is None:
        judged = getattr(module, "JUDGED", None) or _inferred(package, script, question)
    tests = _attribute(package, beside, "TESTS") if source is beside else ()
    tests = (*getattr(module, "TESTS", ()), *tests)
    question = replace(question, judged=judged, tests=tests, quantities=judged.listed(question))
    _loaded[script] = (stamp, question)
    return question


def _inferred(package: ModuleType, script: Path, question: Question) -> Judged:
    """Return what the derivation itself says of what is judged."""
    from symattn.judge.inferred import inferred

    derivation = guarded(script, _attribute(package, script, "derive"))
    if not isinstance(derivation, Derivation):
        raise BrokenDerivation(f"{script.name}: derive() returns no Derivation")
    return inferred(question, derivation)


def _attribute(package: ModuleType, path: Path, name: str) -> Any:
    """Import a file as a member of a package of its own, and return one of its names."""
    module = guarded(path, lambda: import_module(f"{package.__name__}.{path.stem}"))
    if not hasattr(module, name):
        raise BrokenDerivation(f"{path.name} defines no {name}")
    return getattr(module, name)
